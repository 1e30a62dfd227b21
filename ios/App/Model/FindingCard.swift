import MusterKit

/// A finding as it is shown. All of its texts come from the agent.
public struct FindingCard: Sendable, Equatable, Identifiable {
    /// The finding's id.
    public let id: String
    /// One line.
    public let title: String
    /// What is wrong, what to do, why, and what follows.
    public let explanation: String
    /// When the next consequence comes, in words.
    public let due: String?
    /// How grave it is.
    public let tone: Tone
    /// Its button, where there is something to be done.
    public let button: Button?

    /// What mends it.
    public struct Button: Sendable, Equatable {
        /// What stands on it.
        public let label: String
        /// What is read out: a list of equal buttons says nothing to somebody who hears it.
        public let spoken: String
        /// What it does.
        public let way: MendWay
    }

    init(_ finding: Finding, settings: SettingsInForce, _ wording: Wording) {
        id = finding.id
        title = finding.title
        explanation = finding.explanation
        due = finding.dueWords
        tone = Tone(finding.severity)
        let way = finding.action.flatMap {
            Mending.way(for: $0, url: finding.actionUrl, settings: settings, wording)
        }
        if let way, let label = finding.actionLabel {
            button = Button(label: label, spoken: "\(label): \(finding.title)", way: way)
        } else {
            button = nil
        }
    }
}
