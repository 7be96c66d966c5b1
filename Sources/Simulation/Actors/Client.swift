import EventSourcing

/// A user with one request, who sends it again with the same key until there is an answer.
struct Client: Sendable {
    let world: World
    let request: Request
    /// Distinguishes this client's choices from others'.
    let number: Int

    struct Request: Sendable {
        var id: String
        var stream: String
        /// 0: a question.
        var events: Int
    }

    func run() async {
        let world = world
        for attempt in 0..<8 {
            let since = world.scheduler.now
            world.oracle.sent(request, at: since)
            let release = world.route(world.schedule.number(number * 8 + attempt, salt: 5))
            world.trace?("client: \(request.id) (\(request.events) events on \(request.stream)) to \(release)")
            let reply = await Container.invoke(release, request, forwarded: false, in: world)
            if let answer = reply.answer, answer.status < 500 {
                world.trace?("client: \(request.id) gets \(answer.status) \(answer.body["count"]?.string ?? "")")
                if let violation = world.oracle.answered(request, answer, at: world.scheduler.now) { world.fail(violation) }
                return
            }
            world.trace?("client: \(request.id) gets \(reply.answer.map { "\($0.status)" } ?? "no answer")")
            if !reply.isDisturbed, world.oracle.handovers(on: request.stream, since: since) < 2 {
                return world.fail(
                    Violation(
                        .noRequestFails,
                        "\(request.id) got \(reply.answer.map { "\($0.status)" } ?? "no answer") without a fault of its own"))
            }
            try? await world.person.sleep(.milliseconds(150))
        }
        world.fail(Violation(.noRequestFails, "\(request.id) got no answer in 8 tries"))
    }
}
