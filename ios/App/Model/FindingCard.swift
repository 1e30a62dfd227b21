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
        /// What is read out.
        public let spoken: String
        /// What it does.
        public let way: MendWay
    }

    init(_ finding: FindingState, _ wording: Wording) {
        id = finding.id
        title = finding.title
        explanation = finding.explanation
        due = finding.dueWords
        tone = finding.tone
        button = finding.button.flatMap { button in
            Mending.way(to: button.target, wording).map {
                Button(label: button.label, spoken: button.spoken, way: $0)
            }
        }
    }
}
