import Foundation

/// The processes in which a local cloud runs functions: its children whose program is a function's bootstrap.
struct FunctionProcesses: Sendable {
    let parent: Int32

    struct Found: Sendable, Hashable {
        var pid: Int32
        /// The function's name; `?` where the system doesn't tell.
        var function: String
    }

    /// In order of their ids. Empty on systems without /proc.
    func all() -> [Found] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.sorted().compactMap { pid in
            guard Self.parent(of: pid) == parent,
                let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline").map({ String(decoding: $0, as: UTF8.self) }),
                command.split(separator: "\0").first?.hasSuffix("/bootstrap") == true
            else { return nil }
            return Found(pid: pid, function: Self.function(of: pid))
        }
    }

    /// `kill -9`, if it still is the child that was found.
    func kill(_ found: Found) -> Bool {
        guard Self.parent(of: found.pid) == parent else { return false }
        return Foundation.kill(found.pid, SIGKILL) == 0
    }

    /// Field 4 of /proc/<pid>/stat (proc(5)); the second is the program's name in parentheses, which may hold anything.
    private static func parent(of pid: Int32) -> Int32? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        guard let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: name)...].split(separator: " ")
        return fields.count > 1 && fields[0] != "Z" ? Int32(fields[1]) : nil
    }

    private static func function(of pid: Int32) -> String {
        let prefix = "AWS_LAMBDA_FUNCTION_NAME="
        let variables = FileManager.default.contents(atPath: "/proc/\(pid)/environ").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return variables.split(separator: "\0").first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) } ?? "?"
    }
}
