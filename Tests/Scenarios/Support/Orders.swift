import Foundation
import Testing

extension Cloud {
    /// An `OrderPlaced` of the first release: data for `commit`.
    static let placed =
        #"{"customer":{"email":"a@b.example","name":"Ada L"},"lines":[{"quantity":1,"sku":"A","unitPrice":"9.50"}],"total":"9.50"}"#

    /// Places an order of one line through the API. Twice 9.90 comes to 19.80.
    func place(
        _ id: String, name: String = "Ada Lovelace", sku: String = "sku-1", quantity: Int = 2, price: String = "9.90",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let body = """
            {"orderId":"\(id)","customer":{"name":"\(name)","email":"\(id)@example.org"},\
            "lines":[{"sku":"\(sku)","quantity":\(quantity),"unitPrice":"\(price)"}]}
            """
        let answer = try await send("POST", "/orders", to: Self.ordersDomain, body)
        try #require(answer.statusCode == 201, "\(answer.text)", sourceLocation: sourceLocation)
    }

    /// The sources of `orders-v2` once it is live: what it is deployed over next has the new schema already, so nothing is to be transformed.
    func settledOrders() throws -> String {
        let folder = scratch.appending(path: "orders-v2")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let manifest = try String(contentsOfFile: Products.stack("orders-v2") + "/Stack.swift", encoding: .utf8)
        let lines = manifest.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("transform:") }
        try lines.joined(separator: "\n").write(to: folder.appending(path: "Stack.swift"), atomically: true, encoding: .utf8)
        return Products.path(folder)
    }
}
