import Foundation
import MusterKit

/// An agent that notes what it is asked, in order.
final class CountingAgent: MusterAgentProtocol, @unchecked Sendable {
    /// A call of the agent, by what it is for.
    enum Call: Equatable {
        /// The loop asks for a step.
        case poll
        /// The state is looked at.
        case state
        /// Anything else is handed over.
        case event
        /// Something is asked beside the state.
        case getter(String)
    }

    private let inner: MusterAgent
    private let lock = NSLock()
    private var noted: [Call] = []

    init(_ inner: MusterAgent) { self.inner = inner }

    var calls: [Call] { lock.withLock { noted } }

    func note(_ call: Call) -> MusterAgent {
        lock.withLock { noted.append(call) }
        return inner
    }

    /// What is wrong with `calls`: another getter than the state, or two looks at the state between
    /// which nothing was done.
    static func flaws(in calls: [Call]) -> [String] {
        var flaws: [String] = []
        var isSeen = false
        for call in calls {
            switch call {
            case .poll: isSeen = false
            case .event: continue
            case .getter(let name): flaws.append("asked for \(name)")
            case .state:
                if isSeen { flaws.append("looked twice") }
                isSeen = true
            }
        }
        return flaws
    }

    func poll(now: Now) throws -> Step { try note(.poll).poll(now: now) }
    func state() throws -> AgentState { try note(.state).state() }

    func handle(event: Event, now: Now) throws {
        try note(.event).handle(event: event, now: now)
    }
    func onHead(id: Int64, status: Int32, headers: [HttpHeader], now: Now) throws {
        try note(.event).onHead(id: id, status: status, headers: headers, now: now)
    }
    func onBody(id: Int64, chunk: Data, now: Now) throws {
        try note(.event).onBody(id: id, chunk: chunk, now: now)
    }
    func onEnd(id: Int64, now: Now) throws { try note(.event).onEnd(id: id, now: now) }
    func onFailure(id: Int64, failure: HttpFailure, now: Now) throws {
        try note(.event).onFailure(id: id, failure: failure, now: now)
    }
    func onVault(id: Int64, outcome: VaultOutcome, now: Now) throws {
        try note(.event).onVault(id: id, outcome: outcome, now: now)
    }
    func onEffect(id: Int64, outcome: EffectOutcome, now: Now) throws {
        try note(.event).onEffect(id: id, outcome: outcome, now: now)
    }
    func shutDown() throws { try note(.event).shutDown() }
    func directory() throws -> MusterDirectory { try note(.event).directory() }
    func testPanic(text: String) throws { try note(.event).testPanic(text: text) }

    func configJson() throws -> String { try note(.getter("configJson")).configJson() }
    func reportsJson() throws -> String { try note(.getter("reportsJson")).reportsJson() }
    func previewLink(url: String) throws -> LinkVerdict {
        try note(.getter("previewLink")).previewLink(url: url)
    }
}
