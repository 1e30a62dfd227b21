import MusterKit

/// How good or bad something is. A screen shows it by colour and by a symbol: never by colour alone.
public enum Tone: Sendable, Equatable {
    /// Neither good nor bad.
    case neutral
    /// In order.
    case good
    /// Something to see to.
    case warning
    /// Not as it has to be.
    case bad

    /// A symbol of the system for it.
    public var symbol: String {
        switch self {
        case .neutral: "info.circle"
        case .good: "checkmark.circle"
        case .warning: "exclamationmark.circle"
        case .bad: "exclamationmark.triangle"
        }
    }

    init(_ compliance: ComplianceState) {
        switch compliance {
        case .compliant: self = .good
        case .attention, .unknown: self = .warning
        case .nonCompliant: self = .bad
        }
    }

    init(_ severity: FindingSeverity) {
        switch severity {
        case .inform: self = .neutral
        case .warn: self = .warning
        case .require: self = .bad
        }
    }
}
