import EventSourcing

/// Makes the events that are copied, each from its stream's number and its version alone: about 300 bytes as DynamoDB counts them, 20 a stream on
/// average, 1 to 39.
struct EventMaker: Sendable {
    let streams: Int
    let events: Int

    init(events: Int) {
        var (streams, left) = (0, events)
        while left > 0 {
            left -= Self.drawnSize(streams)
            streams += 1
        }
        (self.streams, self.events) = (streams, events)
        lastSize = streams == 0 ? 0 : Self.drawnSize(streams - 1) + left
    }

    /// The last stream is cut so that the number of events is as asked.
    private let lastSize: Int

    func size(of stream: Int) -> Int { stream == streams - 1 ? lastSize : Self.drawnSize(stream) }

    func stream(_ stream: Int) -> [StoredEvent] { (1...size(of: stream)).map { event(stream, $0) } }

    /// The first `count` digits make ids of equal length.
    static func id(_ stream: Int) -> String { "order-" + digits(stream, 10) }

    static func number(of id: String) -> Int? { Int(id.dropFirst(6)) }

    func event(_ stream: Int, _ version: Int) -> StoredEvent {
        let chance = Self.mixed(UInt64(stream) << 8 | UInt64(version))
        let first = Self.names[Int(chance % 8)], last = Self.names[Int(chance >> 8 % 8)]
        let (type, data) =
            if version == 1 {
                (
                    "OrderPlaced",
                    #"{"customer":{"email":"\#(last.lowercased())@example.org","name":"\#(first) \#(last)"},"orderId":"\#(Self.id(stream))","total":"\#(chance % 900 + 10).50"}"#
                )
            } else {
                (
                    "ItemAdded",
                    #"{"note":"for \#(first), wrapped","orderId":"\#(Self.id(stream))","quantity":\#(chance % 9 + 1),"sku":"SKU-\#(Self.digits(Int(chance % 100_000), 5))"}"#
                )
            }
        let id = Self.hexadecimal(chance) + Self.hexadecimal(Self.mixed(chance))
        return StoredEvent(
            aggregateId: Self.id(stream), version: version, eventId: Self.dashed(id), type: type, data: data,
            meta: #"{"command":"\#(id.prefix(24))","part":0}"#,
            at: "2026-01-01T00:\(Self.digits(version, 2)):00.\(Self.digits(stream % 1_000_000, 6))Z",
            origin: "r1")
    }

    private static let names = ["Ada", "Grace", "Edsger", "Barbara", "Niklaus", "Frances", "Donald", "Radia"]

    private static func drawnSize(_ stream: Int) -> Int { Int(mixed(UInt64(stream)) % 39) + 1 }

    /// SplitMix64's step.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    private static func dashed(_ hex: String) -> String {
        let bytes = Array(hex)
        return [bytes[0..<8], bytes[8..<12], bytes[12..<16], bytes[16..<20], bytes[20..<32]].map { String($0) }.joined(separator: "-")
    }
}

/// What the copier does to each event where it isn't an identity: every event's data is read, changed and written, and its way back proven.
enum SampleTransform {
    static let transform = AnyTransform(
        "split-names",
        [
            .on(
                "OrderPlaced",
                [
                    .split(
                        "customer.name", into: "customer.first", "customer.last",
                        by: { name in
                            let parts = name.split(separator: " ", maxSplits: 1)
                            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
                        }, back: { "\($0) \($1)" })
                ]),
            .on("ItemAdded", [.rename("sku", to: "article"), .add("currency", "EUR")]),
        ])
}
