import Foundation

/// The managed app configuration as iOS hands it to an app.
public struct ManagedConfigurationReader: @unchecked Sendable {
    /// Where iOS puts it.
    public static let key = "com.apple.configuration.managed"

    // Documented as safe to use from any thread.
    private let defaults: UserDefaults

    /// A reader on the app's own defaults.
    public init(defaults: UserDefaults = .standard) {
        self.defaults = defaults
    }

    /// The configuration now, whole, as the agent wants it. Not to be called before the first
    /// unlock, when iOS shows empty defaults.
    public func read() -> ConfigurationSource {
        ConfigurationSource(channel: .os, tree: Self.tree(defaults.dictionary(forKey: Self.key)))
    }

    /// A dictionary as a binary property list, in which yes, no and numbers stay apart.
    static func tree(_ dictionary: [String: Any]?) -> ConfigurationTree {
        guard let dictionary else { return .absent }
        let list = try? PropertyListSerialization.data(
            fromPropertyList: dictionary, format: .binary, options: 0)
        // Defaults hold nothing but property lists; anything else is refused by the agent, which
        // is better than to look as if the company had taken its configuration away.
        return .propertyList(bytes: list ?? Data())
    }

    /// A turn for each time the defaults may have changed, and one at once. Any change in the
    /// process counts, and one by the MDM may come without a word: read on foreground, too.
    public func changes() -> AsyncStream<Void> {
        NotificationTurns.of(UserDefaults.didChangeNotification)
    }
}
