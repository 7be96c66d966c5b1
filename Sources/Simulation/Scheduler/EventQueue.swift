/// What happens when, in virtual time: a binary heap by time, then by order of arrival.
struct EventQueue {
    struct Event {
        /// Microseconds since the schedule's start.
        var time: Int
        var order: Int
        /// A sleeper that was woken before its time needs no event any more.
        var sleeper: Sleeper?
        var action: () -> Void

        static func < (left: Event, right: Event) -> Bool { (left.time, left.order) < (right.time, right.order) }
    }

    private var heap: [Event] = []
    private var count = 0

    var events: [Event] { heap }

    mutating func add(at time: Int, sleeper: Sleeper? = nil, _ action: @escaping () -> Void) {
        count += 1
        heap.append(Event(time: time, order: count, sleeper: sleeper, action: action))
        var child = heap.count - 1
        while child > 0, case let parent = (child - 1) / 2, heap[child] < heap[parent] {
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next() -> Event? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return first }
        heap[0] = last
        var parent = 0
        while case let left = 2 * parent + 1, left < heap.count {
            let child = left + 1 < heap.count && heap[left + 1] < heap[left] ? left + 1 : left
            guard heap[child] < heap[parent] else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return first
    }
}
