// Hand-written for Linux, and only what our code uses: it proves that types fit, and nothing about
// iOS. Declarations follow Apple's documentation; nothing here does anything.
import Foundation

public struct NWPath: Sendable {
    public enum Status: Sendable {
        case satisfied
        case unsatisfied
        case requiresConnection
    }

    public let status: NWPath.Status
}

/// Apple's may be handed from one task to another; this one may not, which is the stricter way.
public final class NWPathMonitor {
    public init() {}
    public var pathUpdateHandler: (@Sendable (_ newPath: NWPath) -> Void)?
    public func start(queue: DispatchQueue) {}
    public func cancel() {}
}
