import EventSourcing

/// Transforms by name. What is wrong with them shows at events whose number is 7.
enum Trial {
    private struct Seven: Error, CustomStringConvertible { var description: String { "seven is unlucky" } }

    private static func seven(_ value: Value) throws -> Value {
        if value.string == "7" { throw Seven() }
        return value
    }

    static let transforms: [String: Rules] = [
        // As long as it was, so that documents stay equal.
        "Sound": [.on("Noted", [.rename("number", to: "figure")])],
        "Throws": [.on("Noted", [.update("number", by: seven)])],
        "TooLarge": [
            .on("Noted", [.add("more", from: { .string(String(repeating: "x", count: $0["number"]?.string == "7" ? 400_000 : 1)) })])
        ],
        "OneKey": [.renameStream(by: { _ in "one" })],
        "Chance": [.on("Noted", [.add("chance", from: { _ in .string(String(UInt64.random(in: 0 ... .max))) })])],
        "FailingReverse": [.on("Noted", [.update("number", by: { $0 }, back: seven)])],
    ]
}
