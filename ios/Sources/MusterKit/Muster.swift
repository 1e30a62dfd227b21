import Foundation

/// How the agent is opened.
public struct MusterOptions: Sendable {
    /// Where its files are.
    public var folder: ProfileFolder
    /// The phone's language as a BCP 47 tag; the setting `language` wins over it.
    public var language: String
    /// The phone.
    public var device: DeviceInfo
    /// Whose agent it is, where several people share the phone.
    public var profile: String
    /// Host of the app's own activation links (Universal Links).
    public var appLinkHost: String?
    /// OAuth client id that was agreed on with the server.
    public var clientId: String?
    /// How much is logged.
    public var logLevel: LogLevel?

    /// The usual options for `device`.
    public init(device: DeviceInfo) {
        self.device = device
        folder = ProfileFolder()
        language = Locale.preferredLanguages.first ?? "en"
        profile = "default"
    }
}

/// The agent on this phone.
///
/// Open it once, hand over what happens, watch ``states()`` and search. It does the rest: it
/// activates itself from the managed configuration, keeps the company's people on the phone, and
/// says what is wrong with it.
public actor Muster {
    private let options: MusterOptions
    private let parts: MusterParts
    private let queue = WorkerQueue()
    private var loop: AgentLoop
    private let broadcast: StateBroadcast

    /// Opens the agent. `MusterKitError.beforeFirstUnlock` before the phone was unlocked for the
    /// first time, `MusterError.InUse` if the profile is open elsewhere.
    public init(options: MusterOptions, parts: MusterParts) throws {
        if try options.folder.prepare() { parts.vault.forget(profile: options.profile) }
        let broadcast = StateBroadcast(startingState(language: options.language))
        self.options = options
        self.parts = parts
        self.broadcast = broadcast
        loop = try Self.open(options, parts, queue, broadcast)
    }

    private static func open(
        _ options: MusterOptions, _ parts: MusterParts, _ queue: WorkerQueue,
        _ broadcast: StateBroadcast
    ) throws -> AgentLoop {
        let open = OpenOptions(
            root: options.folder.url.path, platform: .ios, language: options.language,
            device: options.device, profile: options.profile, appLinkHost: options.appLinkHost,
            clientId: options.clientId, logLevel: options.logLevel)
        let agent = try MusterAgent.open(options: open, now: parts.clock.now())
        let start = startingState(language: options.language)
        let loop = try AgentLoop(agent: agent, parts: parts, queue: queue, shown: start) {
            broadcast.send($0)
        }
        broadcast.send(start)
        return loop
    }

    /// Opens the agent again after it broke or was closed. What it had stored is still there.
    public func reopen() async throws {
        await loop.close()
        loop = try Self.open(options, parts, queue, broadcast)
    }

    /// Lets the profile go. Everything but ``reopen()`` throws `MusterError.Closed` from here on, and
    /// the streams of ``states()`` end.
    public func close() async {
        let closing = loop
        await closing.close()
        // Unless it was opened again meanwhile.
        if loop === closing { broadcast.finish() }
    }

    // MARK: - What happens

    /// Something happened. `MusterError.InvalidInput` or `.OverLimit` for a configuration that
    /// can't be read; nothing of it is used then.
    public func handle(_ event: Event) async throws {
        try await loop.handle(event)
    }

    /// Runs for at most `milliseconds`, as a background task may, and returns when there is
    /// nothing left to do or the time is over. What was begun is committed.
    public func runWindow(milliseconds: Int64) async throws {
        try await loop.handle(.window(ms: milliseconds))
        try await loop.handle(.networkUp)
        let end = Task { [loop] in
            try await Task.sleep(for: .milliseconds(max(milliseconds - Self.closingMs, 0)))
            try await loop.handle(.windowClosing)
        }
        await loop.settled()
        end.cancel()
    }

    /// So long before the end of a window the agent is told to commit and cancel.
    private static let closingMs: Int64 = 2_000

    /// Returns as soon as no request and no effect is under way.
    public func settled() async {
        await loop.settled()
    }

    // MARK: - What is to be shown

    /// The state now and whenever it changes. A reader that is slow misses states, never the last.
    public nonisolated func states() -> AsyncStream<MusterState> {
        broadcast.subscribe()
    }

    /// The state as last published.
    public nonisolated var state: MusterState { broadcast.last }

    /// The people on the phone, for reads of your own, from any thread.
    public func directory() -> MusterDirectory {
        loop.directory
    }

    /// The best 50 people for what was typed. `MusterError.Locked` while there is nothing to read.
    public func search(_ typed: String) async throws -> [SearchHit] {
        try await read { try $0.search(typed: typed) }
    }

    /// One contact.
    public func contact(_ id: String) async throws -> Contact {
        try await read { try $0.contact(id: id) }
    }

    /// Who calls from `number`.
    public func lookUpCaller(_ number: String) async throws -> CallerResult {
        try await read { try $0.lookUpCaller(number: number) }
    }

    /// Reads beside the agent's thread and beside this actor: a sync holds up no search.
    private func read<Answer: Sendable>(
        _ question: @escaping @Sendable (MusterDirectory) throws -> Answer
    ) async throws -> Answer {
        let directory = loop.directory
        return try await Task.detached { try question(directory) }.value
    }

    /// Anything else that the core can be asked, on the agent's thread: settings and reports as
    /// JSON, the preview of a link.
    public func ask<Answer: Sendable>(
        _ question: @Sendable (any MusterAgentProtocol) throws -> Answer
    ) async throws -> Answer {
        try await loop.ask(question)
    }

    /// Time has passed that the clock of the phone does not know of.
    func poke() async {
        await loop.poke()
    }
}
