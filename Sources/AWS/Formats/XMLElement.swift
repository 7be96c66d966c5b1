/// An element of an AWS query answer: its children, or its text. Attributes, comments and namespaces are passed over.
struct XMLElement: Sendable, Hashable {
    /// Deeper nesting is refused, so that no input exhausts memory or stack.
    static let deepest = 100

    var name: String
    var text = ""
    var children: [XMLElement] = []

    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The element at a path of names below this one.
    func at(_ path: String...) -> XMLElement? {
        var element: XMLElement? = self
        for name in path { element = element?.first(name) }
        return element
    }

    /// - Throws: `XMLError` unless there is one well-nested root element.
    init(parsing bytes: [UInt8]) throws {
        var rest = bytes[...]
        var open = [XMLElement(name: "")]
        while let byte = rest.first {
            guard byte == UInt8(ascii: "<") else {
                let text = rest.prefix { $0 != UInt8(ascii: "<") }
                open[open.count - 1].text += Self.unescaped(String(decoding: text, as: UTF8.self))
                rest = rest.dropFirst(text.count)
                continue
            }
            if rest.starts(with: "<!--".utf8) {
                _ = try Self.cut(&rest, upTo: "-->")
            } else if rest.starts(with: "<![CDATA[".utf8) {
                open[open.count - 1].text += try Self.cut(&rest, upTo: "]]>").dropFirst("<![CDATA[".count)
            } else if rest.starts(with: "<?".utf8) || rest.starts(with: "<!".utf8) {
                _ = try Self.cut(&rest, upTo: ">")
            } else if rest.starts(with: "</".utf8) {
                let name = Self.name(in: try Self.cut(&rest, upTo: ">").dropFirst(2))
                guard open.count > 1, let element = open.popLast(), element.name == name else {
                    throw XMLError(problem: "</\(name)> closes nothing")
                }
                open[open.count - 1].children.append(element.withoutLayout)
            } else {
                let tag = try Self.cut(&rest, upTo: ">").dropFirst()
                let element = XMLElement(name: Self.name(in: tag))
                if tag.hasSuffix("/") {
                    open[open.count - 1].children.append(element)
                } else {
                    open.append(element)
                    guard open.count <= Self.deepest else { throw XMLError(problem: "too deep") }
                }
            }
        }
        guard open.count == 1, open[0].children.count == 1 else { throw XMLError(problem: "no single root element") }
        self = open[0].children[0]
    }

    private init(name: String) {
        self.name = name
    }

    /// White space between children is layout, not text.
    private var withoutLayout: XMLElement {
        var element = self
        if !children.isEmpty { element.text = "" }
        return element
    }

    /// The text in front of `end`, which is removed too.
    private static func cut(_ rest: inout ArraySlice<UInt8>, upTo end: String) throws -> Substring {
        let mark = Array(end.utf8)
        var index = rest.startIndex
        while index + mark.count <= rest.endIndex {
            if rest[index..<index + mark.count].elementsEqual(mark) {
                let text = String(decoding: rest[rest.startIndex..<index], as: UTF8.self)
                rest = rest[(index + mark.count)...]
                return text[...]
            }
            index += 1
        }
        throw XMLError(problem: "a tag without an end")
    }

    /// Without attributes, namespace prefix and closing slash.
    private static func name(in tag: Substring) -> String {
        let full = tag.prefix { !$0.isWhitespace && $0 != "/" }
        return String(full.split(separator: ":").last ?? full)
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            guard let end = rest[ampersand...].firstIndex(of: ";") else {
                rest = rest[ampersand...]
                break
            }
            let name = rest[rest.index(after: ampersand)..<end]
            result += character(named: name).map(String.init) ?? String(rest[ampersand...end])
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func character(named name: Substring) -> Character? {
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let isHex = name.hasPrefix("#x") || name.hasPrefix("#X")
            let code = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10)
            return code.flatMap(Unicode.Scalar.init).map(Character.init)
        }
    }
}

struct XMLError: Error, Sendable, Hashable, CustomStringConvertible {
    var problem: String
    var description: String { "the XML is malformed: \(problem)" }
}

extension UInt8 {
    var isASCIIWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
