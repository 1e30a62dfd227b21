import Foundation
import MusterKit
import Testing

@testable import MusterAppModel

struct SummaryTests {
    private func summary(_ state: MusterState) -> Summary { Summary(state, Made.english) }

    @Test func whatTheAgentSaysIsLaidOut() {
        let lines = [
            StatusLine(kind: .phase, text: "Active", moment: nil),
            StatusLine(kind: .server, text: "Server: mdm.contoso.example", moment: nil),
            StatusLine(kind: .people, text: "2,000 people", moment: nil),
            StatusLine(
                kind: .upToDate, text: "Up to date: {moment}", moment: "2026-03-01T08:30:00Z"),
        ]
        let summary = summary(Made.state(lines: lines))
        #expect(summary.headline == "Contoso")
        #expect(summary.state == "This phone meets the rules")
        #expect(summary.tone == .good)
        #expect(summary.lines.first == "Active")
        #expect(summary.lines.contains("Server: mdm.contoso.example"))
        #expect(summary.lines.contains("2,000 people"))
        #expect(summary.lines.contains { $0.hasPrefix("Up to date: ") && $0.contains("2026") })
        #expect(!summary.lines.contains { $0.contains("{") || $0.contains("T08:30") })
        #expect(summary.arriving == nil && summary.hidden == nil)
    }

    @Test func aPhoneWithoutACompanyShowsTheApp() {
        let headline = Headline(text: "Not activated", tone: .neutral)
        let summary = summary(Made.state(organization: nil, headline: headline))
        #expect(summary.headline == "Muster")
        #expect(summary.state == "Not activated")
        #expect(summary.tone == .neutral)
        #expect(summary.lines.isEmpty)
    }

    @Test func peopleWhoArriveAndWhatHidesThemHavePlacesOfTheirOwn() {
        let arriving = StatusLine(
            kind: .arriving, text: "People are arriving: 500 so far", moment: nil)
        let hidden = StatusLine(kind: .hidden, text: "Hidden. Wait.", moment: nil)
        let message = StatusLine(kind: .message, text: "Call +49 89 123456", moment: nil)
        let summary = summary(Made.state(lines: [hidden, arriving, message]))
        #expect(summary.arriving == "People are arriving: 500 so far")
        #expect(summary.hidden == "Hidden. Wait.")
        #expect(summary.lines == ["Call +49 89 123456"])
    }

    /// Before and after the agent there is a state, too, with words in the language of the screen.
    @Test func withoutAnAgentThereAreWordsOfTheCore() {
        #expect(summary(startingState(language: "en")).state == "Starting…")
        #expect(summary(brokenState(language: "en")).tone == .bad)
    }

    @Test func momentsAreWrittenInTheLanguageOfTheScreen() throws {
        let zone = try #require(TimeZone(identifier: "UTC"))
        let swedish = Wording(language: "sv", resources: Made.resources)
        let moment = try #require(swedish.moment("2026-03-01T08:30:00Z", in: zone))
        #expect(moment.contains("mars"))
        #expect(Made.english.moment("soon", in: zone) == nil)
        #expect(Made.english.moment(nil) == nil)
        // What is no moment is shown as it came.
        let odd = StatusLine(kind: .upToDate, text: "Up to date: {moment}", moment: "soon")
        #expect(Made.english.line(odd) == "Up to date: soon")
    }
}
