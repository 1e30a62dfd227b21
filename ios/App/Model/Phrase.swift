/// Every text of the app's own. What is said about findings, problems and hidden contacts comes from
/// the agent, in the same language.
public enum Phrase: String, CaseIterable, Sendable {
    // How the phone stands.
    case starting
    case stateCompliant = "state_compliant"
    case stateAttention = "state_attention"
    case stateUnknown = "state_unknown"
    case stateNonCompliant = "state_non_compliant"
    case stateLost = "state_lost"
    case stateHidden = "state_hidden"
    case phaseNotRequired = "phase_not_required"
    case phaseUnlicensed = "phase_unlicensed"
    case phaseActivating = "phase_activating"
    case phaseActive = "phase_active"
    case phaseReauthenticate = "phase_reauthenticate"
    case phaseErasing = "phase_erasing"
    case phaseErased = "phase_erased"
    case peopleOne = "people_one"
    case peopleOther = "people_other"
    case peopleArriving = "people_arriving"
    case lastSync = "last_sync"
    case server
    case checkNow = "check_now"
    case checkNowHint = "check_now_hint"
    case beforeFirstUnlock = "before_first_unlock"
    case broken
    case openAgain = "open_again"

    // People.
    case searchPrompt = "search_prompt"
    case people
    case nobodyFound = "nobody_found"
    case matchedEmail = "matched_email"
    case matchedPhone = "matched_phone"
    case matchedDepartment = "matched_department"
    case showPerson = "show_person"
    case call
    case write
    case close
    case photoOf = "photo_of"

    // Findings.
    case findings
    case wayTitle = "way_title"
    case wayPasscode = "way_passcode"
    case wayUpdate = "way_update"
    case wayStore = "way_store"
    case wayDeveloper = "way_developer"
    case wayCalls = "way_calls"
    case wayNetwork = "way_network"
    case noApp = "no_app"

    // Activation.
    case linkTitle = "link_title"
    case linkText = "link_text"
    case linkSame = "link_same"
    case linkActive = "link_active"
    case linkAccept = "link_accept"
    case linkRefuse = "link_refuse"
    case linkUnusable = "link_unusable"
    case activateTitle = "activate_title"
    case serverPrompt = "server_prompt"
    case codePrompt = "code_prompt"
    case activate
    case activateHint = "activate_hint"
}
