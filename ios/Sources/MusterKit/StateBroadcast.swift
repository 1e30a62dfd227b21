import Foundation

/// Hands each new state to everybody who watches.
final class StateBroadcast: @unchecked Sendable {
    private let lock = NSLock()
    private var watchers: [UUID: AsyncStream<MusterState>.Continuation] = [:]
    private var current: MusterState?

    var last: MusterState? { lock.withLock { current } }

    func send(_ state: MusterState) {
        let watchers = lock.withLock {
            let isNew = current != state
            current = state
            return isNew ? Array(self.watchers.values) : []
        }
        watchers.forEach { $0.yield(state) }
    }

    func subscribe() -> AsyncStream<MusterState> {
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(
            of: MusterState.self, bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { [weak self] _ in self?.leave(id) }
        lock.withLock {
            watchers[id] = continuation
            if let current { continuation.yield(current) }
        }
        return stream
    }

    private func leave(_ id: UUID) {
        _ = lock.withLock { watchers.removeValue(forKey: id) }
    }
}
