import EventSourcing

/// `OrderPlaced` with the customer's `name` becomes `OrderSubmitted` with `givenName` and `familyName`, and back.
///
/// Every name of the older release comes back as it was. The newer release's own parts are joined on the way back, and where a given
/// name has spaces, another split would part it elsewhere.
enum SplitCustomerName: ReversibleTransform {
    private static let placed = "OrderPlaced"

    static func forward(_ event: StoredEvent) throws -> Conversion {
        guard event.type == placed else { return .keep }
        return try replaceCustomer(of: event, type: OrderSubmitted.type, schema: OrderSubmitted.schema) { customer in
            let (given, family) = CustomerName.split(try customer.take("name", of: event))
            customer["givenName"] = .string(given)
            customer["familyName"] = .string(family)
        }
    }

    static func reverse(_ event: StoredEvent) throws -> Conversion {
        guard event.type == OrderSubmitted.type else { return .keep }
        return try replaceCustomer(of: event, type: placed, schema: 1) { customer in
            let given = try customer.take("givenName", of: event)
            let family = try customer.take("familyName", of: event)
            customer["name"] = .string(CustomerName.join(given: given, family: family))
        }
    }

    /// Works on the JSON tree, so that whatever else the data holds passes as it is.
    private static func replaceCustomer(
        of event: StoredEvent, type: String, schema: Int, change: (inout Value) throws -> Void
    ) throws -> Conversion {
        var data = try Value.parse(event.data)
        guard var customer = data["customer"] else {
            throw UnreadableEvent(position: event.position, type: event.type, reason: "data.customer is missing")
        }
        try change(&customer)
        data["customer"] = customer
        return .replace(ConvertedEvent(type: type, schema: schema, data: try StableJSON.encode(data)))
    }
}

extension Value {
    fileprivate mutating func take(_ field: String, of event: StoredEvent) throws -> String {
        guard let text = self[field]?.string else {
            throw UnreadableEvent(position: event.position, type: event.type, reason: "data.customer.\(field) is no text")
        }
        self[field] = nil
        return text
    }
}
