extension Stack {
    func searchProblems() -> [Problem] {
        domainProblems() + aliasProblems() + readModels.filter(\.isIndex).flatMap { mappingProblems(of: $0) + searchProblems(of: $0) }
    }

    private func domainProblems() -> [Problem] {
        guard let search else {
            return readModels.filter(\.isIndex).prefix(1).map {
                .with(
                    $0.name, "read model '\($0.name)' is a search index, and the stack has no search domain",
                    hint: "search: .openSearch(endpoint: \"https://search-<domain>-<id>.<region>.es.amazonaws.com\")")
            }
        }
        let scheme = "https://"
        guard search.endpoint.hasPrefix(scheme), Syntax.isDomain(search.endpoint.dropFirst(scheme.count)) else {
            return [
                .with(
                    search.endpoint, "'\(search.endpoint)' is not the endpoint of a search domain",
                    hint: "https:// and a host in lower case, without port or path")
            ]
        }
        if search.isAmazons, search.endpoint.hasPrefix(scheme + "vpc-") {
            return [
                .with(
                    search.endpoint, "the search domain is inside of a VPC, which the functions are not",
                    hint: "use a domain with public access; its policy still decides who may do what")
            ]
        }
        guard let name = search.name else {
            return [
                .with(
                    search.endpoint, "a custom endpoint doesn't tell the search domain's name, which the functions' roles need",
                    hint: ".openSearch(endpoint: …, domain: \"orders\")")
            ]
        }
        // 3 to 28 characters (Amazon OpenSearch Service).
        guard (3...28).contains(name.count), name.utf8.first.map(Syntax.isLower) == true, Syntax.consistsOfLowercase(name, also: "-") else {
            return [
                .with(
                    search.domain ?? search.endpoint, "'\(name)' is not the name of a search domain",
                    hint: "3 to 28 lower-case letters, digits and hyphens; it begins with a letter")
            ]
        }
        return []
    }

    private func aliasProblems() -> [Problem] {
        let aliases = readModels.compactMap(\.alias)
        return repeated(aliases, by: \.self).map { alias, occurrence in
            Problem.with(alias, "two indexes can't have the alias '\(alias)'", occurrence: occurrence)
        }
            + aliases.filter { !Syntax.isPartName($0) || $0.hasPrefix("\(name)-r") }.map {
                .with(
                    $0, "'\($0)' can't be the alias of an index",
                    hint: "\(Syntax.partNameRule); nor may it look like an index's own name, \(name)-r1-…")
            }
    }

    private func mappingProblems(of model: ReadModel) -> [Problem] {
        let mapping = model.mapping ?? []
        if mapping.isEmpty {
            return [
                .with(model.name, "index '\(model.name)' maps no fields", hint: "mapping: [.text(\"customerName\"), .keyword(\"status\")]")
            ]
        }
        var problems = repeated(mapping, by: \.path).map { field, occurrence in
            Problem.field(field, "index '\(model.name)' maps the field '\(field.path)' twice", occurrence: occurrence)
        }
        for field in mapping {
            let segments = field.path.split(separator: ".", omittingEmptySubsequences: false)
            if segments.contains(where: { $0.isEmpty || $0.contains { $0.isWhitespace || "*\"\\[]".contains($0) } }) {
                problems.append(
                    .field(field, "'\(field.path)' is not the path of a field", hint: "names with dots between them: lines.sku"))
            } else if field.path.hasPrefix("_") || field.path == "id" {
                problems.append(
                    .field(
                        field, "index '\(model.name)' can't map the field '\(field.path)'",
                        hint: "Immutable Stack maps `id` itself, and names that begin with _ are its own"))
            } else if let inner = mapping.first(where: { $0.path.hasPrefix(field.path + ".") }) {
                problems.append(.field(field, "the field '\(field.path)' can't have a value and the field '\(inner.path)' in it"))
            }
        }
        return problems
    }

    private func searchProblems(of model: ReadModel) -> [Problem] {
        let mapping = model.mapping ?? []
        return model.serves.flatMap { query -> [Problem] in
            guard let search = query.search else {
                return [
                    .on(
                        query.route, "read model '\(model.name)' is an index: it serves searches",
                        hint: ".search(\"/orders\", searching: […])")
                ]
            }
            var problems: [Problem] = []
            func check(_ fields: [String], _ use: String, _ kinds: Set<ReadModel.Field.Kind>) {
                problems += repeated(fields, by: \.self).map { .search(query, "the search is \(use) '\($0.element)' twice") }
                for path in fields {
                    let names = mapping.filter { kinds.contains($0.kind) }.map(\.path)
                    if names.contains(path) { continue }
                    let problem = mapping.contains { $0.path == path } ? "of another kind" : "not mapped"
                    let wanted = ReadModel.Field.Kind.allCases.filter(kinds.contains).map(\.rawValue).joined(separator: ", ")
                    problems.append(
                        .search(
                            query, "the search can't be \(use) '\(path)': the field is \(problem)",
                            hint: NearMiss.hint(for: path, among: names) ?? "map it as \(wanted)"))
                }
            }
            check(search.fields, "in", [.text])
            check(search.filters, "filtered by", [.keyword, .number, .boolean])
            check(search.sorts, "sorted by", [.keyword, .number, .boolean, .date])
            for name in search.filters where ReadModel.Query.searchParameters.contains(name) {
                problems.append(.search(query, "the search can't be filtered by '\(name)', which is a parameter of every search"))
            }
            if !query.route.parameters.isEmpty {
                problems.append(.search(query, "'\(query.route)' is a search, whose path has no parameters", hint: "make it a filter"))
            }
            if !(1...100).contains(search.pageSize) {
                problems.append(.search(query, "a page can't have \(search.pageSize) documents", hint: "1 to 100"))
            }
            return problems
        }
    }
}

extension Problem {
    fileprivate static func field(_ field: ReadModel.Field, _ message: String, hint: String? = nil, occurrence: Int = 0) -> Problem {
        Problem(message, hint: hint, anchor: ".\(field.kind.rawValue)(\"\(field.path)\"", occurrence: occurrence)
    }
}
