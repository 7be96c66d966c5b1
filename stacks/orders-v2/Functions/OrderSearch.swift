import EventSourcing

/// Search index `order-search`: the documents of `order-summary`, to be found by their customers and lines.
enum OrderSearch: StreamProjection {
    static func apply(_ event: StoredEvent, to document: inout OrderSummary.Document?, id: String) throws {
        try OrderSummary.apply(event, to: &document, id: id)
    }
}
