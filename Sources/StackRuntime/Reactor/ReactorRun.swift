import AWS
import EventSourcing
import EventStore
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Takes one stream's events to a reactor: acts once on those that were first committed in this release, and passes over the rest.
package struct ReactorRun: Sendable {
    let reactor: any Reactor.Type
    let retriesAfterCrash: Bool
    let release: String
    let dynamo: any ItemStore
    let names: ReleaseNames
    let reader: StreamReader
    let journal: EffectJournal
    let performer: any EffectPerforming

    let claimLifetime: TimeInterval

    private static let eventsPerPage = 200

    /// - Parameter claimLifetime: a claim that is older is of a try that died: functions are stopped after at most 29 s.
    package init(
        reactor: any Reactor.Type, retriesAfterCrash: Bool, release: String, dynamo: any ItemStore, names: ReleaseNames,
        reader: StreamReader, journal: EffectJournal, performer: any EffectPerforming, claimLifetime: TimeInterval = 30
    ) {
        self.reactor = reactor
        self.retriesAfterCrash = retriesAfterCrash
        self.release = release
        self.dynamo = dynamo
        self.names = names
        self.reader = reader
        self.journal = journal
        self.performer = performer
        self.claimLifetime = claimLifetime
    }

    private func cursorKey(_ aggregateId: String) -> Item { ["consumer": .s(CursorKey.reactor(reactor.name, aggregateId))] }

    /// Streams that are read together. Two such parts of a batch are at work at once, so that an effect that takes long holds up one of them.
    private static let streamsPerRead = 8
    private static let partsAtOnce = 2
    private static let streamsAtOnce = 4

    /// Goes through every event of the streams that was not passed yet. Every stream is tried; the first error is thrown at the end, ``EffectBusy`` where
    /// another try holds an effect.
    /// - Parameter stopped: gets a stream that has an event which can't be acted on, and stops right before it.
    package func react(to hints: Hints, stopped: @escaping @Sendable (String, any StreamFault) async throws -> Void) async throws {
        try await Streams.forEach(hints.streams.chunks(of: Self.streamsPerRead), width: Self.partsAtOnce) {
            try await react(to: $0, hints, stopped)
        }
    }

    private func react(
        to streams: [String], _ hints: Hints, _ stopped: @escaping @Sendable (String, any StreamFault) async throws -> Void
    ) async throws {
        let places: [String: Place]
        do {
            places = try await self.places(streams, hints)
        } catch {
            guard streams.count > 1 else { throw error }
            // One that can't be read stops no other.
            return try await Streams.forEach(streams, width: Self.streamsAtOnce) { try await react(to: [$0], hints, stopped) }
        }
        try await Streams.forEach(places.keys.sorted(), width: Self.streamsAtOnce) { stream in
            guard let place = places[stream] else { return }
            do { try await react(to: stream, at: place) } catch let fault as any StreamFault { try await stopped(stream, fault) }
        }
    }

    /// Where a stream stands, and what comes next in it.
    private struct Place: Sendable {
        var version: Int
        var page: StreamPage
        /// A version that the stream has, as far as a record of the bus tells.
        var told: Int
    }

    /// The streams that have an event which was not passed yet.
    private func places(_ streams: [String], _ hints: Hints) async throws -> [String: Place] {
        let items = try await dynamo.batchGet(names.cursors, keys: streams.map(cursorKey))
        let versions = Dictionary(items.map { ($0["consumer"], $0["version"]?.int ?? 0) }) { first, _ in first }
        let passed = streams.map { (stream: $0, after: versions[cursorKey($0)["consumer"]] ?? 0) }
        let pages = try await reader.pages(passed, hints, limit: Self.eventsPerPage)
        return passed.reduce(into: [:]) { places, stream in
            if let page = pages[stream.stream] {
                places[stream.stream] = Place(version: stream.after, page: page, told: hints.versions[stream.stream] ?? 0)
            }
        }
    }

    private func react(to aggregateId: String, at place: Place) async throws {
        var (version, page) = (place.version, place.page)
        while true {
            try Task.checkCancellation()
            if let fault = page.fault { throw fault }
            guard let last = page.events.last else { return }
            for event in page.events where event.origin == release {
                do {
                    for (index, effect) in try effects(of: event).enumerated() {
                        try await act(effect, index, on: event)
                    }
                } catch let fault as any StreamFault {
                    // The cursor stands right before the event, so that a person can pass over it and over nothing else.
                    if event.version - 1 > version { _ = try await advance(aggregateId, from: version, to: event.version - 1) }
                    throw fault
                }
            }
            // Where it failed, another try was faster, a person took the cursor back, or our own first try's answer was lost.
            let isThere = try await advance(aggregateId, from: version, to: last.version)
            // What came since brings a hint of its own; where that is lost, an audit finds it.
            if isThere, page.isLast { return }
            version = isThere ? last.version : try await cursor(aggregateId)
            page = try await reader.page(of: aggregateId, after: version, limit: Self.eventsPerPage, atLeast: place.told)
        }
    }

    private func cursor(_ aggregateId: String) async throws -> Int {
        try await dynamo.getItem(names.cursors, cursorKey(aggregateId))?["version"]?.int ?? 0
    }

    private func act(_ effect: Effect, _ index: Int, on event: StoredEvent) async throws {
        let existing = try await journal.entry(event, index)
        let now = dynamo.clock.now()
        switch EffectClaim.verdict(on: existing, retriesAfterCrash: retriesAfterCrash, now: now) {
        case .skip:
            return
        case .busy:
            throw EffectBusy(reactor: reactor.name, position: event.position)
        case .park:
            guard let existing, try await journal.park(event, index, existing) else {
                throw EffectBusy(reactor: reactor.name, position: event.position)
            }
        case .act:
            let claim = EffectClaim(
                state: .claimed, claim: dynamo.clock.identifier(), expires: now.addingTimeInterval(claimLifetime))
            do {
                guard try await journal.claim(event, index, over: existing, claim, effect: effect) else {
                    throw EffectBusy(reactor: reactor.name, position: event.position)
                }
            } catch {
                // E.g. an effect over 400 KB: nothing was claimed, and nothing will be.
                guard let reason = RefusedContent.reason(of: error) else { throw error }
                throw ReactionFailed(reactor: reactor.name, at: EventReference(event), reason: reason)
            }
            do {
                try await performer.perform(effect)
            } catch let error as AWSError where !error.isTransient {
                // The service refused: certainly not done.
                try await journal.giveBack(event, index, claim)
                if error.isThrottling { throw error }
                throw ReactionFailed(reactor: reactor.name, at: EventReference(event), reason: "\(error)")
            }
            try await journal.done(event, index, claim)
        }
    }

    private func effects(of event: StoredEvent) throws -> [Effect] {
        do {
            return try reactor.effects(of: event)
        } catch {
            throw ReactionFailed(reactor: reactor.name, at: EventReference(event), reason: "\(error)")
        }
    }

    /// `false` where the cursor isn't where it was read: another try moved it on, or a person took it back. The journal keeps an effect from happening twice.
    private func advance(_ aggregateId: String, from version: Int, to next: Int) async throws -> Bool {
        do {
            try await dynamo.write(
                .update(
                    names.cursors, cursorKey(aggregateId), "SET #version = :new",
                    if: version == 0 ? "attribute_not_exists(#version) OR #version = :old" : "#version = :old",
                    values: [":new": .int(next), ":old": .int(version)]))
            return true
        } catch DynamoDBError.conditionFailed {
            return false
        }
    }
}

/// An event that a reactor can't react to, or whose act the service refuses.
struct ReactionFailed: StreamFault, CustomStringConvertible {
    var reactor: String
    var at: EventReference
    var reason: String

    var event: EventReference? { at }
    var description: String {
        "reactor '\(reactor)' can't act on event \(at.position) (id \(at.eventId), type '\(at.type)'): \(reason). Its stream stops here."
    }
}

/// Another try is at this effect, or died at it a moment ago: come again.
package struct EffectBusy: Error, CustomStringConvertible {
    var reactor: String
    var position: String

    package var description: String { "another try of reactor '\(reactor)' holds the effect of event \(position)" }
}

/// Does an act that can't be undone.
package protocol EffectPerforming: Sendable {
    /// Throws an ``AWSError`` that isn't transient where the act was certainly not done; any other error leaves it in doubt.
    func perform(_ effect: Effect) async throws
}

/// Performs effects for real.
struct EffectPerformer: EffectPerforming {
    let aws: AWSClient
    let sender: String

    func perform(_ effect: Effect) async throws {
        switch effect {
        case .email(let email):
            // One try only: a message may be sent although the answer was lost.
            _ = try await SES(aws).sendEmail(from: sender, to: [email.to], subject: email.subject, text: email.body)
        }
    }
}
