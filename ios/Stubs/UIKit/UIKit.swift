// Hand-written for Linux, and only what our code uses: it proves that types fit, and nothing about
// iOS. Declarations follow Apple's documentation; nothing here does anything.
@_exported import Foundation
@_exported import OpenEnums

@MainActor open class UIResponder: NSObject {
    override public nonisolated init() {}
}

@MainActor open class UIApplication: UIResponder {
    public enum State: Int, Sendable {
        case active = 0
        case inactive = 1
        case background = 2
    }

    public struct LaunchOptionsKey: Hashable, RawRepresentable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    public struct OpenExternalURLOptionsKey: Hashable, RawRepresentable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    open class var shared: UIApplication { fatalError() }
    open var applicationState: UIApplication.State { fatalError() }
    open var isProtectedDataAvailable: Bool { fatalError() }
    open var backgroundRefreshStatus: UIBackgroundRefreshStatus { fatalError() }

    // Methods of Objective-C may be called for what they do alone.
    @discardableResult
    open func open(
        _ url: URL,
        options: [UIApplication.OpenExternalURLOptionsKey: Any] = [:]
    ) async -> Bool { fatalError() }
}

extension UIApplication {
    public nonisolated static let openSettingsURLString = ""
    public nonisolated static let openNotificationSettingsURLString = ""
    public nonisolated static let didBecomeActiveNotification = Notification.Name("")
    public nonisolated static let didEnterBackgroundNotification = Notification.Name("")
    public nonisolated static let protectedDataDidBecomeAvailableNotification = Notification.Name(
        ""
    )
    public nonisolated static let backgroundRefreshStatusDidChangeNotification =
        Notification.Name("")
}

// Optional methods of Objective-C, of which Swift's protocols know nothing: they have a default.
@MainActor public protocol UIApplicationDelegate: NSObjectProtocol {
    func application(
        _ application: UIApplication,
        didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?
    ) -> Bool
}

extension UIApplicationDelegate {
    public func application(
        _ application: UIApplication,
        didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?
    ) -> Bool { true }
}

@MainActor open class UIDevice: NSObject {
    open class var current: UIDevice { fatalError() }
    open var model: String { fatalError() }
    open var systemVersion: String { fatalError() }
}

open class UIImage: NSObject {
    public init?(data: Data) { nil }
}

public enum UIKeyboardType: Int, Sendable {
    case `default` = 0
    case URL = 3
    case emailAddress = 7
}

public struct UITextContentType: Hashable, RawRepresentable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let URL = UITextContentType(rawValue: "")
    public static let oneTimeCode = UITextContentType(rawValue: "")
}

/// Foundation's on Apple's systems.
open class NSUserActivity: NSObject {
    open var webpageURL: URL?
}

/// Foundation's on Apple's systems.
public let NSUserActivityTypeBrowsingWeb = ""
