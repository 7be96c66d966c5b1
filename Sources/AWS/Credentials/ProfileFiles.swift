#if canImport(FoundationEssentials)
    import FoundationEssentials
    import Glibc
#else
    import Foundation
#endif

/// One profile: its settings from both files, those of the credentials file first.
struct Profile: Sendable, Hashable {
    var name: String
    var settings: [String: String]
    /// Endpoint URLs of the profile's `services` section, by service in lower case.
    var serviceEndpoints: [String: String] = [:]

    subscript(setting: String) -> String? {
        settings[setting].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// AWS' shared `config` and `credentials` files.
struct ProfileFiles: Sendable {
    var profiles: [String: Profile]
    var selectedName: String
    /// Whether AWS_PROFILE named it; then it must exist.
    var isSelectionExplicit: Bool
    var configPath: String
    var credentialsPath: String

    /// The profile of `AWS_PROFILE`, else `default`; nil where there is no default.
    func selected() throws -> Profile? {
        if let profile = profiles[selectedName] { return profile }
        guard isSelectionExplicit else { return nil }
        throw ConfigurationError(
            "there is no AWS profile '\(selectedName)' in \(configPath) or \(credentialsPath)",
            hint: "set AWS_PROFILE to one of: \(profiles.keys.sorted().joined(separator: ", "))")
    }

    /// Reads `AWS_CONFIG_FILE` (`~/.aws/config`) and `AWS_SHARED_CREDENTIALS_FILE` (`~/.aws/credentials`). A missing file is an empty one.
    static func load(environment: [String: String]) throws -> ProfileFiles {
        let home = environment["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path
        func path(_ variable: String, _ standard: String) -> String {
            guard let given = environment[variable], !given.isEmpty else { return "\(home)/.aws/\(standard)" }
            return given.hasPrefix("~/") ? home + given.dropFirst() : given
        }
        let configPath = path("AWS_CONFIG_FILE", "config")
        let credentialsPath = path("AWS_SHARED_CREDENTIALS_FILE", "credentials")
        let named = environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"]
        return ProfileFiles(
            profiles: merge(
                config: ProfileFile(parsing: try text(at: configPath)),
                credentials: ProfileFile(parsing: try text(at: credentialsPath))),
            selectedName: named.flatMap { $0.isEmpty ? nil : $0 } ?? "default",
            isSelectionExplicit: named?.isEmpty == false, configPath: configPath, credentialsPath: credentialsPath)
    }

    static func merge(config: ProfileFile, credentials: ProfileFile) -> [String: Profile] {
        var profiles: [String: Profile] = [:]
        var services: [String: [String: String]] = [:]
        for (header, section) in config.sections {
            let words = header.split(whereSeparator: \.isWhitespace).map(String.init)
            if words == ["default"] || (words.count == 2 && words[0] == "profile") {
                profiles[words[words.count - 1], default: Profile(name: words[words.count - 1], settings: [:])]
                    .settings.merge(section.settings) { _, new in new }
            } else if words.count == 2, words[0] == "services" {
                services[words[1]] = section.nested.compactMapValues { $0["endpoint_url"] }
            }
        }
        for (name, section) in credentials.sections {
            profiles[name, default: Profile(name: name, settings: [:])].settings.merge(section.settings) { $1 }
        }
        for (name, profile) in profiles {
            if let section = profile["services"] { profiles[name]?.serviceEndpoints = services[section] ?? [:] }
        }
        return profiles
    }

    private static func text(at path: String) throws -> String {
        guard FileManager.default.fileExists(atPath: path) else { return "" }
        // Not as Data: that refuses /dev/null, by which users say that there is no file.
        guard let file = fopen(path, "r") else { throw ConfigurationError("can't read \(path)", hint: "check its permissions") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part.prefix(count) }
        guard ferror(file) == 0 else { throw ConfigurationError("can't read \(path)", hint: "check that it is a file") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
