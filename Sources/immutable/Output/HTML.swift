/// Text inside of an HTML page.
enum HTML {
    /// The text with everything replaced that HTML gives a meaning to, in content as well as in a quoted attribute. Characters that are not
    /// seen but change what is (control characters, and those that turn the direction of text) are shown by their code point.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "`": escaped += "&#96;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case _ where isUnseen(scalar): escaped += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// What came from outside: isolated, so that its direction doesn't reach the text around it.
    static func isolated(_ text: String) -> String { "<bdi>\(escape(text))</bdi>" }

    /// Control characters; bidirectional controls (UAX #9), and the byte order mark.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
