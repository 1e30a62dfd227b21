import Foundation
import MusterKit

/// How the phone stands, laid out. All of its words come from the agent.
public struct Summary: Sendable, Equatable {
    /// The organisation, or the app.
    public let headline: String
    /// The one thing to know.
    public let state: String
    /// How good that is.
    public let tone: Tone
    /// What else there is to know, line by line.
    public let lines: [String]
    /// People are arriving for the first time: how many there are so far.
    public let arriving: String?
    /// Why there are no contacts to be seen.
    public let hidden: String?

    init(_ state: MusterState, _ wording: Wording) {
        headline = state.organization?.name ?? "Muster"
        self.state = state.headline.text
        tone = state.headline.tone
        func texts(_ wanted: (StatusLineKind) -> Bool) -> [String] {
            state.lines.filter { wanted($0.kind) }.map { wording.line($0) }
        }
        lines = texts { $0 != .arriving && $0 != .hidden }
        arriving = texts { $0 == .arriving }.first
        hidden = texts { $0 == .hidden }.first
    }
}
