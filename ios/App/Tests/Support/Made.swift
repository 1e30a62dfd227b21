import Foundation

@testable import MusterAppModel
@testable import MusterKit

/// Values for tests: nobody in them exists.
enum Made {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let resources = folder.appendingPathComponent("Resources")
    static let english = Wording(language: "en", resources: resources)

    static func state(
        organization: String? = "Contoso", count: Int64 = 0, readable: Bool = true,
        headline: Headline = Headline(text: "This phone meets the rules", tone: .good),
        lines: [StatusLine] = [], findings: [FindingState] = [], canActivate: Bool = false,
        isReady: Bool = true, blockScreenshots: Bool = false, blockCopy: Bool = false,
        nextWorkMs: Int64? = nil, language: String = "en"
    ) -> MusterState {
        let start = startingState(language: language)
        return MusterState(
            isReady: isReady, isBroken: false, language: language, headline: headline, lines: lines,
            licence: start.licence, compliance: .compliant, canActivate: canActivate,
            organization: organization.map { Organization(name: $0, host: "mdm.contoso.example") },
            person: nil,
            contacts: ContactsState(
                readable: readable, whyHidden: nil, count: count, books: 1, lastSync: nil,
                skipped: 0, troubled: []),
            contactsReceived: 0, findings: findings, problems: [], reports: start.reports,
            settings: settings(blockScreenshots: blockScreenshots, blockCopy: blockCopy),
            support: [], configVersion: "1", nextWorkMs: nextWorkMs)
    }

    private static func settings(blockScreenshots: Bool, blockCopy: Bool) -> ScreenSettings {
        func flag(_ isOn: Bool) -> FlagSetting { FlagSetting(isOn: isOn, byOrganization: isOn) }
        let nothing = WordSetting(value: nil, byOrganization: false)
        return ScreenSettings(
            blockScreenshots: flag(blockScreenshots), blockCopy: flag(blockCopy),
            blockExport: flag(false), readonlyProfile: flag(false), allowSignOut: flag(true),
            autoActivate: flag(true), callerId: flag(true), contactsUnmeteredOnly: flag(false),
            contactsMode: ContactsModeSetting(mode: .inApp, byOrganization: false),
            language: nothing, privacyUrl: nothing)
    }

    static func finding(_ target: ButtonTarget?) -> FindingState {
        FindingState(
            id: "lock", severity: .require, tone: .bad, title: "No passcode",
            explanation: "Set one.",
            button: target.map {
                FindingButton(label: "Mend", spoken: "Mend: No passcode", target: $0)
            },
            since: "2026-03-01T08:30:00Z", due: nil, dueWords: "From tomorrow",
            rules: ["require_screen_lock"])
    }

    static func link(_ host: String, alreadyActive: Bool = false) -> LinkPreview {
        LinkPreview(
            host: host, alreadyActive: alreadyActive, title: "Activate with \(host)?",
            text: "This phone gets its contacts and rules from there.")
    }

    static func hit(
        _ name: String, title: String? = nil, organization: String? = nil,
        matched: [MatchedRange] = []
    ) -> SearchHit {
        SearchHit(
            id: "id-\(name)", name: name, organization: organization, title: title, matched: matched
        )
    }

    static func match(
        _ field: MatchedField, _ start: Int64, _ length: Int64, index: Int64? = nil
    ) -> MatchedRange {
        MatchedRange(field: field, index: index, start: start, length: length)
    }

    static func contact(
        _ name: String, phones: [ContactPhone] = [], emails: [ContactEmail] = [],
        details: [ContactDetail] = [], photo: Bool = false
    ) -> Contact {
        Contact(
            id: "id-\(name)", name: name, organization: "Contoso", title: "Nurse", phones: phones,
            emails: emails, details: details, photo: photo)
    }
}
