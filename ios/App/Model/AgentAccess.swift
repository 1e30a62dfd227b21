import Foundation
import MusterKit

/// What the screen needs of the agent. `Muster` is one; tests bring their own.
public protocol AgentAccess: Sendable {
    /// The state now and whenever it changes.
    func states() -> AsyncStream<MusterState>
    /// The best 50 people for what was typed.
    func search(_ typed: String) async throws -> [SearchHit]
    /// One contact.
    func contact(_ id: String) async throws -> Contact
    /// A contact's photo.
    func photo(_ id: String) async throws -> Data
    /// What an activation link says.
    func preview(_ link: String) async throws -> LinkVerdict
    /// Something happened.
    func handle(_ event: Event) async throws
}

extension Muster: AgentAccess {
    /// A contact's photo.
    public func photo(_ id: String) async throws -> Data {
        let directory = directory()
        return try await Task.detached { try directory.photo(id: id) }.value
    }

    /// What an activation link says.
    public func preview(_ link: String) async throws -> LinkVerdict {
        try await ask { try $0.previewLink(url: link) }
    }
}
