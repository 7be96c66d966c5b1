/// Writes at a steady rate whatever the answers take, so that a pause is seen with the resolution of the rate.
struct Pulse: Sendable {
    /// Writes a second, over all watched shards.
    let rate: Double
    /// It ends by itself after so many: what answers more slowly than they come must not be buried.
    let limit: Int
    let client: Int
    let options: TrafficOptions
    let recorder: Recorder

    /// Until the limit, or until the task is cancelled; returns when each write has its answer.
    func run() async {
        var maker = OrderMaker(options, client: client)
        let watched = ShardChoice(options).watched
        let clock = ContinuousClock()
        let start = clock.now
        await withDiscardingTaskGroup { group in
            var seq = 0
            while seq < limit, !Task.isCancelled {
                do { try await clock.sleep(until: start + .seconds(Double(seq) / rate)) } catch { break }
                let order = maker.order(on: watched[seq % watched.count])
                let key = maker.newKey()
                seq += 1
                let (client, recorder, number) = (client, recorder, seq)
                group.addTask {
                    await Task { await Self.place(order, key, client, number, recorder) }.value
                }
            }
        }
    }

    private static func place(_ order: OrderLife, _ key: String, _ client: Int, _ seq: Int, _ recorder: Recorder) async {
        guard let request = try? order.place(key) else { return }
        let expected = Expectation.accepted(status: 201, orderId: order.id, version: 1)
        _ = await recorder.exchange(request, expecting: expected, client: client, seq: seq, isPulse: true)
    }
}
