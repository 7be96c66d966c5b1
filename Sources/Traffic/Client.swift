/// One client: plays the lives of orders, one after the other, waiting for each answer.
struct Client: Sendable {
    let number: Int
    let recorder: Recorder
    let pace: Pace
    private var maker: OrderMaker
    private var seq = 0
    /// Orders of the customer of the day.
    private var ofCustomer: [OrderLife] = []
    /// Some of all its orders, to be read again.
    private var known: [OrderLife] = []
    /// Commands that may be repeated later, maybe to another release.
    private var remembered: [(request: Request, reply: Reply)] = []

    private static let rememberedLimit = 24
    private static let knownLimit = 40

    init(_ number: Int, _ options: TrafficOptions, recorder: Recorder, pace: Pace) {
        self.number = number
        self.recorder = recorder
        self.pace = pace
        maker = OrderMaker(options, client: number)
    }

    /// Until the task is cancelled; the request that is under way then is answered first.
    mutating func run() async {
        while !Task.isCancelled {
            do {
                try await life()
            } catch {
                // A failed request is counted already. What became of its order isn't known, so the model begins anew.
                maker.newCustomer()
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// An order from its placement to its end.
    private mutating func life() async throws {
        var order = maker.order()
        if ofCustomer.first?.email != order.email { ofCustomer = [] }
        try await write(order.place(maker.newKey()), 201, .placed, &order)
        if maker.random.once(in: 20) { try await refused(order.place(maker.newKey()), 409) }
        try await look()
        if maker.random.once(in: 8) {
            try await write(order.cancel(maker.newKey()), 200, .cancelled, &order)
            if maker.random.once(in: 6) { try await refused(order.pay(maker.newKey()), 409) }
        } else {
            try await write(order.pay(maker.newKey()), 200, .paid, &order)
            if maker.random.once(in: 10) { try await refused(order.pay(maker.newKey()), 409) }
            if maker.random.once(in: 12) {
                try await write(order.cancel(maker.newKey()), 200, .cancelled, &order)
            } else {
                try await write(order.ship(maker.newKey()), 200, .shipped, &order)
            }
        }
        recorder.finish(order)
        remember(order)
        try await look()
        try await sideSteps(order)
    }

    private mutating func look() async throws {
        if maker.random.once(in: 4), let order = known.randomElement(using: &maker.random) { try await send(order.get, .document(order)) }
        if maker.random.once(in: 30), let order = ofCustomer.last { try await send(order.list, .list(ofCustomer)) }
    }

    private mutating func remember(_ order: OrderLife) {
        if known.count < Self.knownLimit {
            known.append(order)
        } else {
            known[Int.random(in: 0..<known.count, using: &maker.random)] = order
        }
    }

    /// What clients do now and then: repeat a command, get a key wrong, send nonsense.
    private mutating func sideSteps(_ order: OrderLife) async throws {
        if maker.random.once(in: 3), let old = remembered.randomElement(using: &maker.random) {
            try await send(old.request, .same(as: old.reply), isNew: false)
        }
        if maker.random.once(in: 20), let old = remembered.randomElement(using: &maker.random), old.request.kind == .pay {
            var altered = old.request
            altered.body = #"{"amount":"0.01"}"#
            try await send(altered, .refused(status: 422), isNew: false)
        }
        if maker.random.once(in: 20) { try await send(.malformed(maker.newKey()), .malformed(field: "orderId")) }
        if maker.random.once(in: 20) { try await send(.unknownRoute, .unknownRoute) }
    }

    private mutating func write(_ request: Request, _ status: Int, _ next: OrderLife.Status, _ order: inout OrderLife) async throws {
        let reply = try await send(request, .accepted(status: status, orderId: order.id, version: order.version + 1))
        order.become(next)
        ofCustomer.removeAll { $0.id == order.id }
        ofCustomer.append(order)
        if remembered.count < Self.rememberedLimit {
            remembered.append((request, reply))
        } else if maker.random.once(in: 6) {
            remembered[Int.random(in: 0..<remembered.count, using: &maker.random)] = (request, reply)
        }
    }

    private mutating func refused(_ request: Request, _ status: Int) async throws { try await send(request, .refused(status: status)) }

    @discardableResult
    private mutating func send(_ request: Request, _ expectation: Expectation, isNew: Bool = true) async throws -> Reply {
        try await pace.wait()
        seq += 1
        let recorder = recorder, number = number, seq = seq
        // A task of its own, so that the end of the traffic cuts no request off.
        let reply = await Task {
            await recorder.exchange(request, expecting: expectation, client: number, seq: seq, isNew: isNew)
        }.value
        guard let reply else { throw RequestFailed() }
        return reply
    }
}

/// A request that failed; the recorder knows why.
struct RequestFailed: Error {}
