import Foundation

#if canImport(LocalAuthentication)
    import LocalAuthentication
#endif
#if canImport(UIKit)
    import UIKit
#endif

/// What the rules of the company look at, as far as iOS says it, without any permission.
public struct SignalCollector: Sendable {
    private let appVersion: String

    /// A collector that says this is the app's version.
    public init(appVersion: String) {
        self.appVersion = appVersion
    }

    /// What iOS says. The agent itself knows what there is no such thing as on iOS, and that with a
    /// passcode the storage is encrypted.
    @MainActor public func collect() -> [SignalKind: SignalReading] {
        [
            .screenLock: Self.passcode(),
            .osVersion: .version(text: Self.osVersion),
            .appVersion: .version(text: appVersion),
            .backgroundAppRefresh: Self.backgroundRefresh(),
        ]
    }

    private static var osVersion: String {
        let version = ProcessInfo.processInfo.operatingSystemVersion
        return "\(version.majorVersion).\(version.minorVersion).\(version.patchVersion)"
    }

    private static func passcode() -> SignalReading {
        #if canImport(LocalAuthentication)
            var error: NSError?
            if LAContext().canEvaluatePolicy(.deviceOwnerAuthentication, error: &error) {
                return .lock(set: true, scope: .device)
            }
            return error?.code == LAError.passcodeNotSet.rawValue
                ? .lock(set: false, scope: .device) : .unknown(reason: .failed)
        #else
            return .unknown(reason: .notCollected)
        #endif
    }

    @MainActor private static func backgroundRefresh() -> SignalReading {
        #if canImport(UIKit)
            switch UIApplication.shared.backgroundRefreshStatus {
            case .available: return .flag(value: true)
            case .denied, .restricted: return .flag(value: false)
            @unknown default: return .unknown(reason: .other)
            }
        #else
            return .unknown(reason: .notCollected)
        #endif
    }
}
