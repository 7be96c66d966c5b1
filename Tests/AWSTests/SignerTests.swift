import Foundation
import Testing

@testable import AWS

/// Vectors of AWS' published Signature Version 4 test suite; those marked so were computed with botocore 1.43.
@Suite struct SignerTests {
    static let keys = Credentials(
        accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    static let date = AmazonDate(Date(timeIntervalSince1970: 1_440_938_160))

    func signature(
        _ method: String, _ path: String, query: [(name: String, value: String)] = [], headers: HTTPHeaders = [:],
        body: String = "", signer: Signer = Signer(service: "service", region: "us-east-1")
    ) -> String {
        var headers = headers
        headers["host"] = "example.amazonaws.com"
        headers["x-amz-date"] = Self.date.stamp
        let message = Signer.Message(
            method: method, path: path, query: query, headers: headers,
            payloadHash: Signer.payloadHash(Array(body.utf8)))
        let authorization = signer.authorization(for: message, credentials: Self.keys, date: Self.date)
        return String(authorization.split(separator: "Signature=").last ?? "")
    }

    @Test func `the date is written in UTC`() {
        #expect(Self.date.stamp == "20150830T123600Z")
        #expect(AmazonDate(Date(timeIntervalSince1970: 951_782_399)).stamp == "20000228T235959Z")
        #expect(AmazonDate(Date(timeIntervalSince1970: 951_782_400)).stamp == "20000229T000000Z")
        #expect(AmazonDate(Date(timeIntervalSince1970: -1)).stamp == "19691231T235959Z")
        #expect(AmazonDate(Date(timeIntervalSince1970: 1_798_761_599.9)).stamp == "20261231T235959Z")
    }

    @Test func `the whole header of get-vanilla`() {
        let headers: HTTPHeaders = ["Host": "example.amazonaws.com", "X-Amz-Date": "20150830T123600Z"]
        let message = Signer.Message(
            method: "GET", path: "/", headers: headers, payloadHash: Signer.payloadHash([]))
        let signer = Signer(service: "service", region: "us-east-1")
        #expect(
            signer.canonicalRequest(message).text == """
                GET
                /

                host:example.amazonaws.com
                x-amz-date:20150830T123600Z

                host;x-amz-date
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                """)
        #expect(
            signer.authorization(for: message, credentials: Self.keys, date: Self.date) == """
                AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                SignedHeaders=host;x-amz-date, \
                Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
                """)
    }

    @Test func `get-vanilla-query-order-key-case`() {
        let query = [(name: "Param2", value: "value2"), (name: "Param1", value: "value1")]
        #expect(
            signature("GET", "/", query: query) == "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")
    }

    @Test func `get-utf8`() {
        #expect(signature("GET", "/\u{1234}") == "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")
    }

    @Test func `get-space and get-space-normalized`() {
        let expected = "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"
        #expect(signature("GET", "/example space/") == expected)
        #expect(signature("GET", "//./example space//") == expected)
    }

    @Test func `get-relative-relative`() {
        #expect(
            signature("GET", "/example1/example2/../..")
                == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
    }

    @Test func `post-x-www-form-urlencoded`() {
        #expect(
            signature(
                "POST", "/", headers: ["Content-Type": "application/x-www-form-urlencoded"], body: "Param1=value1")
                == "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")
    }

    @Test func `get-header-value-trim`() {
        #expect(
            signature("GET", "/", headers: ["My-Header1": " value1", "My-Header2": " \"a   b   c\""])
                == "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")
    }

    @Test func `post-sts-header-before signs the session token`() {
        let token =
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI"
            + "/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT"
            + "38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
        #expect(
            signature("POST", "/", headers: ["X-Amz-Security-Token": token])
                == "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")
    }

    @Test func `an encoded path is encoded once more (botocore)`() {
        let path = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af/invocations"
        #expect(
            signature("GET", path, signer: Signer(service: "lambda", region: "us-east-1"))
                == "41df37afbf309bcc1ff164f0da73296adbc2612d4725a380fab34afb5d3b71a1")
    }

    @Test func `query values sort by their encoded form (botocore)`() {
        let query = [(name: "A", value: "b&c"), (name: "A", value: "a b"), (name: "ä", value: "1")]
        #expect(
            signature("GET", "/", query: query) == "bf6014b95ab5d5809e17b11628fe1205d95528047dea6636bfc5daae463e8a2c")
    }
}
