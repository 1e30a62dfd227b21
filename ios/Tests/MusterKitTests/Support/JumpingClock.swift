import Foundation
import MusterKit

/// The machine's clock, which can be moved forward, so that no test waits.
final class JumpingClock: PhoneClock, @unchecked Sendable {
    private let lock = NSLock()
    private let machine = SystemClock()
    private var ahead: Int64 = 0

    func now() -> Now {
        let now = machine.now()
        let ahead = lock.withLock { self.ahead }
        return Now(
            wallMs: now.wallMs + ahead, elapsedMs: now.elapsedMs + ahead, bootId: now.bootId)
    }

    func jump(milliseconds: Int64) { lock.withLock { ahead += milliseconds } }
}
