import Foundation

/// The directories below the local cloud's home.
struct Home: Sendable {
    let path: String

    init(_ path: String) {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    }

    var environments: String { path + "/environments" }
    var environmentsLock: String { path + "/environments.lock" }
    private var ephemeral: String { path + "/ephemeral" }

    func instance(named name: String) throws -> InstanceDirectory {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, (1...64).contains(name.utf8.count) else { throw LocalCloudError.badName(name) }
        return InstanceDirectory(path: "\(path)/instances/\(name)")
    }

    func newEphemeral() -> InstanceDirectory {
        InstanceDirectory(path: "\(ephemeral)/\(UUID().uuidString.lowercased())")
    }

    /// Removes what unnamed instances left that were killed. One that is just being started has no record yet, so what
    /// is younger than ten minutes stays.
    func removeAbandonedInstances() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: ephemeral)) ?? []
        for directory in names.map({ InstanceDirectory(path: "\(ephemeral)/\($0)") }) {
            let attributes = try? FileManager.default.attributesOfItem(atPath: directory.path)
            guard let changed = attributes?[.modificationDate] as? Date, changed.timeIntervalSinceNow < -600 else {
                continue
            }
            if case .running = directory.status { continue }
            directory.clear(keepingLog: false)
        }
    }
}
