import Foundation

@testable import MusterKit

/// The shell's own transport, watched.
final class SpyTransport: HTTPTransport, @unchecked Sendable {
    private let inner = URLSessionTransport()
    private let lock = NSLock()
    private var sent: [HttpRequest] = []
    private var largest = 0

    var requests: [HttpRequest] { lock.withLock { sent } }
    var largestPiece: Int { lock.withLock { largest } }

    func start(
        _ id: Int64, _ request: HttpRequest, deliver: @escaping @Sendable (HTTPArrival) -> Void
    ) {
        lock.withLock { sent.append(request) }
        inner.start(id, request) { arrival in
            if case .body(let piece) = arrival {
                self.lock.withLock { self.largest = max(self.largest, piece.count) }
            }
            deliver(arrival)
        }
    }

    func used(_ id: Int64, bytes: Int) { inner.used(id, bytes: bytes) }
    func cancel(_ id: Int64) { inner.cancel(id) }
    func close() { inner.close() }
}
