import Foundation

/// What tells one state of a file from another without reading it.
struct FileStamp: Sendable, Hashable, CustomStringConvertible {
    let path: String
    private let size: Int
    private let modified: TimeInterval

    /// Nil where there is no such file. The state is that of the file which a symbolic link leads to; the path stays
    /// the link's, since programs such as swiftc behave by the name that they are called by.
    init?(_ file: URL) {
        path = file.path(percentEncoded: false)
        let target = file.resolvingSymlinksInPath().path(percentEncoded: false)
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
            let size = attributes[.size] as? NSNumber, let modified = attributes[.modificationDate] as? Date
        else { return nil }
        self.size = size.intValue
        self.modified = modified.timeIntervalSinceReferenceDate
    }

    var description: String { "\(path) \(size) \(modified)" }
}
