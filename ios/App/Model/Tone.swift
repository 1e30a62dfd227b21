import MusterKit

extension Tone {
    /// A symbol of the system for it: nothing is said by colour alone.
    public var symbol: String {
        switch self {
        case .neutral: "info.circle"
        case .good: "checkmark.circle"
        case .warning: "exclamationmark.circle"
        case .bad: "exclamationmark.triangle"
        }
    }
}
