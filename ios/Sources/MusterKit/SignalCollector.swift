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

    /// What there is no such thing as on iOS.
    static let notApplicable: [SignalKind] = [
        .passwordComplexity, .securityPatch, .developerOptions, .adb, .workProfile,
        .backgroundAllowed,
    ]

    /// All signals, whole.
    @MainActor public func collect() -> [SignalKind: SignalReading] {
        let passcode = Self.passcode()
        var readings = Dictionary(
            uniqueKeysWithValues: Self.notApplicable.map { ($0, SignalReading.notApplicable) })
        readings[.screenLock] = passcode
        // With a passcode the storage of an iPhone is encrypted, and without one it is not, as far
        // as a finder of the phone is concerned.
        readings[.storageEncryption] = Self.encryption(passcode)
        readings[.osVersion] = .version(text: Self.osVersion)
        readings[.appVersion] = .version(text: appVersion)
        readings[.backgroundAppRefresh] = Self.backgroundRefresh()
        return readings
    }

    static func encryption(_ passcode: SignalReading) -> SignalReading {
        switch passcode {
        case .lock(let set, _): .flag(value: set)
        default: passcode
        }
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
