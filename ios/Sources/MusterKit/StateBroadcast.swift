import Foundation

/// Hands each new state to everybody who watches.
final class StateBroadcast: @unchecked Sendable {
    private let lock = NSLock()
    private var watchers: [UUID: AsyncStream<MusterState>.Continuation] = [:]
    private var current: MusterState
    private var isOver = false

    init(_ first: MusterState) { current = first }

    var last: MusterState { lock.withLock { current } }

    func send(_ state: MusterState) {
        let watchers = lock.withLock {
            current = state
            isOver = false
            return Array(self.watchers.values)
        }
        watchers.forEach { $0.yield(state) }
    }

    /// No state comes any more: the streams end with the last one, until something is sent again.
    func finish() {
        let watchers = lock.withLock {
            defer { self.watchers = [:] }
            isOver = true
            return Array(self.watchers.values)
        }
        // Outside of the lock: each of them leaves now.
        watchers.forEach { $0.finish() }
    }

    func subscribe() -> AsyncStream<MusterState> {
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(
            of: MusterState.self, bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { [weak self] _ in self?.leave(id) }
        let isOver = lock.withLock {
            continuation.yield(current)
            if !self.isOver { watchers[id] = continuation }
            return self.isOver
        }
        if isOver { continuation.finish() }
        return stream
    }

    private func leave(_ id: UUID) {
        _ = lock.withLock { watchers.removeValue(forKey: id) }
    }
}
