/// Writers that place one order after the other on the watched shards, so that a pause shows in each gap. Each keeps to one shard: one that
/// waits for a sealed shard would leave a gap on the next.
/// Each waits for its answer, and for its turn: writes that come faster than they are answered would bury what they measure.
struct Pulse: Sendable {
    let writers: Int
    let client: Int
    let options: TrafficOptions
    let recorder: Recorder

    /// From one write of a writer to its next, where it was answered by then.
    static let interval: Duration = .milliseconds(150)

    /// Until the task is cancelled; returns when each write has its answer.
    func run() async {
        await withDiscardingTaskGroup { group in
            for writer in 0..<writers {
                group.addTask { await write(writer) }
            }
        }
    }

    private func write(_ writer: Int) async {
        let client = client + writer
        var maker = OrderMaker(options, client: client)
        let watched = ShardChoice(options).watched
        let shard = watched[writer % watched.count]
        var seq = 0
        var turn = ContinuousClock.now + Self.interval * writer / writers
        while !Task.isCancelled {
            try? await Task.sleep(until: turn)
            turn = max(.now, turn + Self.interval)
            let order = maker.order(on: shard)
            let key = maker.newKey()
            seq += 1
            let number = seq
            // In a task of its own: a cancelled pulse still gets its answers.
            await Task { await place(order, key, client, number) }.value
        }
    }

    private func place(_ order: OrderLife, _ key: String, _ client: Int, _ seq: Int) async {
        guard let request = try? order.place(key) else { return }
        let expected = Expectation.accepted(status: 201, orderId: order.id, version: 1)
        _ = await recorder.exchange(request, expecting: expected, client: client, seq: seq, isPulse: true)
    }
}
