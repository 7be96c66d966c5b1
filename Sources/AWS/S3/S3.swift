import Crypto
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// S3 buckets and objects. Against a custom endpoint, and for buckets with dots, paths name the bucket; else the host does.
public struct S3: Sendable {
    public struct Object: Sendable, Hashable {
        public var key: String
        /// In bytes.
        public var size: Int
        /// With its quotes.
        public var eTag: String
    }

    private let client: AWSClient

    public init(_ client: AWSClient) {
        self.client = client
    }

    /// In the client's region. Nothing happens where the bucket exists and is the caller's.
    public func createBucket(_ bucket: String) async throws {
        var request = request("CreateBucket", "PUT", bucket)
        if client.region != "us-east-1" {
            request.body = Array(
                """
                <CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
                <LocationConstraint>\(client.region)</LocationConstraint></CreateBucketConfiguration>
                """.utf8)
        }
        do {
            _ = try await client.send(request)
        } catch let error as AWSError where error.code == "BucketAlreadyOwnedByYou" {}
    }

    /// Replaces the bucket's tags.
    public func tagBucket(_ bucket: String, _ tags: [String: String]) async throws {
        let list = tags.sorted { $0.key < $1.key }.map {
            "<Tag><Key>\($0.key.xmlEscaped)</Key><Value>\($0.value.xmlEscaped)</Value></Tag>"
        }
        var request = request("PutBucketTagging", "PUT", bucket)
        request.query = [("tagging", "")]
        request.body = Array(
            """
            <Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>\(list.joined())</TagSet></Tagging>
            """.utf8)
        request.headers["content-md5"] = Data(Insecure.MD5.hash(data: request.body)).base64EncodedString()
        _ = try await client.send(request)
    }

    /// Creates or replaces, at most 5 GB.
    public func putObject(
        _ bucket: String, _ key: String, _ content: [UInt8], contentType: String = "application/octet-stream"
    ) async throws {
        var request = request("PutObject", "PUT", bucket, key)
        request.headers["content-type"] = contentType
        request.body = content
        _ = try await client.send(request)
    }

    /// - Returns: nil where there is no such object.
    public func getObject(_ bucket: String, _ key: String) async throws -> [UInt8]? {
        do {
            return try await client.send(request("GetObject", "GET", bucket, key)).body
        } catch let error as AWSError where error.code == "NoSuchKey" {
            return nil
        }
    }

    /// - Returns: nil where there is no such object or bucket: the answer to HEAD doesn't say which.
    public func headObject(_ bucket: String, _ key: String) async throws -> Object? {
        do {
            let answer = try await client.send(request("HeadObject", "HEAD", bucket, key))
            return Object(
                key: key, size: answer.headers["content-length"].flatMap { Int($0) } ?? 0,
                eTag: answer.headers["etag"] ?? "")
        } catch let error as AWSError where error.isNotFound {
            return nil
        }
    }

    /// Nothing happens where there is no such object.
    public func deleteObject(_ bucket: String, _ key: String) async throws {
        _ = try await client.send(request("DeleteObject", "DELETE", bucket, key))
    }

    /// All pages, by key.
    public func listObjects(_ bucket: String, prefix: String = "") async throws -> [Object] {
        var objects: [Object] = []
        var token: String?
        repeat {
            var request = request("ListObjectsV2", "GET", bucket)
            request.query = [("list-type", "2")]
            if !prefix.isEmpty { request.query.append(("prefix", prefix)) }
            if let token { request.query.append(("continuation-token", token)) }
            let page: XMLElement
            do {
                page = try XMLElement(parsing: try await client.send(request).body)
            } catch let error as XMLError {
                throw UnexpectedAnswer(service: "S3", operation: "ListObjectsV2", problem: "\(error)")
            }
            objects += page.all("Contents").map {
                Object(
                    key: $0.first("Key")?.text ?? "", size: $0.first("Size").flatMap { Int($0.text) } ?? 0,
                    eTag: $0.first("ETag")?.text ?? "")
            }
            token = page.first("IsTruncated")?.text == "true" ? page.first("NextContinuationToken")?.text : nil
        } while token != nil
        return objects
    }

    /// It must be empty. Nothing happens where there is no such bucket.
    public func deleteBucket(_ bucket: String) async throws {
        do {
            _ = try await client.send(request("DeleteBucket", "DELETE", bucket))
        } catch let error as AWSError where error.isNotFound {}
    }

    func request(_ operation: String, _ method: String, _ bucket: String, _ key: String = "") -> AWSRequest {
        let endpoints = client.configuration.endpoints
        let object = "/" + key.percentEncoded(keepingSlashes: true)
        guard endpoints.forAll == nil, endpoints.byService["S3"] == nil, !bucket.contains(".") else {
            return AWSRequest(.s3, operation, method: method, path: "/\(bucket.percentEncoded())\(key.isEmpty ? "" : object)")
        }
        var request = AWSRequest(.s3, operation, method: method, path: object)
        var endpoint = Endpoint.standard(for: .s3, region: client.region)
        endpoint.authority = "\(bucket).\(endpoint.authority)"
        request.endpoint = endpoint
        return request
    }
}

extension String {
    fileprivate var xmlEscaped: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
