import Foundation
import MusterKit
import Testing

@testable import MusterAppModel

struct SummaryTests {
    private func summary(_ state: MusterState, isHidden: Bool = false) -> Summary {
        Summary.of(state, isHidden: isHidden, Made.english)
    }

    @Test func anActivatedPhoneSaysWhetherItMeetsTheRules() {
        let summary = summary(Made.state(count: 2_000, lastSync: "2026-03-01T08:30:00Z"))
        #expect(summary.headline == "Contoso")
        #expect(summary.state == "This phone meets the rules")
        #expect(summary.tone == .good)
        #expect(summary.lines.first == "Active")
        #expect(summary.lines.contains("Server: mdm.contoso.example"))
        #expect(summary.lines.contains("2,000 people"))
        #expect(summary.lines.contains { $0.hasPrefix("Up to date: ") && $0.contains("2026") })
        #expect(summary.arriving == nil && summary.hidden.isEmpty)
    }

    @Test(arguments: [
        (ComplianceState.attention, Tone.warning), (.unknown, .warning), (.nonCompliant, .bad),
    ])
    func theToneFollowsTheRules(_ compliance: ComplianceState, _ tone: Tone) {
        #expect(summary(Made.state(compliance: compliance)).tone == tone)
    }

    @Test func aPhoneThatIsNotActivatedSaysSoAndNothingOfRules() {
        let summary = summary(
            Made.state(phase: .unlicensed, compliance: .nonCompliant, organization: nil),
            isHidden: true)
        #expect(summary.headline == "Muster")
        #expect(summary.state == "Not activated")
        #expect(summary.tone == .neutral)
        #expect(summary.lines.isEmpty)
        #expect(summary.hidden == ["Hidden.", "Wait."])
    }

    @Test func peopleWhoArriveAreCountedUntilTheFirstSyncIsDone() {
        #expect(
            summary(Made.state(count: 500, received: 500)).arriving
                == "People are arriving: 500 so far")
        #expect(summary(Made.state(received: 0)).arriving == nil)
        let later = Made.state(count: 500, lastSync: "2026-03-01T08:30:00Z", received: 3)
        #expect(summary(later).arriving == nil)
        #expect(summary(Made.state(received: 5), isHidden: true).arriving == nil)
    }

    @Test func withoutKeysThereAreOnlyProblems() {
        let problem = Problem(
            area: .store, code: "full", text: "No room.", next: "Delete something.")
        let summary = summary(Made.state(problems: [problem], isReady: false))
        #expect(summary.state == "Starting…")
        #expect(summary.lines == ["No room. Delete something."])
    }

    @Test func whatTheAdminWroteToAFinderIsShown() {
        let summary = summary(Made.state(message: "Call +49 89 123456"), isHidden: true)
        #expect(summary.lines.contains("Call +49 89 123456"))
    }

    @Test func aPhoneThatWasLockedIsNotSaidToBeWell() {
        let lost = summary(Made.state(count: 9, holds: [.rule, .lost]), isHidden: true)
        #expect(lost.state == "This phone is locked")
        #expect(lost.tone == .bad)
        #expect(!lost.lines.contains("9 people"))
        let offline = summary(Made.state(holds: [.offline]), isHidden: true)
        #expect(offline.state == "Contacts are hidden")
        #expect(offline.tone == .warning)
        // A broken rule says more than that the contacts are hidden.
        let broken = Made.state(compliance: .nonCompliant, holds: [.rule])
        #expect(summary(broken, isHidden: true).state == "This phone does not meet the rules")
        // Just activated: nothing is wrong.
        let new = summary(Made.state(holds: [.noPolicy]), isHidden: true)
        #expect(new.state == "This phone meets the rules")
    }

    @Test func onePersonIsOne() {
        #expect(Made.english.people(1) == "1 person")
        #expect(Made.english.people(0) == "0 people")
        let german = Wording(language: "de-AT", resources: Made.resources)
        #expect(german.people(1) == "1 Person")
        #expect(german.people(2_000) == "2.000 Personen")
    }

    @Test func momentsAreWrittenInTheLanguageOfTheScreen() throws {
        let zone = try #require(TimeZone(identifier: "UTC"))
        let swedish = Wording(language: "sv", resources: Made.resources)
        let moment = try #require(swedish.moment("2026-03-01T08:30:00Z", in: zone))
        #expect(moment.contains("mars"))
        #expect(Made.english.moment("soon", in: zone) == nil)
        #expect(Made.english.moment(nil) == nil)
    }
}
