import Foundation
import TestSupport
import Testing

@testable import LocalCloud

@Suite struct StartStopTests {
    @Test func `an unnamed instance takes a free port, answers, and leaves nothing when it stops`() async throws {
        let instance = try await LocalCloud.start()
        #expect(instance.endpoint == "http://127.0.0.1:\(instance.port)")
        #expect(try await LoopbackHTTP(port: instance.port).send("GET", "/_ministack/ready", timeout: 5) == 200)
        #expect(try await LoopbackHTTP(port: try #require(instance.searchPort)).send("GET", "/", timeout: 5) == 200)
        // MiniStack and the search server.
        #expect(try await members(ofGroup: instance.pid).count == 2)
        try await instance.reset()

        await instance.stop()
        #expect(try await members(ofGroup: instance.pid).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: instance.stateDirectory))
        try LoopbackPort.check(instance.port)
    }

    /// Uvicorn's own words: MiniStack goes on to work where it no longer takes what it is given in the place of Hypercorn, but at half the pace.
    @Test func `Uvicorn answers for it`() async throws {
        let instance = try await LocalCloud.start()
        let descriptor = try LoopbackSocket.connect(port: instance.port, timeout: 5)
        defer { close(descriptor) }
        let request = Array("nonsense\r\n\r\n".utf8)
        #expect(send(descriptor, request, request.count, LoopbackSocket.noSignal) == request.count)
        var (answer, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { answer += buffer.prefix(count) }
        let text = String(decoding: answer, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 400 ") && text.hasSuffix("Invalid HTTP request received."), "\(text)")
        await instance.stop()
    }

    @Test func `two starts at the same time give two instances`() async throws {
        async let one = LocalCloud.start()
        async let other = LocalCloud.start()
        let instances = try await [one, other]
        #expect(instances[0].port != instances[1].port)
        #expect(instances.allSatisfy { $0.isRunning })
        for instance in instances { await instance.stop() }
    }

    @Test func `a named instance that runs is found, not started again`() async throws {
        let name = freshName()
        #expect(try LocalCloud.status(of: name) == .stopped)
        let first = try await LocalCloud.start(.init(name: name))
        let second = try await LocalCloud.start(.init(name: name))
        #expect(!first.alreadyRunning)
        #expect(second.alreadyRunning)
        #expect(second.pid == first.pid)
        #expect(try LocalCloud.status(of: name) == .running(first))

        await #expect(throws: LocalCloudError.self) {
            try await LocalCloud.start(.init(port: first.port == 4566 ? 4567 : 4566, name: name))
        }

        #expect(try await LocalCloud.stop(name) == .running(first))
        #expect(try LocalCloud.status(of: name) == .stopped)
        #expect(try await LocalCloud.stop(name) == .stopped)
        #expect(try await members(ofGroup: first.pid).isEmpty)
        removeDirectory(of: first)
    }

    @Test func `the record of a process that was killed is stale, and a start replaces it`() async throws {
        let name = freshName()
        let killed = try await LocalCloud.start(.init(name: name))
        kill(killed.pid, SIGKILL)
        try await until("its record is stale") { try LocalCloud.status(of: name) == .stale(killed) }

        let next = try await LocalCloud.start(.init(name: name))
        #expect(next.pid != killed.pid)
        #expect(!next.alreadyRunning)
        try await LocalCloud.stop(name)
        removeDirectory(of: next)
    }

    @Test func `another process that has got the number of a dead one is left alone`() async throws {
        let name = freshName()
        let directory = try Home(LocalCloud.Options.defaultHome).instance(named: name)
        try directory.prepare()
        defer { directory.clear(keepingLog: false) }
        let bystander = try ChildProcess.spawn(
            ["/bin/sh", "-c", "sleep 600"], environment: [:], input: nil, output: "/dev/null")
        defer {
            kill(bystander.pid, SIGKILL)
            bystander.reap()
        }
        try directory.write(
            LocalCloud.Instance(
                name: name, endpoint: "http://127.0.0.1:1", port: 1, searchPort: nil, pid: bystander.pid, region: "us-east-1",
                detached: true, python: "", stateDirectory: directory.path, logFile: directory.log,
                processStart: "an earlier time"))

        guard case .stale = try await LocalCloud.stop(name) else {
            Issue.record("the record should have been stale")
            return
        }
        #expect(bystander.poll() == nil)
    }

    @Test func `the server ends with the process that started it`() async throws {
        let instance = try await LocalCloud.start()
        Tether.cut(instance.pid)
        try await until("the server has ended") { !instance.isRunning }
        try await until("no process of its group lives") { try await members(ofGroup: instance.pid).isEmpty }
        await instance.stop()
    }

    @Test func `the search server ends with the server`() async throws {
        let instance = try await LocalCloud.start()
        kill(instance.pid, SIGKILL)
        try await until("no process of its group lives") { try await members(ofGroup: instance.pid).isEmpty }
        await instance.stop()
    }

    @Test func `a detached server goes on when its starter lets go`() async throws {
        let name = freshName()
        let instance = try await LocalCloud.start(.init(name: name, detached: true))
        Tether.cut(instance.pid)
        try await instance.reset()
        #expect(instance.isRunning)
        try await LocalCloud.stop(name)
        #expect(!instance.isRunning)
        removeDirectory(of: instance)
    }

    @Test func `a port in use is a clear error`() async throws {
        let other = try await TestCloud.endpoint()
        do {
            _ = try await LocalCloud.start(.init(port: other.port))
            Issue.record("the start should have failed")
        } catch let error as LocalCloudError {
            #expect(error.description.hasPrefix("port \(other.port) of 127.0.0.1 is in use by another process\nhint: "))
        }
    }

    @Test(arguments: ["", "a/b", "..", "é", String(repeating: "x", count: 65)])
    func `a name that can't be a directory is refused`(name: String) async throws {
        #expect(throws: LocalCloudError.self) { try LocalCloud.status(of: name) }
    }

    private func removeDirectory(of instance: LocalCloud.Instance) {
        InstanceDirectory(path: instance.stateDirectory).clear(keepingLog: false)
    }
}
