import Foundation
import MusterKit
import Observation

/// The one screen, without a screen: what stands on it, and what its controls do.
@MainActor @Observable public final class ScreenModel {
    /// What the screen is about.
    public enum Stage: Sendable, Equatable {
        /// The agent is being opened.
        case starting
        /// The phone was not unlocked since it started, so nothing can be read.
        case beforeFirstUnlock
        /// The agent can't be opened.
        case failed(String)
        /// The agent met an error in itself.
        case broken
        /// The agent is open.
        case open
    }

    /// What lies over the screen.
    public enum Sheet: Sendable, Equatable, Identifiable {
        /// Something to be read.
        case message(Message)
        /// An activation link to be confirmed.
        case link(LinkQuestion)
        /// A contact.
        case person(PersonCard)
        /// The form for a code.
        case activation

        /// One for each thing that can lie there.
        public var id: String {
            switch self {
            case .message(let message): "message \(message.id)"
            case .link(let link): "link \(link.id)"
            case .person(let person): "person \(person.id)"
            case .activation: "activation"
            }
        }
    }

    /// Something to be read and closed.
    public struct Message: Sendable, Equatable, Identifiable {
        /// The text.
        public let id: String
        /// What it is about.
        public let title: String
    }

    /// What the screen is about.
    public private(set) var stage = Stage.starting
    /// The texts, in the language that the agent speaks.
    public private(set) var wording: Wording
    /// How the phone stands.
    public private(set) var summary: Summary?
    /// What is to be seen to, the gravest first.
    public private(set) var findings: [FindingCard] = []
    /// There are people to be searched.
    public private(set) var canSearch = false
    /// Whoever was found.
    public private(set) var rows: [PersonRow] = []
    /// Something was typed, and nobody matches it.
    public private(set) var isNobodyFound = false
    /// The phone can be activated by the person.
    public private(set) var canActivate = false
    /// The company does not want its contents in pictures of the screen.
    public private(set) var hidesFromPictures = false
    /// The company lets texts be copied.
    public private(set) var mayCopy = true

    /// What stands in the search field.
    public var typed = "" { didSet { if typed != oldValue { search() } } }
    /// The contact that is shown.
    public var person: PersonCard?
    /// The activation link that was opened.
    public var link: LinkQuestion?
    /// Something to be read and closed.
    public var message: Message?
    /// The form for a code is shown.
    public var showsActivation = false
    /// What stands in the form: the server, where the person knows it.
    public var server = ""
    /// What stands in the form: the code.
    public var code = ""

    /// What lies over the screen; closing it shows what lay below.
    public var sheet: Sheet? {
        get {
            if let message { return .message(message) }
            if let link { return .link(link) }
            if let person { return .person(person) }
            return showsActivation ? .activation : nil
        }
        set {
            guard newValue == nil, let sheet else { return }
            switch sheet {
            case .message: message = nil
            case .link: link = nil
            case .person: person = nil
            case .activation: showsActivation = false
            }
        }
    }

    private let open: @MainActor () async throws -> any AgentAccess
    private let resources: URL?
    private var agent: (any AgentAccess)?
    private var organization: Organization?
    private var state: MusterState?
    private var settings = SettingsInForce()
    private var following: Task<Void, Never>?
    private var searching: Task<Void, Never>?
    private var waitingLink: String?

    /// `open` gives the open agent, and opens it where it is not. `phoneLanguage` is what texts are
    /// in until the agent says what it speaks.
    public init(
        phoneLanguage: String, resources: URL?,
        open: @escaping @MainActor () async throws -> any AgentAccess
    ) {
        self.open = open
        self.resources = resources
        wording = Wording(language: phoneLanguage, resources: resources)
    }

    // MARK: - The agent

    /// Opens the agent, or opens it again, and shows its states from then on.
    public func connect() async {
        following?.cancel()
        if stage != .open { stage = .starting }
        do {
            let agent = try await open()
            self.agent = agent
            following = Task { [weak self] in
                for await state in agent.states() {
                    guard let self, !Task.isCancelled else { return }
                    await self.show(state, of: agent)
                }
            }
            if let link = waitingLink { await openLink(link) }
        } catch MusterKitError.beforeFirstUnlock {
            stage = .beforeFirstUnlock
        } catch {
            let words = openFailureWords(failure: OpenFailure(error), language: wording.language)
            stage = .failed("\(words.text) \(words.next)")
        }
    }

    /// The screen is seen again, or the phone was unlocked: whatever kept the agent from being open
    /// may have passed.
    public func appeared() async {
        switch stage {
        case .open: return
        case .starting where following != nil: return
        case .starting, .beforeFirstUnlock, .failed, .broken: await connect()
        }
    }

    private func show(_ state: MusterState, of agent: any AgentAccess) async {
        guard !state.isBroken else { return showBroken() }
        if Settled(state) != self.state.map(Settled.init) {
            settings = (try? await agent.settings()).map(SettingsInForce.init) ?? settings
        }
        let isHidden = await agent.isHidden()
        if Task.isCancelled { return }
        let hadPeople = (canSearch, self.state?.status?.contacts)
        self.state = state
        organization = state.status?.organization
        if state.language != wording.language {
            wording = Wording(language: state.language, resources: resources)
        }
        stage = .open
        summary = Summary.of(state, isHidden: state.isReady && isHidden, wording)
        findings = state.findings.map { FindingCard($0, settings: settings, wording) }
        canSearch = state.isReady && !isHidden
        canActivate = state.isReady && state.status?.licence.phase.wantsActivation == true
        hidesFromPictures = settings.blockScreenshots
        mayCopy = !settings.blockCopy
        if isHidden { person = nil }
        if hadPeople != (canSearch, state.status?.contacts) { search() }
    }

    /// What is shown may not be seen any more, and can't be asked for either.
    private func showBroken() {
        stage = .broken
        summary = nil
        findings = []
        rows = []
        person = nil
        canSearch = false
        canActivate = false
    }

    /// All but what changes with every contact that arrives: settings are read again when it does.
    private struct Settled: Equatable {
        let licence: LicenceStatus?
        let compliance: ComplianceState?
        let configVersion: String?
        let findings: [Finding]
        let isReady: Bool

        init(_ state: MusterState) {
            licence = state.status?.licence
            compliance = state.status?.compliance
            configVersion = state.status?.configVersion
            findings = state.findings
            isReady = state.isReady
        }
    }

    /// The person wants everything brought up to date.
    public func checkNow() async {
        try? await agent?.handle(.checkNow)
    }

    // MARK: - People

    private func search() {
        searching?.cancel()
        let typed = typed
        guard let agent, canSearch, typed.contains(where: { !$0.isWhitespace }) else {
            rows = []
            isNobodyFound = false
            return
        }
        let wording = wording
        searching = Task { [weak self] in
            // Hidden, broken or closed since: the state says so, where it is read first.
            let hits = try? await agent.search(typed)
            guard let self, !Task.isCancelled else { return }
            self.rows = (hits ?? []).map { PersonRow($0, wording) }
            self.isNobodyFound = hits?.isEmpty == true
        }
    }

    /// Shows a contact.
    public func show(person id: String) async {
        // Gone or hidden since it was found: the list is about to change.
        guard let agent, let contact = try? await agent.contact(id) else { return }
        let photo = contact.photo ? await agent.photo(id) : nil
        person = PersonCard(contact, photo: photo, wording)
    }

    // MARK: - Findings

    /// What a button of a finding does; an address for the caller to open, if that is it.
    public func mend(_ way: MendWay, appSettings: URL?) -> URL? {
        switch way {
        case .open(let url): return url
        case .appSettings: return appSettings
        case .explain(let text): message = Message(id: text, title: wording(.wayTitle))
        case .signIn: showsActivation = true
        }
        return nil
    }

    /// Nothing on the phone could open an address.
    public func couldNotOpen() {
        message = Message(id: wording(.noApp), title: "Muster")
    }

    // MARK: - Activation

    /// An activation link was opened. Before the agent is open it waits.
    public func openLink(_ url: String) async {
        waitingLink = url
        guard let agent, let verdict = try? await agent.preview(url) else { return }
        waitingLink = nil
        showsActivation = false
        link = LinkQuestion(url, verdict, organization: organization, wording)
    }

    /// The person said yes.
    public func acceptLink(_ question: LinkQuestion) async {
        link = nil
        guard question.canBeAccepted else { return }
        try? await agent?.handle(.linkAccepted(url: question.id))
    }

    /// The form can be sent.
    public var isCodeComplete: Bool { !Self.trimmed(code).isEmpty }

    /// The person typed a code.
    public func activate() async {
        let code = Self.trimmed(code)
        let server = Self.trimmed(server)
        guard let agent, !code.isEmpty else { return }
        showsActivation = false
        // A code is a secret: it does not stay in a form.
        self.code = ""
        let evidence = Evidence.activationCode(code: code)
        try? await agent.handle(
            .activate(serverUrl: server.isEmpty ? nil : server, evidence: evidence))
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension OpenFailure {
    init(_ error: any Error) {
        switch error {
        case MusterError.InUse: self = .inUse
        case MusterError.Full: self = .full
        default: self = .unusable
        }
    }
}
