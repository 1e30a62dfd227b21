// Hand-written for Linux, and only what our code uses: it proves that types fit, and nothing about
// iOS. Declarations follow Apple's documentation; nothing here does anything.
import Foundation

/// Foundation's on Apple's systems, where it points to a place that is autoreleased.
public typealias NSErrorPointer = UnsafeMutablePointer<NSError?>?

public enum LAPolicy: Int, Sendable {
    case deviceOwnerAuthenticationWithBiometrics = 1
    case deviceOwnerAuthentication = 2
}

open class LAContext: NSObject {
    override public init() {}
    open func canEvaluatePolicy(_ policy: LAPolicy, error: NSErrorPointer) -> Bool { fatalError() }
}

public struct LAError: Error {
    public enum Code: Int, Sendable {
        case passcodeNotSet = -5
    }

    public static var passcodeNotSet: LAError.Code { .passcodeNotSet }
}
