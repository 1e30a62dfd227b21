import Foundation

@testable import MusterKit

/// An agent without a shell and without a network: what it is told, and what it shows of it.
final class Bench {
    private static let now = Now(wallMs: 1_790_000_000_000, elapsedMs: 60_000, bootId: 3)
    /// More steps than any configuration takes.
    private static let steps = 200

    private let folder: URL
    private let vault: StoredKeyVault<FileItems, SoftwareCrypto>
    private let agent: MusterAgent
    /// The feedback that the admin would see.
    private(set) var feedback: [KeyedState] = []

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("bench-\(UUID().uuidString)", isDirectory: true)
        let items = FileItems(folder: folder.appendingPathComponent("keys"))
        vault = StoredKeyVault(items: items, crypto: SoftwareCrypto())
        let data = folder.appendingPathComponent("data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        agent = try MusterAgent.open(
            options: OpenOptions(
                root: data.path,
                platform: .ios,
                language: "en",
                device: DeviceInfo(model: "iPhone16,1", osVersion: "18.2", appVersion: "1.0")
            ),
            now: Self.now
        )
    }

    deinit {
        try? agent.shutDown()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Takes a configuration, and does all there is to be done without a network.
    func takes(_ sources: [ConfigurationSource]) throws {
        try agent.handle(event: .configuration(sources: sources), now: Self.now)
        for _ in 0..<Self.steps {
            switch try agent.poll(now: Self.now) {
            case .vault(let id, let operation):
                try agent.onVault(id: id, outcome: vault.run(operation), now: Self.now)
            case .effect(let id, let effect):
                if case .publishFeedback(_, _, let states) = effect { feedback = states }
                try agent.onEffect(id: id, outcome: .done, now: Self.now)
            // Requests stay without an answer.
            case .send, .cancel: continue
            case .wait, .idle: return
            }
        }
        throw Trouble("the agent keeps asking")
    }

    /// Every setting as the agent shows it.
    func shown() throws -> JSON { try JSON.read(agent.configJson()) }
}
