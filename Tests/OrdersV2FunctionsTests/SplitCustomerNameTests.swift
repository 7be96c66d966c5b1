import EventSourcing
import Testing

@testable import OrdersV2Functions

/// Numbers that look random and are the same in every run (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators").
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct SplitCustomerNameTests {
    private static let oddNames = [
        "", " ", "  ", "   ", "Ann", "Ann ", " Ann", " Ann ", "Ann Lee", "Ann  Lee", "Ann Lee ", "Ann Lee Park", "\u{A0}Ann\u{A0}Lee",
        "Ann\tLee",
        "Ann\nLee", "Ann\r\nLee", "e\u{301} e\u{301}", "\u{E9} \u{E9}", " \u{301}Ann", "Ann \u{301}Lee", "\u{0} \u{0}", "\" \\ / \u{7F}",
        "李 小龍",
        "👩‍👩‍👧 👩🏽", "Ann\u{200D} Lee", "\u{FEFF}Ann Lee", "\u{202E}eeL nnA", "Ann \u{FE0F}", "🇩🇪 🇩", "\u{1100}\u{1161} \u{11A8}", "null", "{}",
        "\u{2028} \u{2029}",
    ]

    private func placed(_ name: String) throws -> StoredEvent {
        let data: Value = [
            "customer": ["name": .string(name), "email": "ann@shop.example"],
            "lines": [["sku": "a/b", "quantity": 2, "unitPrice": "10.00"]],
            "total": "20.00",
        ]
        return StoredEvent(
            aggregateId: "o-17", version: 1, eventId: "e-1", type: "OrderPlaced", data: try StableJSON.encode(data),
            at: "2025-11-24T10:00:00.000000Z", epoch: 4, origin: "r1")
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// Forward, by the older release's own rules, and back: the same bytes; and the event still reads as this release's.
    private func check(_ name: String) throws {
        let event = try placed(name)
        guard case .replace(let there) = try SplitCustomerName.forward(event) else {
            Issue.record("an order that was placed isn't converted")
            return
        }
        var submitted = event
        (submitted.type, submitted.schema, submitted.data) = (there.type, there.schema, there.data)
        #expect(bytes(try submitted.payload(as: OrderSubmitted.self).customer.name) == bytes(name))
        guard case .replace(let back) = try SplitCustomerName.reverse(submitted) else {
            Issue.record("an order that was submitted isn't converted back")
            return
        }
        #expect((back.type, back.schema) == ("OrderPlaced", 1))
        #expect(bytes(back.data) == bytes(event.data), "\(name.unicodeScalars.map(\.value))")
        #expect(AnyTransform(SplitCustomerName.self).provesReversible(event) == true)
    }

    @Test(arguments: [
        ("Ann Lee", "Ann", "Lee"), ("Ann", "Ann", ""), ("Ann ", "Ann ", ""), (" Ann", "", "Ann"), ("Ann  Lee", "Ann", " Lee"),
        ("Ann Lee Park", "Ann", "Lee Park"), ("", "", ""), (" ", " ", ""), ("  ", "", " "), ("Ann\tLee", "Ann\tLee", ""),
        ("Ann \u{301}Lee", "Ann", "\u{301}Lee"),
    ])
    func `a name is split at its first space`(name: String, given: String, family: String) {
        let parts = CustomerName.split(name)
        #expect(bytes(parts.given) == bytes(given))
        #expect(bytes(parts.family) == bytes(family))
    }

    @Test func `the converted event is literally this`() throws {
        guard case .replace(let there) = try SplitCustomerName.forward(placed("Ann Lee")) else {
            Issue.record("not converted")
            return
        }
        #expect((there.type, there.schema) == ("OrderSubmitted", 2))
        #expect(
            there.data == """
                {"customer":{"email":"ann@shop.example","familyName":"Lee","givenName":"Ann"},\
                "lines":[{"quantity":2,"sku":"a/b","unitPrice":"10.00"}],"total":"20.00"}
                """)
    }

    @Test(arguments: oddNames)
    func `every odd name comes back byte by byte`(name: String) throws { try check(name) }

    @Test func `every random name comes back byte by byte`() throws {
        var random = SplitMix(state: 17)
        for _ in 0..<2_000 {
            var name = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                let code: UInt32 =
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: 0x20
                    case 1: .random(in: 0...0x7F, using: &random)
                    case 2: .random(in: 0x300...0x36F, using: &random)
                    default: .random(in: 0...0x10FFFF, using: &random)
                    }
                if let scalar = Unicode.Scalar(code) { name.append(scalar) }
            }
            try check(String(name))
        }
    }

    @Test func `fields that this release doesn't know come back as well`() throws {
        var event = try placed("Ann Lee")
        event.data = #"{"customer":{"email":"a@b","name":"Ann Lee","vip":true},"gift":null,"n":12345678901234567890.5}"#
        #expect(AnyTransform(SplitCustomerName.self).provesReversible(event) == true)
    }

    @Test(arguments: ["OrderPaid", "OrderShipped", "OrderCancelled", "Unheard"])
    func `all other events are kept, both ways`(type: String) throws {
        var event = try placed("Ann Lee")
        event.type = type
        guard case .keep = try SplitCustomerName.forward(event), case .keep = try SplitCustomerName.reverse(event) else {
            Issue.record("'\(type)' isn't kept")
            return
        }
    }

    @Test(arguments: ["{}", "[]", "no JSON", #"{"customer":{}}"#, #"{"customer":{"name":1}}"#, #"{"customer":"Ann"}"#])
    func `data that has no name is an error`(data: String) throws {
        var event = try placed("Ann Lee")
        event.data = data
        #expect(throws: (any Error).self) { try SplitCustomerName.forward(event) }
        event.type = "OrderSubmitted"
        #expect(throws: (any Error).self) { try SplitCustomerName.reverse(event) }
    }

    @Test func `what this release wrote itself goes back with its parts joined`() throws {
        var order = OrderStream()
        _ = try order.run(place { $0["customer"] = ["givenName": "Ann Mary", "familyName": "Lee", "email": "a@b"] })
        guard case .replace(let back) = try SplitCustomerName.reverse(order.events[0]) else {
            Issue.record("not converted")
            return
        }
        #expect(back.data.hasPrefix(#"{"customer":{"email":"a@b","name":"Ann Mary Lee"},"lines":["#))
    }

    @Test func `a converted order has the summary it had`() throws {
        let summary = AnyProjection(OrderSummary.self)
        for name in Self.oddNames {
            var copy = StreamCopy(from: "r1")
            let event = try #require(try copy.copy(placed(name), by: AnyTransform(SplitCustomerName.self).forward).first)
            let fields = try #require(try summary.apply(event, nil, "o-17"))
            #expect(bytes(fields["customerName"]?.string ?? "none") == bytes(name))
            #expect(
                fields.keys.sorted() == [
                    "customerEmail", "customerName", "lines", "orderId", "placedAt", "status", "total", "updatedAt", "version",
                ])
        }
    }
}
