import Crypto

extension SHA256.Digest {
    /// Lower case.
    var hexadecimal: String { reduce(into: "") { $0 += String($1 >> 4, radix: 16) + String($1 & 15, radix: 16) } }
}
