import Foundation
import MusterKit
import Observation

/// The one screen, without a screen: what stands on it, and what its controls do.
@MainActor @Observable public final class ScreenModel {
    /// What the screen is about.
    public enum Stage: Sendable, Equatable {
        /// The agent is being opened.
        case starting
        /// The agent can't be opened, or not yet: why, in words.
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
    /// The state that is shown.
    public private(set) var state: MusterState
    /// Whoever was found.
    public private(set) var rows: [PersonRow] = []
    /// Something was typed, and nobody matches it.
    public private(set) var isNobodyFound = false

    /// How the phone stands.
    public var summary: Summary? { stage == .open ? Summary(state, wording) : nil }
    /// What is to be seen to, the gravest first.
    public var findings: [FindingCard] { state.findings.map { FindingCard($0, wording) } }
    /// There are people to be searched.
    public var canSearch: Bool { state.isReady && state.contacts.readable }
    /// The phone can be activated by the person.
    public var canActivate: Bool { state.canActivate }
    /// The company does not want its contents in pictures of the screen.
    public var hidesFromPictures: Bool { state.settings.blockScreenshots.isOn }
    /// The company lets texts be copied.
    public var mayCopy: Bool { !state.settings.blockCopy.isOn }

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
        state = startingState(language: phoneLanguage)
    }

    // MARK: - The agent

    /// Opens the agent, or opens it again, and shows its states from then on.
    public func connect() async {
        following?.cancel()
        if stage != .open {
            stage = .starting
            state = startingState(language: wording.language)
        }
        do {
            let agent = try await open()
            self.agent = agent
            following = Task { [weak self] in
                for await state in agent.states() {
                    guard let self, !Task.isCancelled else { return }
                    self.show(state)
                }
            }
            if let link = waitingLink { await openLink(link) }
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
        case .starting, .failed, .broken: await connect()
        }
    }

    private func show(_ state: MusterState) {
        let hadPeople = (canSearch, self.state.contacts)
        self.state = state
        if state.language != wording.language {
            wording = Wording(language: state.language, resources: resources)
        }
        stage = state.isBroken ? .broken : .open
        // What may not be seen any more can't be asked for either.
        if !canSearch { person = nil }
        if hadPeople != (canSearch, state.contacts) { search() }
    }

    /// The person wants everything brought up to date.
    public func checkNow() async {
        await tell(.checkNow)
    }

    private func tell(_ event: Event) async {
        do {
            try await agent?.handle(event)
        } catch {
            log("an event", error)
        }
    }

    /// What the screen shows anyway is not worth a line: nobody is there any more, or not to be seen.
    private func log(_ what: String, _ error: any Error) {
        switch error {
        case MusterError.Broken, MusterError.Closed: return
        case MusterError.Locked, MusterError.NotFound: return
        default: MusterLog.failed(what, error)
        }
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
            do {
                let hits = try await agent.search(typed)
                self?.showFound(hits.map { PersonRow($0, wording) }, isNobody: hits.isEmpty)
            } catch {
                self?.log("a search", error)
                self?.showFound([], isNobody: false)
            }
        }
    }

    /// Not for a search that was given up for another.
    private func showFound(_ rows: [PersonRow], isNobody: Bool) {
        if Task.isCancelled { return }
        self.rows = rows
        isNobodyFound = isNobody
    }

    /// Shows a contact.
    public func show(person id: String) async {
        guard let agent else { return }
        do {
            let contact = try await agent.contact(id)
            let photo = contact.photo ? await photo(of: id, by: agent) : nil
            person = PersonCard(contact, photo: photo, wording)
        } catch {
            // Gone or hidden since it was found: the list is about to change.
            log("a contact", error)
        }
    }

    /// Without its photo a contact is shown all the same.
    private func photo(of id: String, by agent: any AgentAccess) async -> Data? {
        do {
            return try await agent.photo(id)
        } catch {
            log("a photo", error)
            return nil
        }
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
        guard let agent else { return }
        do {
            let verdict = try await agent.preview(url)
            waitingLink = nil
            showsActivation = false
            link = LinkQuestion(url, verdict, wording)
        } catch {
            // It goes on waiting, until the agent is open again.
            log("the preview of a link", error)
        }
    }

    /// The person said yes.
    public func acceptLink(_ question: LinkQuestion) async {
        link = nil
        guard question.canBeAccepted else { return }
        await tell(.linkAccepted(url: question.id))
    }

    /// The form can be sent.
    public var isCodeComplete: Bool { !Self.trimmed(code).isEmpty }

    /// The person typed a code.
    public func activate() async {
        let code = Self.trimmed(code)
        let server = Self.trimmed(server)
        guard agent != nil, !code.isEmpty else { return }
        showsActivation = false
        // A code is a secret: it does not stay in a form.
        self.code = ""
        let evidence = Evidence.activationCode(code: code)
        await tell(.activate(serverUrl: server.isEmpty ? nil : server, evidence: evidence))
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension OpenFailure {
    init(_ error: any Error) {
        switch error {
        case MusterKitError.beforeFirstUnlock: self = .beforeFirstUnlock
        case MusterError.InUse: self = .inUse
        case MusterError.Full: self = .full
        default: self = .unusable
        }
    }
}
