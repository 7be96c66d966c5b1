/// Why an archive can't be written.
enum ZipError: Error, Sendable, Hashable, CustomStringConvertible {
    case tooLarge(what: String, bytes: Int)
    case tooManyEntries(Int)
    case badName(String)
    case repeatedName(String)
    /// zlib's own code.
    case compression(code: Int32, level: Int)

    var description: String {
        switch self {
        case .tooLarge(let what, let bytes):
            "\(what) has \(bytes) bytes, and a ZIP archive without ZIP64 holds less than 4 GiB\nhint: leave out what a function doesn't need"
        case .tooManyEntries(let count):
            "\(count) files are more than a ZIP archive without ZIP64 holds (\(ZipArchive.entryLimit))\nhint: pack fewer files"
        case .badName(let name):
            "'\(name)' can't name a file in an archive\nhint: use a relative path without '.', '..' and empty parts, of at most 65,535 bytes"
        case .repeatedName(let name):
            "the archive would hold '\(name)' twice\nhint: give each file a name of its own"
        case .compression(let code, let level):
            "zlib refused to compress with level \(level) (code \(code))\nhint: levels are 0 to 9; else there may be too little memory"
        }
    }
}
