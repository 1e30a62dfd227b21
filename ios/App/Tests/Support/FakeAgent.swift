import Foundation
import MusterKit

@testable import MusterAppModel

/// An agent that says what a test tells it to say.
final class FakeAgent: AgentAccess, @unchecked Sendable {
    private let lock = NSLock()
    private var continuation: AsyncStream<MusterState>.Continuation?
    private var current: MusterState?
    private var seen: [Event] = []
    private var people: [String: Contact] = [:]
    private var hits: [String: [SearchHit]] = [:]
    private var verdict = LinkVerdict.refused(words: Words(text: "No.", next: "Ask."))

    var events: [Event] { lock.withLock { seen } }

    func become(_ state: MusterState) {
        lock.withLock {
            current = state
            continuation?.yield(state)
        }
    }

    func knows(_ contact: Contact, by typed: String, matched: [MatchedRange] = []) {
        lock.withLock {
            people[contact.id] = contact
            hits[typed, default: []].append(
                SearchHit(
                    id: contact.id, name: contact.name, organization: contact.organization,
                    title: contact.title, matched: matched))
        }
    }

    func says(_ verdict: LinkVerdict) {
        lock.withLock { self.verdict = verdict }
    }

    func states() -> AsyncStream<MusterState> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            lock.withLock {
                self.continuation = continuation
                if let current { continuation.yield(current) }
            }
        }
    }

    func search(_ typed: String) async throws -> [SearchHit] {
        try lock.withLock {
            if current?.contacts.readable == false { throw MusterError.Locked(message: "") }
            return hits[typed] ?? []
        }
    }

    func contact(_ id: String) async throws -> Contact {
        try lock.withLock {
            guard let contact = people[id] else { throw MusterError.NotFound(message: "") }
            return contact
        }
    }

    func photo(_ id: String) async throws -> Data { Data([1]) }
    func preview(_ link: String) async throws -> LinkVerdict { lock.withLock { verdict } }
    func handle(_ event: Event) async throws { lock.withLock { seen.append(event) } }
}
