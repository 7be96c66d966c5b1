import AWS
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What goes wrong in users' hands: one clear message each, with its exit code, and nothing half changed.
    @Suite struct BadInputTests {
        /// What needs no deployment.
        @Test func `each mistake before the first deployment is told, and changes nothing`() async throws {
            try await Cloud.running { cloud in
                let manifest = try Self.folder(
                    cloud, "broken", "// immutable-stack-version: 1\nimport StackDescription\n\nlet stack = Stack(42)\n")
                let broken = try await cloud.immutable("deploy", manifest, "--products", Products.path(Products.directory), ending: 1)
                Self.expect(broken, "Stack.swift:4:")

                Self.expect(try await cloud.immutable("status", "orders", ending: 1), "no stack 'orders'", "hint:")
                Self.expect(try await cloud.immutable("cutover", "orders", "--yes", ending: 1), "no stack 'orders'")

                let log = cloud.scratch.appending(path: "log.csv")
                try Data("case,when\nc-1,2011-10-11 13:45:40+02:00\n".utf8).write(to: log)
                let options = ["--history", Products.path(log), "--aggregate", "case", "--type", "activity", "--time", "when"]
                let missing = try await cloud.immutable(Cloud.deployment(of: "permits") + options, ending: 1)
                Self.expect(missing, "has no field 'activity'", "it has 'case', 'when'")

                for table in ["immutable-stack", "permits-ledger", "orders-ledger"] {
                    #expect(try await cloud.dynamo.describeTable(table) == nil, "\(table)")
                }
            }
        }

        @Test func `a cloud that can't be reached is named, and so is where credentials were looked for`() async throws {
            let scratch = FileManager.default.temporaryDirectory.appending(path: "scenario-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: scratch) }
            // Nobody listens on port 1, and a user's own settings are out of sight.
            let base = Cloud.plainEnvironment.merging([
                "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            ]) { $1 }
            let keys = ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"]
            let refused = try await Child.start(
                Products.tool, ["status", "orders"], environment: base.merging(keys) { $1 }, scratch: scratch
            ).end()
            #expect(refused.status == 1)
            Self.expect(refused, "http://127.0.0.1:1", "refused", "AWS_ENDPOINT_URL")
            let nobody = try await Child.start(Products.tool, ["status", "orders"], environment: base, scratch: scratch).end()
            #expect(nobody.status == 1)
            Self.expect(nobody, "no AWS credentials", "AWS_ACCESS_KEY_ID")
        }

        /// One pair of releases for all that needs them; most of a minute.
        @Test func `a cutover that must not be is refused, with its reason and its exit code`() async throws {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                Self.expect(try await cloud.immutable("cutover", "orders", "--yes", ending: 1), "there is no candidate", "immutable deploy")
                try await cloud.place("bad-1")

                let deployment = try cloud.start(Cloud.deployment(of: "orders-v2"))
                try await until("the deployment holds the lock") { deployment.errors.contains("provision r2:") || !deployment.isRunning }
                let locked = try await cloud.immutable("rollback", "orders", "--yes", ending: 5)
                Self.expect(locked, "is locked by", "doing 'deploy'", "since 20", "pid \(deployment.pid) ")
                let deployed = try await deployment.end()
                #expect(deployed.status == 0, "\(deployed)")

                Self.expect(try await cloud.immutable("cutover", "orders", ending: 64), "--yes", "Nothing was changed")

                let difference: Write = .update(
                    "orders-r2-order-summary", ["id": "bad-1"], "SET #total = :total", values: [":total": "999.99"])
                try await cloud.dynamo.write(difference)
                let differs = try await cloud.immutable("cutover", "orders", "--yes", "--compare-all", ending: 3)
                Self.expect(differs, "bad-1", "total: 19.80 (live), 999.99 (candidate)", "Nothing was changed")
                let verified = try await cloud.immutable("verify", "orders", "--format", "json", ending: 3)
                #expect(verified.output.contains(#""mismatched""#) && verified.output.contains("999.99"), "\(verified)")

                let answer = try await cloud.send("GET", "/orders/bad-1", to: Cloud.ordersDomain)
                #expect(answer.statusCode == 200 && answer.headers["x-immutable-release"] == "r1", "\(answer.text)")
                try await cloud.place("bad-2")
            }
        }

        /// A directory with this manifest.
        private static func folder(_ cloud: Cloud, _ name: String, _ manifest: String) throws -> String {
            let folder = cloud.scratch.appending(path: name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(manifest.utf8).write(to: folder.appending(path: "Stack.swift"))
            return Products.path(folder)
        }

        private static func expect(_ end: Child.End, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation) {
            for part in parts { #expect(end.errors.contains(part), "no '\(part)' in: \(end)", sourceLocation: sourceLocation) }
        }
    }
}
