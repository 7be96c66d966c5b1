import Foundation

/// Starting one server: port, environment, process, readiness, record.
struct Server {
    let options: LocalCloud.Options
    let environment: PythonEnvironment
    let directory: InstanceDirectory

    /// A free port can be taken by someone else before the server binds it, so that is tried again.
    func start() async throws -> LocalCloud.Instance {
        if let port = options.port {
            try LoopbackPort.check(port)
            return try await start(on: port)
        }
        var lastError: any Error = LocalCloudError.noFreePort
        for _ in 0..<5 {
            do {
                return try await start(on: try LoopbackPort.free())
            } catch let error as LocalCloudError {
                guard case .exited = error, directory.logTail().contains("in use") else { throw error }
                lastError = error
            }
        }
        throw lastError
    }

    private func start(on port: Int) async throws -> LocalCloud.Instance {
        let searchPort = try LoopbackPort.free()
        let (program, search) = (try PythonProgram.server.path(), try PythonProgram.search.path())
        try directory.prepare()
        let tether = try Tether()
        let child = try ChildProcess.spawn(
            [environment.python, "-I", program, search, String(searchPort)],
            environment: Self.environment(port: port, options: options, python: environment, directory: directory.path),
            input: tether.readEnd, output: directory.log)
        tether.closeReadEnd()
        guard let processStart = ProcessTable.startTime(of: child.pid) else {
            tether.cut()
            throw LocalCloudError.exited(status: child.poll() ?? -1, logTail: directory.logTail(), log: directory.log)
        }
        let instance = LocalCloud.Instance(
            name: options.name, endpoint: "http://127.0.0.1:\(port)", port: port, searchPort: searchPort, pid: child.pid,
            region: options.region, detached: options.detached, python: environment.python, stateDirectory: directory.path,
            logFile: directory.log, processStart: processStart)
        do {
            try directory.write(instance)
            try await waitUntilReady(instance, child: child)
        } catch {
            tether.cut()
            await ServerProcess(instance).stop()
            directory.clear(keepingLog: true)
            throw error
        }
        if options.detached {
            tether.release()
        } else {
            Tether.keep(tether, for: instance.pid)
        }
        return instance
    }

    private func waitUntilReady(_ instance: LocalCloud.Instance, child: ChildProcess) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        var waiting = [(port: instance.port, path: "/_ministack/ready")]
        if let port = instance.searchPort { waiting.append((port, "/")) }
        while clock.now < deadline {
            if let status = child.poll() {
                throw LocalCloudError.exited(status: status, logTail: directory.logTail(), log: directory.log)
            }
            while let next = waiting.first, try await answers(next.port, next.path) { waiting.removeFirst() }
            if waiting.isEmpty { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw LocalCloudError.notReady(
            endpoint: instance.endpoint, seconds: 60, logTail: directory.logTail(), log: directory.log)
    }

    private func answers(_ port: Int, _ path: String) async throws -> Bool {
        try Task.checkCancellation()
        return (try? await LoopbackHTTP(port: port).send("GET", path, timeout: 2)) == 200
    }
}
