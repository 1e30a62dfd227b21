import Foundation
import MusterKit
import Testing

@testable import MusterAppModel

@MainActor private final class LockedPhone {
    var isLocked = true
}

@MainActor @Suite(.timeLimit(.minutes(1))) struct ScreenModelTests {
    private let agent = FakeAgent()

    private func model(_ open: (@MainActor () async throws -> any AgentAccess)? = nil)
        -> ScreenModel
    {
        let agent = agent
        return ScreenModel(
            phoneLanguage: "en-GB", resources: Made.resources, open: open ?? { agent })
    }

    @Test func theFirstStateOpensTheScreen() async {
        let model = model()
        #expect(model.stage == .starting && model.state.headline.text == "Starting…")
        await model.connect()
        agent.become(Made.state(count: 3))
        await until { model.stage == .open }
        #expect(model.summary?.headline == "Contoso")
        #expect(model.canSearch && !model.canActivate)
    }

    @Test func theScreenSpeaksTheLanguageOfTheAgent() async {
        let model = model()
        await model.connect()
        agent.become(Made.state(language: "sv"))
        await until { model.wording.language == "sv" }
        #expect(model.wording(.people) == "Personer")
    }

    @Test func searchFollowsTheTyping() async {
        agent.knows(
            Made.contact("Anna Muster"), by: "an", matched: [Made.match(.name, 0, 2)])
        let model = model()
        await model.connect()
        agent.become(Made.state(count: 1))
        await until { model.canSearch }
        model.typed = "an"
        await until { model.rows.count == 1 }
        #expect(model.rows[0].name == [TextPiece("An", isMatch: true), TextPiece("na Muster")])
        model.typed = "anx"
        await until { model.isNobodyFound }
        #expect(model.rows.isEmpty)
        model.typed = " "
        #expect(!model.isNobodyFound && model.rows.isEmpty)
    }

    @Test func peopleWhoArriveLaterAreFoundByWhatStandsInTheField() async {
        let model = model()
        await model.connect()
        agent.become(Made.state(count: 0))
        await until { model.canSearch }
        model.typed = "an"
        await until { model.isNobodyFound }
        agent.knows(Made.contact("Anna Muster"), by: "an")
        agent.become(Made.state(count: 1))
        await until { model.rows.count == 1 }
    }

    @Test func aPersonIsShownAndHiddenWithTheContacts() async {
        agent.knows(Made.contact("Anna Muster", photo: true), by: "an")
        let model = model()
        await model.connect()
        agent.become(Made.state(count: 1))
        await until { model.canSearch }
        await model.show(person: "id-Anna Muster")
        #expect(model.person?.name == "Anna Muster")
        #expect(model.person?.photo == Data([1]))
        let why = StatusLine(kind: .hidden, text: "Hidden. Wait.", moment: nil)
        agent.become(Made.state(count: 1, readable: false, lines: [why]))
        await until { !model.canSearch }
        #expect(model.person == nil && model.rows.isEmpty)
        #expect(model.summary?.hidden == "Hidden. Wait.")
    }

    @Test func somebodyWhoIsGoneIsNotShown() async {
        let model = model()
        await model.connect()
        await model.show(person: "gone")
        #expect(model.person == nil)
    }

    @Test func aBrokenAgentShowsNothingAndCanBeOpenedAgain() async {
        let model = model()
        await model.connect()
        let finding = Made.finding(.phone(place: .openSystemUpdate))
        agent.become(Made.state(count: 1, findings: [finding]))
        await until { model.findings.count == 1 }
        agent.become(brokenState(language: "en"))
        await until { model.stage == .broken }
        #expect(model.state.headline.text.hasPrefix("Muster"))
        #expect(model.summary == nil && model.findings.isEmpty && !model.canSearch)
        agent.become(Made.state(count: 1))
        await model.connect()
        await until { model.stage == .open }
    }

    @Test func beforeTheFirstUnlockNothingIsOpenedAndAfterItEverythingIs() async {
        let agent = agent
        let phone = LockedPhone()
        let model = model {
            if phone.isLocked { throw MusterKitError.beforeFirstUnlock }
            return agent
        }
        await model.connect()
        let words = openFailureWords(failure: .beforeFirstUnlock, language: "en")
        #expect(model.stage == .failed("\(words.text) \(words.next)"))
        phone.isLocked = false
        agent.become(Made.state())
        await model.appeared()
        await until { model.stage == .open }
    }

    @Test func whyItCannotBeOpenedIsSaidInTheWordsOfTheCore() async {
        let model = model { throw MusterError.Full(message: "") }
        await model.connect()
        let words = openFailureWords(failure: .full, language: "en")
        #expect(model.stage == .failed("\(words.text) \(words.next)"))
    }

    @Test func aLinkIsAskedAboutBeforeItIsUsed() async {
        let url = "https://link.muster.dev/a#secret"
        agent.says(.usable(preview: Made.link("mdm.contoso.example", alreadyActive: false)))
        let model = model()
        await model.openLink(url)
        #expect(model.link == nil)
        await model.connect()
        #expect(model.link?.title == "Activate with mdm.contoso.example?")
        #expect(model.link?.text == "This phone gets its contacts and rules from there.")
        #expect(agent.events.isEmpty)
        if let link = model.link { await model.acceptLink(link) }
        #expect(model.link == nil)
        #expect(agent.events == [.linkAccepted(url: url)])
    }

    @Test func aLinkThatCannotBeUsedCannotBeAccepted() async {
        let model = model()
        await model.connect()
        agent.says(.usable(preview: Made.link("mdm.contoso.example", alreadyActive: true)))
        await model.openLink("https://link.muster.dev/a")
        #expect(model.link?.canBeAccepted == false)
        agent.says(.refused(words: Words(text: "Not a link.", next: "Ask.")))
        await model.openLink("https://link.muster.dev/b")
        #expect(model.link?.text == "Not a link. Ask.")
        if let link = model.link { await model.acceptLink(link) }
        #expect(agent.events.isEmpty)
    }

    @Test func aCodeIsSentOnceAndDoesNotStay() async {
        let model = model()
        await model.connect()
        model.code = "  "
        #expect(!model.isCodeComplete)
        model.code = " ABC "
        model.server = " "
        model.showsActivation = true
        await model.activate()
        let evidence = Evidence.activationCode(code: "ABC")
        #expect(agent.events == [.activate(serverUrl: nil, evidence: evidence)])
        #expect(model.code.isEmpty && !model.showsActivation)
    }

    @Test func buttonsOpenExplainOrLeadToTheForm() async {
        let model = model()
        let page = URL(fileURLWithPath: "/")
        #expect(model.mend(.appSettings, appSettings: page) == page)
        #expect(model.mend(.open(page), appSettings: nil) == page)
        #expect(model.mend(.explain("Here."), appSettings: nil) == nil)
        #expect(model.message?.id == "Here.")
        #expect(model.mend(.signIn, appSettings: nil) == nil)
        #expect(model.showsActivation)
    }

    @Test func settingsOfTheCompanyHideContentsAndForbidCopies() async {
        let model = model()
        await model.connect()
        agent.become(Made.state())
        await until { model.stage == .open }
        #expect(!model.hidesFromPictures && model.mayCopy)
        agent.become(Made.state(blockScreenshots: true))
        await until { model.hidesFromPictures }
        #expect(model.mayCopy)
        agent.become(Made.state(blockCopy: true))
        await until { !model.mayCopy }
        #expect(!model.hidesFromPictures)
    }

    @Test func aPhoneThatCanBeActivatedOffersIt() async {
        let model = model()
        await model.connect()
        agent.become(Made.state(canActivate: true))
        await until { model.canActivate }
    }

    @Test func checkNowIsHandedOn() async {
        let model = model()
        await model.connect()
        await model.checkNow()
        #expect(agent.events == [.checkNow])
    }
}
