extension Stack {
    /// What the manifest and the functions' catalogue disagree about.
    public func problems(against catalogue: Catalogue) -> [Problem] {
        unknown(commands.map(\.handler), "command", among: catalogue.commands)
            + unknown(readModels.map(\.projection), "projection", among: catalogue.projections)
            + indexProblems(against: catalogue)
            + unknown(reactors.map(\.handler), "reactor", among: catalogue.reactors)
            + transformProblems(against: catalogue.transforms)
            + unknown(mappings, "mapping", among: catalogue.mappings ?? [])
    }

    private func unknown(_ names: [String], _ kind: String, among known: [String]) -> [Problem] {
        names.filter { !known.contains($0) }.map { name in
            let list = known.isEmpty ? "none" : known.sorted().joined(separator: ", ")
            return .with(
                name, "the functions have no \(kind) '\(name)'",
                hint: NearMiss.hint(for: name, among: known) ?? "they have: \(list)")
        }
    }

    private func indexProblems(against catalogue: Catalogue) -> [Problem] {
        guard let fitting = catalogue.streamProjections else { return [] }
        return readModels.filter { $0.isIndex && catalogue.projections.contains($0.projection) && !fitting.contains($0.projection) }.map {
            .with(
                $0.projection, "the projection '\($0.projection)' can't fill the index '\($0.name)': its documents are fed by any stream",
                hint: "let it be a `StreamProjection`, which makes one document of each stream, or fill a table")
        }
    }

    private func transformProblems(against known: [Catalogue.TransformEntry]) -> [Problem] {
        guard let transform else { return [] }
        guard let entry = known.first(where: { $0.name == transform.name }) else {
            return unknown([transform.name], "transform", among: known.map(\.name))
        }
        var problems: [Problem] = []
        if transform.reversible, !entry.reversible {
            problems.append(
                .with(
                    transform.name, "the transform '\(transform.name)' is not reversible",
                    hint: "write its way back, or say `reversible: false`, which gives up rolling back without loss"))
        }
        if let merging = entry.merging, merging != transform.merging {
            let hint = merging ? "say `merging: true`: a replay needs a table to stage their events" : "leave out `merging: true`"
            problems.append(
                .with(transform.name, "the transform '\(transform.name)' \(merging ? "merges" : "doesn't merge") streams", hint: hint))
        }
        return problems
    }
}
