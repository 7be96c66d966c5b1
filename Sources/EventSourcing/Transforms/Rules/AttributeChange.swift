/// A change of an event's attributes, with its way back where it has one.
///
/// A change whose attribute is missing throws: a misspelt name must not pass for an optional one. What may be missing is said by ``optional``.
public struct AttributeChange: Sendable {
    typealias Edit = @Sendable (inout Value) throws -> Void
    let forward: Edit
    let back: Edit?
    private let needs: [AttributePath]
    private let gives: [AttributePath]

    init(needs: [AttributePath] = [], gives: [AttributePath] = [], _ forward: @escaping Edit, back: Edit? = nil) {
        (self.needs, self.gives, self.forward, self.back) = (needs, gives, forward, back)
    }

    /// Does nothing where none of the attributes that it reads is there.
    public var optional: AttributeChange {
        func guarded(_ paths: [AttributePath], _ edit: @escaping Edit) -> Edit {
            { data in if paths.isEmpty || paths.contains(where: { data.attribute($0) != nil }) { try edit(&data) } }
        }
        return AttributeChange(needs: needs, gives: gives, guarded(needs, forward), back: back.map { guarded(gives, $0) })
    }

    /// Adds an attribute. The way back removes it.
    public static func add(_ path: AttributePath, _ value: Value) -> AttributeChange {
        AttributeChange(gives: [path], { try $0.put(path, value) }, back: { _ = try $0.take(path) })
    }

    /// Adds an attribute that follows from the others. The way back removes it.
    public static func add(_ path: AttributePath, from make: @escaping @Sendable (Value) throws -> Value) -> AttributeChange {
        AttributeChange(gives: [path], { try $0.put(path, make($0)) }, back: { _ = try $0.take(path) })
    }

    /// Changes an attribute's value.
    public static func update(
        _ path: AttributePath, by change: @escaping @Sendable (Value) throws -> Value,
        back: (@Sendable (Value) throws -> Value)? = nil
    ) -> AttributeChange {
        func edit(_ change: @escaping @Sendable (Value) throws -> Value) -> Edit {
            { data in try data.put(path, change(data.take(path))) }
        }
        return AttributeChange(needs: [path], gives: [path], edit(change), back: back.map(edit))
    }

    /// Deletes an attribute. The way back adds `value`, which proves lossless where it was the attribute's value; without it there is none.
    public static func delete(_ path: AttributePath, restoring value: Value? = nil) -> AttributeChange {
        let back: Edit? = if let value { { try $0.put(path, value) } } else { nil }
        return AttributeChange(needs: [path], { _ = try $0.take(path) }, back: back)
    }

    public static func rename(_ old: AttributePath, to new: AttributePath) -> AttributeChange {
        AttributeChange(needs: [old], gives: [new], { try $0.put(new, $0.take(old)) }, back: { try $0.put(old, $0.take(new)) })
    }

    /// Makes one attribute of several.
    public static func merge(
        _ parts: [AttributePath], into whole: AttributePath, by join: @escaping @Sendable ([Value]) throws -> Value,
        back split: (@Sendable (Value) throws -> [Value])? = nil
    ) -> AttributeChange {
        AttributeChange(needs: parts, gives: [whole], joining(parts, whole, join), back: split.map { splitting(whole, parts, $0) })
    }

    /// Makes several attributes of one.
    public static func split(
        _ whole: AttributePath, into parts: [AttributePath], by split: @escaping @Sendable (Value) throws -> [Value],
        back join: (@Sendable ([Value]) throws -> Value)? = nil
    ) -> AttributeChange {
        AttributeChange(needs: [whole], gives: parts, splitting(whole, parts, split), back: join.map { joining(parts, whole, $0) })
    }

    /// Makes two texts of one.
    public static func split(
        _ whole: AttributePath, into first: AttributePath, _ second: AttributePath,
        by split: @escaping @Sendable (String) throws -> (String, String), back join: (@Sendable (String, String) throws -> String)? = nil
    ) -> AttributeChange {
        .split(whole, into: [first, second], by: texts(of: whole, split), back: join.map(text))
    }

    /// Makes one text of two.
    public static func merge(
        _ first: AttributePath, _ second: AttributePath, into whole: AttributePath,
        by join: @escaping @Sendable (String, String) throws -> String, back split: (@Sendable (String) throws -> (String, String))? = nil
    ) -> AttributeChange {
        .merge([first, second], into: whole, by: text(join), back: split.map { texts(of: whole, $0) })
    }

    /// Changes each element of a list.
    public static func each(_ list: AttributePath, _ changes: [AttributeChange]) -> AttributeChange {
        func elements(_ edit: @escaping Edit) -> Edit {
            { data in
                guard case .list(var elements) = try data.take(list) else { throw AttributeProblem(list, "is no list") }
                for index in elements.indices { try edit(&elements[index]) }
                try data.put(list, .list(elements))
            }
        }
        return AttributeChange(needs: [list], gives: [list], elements(changes.forward), back: changes.back.map(elements))
    }

    private static func joining(
        _ parts: [AttributePath], _ whole: AttributePath, _ join: @escaping @Sendable ([Value]) throws -> Value
    ) -> Edit {
        { data in try data.put(whole, join(parts.map { try data.take($0) })) }
    }

    private static func splitting(
        _ whole: AttributePath, _ parts: [AttributePath], _ split: @escaping @Sendable (Value) throws -> [Value]
    ) -> Edit {
        { data in
            let values = try split(data.take(whole))
            guard values.count == parts.count else {
                throw AttributeProblem(whole, "was split into \(values.count) values, not into \(parts.count)")
            }
            for (part, value) in zip(parts, values) { try data.put(part, value) }
        }
    }

    private static func texts(
        of whole: AttributePath, _ split: @escaping @Sendable (String) throws -> (String, String)
    ) -> @Sendable (Value) throws -> [Value] {
        { value in
            guard let text = value.string else { throw AttributeProblem(whole, "is no text") }
            let (first, second) = try split(text)
            return [.string(first), .string(second)]
        }
    }

    private static func text(_ join: @escaping @Sendable (String, String) throws -> String) -> @Sendable ([Value]) throws -> Value {
        { values in
            guard values.count == 2, let first = values[0].string, let second = values[1].string else {
                throw AttributeProblem("", "to be merged is no text")
            }
            return .string(try join(first, second))
        }
    }
}

extension [AttributeChange] {
    /// One after another.
    var forward: AttributeChange.Edit { { data in for change in self { try change.forward(&data) } } }

    /// Backwards; `nil` where one has no way back.
    var back: AttributeChange.Edit? {
        let edits = reversed().compactMap(\.back)
        guard edits.count == count else { return nil }
        return { data in for edit in edits { try edit(&data) } }
    }
}
