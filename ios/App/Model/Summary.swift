import Foundation
import MusterKit

/// How the phone stands, in words.
public struct Summary: Sendable, Equatable {
    /// The organisation, or the app.
    public let headline: String
    /// The one thing to know.
    public let state: String
    /// How good that is.
    public let tone: Tone
    /// What else there is to know, line by line.
    public let lines: [String]
    /// People are arriving for the first time: how many there are so far.
    public let arriving: String?
    /// Why there are no contacts to be seen; empty if there are.
    public let hidden: [String]

    /// `isHidden`: contacts can't be read now.
    static func of(_ state: MusterState, isHidden: Bool, _ wording: Wording) -> Summary {
        let problems = state.problems.map { "\($0.text) \($0.next)" }
        guard let status = state.status, state.isReady else {
            return Summary(
                headline: state.status?.organization?.name ?? "Muster", state: wording(.starting),
                tone: .neutral, lines: problems, arriving: nil, hidden: [])
        }
        let phase = status.licence.phase
        let activated = phase.isActivated
        var lines: [String] = []
        if activated { lines.append(wording(word(of: phase))) }
        if let host = status.organization?.host { lines.append(wording(.server, host)) }
        if !isHidden {
            if status.contacts.count > 0 { lines.append(wording.people(status.contacts.count)) }
            if let moment = wording.moment(status.contacts.lastSync) {
                lines.append(wording(.lastSync, moment))
            }
        }
        // Written by the admin, for whoever holds the phone.
        if let message = status.licence.message { lines.append(message) }
        let held = activated && isHidden ? held(status) : nil
        return Summary(
            headline: status.organization?.name ?? "Muster",
            state: wording(held?.0 ?? (activated ? word(of: status.compliance) : word(of: phase))),
            tone: held?.1 ?? (activated ? Tone(status.compliance) : .neutral),
            lines: lines + problems,
            arriving: isHidden ? nil : arriving(state, status, wording),
            hidden: isHidden
                ? [state.whyHidden?.text, state.whyHidden?.next].compactMap(\.self) : []
        )
    }

    /// What weighs more than the rules: a phone that was locked is not said to be well.
    private static func held(_ status: Status) -> (Phrase, Tone)? {
        if status.licence.holds.contains(.lost) { return (.stateLost, .bad) }
        if status.compliance == .nonCompliant { return nil }
        let isHeld = status.licence.holds.contains { $0 != .noPolicy }
        return isHeld ? (.stateHidden, .warning) : nil
    }

    /// Only for the first time: later, nobody waits for it.
    private static func arriving(
        _ state: MusterState, _ status: Status, _ wording: Wording
    ) -> String? {
        guard status.contacts.lastSync == nil, state.contactsReceived > 0 else { return nil }
        return wording(.peopleArriving, wording.number(state.contactsReceived))
    }

    private static func word(of compliance: ComplianceState) -> Phrase {
        switch compliance {
        case .compliant: .stateCompliant
        case .attention: .stateAttention
        case .unknown: .stateUnknown
        case .nonCompliant: .stateNonCompliant
        }
    }

    private static func word(of phase: LicencePhase) -> Phrase {
        switch phase {
        case .notRequired: .phaseNotRequired
        case .unlicensed: .phaseUnlicensed
        case .activating: .phaseActivating
        case .active: .phaseActive
        case .reauthenticate: .phaseReauthenticate
        case .erasing: .phaseErasing
        case .erased: .phaseErased
        }
    }
}

extension LicencePhase {
    /// The company's rules are in force.
    var isActivated: Bool {
        switch self {
        case .notRequired, .active, .reauthenticate: true
        case .unlicensed, .activating, .erasing, .erased: false
        }
    }

    /// The person can do something about it with a code or a link.
    var wantsActivation: Bool {
        switch self {
        case .unlicensed, .reauthenticate, .erased: true
        case .notRequired, .activating, .active, .erasing: false
        }
    }
}
