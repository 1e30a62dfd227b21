import Foundation
import MusterKit
import Testing

@testable import MusterAppModel

struct MendingTests {
    private static let actions: [MendAction] = [
        .openSecuritySettings, .openSystemUpdate, .openAppStore, .openEncryption,
        .openDeveloperOptions, .openBatterySettings, .openCallSettings, .openBackgroundRefresh,
        .openNetworkSettings, .openAppPermissions, .signInAgain, .contactSupport,
        .checkConfiguration,
    ]

    private func way(
        _ action: MendAction, url: String? = nil, _ settings: SettingsInForce = SettingsInForce()
    ) -> MendWay? {
        Mending.way(for: action, url: url, settings: settings, Made.english)
    }

    @Test func everyButtonDoesSomethingThatIosAllows() {
        var support = SettingsInForce()
        support.supportEmail = "it@contoso.example"
        for action in Self.actions {
            switch way(action, support) {
            case .open(let url): #expect(["https", "mailto", "tel"].contains(url.scheme))
            case .explain(let text): #expect(text.count > 20, "\(action)")
            case .appSettings, .signIn: break
            case nil: Issue.record("nothing happens for \(action)")
            }
        }
    }

    @Test func thePageThatTheServerNamesWins() {
        let page = "https://contoso.example/update"
        #expect(way(.openSystemUpdate, url: page) == URL(string: page).map(MendWay.open))
    }

    @Test(arguments: [
        "http://contoso.example", "App-Prefs:root", "javascript:alert(1)", "https:", "",
    ])
    func butOnlyIfItIsAPage(_ page: String) {
        #expect(way(.openBackgroundRefresh, url: page) == .appSettings)
    }

    @Test func supportIsAPageElseAMailElseACall() {
        var settings = SettingsInForce()
        #expect(way(.contactSupport, settings) == nil)
        settings.supportPhone = "+49 89 123456-0"
        #expect(way(.contactSupport, settings) == URL(string: "tel:+49891234560").map(MendWay.open))
        settings.supportEmail = "it@contoso.example"
        let mail = URL(string: "mailto:it@contoso.example").map(MendWay.open)
        #expect(way(.checkConfiguration, settings) == mail)
        settings.supportUrl = "https://it.contoso.example"
        let page = URL(string: "https://it.contoso.example").map(MendWay.open)
        #expect(way(.contactSupport, settings) == page)
    }

    @Test func aButtonThatCanDoNothingIsNotThere() {
        let settings = SettingsInForce()
        let wording = Made.english
        #expect(
            FindingCard(Made.finding(.contactSupport), settings: settings, wording).button == nil)
        #expect(FindingCard(Made.finding(nil), settings: settings, wording).button == nil)
        let card = FindingCard(Made.finding(.openSecuritySettings), settings: settings, wording)
        #expect(card.button?.label == "Mend")
        #expect(card.button?.spoken == "Mend: No passcode")
        #expect(card.tone == .bad && card.due == "From tomorrow")
    }

    @Test func settingsInForceAreReadAndOddOnesAreNot() {
        let settings = SettingsInForce(
            json: """
                {"settings": [
                    {"key": "support_email", "value": "it@contoso.example", "state": "ok"},
                    {"key": "support_phone", "value": null},
                    {"key": "support_url", "value": {"odd": [1]}},
                    {"key": "block_screenshots", "value": true},
                    {"key": "block_copy", "value": "true"}
                ], "unknown": []}
                """)
        #expect(settings.supportEmail == "it@contoso.example")
        #expect(settings.supportPhone == nil && settings.supportUrl == nil)
        #expect(settings.blockScreenshots && !settings.blockCopy)
        #expect(SettingsInForce(json: "nonsense") == SettingsInForce())
    }

    @Test func numbersAndAddressesCarryNothingElse() {
        #expect(WebAddress.call("+49 (0)89 12-34")?.absoluteString == "tel:+490891234")
        // A star and a hash could switch call forwarding on.
        #expect(WebAddress.call("**21*0190#")?.absoluteString == "tel:210190")
        #expect(WebAddress.call("ask reception") == nil)
        #expect(
            WebAddress.mail("a@b.example?bcc=x@y.example")?.absoluteString
                == "mailto:a@b.example%3Fbcc%3Dx@y.example")
        #expect(WebAddress.mail("no address") == nil)
    }
}
