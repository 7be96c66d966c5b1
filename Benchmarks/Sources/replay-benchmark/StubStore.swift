import AWS
import EventSourcing
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A store of nothing: it makes up the source's pages as they are asked for, and counts what is put. For runs whose events would fit into no local
/// cloud, and for the copier's own limit.
final class StubStore: Sendable {
    let maker: EventMaker
    private let puts = Atomic(0)

    init(_ maker: EventMaker) { self.maker = maker }

    /// Events put so far, checkpoints not among them.
    var written: Int { puts.load(ordering: .relaxed) }

    /// Listens on a free port of this machine's loopback for the rest of the process' life.
    func listen() async throws -> String {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup(numberOfThreads: 2))
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(StubHandler(store: self))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: 0).get()
        return "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    fileprivate func answer(_ operation: Substring, _ body: ByteBuffer) throws -> [UInt8] {
        switch operation {
        case "BatchWriteItem":
            puts.wrappingAdd(Self.puts(in: body), ordering: .relaxed)
            return Array(#"{"UnprocessedItems":{}}"#.utf8)
        case "Scan": return page(try JSONDecoder().decode(Scan.self, from: Data(body.readableBytesView)))
        case "Query": return stream(try JSONDecoder().decode(Query.self, from: Data(body.readableBytesView)))
        case "BatchGetItem":
            let asked = try JSONDecoder().decode(BatchGet.self, from: Data(body.readableBytesView))
            let heads = asked.RequestItems.values.flatMap(\.Keys).map { key in
                #"{"shard":{"S":"\#(key["shard"]?.S ?? "")"},"item":{"S":"head"},"owner":{"S":"\#(Tables.source)"},"epoch":{"N":"9"},"events":{"N":"0"},"digest":{"N":"0"}}"#
            }
            let table = asked.RequestItems.keys.first ?? ""
            return Array(#"{"Responses":{"\#(table)":[\#(heads.joined(separator: ","))]},"UnprocessedKeys":{}}"#.utf8)
        default: return Array("{}".utf8)
        }
    }

    private struct Attribute: Decodable {
        var S: String?
        var N: String?
    }
    private struct Scan: Decodable {
        var Segment: Int?
        var TotalSegments: Int?
        var ExclusiveStartKey: [String: Attribute]?
    }
    private struct Query: Decodable { var ExpressionAttributeValues: [String: Attribute] }
    private struct BatchGet: Decodable {
        struct Table: Decodable { var Keys: [[String: Attribute]] }
        var RequestItems: [String: Table]
    }

    /// DynamoDB's limit of a page.
    private static let pageBytes = 1_048_576

    /// Each segment has every `TotalSegments`th stream.
    private func page(_ scan: Scan) -> [UInt8] {
        let step = scan.TotalSegments ?? 1
        var stream = scan.ExclusiveStartKey?["aggregateId"]?.S.flatMap(EventMaker.number).map { $0 + step } ?? scan.Segment ?? 0
        var answer = Array(#"{"Items":["#.utf8)
        answer.reserveCapacity(2 * Self.pageBytes)
        var size = 0
        var last: StoredEvent?
        while stream < maker.streams, size < Self.pageBytes {
            for event in maker.stream(stream) {
                if last != nil { answer.append(UInt8(ascii: ",")) }
                answer.append(contentsOf: AttributeValue.json(event.item))
                size += event.size
                last = event
            }
            stream += step
        }
        answer.append(UInt8(ascii: "]"))
        if stream < maker.streams, let last {
            answer.append(
                contentsOf: #","LastEvaluatedKey":{"aggregateId":{"S":"\#(last.aggregateId)"},"version":{"N":"\#(last.version)"}}"#.utf8)
        }
        answer.append(UInt8(ascii: "}"))
        return answer
    }

    private func stream(_ query: Query) -> [UInt8] {
        let number = query.ExpressionAttributeValues[":id"]?.S.flatMap(EventMaker.number) ?? 0
        let after = query.ExpressionAttributeValues[":version"]?.N.flatMap { Int($0) } ?? 0
        let items = maker.stream(number).filter { $0.version > after }.map { String(decoding: AttributeValue.json($0.item), as: UTF8.self) }
        return Array(#"{"Items":[\#(items.joined(separator: ","))]}"#.utf8)
    }

    /// Each is named once; no event's text has the name.
    private static func puts(in body: ByteBuffer) -> Int {
        let name: StaticString = "PutRequest"
        return body.withUnsafeReadableBytes { bytes in
            guard let start = bytes.baseAddress, let end = bytes.baseAddress.map({ $0 + bytes.count - name.utf8CodeUnitCount }) else {
                return 0
            }
            var (count, next) = (0, start)
            while next < end, let found = memchr(next, Int32(name.utf8Start.pointee), end - next) {
                if memcmp(found, name.utf8Start, name.utf8CodeUnitCount) == 0 { count += 1 }
                next = UnsafeRawPointer(found) + 1
            }
            return count
        }
    }
}

private final class StubHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let store: StubStore
    private var operation: Substring = ""
    private var body = ByteBuffer()

    init(store: StubStore) { self.store = store }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            operation = head.headers.first(name: "x-amz-target")?.split(separator: ".").last ?? ""
            body.clear()
        case .body(var part): body.writeBuffer(&part)
        case .end:
            let answer: [UInt8]
            var status = HTTPResponseStatus.ok
            do {
                answer = try store.answer(operation, body)
            } catch {
                status = .badRequest
                answer = Array(#"{"__type":"ValidationException","message":"the stub can't read it"}"#.utf8)
            }
            let headers: NIOHTTP1.HTTPHeaders = ["content-length": String(answer.count), "content-type": "application/x-amz-json-1.0"]
            context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
