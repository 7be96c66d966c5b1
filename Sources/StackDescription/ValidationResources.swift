extension Stack {
    func eventProblems() -> [Problem] {
        var problems: [Problem] = []
        if !(1...1000).contains(eventStore.ledgerShards) {
            problems.append(
                Problem(
                    "the ledger can't have \(eventStore.ledgerShards) shards", hint: "1 to 1,000; 64 serve most stacks",
                    anchor: "ledgerShards:"))
        }
        if !(1...10_000).contains(eventBus.shards) {
            problems.append(
                Problem("the event bus can't have \(eventBus.shards) shards", hint: "1 to 10,000", anchor: "shards:"))
        }
        if !(24...8760).contains(eventBus.retentionHours) {
            problems.append(
                Problem(
                    "the event bus can't keep records for \(eventBus.retentionHours) hours",
                    hint: "24 to 8,760 hours (Kinesis)", anchor: "retention:"))
        }
        return problems
    }

    func apiProblems() -> [Problem] {
        var problems: [Problem] = []
        if !Syntax.isDomain(api.domain) {
            problems.append(
                Problem(
                    "'\(api.domain)' is not a domain name",
                    hint: "lower case, without scheme, port or path: api.orders.example",
                    anchor: "domain: \"\(api.domain)\""))
        }
        if !Syntax.isStage(api.stage) {
            problems.append(
                .with(
                    api.stage, "'\(api.stage)' can't name a stage",
                    hint: "letters, digits, hyphens and underscores, at most 128, or $default"))
        }
        if let certificate = api.certificate, !Syntax.isCertificate(certificate) {
            problems.append(
                .with(
                    certificate, "'\(certificate)' is not the ARN of a certificate",
                    hint: "arn:aws:acm:<region>:<account>:certificate/<id>"))
        }
        return problems
    }

    func readModelProblems() -> [Problem] {
        var problems = repeated(readModels, by: \.name).map { model, occurrence in
            Problem.with(model.name, "there are two read models '\(model.name)'", occurrence: occurrence)
        }
        problems += repeated(readModels.filter { Syntax.isHandler($0.projection) }, by: \.projection)
            .map { model, occurrence in
                Problem.with(
                    model.projection, "the projection '\(model.projection)' fills more than one read model",
                    hint: "write a projection for each", occurrence: occurrence)
            }
        return problems + readModels.flatMap { nameProblems(of: $0) + indexProblems(of: $0) }
    }

    private func nameProblems(of model: ReadModel) -> [Problem] {
        var problems: [Problem] = []
        let room = PartName.room(in: 255, stack: name)
        if !Syntax.isPartName(model.name) {
            problems.append(
                .with(model.name, "'\(model.name)' can't name a read model", hint: Syntax.partNameRule))
        } else if PartName.reserved.contains(model.name) {
            problems.append(.with(model.name, "'\(model.name)' is a table that Immutable Stack has of its own"))
        } else if model.name.count > room {
            problems.append(
                .with(
                    model.name, "the name of read model '\(model.name)' is too long for \(model.isIndex ? "OpenSearch" : "DynamoDB")",
                    hint: "with the stack and a release before it at most \(room) characters are left of 255"))
        }
        if model.projection.isEmpty {
            problems.append(
                .with(
                    model.name, "read model '\(model.name)' has no projection",
                    hint: "name the projection that fills it: projectedBy: \"OrderSummary\""))
        } else if !Syntax.isHandler(model.projection) {
            problems.append(
                .with(model.projection, "'\(model.projection)' can't name a projection", hint: Syntax.handlerRule))
        }
        return problems
    }

    private func indexProblems(of model: ReadModel) -> [Problem] {
        var problems = repeated(model.indexes, by: \.name).map { index, occurrence in
            Problem.with(
                index.name, "read model '\(model.name)' has two indexes '\(index.name)'", occurrence: occurrence)
        }
        if model.indexes.count > 20 {
            problems.append(
                .with(
                    model.name, "read model '\(model.name)' has \(model.indexes.count) indexes; DynamoDB allows 20"))
        }
        for index in model.indexes {
            if !Syntax.isIndexName(index.name) {
                problems.append(
                    .with(
                        index.name, "'\(index.name)' can't name an index",
                        hint: "3 to 255 letters, digits, hyphens, underscores and dots"))
            }
            for field in [index.key] + (index.sortKey.map { [$0] } ?? []) where !Syntax.isFieldName(field) || field.hasPrefix("_") {
                problems.append(
                    .with(
                        field.isEmpty ? index.name : field,
                        "index '\(index.name)' can't be on the field '\(field)'",
                        hint:
                            "a field of the document, named by letters, digits and underscores; names that begin with _ are Immutable Stack's"
                    ))
            }
            if index.sortKey == index.key {
                problems.append(
                    .with(index.name, "index '\(index.name)' is looked up and sorted by the same field '\(index.key)'"))
            }
        }
        return problems
    }
}
