import AWS
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What the bus loses, and what a projection can't take in. Under a minute.
    @Suite struct AuditTests {
        private struct Report: Decodable {
            struct Stream: Decodable {
                var aggregateId: String
                var cursor: Int
                var version: Int
                var reason: String?
            }
            struct Consumer: Decodable {
                var consumer: String
                var streams: Int
                var behind: Int
                var repaired: Int
                var stillBehind: [Stream]
            }
            var consumers: [Consumer]

            func consumer(_ name: String) throws -> Consumer { try #require(consumers.first { $0.consumer == name }) }
        }

        private func audit(_ cloud: Cloud, _ options: [String] = [], ending status: Int32) async throws -> Report {
            let end = try await cloud.immutable(["audit", "orders", "--format", "json"] + options, ending: status)
            return try JSONDecoder().decode(Report.self, from: Data(end.output.utf8))
        }

        private func status(of order: String, _ cloud: Cloud) async throws -> String? {
            try await cloud.dynamo.getItem("orders-r1-order-summary", ["id": .s(order)])?["status"]?.string
        }

        @Test func `what the bus lost is found, brought in and told`() async throws {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                try await cloud.commit("r1", of: "orders", [Cloud.event("o-0", 1, "OrderPlaced", Cloud.placed)])
                try await until("the bus works") { try await status(of: "o-0", cloud) == "placed" }
                try await until("the mailer too") { try await cloud.mails().count == 1 }
                #expect(try await audit(cloud, ending: 0).consumers.map(\.behind) == [0, 0])

                // The destination is off while three orders are placed: these records never reach the bus.
                let arn = "arn:aws:kinesis:\(cloud.instance.region):000000000000:stream/orders-r1-bus"
                try await cloud.dynamo.disableKinesisDestination("orders-r1-events", streamArn: arn)
                for order in ["o-1", "o-2", "o-3"] {
                    try await cloud.commit("r1", of: "orders", [Cloud.event(order, 1, "OrderPlaced", Cloud.placed)])
                }
                let looked = try await audit(cloud, ["--dry-run"], ending: 1)
                #expect(try looked.consumer("projector/order-summary").stillBehind.map(\.aggregateId) == ["o-1", "o-2", "o-3"])
                #expect(try await status(of: "o-1", cloud) == nil)

                let repaired = try await audit(cloud, ending: 0)
                for name in ["projector/order-summary", "reactor/ConfirmationMailer"] {
                    let consumer = try repaired.consumer(name)
                    #expect((consumer.streams, consumer.behind, consumer.repaired) == (4, 3, 3))
                }
                for order in ["o-1", "o-2", "o-3"] { #expect(try await status(of: order, cloud) == "placed") }
                #expect(try await cloud.mails().count == 4)
                #expect(try await audit(cloud, ending: 0).consumers.map(\.behind) == [0, 0])
                #expect(try await cloud.mails().count == 4)
            }
        }

        @Test func `a poisonous event stops its stream, is told, passed by on record, and stops a deployment`() async throws {
            try await Cloud.running { cloud in
                try await cloud.deploy("orders")
                let paid = #"{"amount":"9.50"}"#
                try await cloud.commit("r1", of: "orders", [Cloud.event("o-1", 1, "OrderPaid", paid)])
                try await cloud.commit("r1", of: "orders", [Cloud.event("o-1", 2, "OrderPlaced", Cloud.placed)])
                try await cloud.commit("r1", of: "orders", [Cloud.event("o-2", 1, "OrderPlaced", Cloud.placed)])
                let report = try await audit(cloud, ending: 1)
                let still = try report.consumer("projector/order-summary").stillBehind
                #expect(still.map(\.aggregateId) == ["o-1"] && still.first?.cursor == 0 && still.first?.version == 2)
                #expect(still.first?.reason?.contains("o-1@1 (id o-1-1-OrderPaid, type 'OrderPaid')") == true)
                #expect(try await status(of: "o-2", cloud) == "placed")
                let listed = try await cloud.immutable("parked", "orders").output
                #expect(listed.contains("r1 projector/order-summary at o-1@1 (OrderPaid)"), "\(listed)")
                #expect(try await cloud.immutable("status", "orders").output.contains("o-1@1 (OrderPaid)"))
                let options = ["--consumer", "projector/order-summary", "--stream", "o-1"]
                let retried = try await cloud.immutable(["parked", "orders", "retry"] + options, ending: 1)
                #expect(retried.output.contains("stays parked"))

                // The candidate has the same projection: its replay must not be proven around the event.
                let refused = try await cloud.immutable(Cloud.deployment(of: "orders-v2"), ending: 1)
                #expect(refused.errors.contains("o-1@1 (id o-1-1-OrderPaid, type 'OrderPaid')"), "\(refused)")
                #expect(try await cloud.immutable("status", "orders").output.contains("r2 projector/order-summary at o-1@1"))
                try await cloud.immutable("abort", "orders")

                let skipped = try await cloud.immutable(["parked", "orders", "skip", "--reason", "test of a payment"] + options)
                #expect(skipped.output.contains("the stream went on to its end"), "\(skipped)")
                #expect(try await status(of: "o-1", cloud) == "placed")
                #expect(try await cloud.immutable("parked", "orders").output == "no stream of orders is parked\n")
                let again = try await cloud.immutable(["parked", "orders", "skip", "--reason", "again"] + options, ending: 1)
                #expect(again.errors.contains("isn't parked"))
                let history = try await cloud.immutable("history", "orders").output
                #expect(history.contains("o-1@1 at projector/order-summary, by ") && history.contains(": test of a payment"), "\(history)")
                #expect(try await audit(cloud, ending: 0).consumers.allSatisfy { $0.stillBehind.isEmpty })
            }
        }
    }
}
