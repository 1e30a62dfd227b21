import Foundation

/// A turn at once, and one for each notification of a name.
enum NotificationTurns {
    /// Turns that come while one is under way are one more turn.
    static func of(_ name: Notification.Name) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            continuation.yield()
            let observer = Observer(
                token: NotificationCenter.default.addObserver(
                    forName: name, object: nil, queue: nil
                ) { _ in continuation.yield() })
            continuation.onTermination = { _ in
                NotificationCenter.default.removeObserver(observer.token)
            }
        }
    }

    /// The centre takes it from any thread.
    private struct Observer: @unchecked Sendable {
        let token: any NSObjectProtocol
    }
}
