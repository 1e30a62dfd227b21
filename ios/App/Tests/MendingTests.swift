import Foundation
import MusterKit
import Testing

@testable import MusterAppModel

struct MendingTests {
    /// The places of the phone that the agent names on iOS.
    private static let places: [MendAction] = [
        .openSecuritySettings, .openSystemUpdate, .openAppStore, .openEncryption,
        .openDeveloperOptions, .openBatterySettings, .openCallSettings, .openBackgroundRefresh,
        .openNetworkSettings, .openAppPermissions,
    ]
    private static let mail = SupportChannel(
        kind: .mail, uri: "mailto:it@contoso.example", shown: "it@contoso.example")

    private func way(_ target: ButtonTarget) -> MendWay? { Mending.way(to: target, Made.english) }

    @Test func everyButtonDoesSomethingThatIosAllows() {
        let targets = Self.places.map { ButtonTarget.phone(place: $0) }
        let others: [ButtonTarget] = [
            .page(url: "https://contoso.example/update"), .support(channel: Self.mail), .signIn,
        ]
        for target in targets + others {
            switch way(target) {
            case .open(let url): #expect(["https", "mailto", "tel"].contains(url.scheme))
            case .explain(let text): #expect(text.count > 20, "\(target)")
            case .appSettings, .signIn: break
            case nil: Issue.record("nothing happens for \(target)")
            }
        }
    }

    @Test func placesOfThePhoneAreExplainedOrOpened() {
        #expect(way(.phone(place: .openSystemUpdate)) == .explain(Made.english(.wayUpdate)))
        #expect(way(.phone(place: .openBackgroundRefresh)) == .appSettings)
    }

    @Test func addressesOfTheAgentAreOpenedAsTheyStand() {
        let page = "https://contoso.example/update"
        #expect(way(.page(url: page)) == URL(string: page).map(MendWay.open))
        let mail = URL(string: "mailto:it@contoso.example").map(MendWay.open)
        #expect(way(.support(channel: Self.mail)) == mail)
        #expect(way(.signIn) == .signIn)
    }

    @Test func aButtonThatCanDoNothingIsNotThere() {
        let wording = Made.english
        #expect(FindingCard(Made.finding(.phone(place: .contactSupport)), wording).button == nil)
        #expect(FindingCard(Made.finding(nil), wording).button == nil)
        let card = FindingCard(Made.finding(.phone(place: .openSecuritySettings)), wording)
        #expect(card.button?.label == "Mend")
        #expect(card.button?.spoken == "Mend: No passcode")
        #expect(card.tone == .bad && card.due == "From tomorrow")
    }
}
