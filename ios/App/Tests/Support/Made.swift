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
        phase: LicencePhase = .active, compliance: ComplianceState = .compliant,
        organization: String? = "Contoso", count: Int64 = 0, lastSync: String? = nil,
        received: Int64 = 0, findings: [Finding] = [], problems: [Problem] = [],
        isReady: Bool = true, isBroken: Bool = false, message: String? = nil,
        holds: [LicenceHold] = [], language: String = "en"
    ) -> MusterState {
        let licence = LicenceStatus(
            phase: phase, holds: holds, prompt: nil, since: "2026-03-01T08:30:00Z", nextCheck: nil,
            cause: nil, message: message)
        let status = Status(
            licence: licence,
            organization: organization.map { Organization(name: $0, host: "mdm.contoso.example") },
            person: nil,
            contacts: ContactsStatus(count: count, books: 1, lastSync: lastSync, skipped: 0),
            compliance: compliance,
            outbox: OutboxStatus(pending: 0, held: 0, quarantined: 0, dropped: 0),
            configVersion: "1")
        return MusterState(
            isBroken: isBroken, isReady: isReady, status: status, findings: findings,
            problems: problems, whyHidden: Words(text: "Hidden.", next: "Wait."),
            contactsReceived: received, language: language)
    }

    static func finding(_ action: MendAction?, url: String? = nil) -> Finding {
        Finding(
            id: "lock", severity: .require, title: "No passcode", explanation: "Set one.",
            action: action, actionLabel: action == nil ? nil : "Mend", actionUrl: url,
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
