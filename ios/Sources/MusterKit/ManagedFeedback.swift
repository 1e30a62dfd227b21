import Foundation

/// Feedback to the admin: the dictionary that an MDM reads from the app.
///
/// `configVersion` and `version`, and for each state a dictionary of `severity`, `message` and
/// `data` under its key, the same keys as on Android.
public struct ManagedFeedback: @unchecked Sendable {
    /// Where an MDM looks for it.
    public static let key = "com.apple.feedback.managed"
    /// A limit of our own: MDM protocols carry it in one message.
    static let bytes = 16 * 1024

    private let defaults: UserDefaults

    /// Feedback in the app's own defaults.
    public init(defaults: UserDefaults = .standard) {
        self.defaults = defaults
    }

    /// Puts the feedback there, in place of what was there.
    public func publish(version: Int64, configVersion: String, states: [KeyedState]) {
        let feedback = Self.dictionary(version, configVersion, states)
        defaults.set(feedback, forKey: Self.key)
    }

    /// The feedback as property list types. Over the limit the least important goes first: states
    /// in order, from the end; then errors, from the end. `truncated` says so.
    static func dictionary(
        _ version: Int64, _ configVersion: String, _ states: [KeyedState]
    ) -> [String: Any] {
        var kept = states.filter { $0.severity == .error } + states.filter { $0.severity == .info }
        while true {
            var feedback: [String: Any] = ["version": Int(version), "configVersion": configVersion]
            if kept.count < states.count { feedback["truncated"] = true }
            for state in kept {
                feedback[state.key] = [
                    "severity": state.severity == .error ? "error" : "info",
                    "message": state.message,
                    "data": state.data,
                ]
            }
            if size(of: feedback) <= bytes || kept.isEmpty { return feedback }
            kept.removeLast()
        }
    }

    static func size(of feedback: [String: Any]) -> Int {
        // Texts, numbers and dictionaries of them can always be written. What could not is left out.
        let list = try? PropertyListSerialization.data(
            fromPropertyList: feedback, format: .binary, options: 0)
        return list?.count ?? .max
    }
}
