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
    /// A contact's photo; `nil` if there is none.
    func photo(_ id: String) async -> Data?
    /// Whether there are no contacts to be read now.
    func isHidden() async -> Bool
    /// The settings in force, as JSON.
    func settings() async throws -> String
    /// What an activation link says.
    func preview(_ link: String) async throws -> LinkVerdict
    /// Something happened.
    func handle(_ event: Event) async throws
}

extension Muster: AgentAccess {
    /// A contact's photo; `nil` if there is none.
    public func photo(_ id: String) async -> Data? {
        let directory = directory()
        return await Task.detached { try? directory.photo(id: id) }.value
    }

    /// Whether there are no contacts to be read now.
    public func isHidden() async -> Bool {
        let directory = directory()
        return await Task.detached {
            do {
                _ = try directory.count()
                return false
            } catch MusterError.Locked {
                return true
            } catch {
                // Broken or closed, and the state says so.
                return false
            }
        }.value
    }

    /// The settings in force, as JSON.
    public func settings() async throws -> String {
        try await ask { try $0.configJson() }
    }

    /// What an activation link says.
    public func preview(_ link: String) async throws -> LinkVerdict {
        try await ask { try $0.previewLink(url: link) }
    }
}
