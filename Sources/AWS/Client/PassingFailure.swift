extension Error {
    /// The same call may succeed in a moment: throttling, a 5xx, a transaction in the way, a broken connection; the client's own retries are spent. Whether
    /// a write was carried out is not known.
    public var isPassing: Bool {
        switch self {
        case let error as AWSError: error.isThrottling || error.isTransient
        case is ConnectionError: true
        default: false
        }
    }

    /// No answer came in time, for each of the client's tries.
    public var isTimeout: Bool { (self as? ConnectionError)?.cause.kind == .timedOut }
}
