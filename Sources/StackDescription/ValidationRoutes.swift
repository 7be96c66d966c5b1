extension Stack {
    func commandProblems() -> [Problem] {
        if commands.isEmpty {
            return [
                Problem(
                    "the stack has no commands, so that nothing could ever happen in it",
                    hint: "commands: [.command(\"PlaceOrder\", on: .post(\"/orders\"))]", anchor: "commands:")
            ]
        }
        var problems = repeated(commands, by: \.handler).map { command, occurrence in
            Problem.with(
                command.handler, "there are two commands '\(command.handler)'",
                hint: "a command has one route", occurrence: occurrence)
        }
        problems += repeated(reactors, by: \.handler).map { reactor, occurrence in
            Problem.with(reactor.handler, "there are two reactors '\(reactor.handler)'", occurrence: occurrence)
        }
        problems += (commands.map(\.handler) + reactors.map(\.handler)).filter { !Syntax.isHandler($0) }.map {
            .with($0, "'\($0)' can't name a handler", hint: Syntax.handlerRule)
        }
        return problems
            + commands.filter { $0.route.method == .get }.map {
                .on(
                    $0.route, "the command '\($0.handler)' is on GET, which may be repeated and cached at will",
                    hint: "use post, put, patch or delete")
            }
    }

    func routeProblems() -> [Problem] {
        let served = commands.map(\.route) + readModels.flatMap { $0.serves.map(\.route) }
        let retired = retiredRoutes.map(\.route)
        let problems =
            (served + retired).flatMap(pathProblems) + readModels.filter { !$0.isIndex }.flatMap(queryProblems)
            + collisions(among: (served + retired).filter { pathProblems(of: $0).isEmpty })
        return problems.map(atSearch)
    }

    /// A search's route is written `.search`, and not as its method.
    private func atSearch(_ problem: Problem) -> Problem {
        let searches = readModels.flatMap(\.serves).filter { $0.search != nil }
        guard let query = searches.first(where: { problem.anchor == Problem.on($0.route, "").anchor }) else { return problem }
        return .search(query, problem.message, hint: problem.hint, occurrence: problem.occurrence)
    }

    private func pathProblems(of route: Route) -> [Problem] {
        func problem(_ reason: String, _ hint: String? = nil) -> [Problem] {
            [.on(route, "the route '\(route)' is not valid: \(reason)", hint: hint)]
        }
        guard route.path.hasPrefix("/") else { return problem("its path doesn't begin with '/'") }
        if route.path == "/" { return [] }
        for segment in route.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if segment.isEmpty { return problem("it has an empty segment or ends with '/'") }
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                guard Syntax.isParameter(segment.dropFirst().dropLast()) else {
                    return problem("'\(segment)' is not a parameter", "a parameter is written {orderId}")
                }
            } else if !Syntax.isLiteralSegment(segment) {
                return problem(
                    "the segment '\(segment)'", "letters, digits and -._~, or a parameter as a whole segment: {orderId}"
                )
            }
        }
        if Set(route.parameters).count < route.parameters.count { return problem("it has one parameter twice") }
        if route.path.hasPrefix("/.well-known/immutable") { return problem("Immutable Stack answers it itself") }
        return []
    }

    private func queryProblems(of model: ReadModel) -> [Problem] {
        let indexes = model.indexes.map(\.name)
        return model.serves.flatMap { query -> [Problem] in
            var problems: [Problem] = []
            if query.search != nil {
                return [
                    .search(
                        query, "read model '\(model.name)' is a table, which can't be searched",
                        hint: "make it an `.index`, or serve `.get`")
                ]
            }
            if query.route.parameters.count != 1 {
                problems.append(
                    .on(
                        query.route,
                        "'\(query.route)' has \(query.route.parameters.count) parameters; it needs exactly one",
                        hint: "the document's id, or with `listing` the index's key"))
            }
            if let listing = query.listing, !indexes.contains(listing) {
                problems.append(
                    .with(
                        listing, "read model '\(model.name)' has no index '\(listing)'",
                        hint: NearMiss.hint(for: listing, among: indexes)
                            ?? "add it: indexes: [.index(\"\(listing)\", on: \"field\")]"))
            }
            return problems
        }
    }

    private func collisions(among routes: [Route]) -> [Problem] {
        var first: [String: Route] = [:]
        var seen: [Route: Int] = [:]
        return routes.compactMap { route in
            let occurrence = seen[route, default: 0]
            seen[route] = occurrence + 1
            guard let other = first[route.shape] else {
                first[route.shape] = route
                return nil
            }
            let message =
                other == route
                ? "the route '\(route)' is there twice" : "the routes '\(other)' and '\(route)' match the same requests"
            return .on(route, message, occurrence: occurrence)
        }
    }
}
