import AWS

/// A table in memory: partitions whose items are ordered by the range key.
struct MemoryTable {
    let hashKey: String
    let rangeKey: String?
    private(set) var partitions: [String: [Entry]] = [:]

    struct Entry {
        var range: RangeKey
        var item: Item
    }

    init(hashKey: String, rangeKey: String? = nil) {
        self.hashKey = hashKey
        self.rangeKey = rangeKey
    }

    /// The place of an item; `nil` where an attribute of the key is missing, or of a type that keys can't have here.
    func place(of item: Item) -> (hash: String, range: RangeKey)? {
        guard let hash = item[hashKey]?.string ?? item[hashKey]?.number else { return nil }
        guard let rangeKey else { return (hash, .none) }
        switch item[rangeKey] {
        case .s(let text)?: return (hash, .text(text))
        case .n(let text)?: return Int(text).map { (hash, .number($0)) }
        default: return nil
        }
    }

    func key(of item: Item) -> Item { item.filter { $0.key == hashKey || $0.key == rangeKey } }

    func item(_ hash: String, _ range: RangeKey) -> Item? {
        guard let entries = partitions[hash] else { return nil }
        let index = Self.index(of: range, in: entries)
        return index < entries.count && entries[index].range == range ? entries[index].item : nil
    }

    mutating func set(_ item: Item?, _ hash: String, _ range: RangeKey) {
        let index = Self.index(of: range, in: partitions[hash, default: []])
        let isThere = partitions[hash].map { index < $0.count && $0[index].range == range } ?? false
        switch (item, isThere) {
        case (let item?, true): partitions[hash]?[index].item = item
        case (let item?, false): partitions[hash, default: []].insert(Entry(range: range, item: item), at: index)
        case (nil, true): partitions[hash]?.remove(at: index)
        case (nil, false): break
        }
        if partitions[hash]?.isEmpty == true { partitions[hash] = nil }
    }

    /// The first entry at or after `range`.
    static func index(of range: RangeKey, in entries: [Entry]) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].range < range { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A range key's value. Text is ordered by its bytes.
enum RangeKey: Hashable, Comparable {
    case none
    case number(Int)
    case text(String)

    static func < (left: RangeKey, right: RangeKey) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        default: false
        }
    }
}
