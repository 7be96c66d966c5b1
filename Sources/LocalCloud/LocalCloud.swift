import Foundation

/// Starts and stops the local AWS: MiniStack, in a virtual environment that is made on first use.
///
/// An instance is a server process on a loopback port, with its own process group, directory and record. Everything
/// lives below a home directory, `Options.defaultHome` unless told otherwise:
///
///     environments/<name>-<hash>/   the virtual environment, shared by all instances
///     instances/<name>/             a named instance: its record, log and data
///     ephemeral/<uuid>/             an unnamed one, removed when it stops
///
/// No instance keeps its state over a stop.
public enum LocalCloud {
    /// What is known of a named instance.
    public enum Status: Sendable, Equatable {
        /// There is none.
        case stopped
        /// Its process is alive.
        case running(Instance)
        /// Its record is there, its process isn't: it was killed, or the machine restarted.
        case stale(Instance)
    }

    /// Starts an instance and returns once it answers. If the named instance is running already it is returned as it
    /// is, with `alreadyRunning` set.
    public static func start(_ options: Options = Options()) async throws -> Instance {
        let home = Home(options.home)
        let environment = try await PythonEnvironment.prepare(in: home, progress: options.progress)
        guard let name = options.name else {
            home.removeAbandonedInstances()
            return try await Server(options: options, environment: environment, directory: home.newEphemeral()).start()
        }
        let directory = try home.instance(named: name)
        return try await FileLock.holding(directory.lock, deadline: .seconds(120), progress: options.progress) {
            switch directory.status {
            case .running(var instance):
                if let port = options.port, port != instance.port {
                    throw LocalCloudError.runsElsewhere(name: name, endpoint: instance.endpoint, wanted: port)
                }
                instance.alreadyRunning = true
                return instance
            case .stale(let instance):
                options.progress("the local cloud '\(name)' (process \(instance.pid)) has died; starting a new one")
                await ServerProcess(instance).stop()
            case .stopped:
                break
            }
            return try await Server(options: options, environment: environment, directory: directory).start()
        }
    }

    /// The status of a named instance. Looks at its record and its process, and sends it nothing.
    public static func status(
        of name: String = Options.defaultName, home: String = Options.defaultHome
    ) throws -> Status {
        try Home(home).instance(named: name).status
    }

    /// Stops a named instance, with every function process it started, and removes its data. Its log stays.
    /// - Returns: what was found; `.stopped` means that there was nothing to do.
    @discardableResult
    public static func stop(
        _ name: String = Options.defaultName, home: String = Options.defaultHome
    ) async throws -> Status {
        let directory = try Home(home).instance(named: name)
        guard directory.exists else { return .stopped }
        return try await FileLock.holding(directory.lock, deadline: .seconds(120)) {
            let found = directory.status
            switch found {
            case .running(let instance), .stale(let instance): await instance.stop()
            case .stopped: break
            }
            return found
        }
    }

    /// The Python of the environment that instances run in, made if need be. It has botocore.
    public static func python(
        home: String = Options.defaultHome, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> String {
        try await python(with: .localCloud, home: home, progress: progress)
    }

    /// The Python of an environment with these packages, made if need be, beside that of the instances.
    public static func python(
        with packages: PythonPackages, home: String = Options.defaultHome, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> String {
        try await PythonEnvironment.prepare(packages, in: Home(home), progress: progress).python
    }
}
