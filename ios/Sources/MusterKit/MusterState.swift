/// What the agent shows of itself, as one value that a screen can keep.
public struct MusterState: Sendable, Equatable {
    /// The agent met an error in itself, or was closed: open it again (``Muster/reopen()``).
    public let isBroken: Bool
    /// The keys are there, so that the phone can be read.
    public let isReady: Bool
    /// The state in short; `nil` while it can't be had.
    public let status: Status?
    /// What is wrong with the phone and how to mend it, the gravest first.
    public let findings: [Finding]
    /// What failed and was not mended since.
    public let problems: [Problem]
    /// Why contacts can't be read now, for the person.
    public let whyHidden: Words?
    /// Contacts received since the agent was opened, for a progress display.
    public let contactsReceived: Int64
    /// The language that people are spoken to in: `en`, `de` or `sv`.
    public let language: String

    static let broken = MusterState(
        isBroken: true, isReady: false, status: nil, findings: [], problems: [], whyHidden: nil,
        contactsReceived: 0, language: "en")
}
