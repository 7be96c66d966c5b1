import EventSourcing
import Testing

@Suite struct FieldsTests {
    private func fields(_ json: String) throws -> Fields { CommandRequest(body: try Value.parse(json)).body }

    private func message(_ json: String, _ read: (Fields) throws -> Any) throws -> String {
        let fields = try fields(json)
        do {
            return "read \(try read(fields))"
        } catch let error as MalformedInput {
            return error.description
        }
    }

    @Test(arguments: [
        ("{}", "name: is missing"), (#"{"name":null}"#, "name: is missing"), (#"{"name":1}"#, "name: must be a string"),
        (#"{"name":""}"#, "name: must not be empty"), ("[]", "body: must be a JSON object"), (#""x""#, "body: must be a JSON object"),
        (#"{"name":" "}"#, "read  "),
    ])
    func `a text's problem is named`(json: String, expected: String) throws {
        #expect(try message(json) { try $0.string("name") } == expected)
    }

    @Test func `a text has at most 512 bytes`() throws {
        let euro = String(repeating: "é", count: 256)
        #expect(try fields(#"{"name":"\#(euro)"}"#).string("name") == euro)
        #expect(try message(#"{"name":"\#(euro)x"}"#) { try $0.string("name") } == "name: must be at most 512 bytes")
    }

    @Test(arguments: ["a", "@b", "a@", "a@b@c", "a b@c", "a@b\\n", "a@b\\u0000", "a\\u00a0@b", "a\\r\\nBcc:x@b"])
    func `what is no address is refused`(text: String) throws {
        #expect(try message(#"{"email":"\#(text)"}"#) { try $0.email("email") } == "email: must be an e-mail address")
    }

    @Test func `an address is taken as it is`() throws {
        #expect(try fields(#"{"email":"Ann.O'Neil+x@sub.exämple"}"#).email("email") == "Ann.O'Neil+x@sub.exämple")
    }

    @Test(arguments: ["1.5", "0", "11", "-1", "1e30", #""3""#, "null", "true", "[]"])
    func `a number that is not whole or not in range is refused`(json: String) throws {
        let found = try message(#"{"n":\#(json)}"#) { try $0.integer("n", in: 1...10) }
        #expect(found == (json == "null" ? "n: is missing" : "n: must be a whole number from 1 to 10"))
    }

    @Test func `a whole number may be written with a point`() throws {
        #expect(try fields(#"{"n":3.0}"#).integer("n", in: 1...10) == 3)
    }

    @Test func `the path of a nested field is named`() throws {
        let body = #"{"lines":[{"price":{"net":"1"}},{"price":{"net":5}},7]}"#
        #expect(try message(body) { try $0.objects("lines", limit: 3) } == "lines[2]: must be an object")
        let two = #"{"lines":[{"price":{"net":"1"}},{"price":{"net":5}}]}"#
        let found = try message(two) { try $0.objects("lines", limit: 3).map { try $0.object("price").amount("net") } }
        #expect(found == #"lines[1].price.net: must be a decimal string, e.g. "19.90""#)
    }

    @Test(arguments: [
        ("[]", "lines: must have 1 to 2 elements"), ("[{},{},{}]", "lines: must have 1 to 2 elements"), ("{}", "lines: must be a list"),
    ])
    func `a list has a limit`(json: String, expected: String) throws {
        #expect(try message(#"{"lines":\#(json)}"#) { try $0.objects("lines", limit: 2) } == expected)
    }

    @Test func `a parameter of the path is there, not empty, and has at most 512 bytes`() throws {
        let request = CommandRequest(path: ["orderId": "o-17", "empty": "", "long": String(repeating: "x", count: 513)])
        #expect(try request.parameter("orderId") == "o-17")
        for (name, problem) in [
            ("none", "is missing from the path"), ("empty", "is missing from the path"), ("long", "must be at most 512 bytes"),
        ] {
            #expect(throws: MalformedInput(field: name, problem: problem)) { try request.parameter(name) }
        }
    }
}
