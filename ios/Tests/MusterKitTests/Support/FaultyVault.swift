import Foundation
import MusterKit

/// A vault that fails as often as it is told, and remembers what it was asked.
final class FaultyVault: KeyVault, @unchecked Sendable {
    private let lock = NSLock()
    private let inner: any KeyVault
    private var failures: [VaultFailure] = []
    private var asked: [VaultOp] = []

    init(_ inner: any KeyVault) { self.inner = inner }

    /// The next operations fail like this.
    func fail(_ failures: VaultFailure...) { lock.withLock { self.failures = failures } }

    /// How many of the failures came to pass.
    var isWell: Bool { lock.withLock { failures.isEmpty } }

    /// What it was asked, in order.
    var operations: [VaultOp] { lock.withLock { asked } }

    func run(_ operation: VaultOp) -> VaultOutcome {
        let failure = lock.withLock { () -> VaultFailure? in
            asked.append(operation)
            return failures.isEmpty ? nil : failures.removeFirst()
        }
        return failure.map { .failure(failure: $0) } ?? inner.run(operation)
    }

    func forget(profile: String) { inner.forget(profile: profile) }
}
