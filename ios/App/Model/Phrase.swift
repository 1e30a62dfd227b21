/// Every text of the app's own: what stands on its controls, and the ways through iOS. How the phone
/// stands, and what the agent asks, it says itself, in the same language.
public enum Phrase: String, CaseIterable, Sendable {
    // The screen.
    case checkNow = "check_now"
    case checkNowHint = "check_now_hint"
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
    case linkAccept = "link_accept"
    case linkRefuse = "link_refuse"
    case linkUnusable = "link_unusable"
    case activateTitle = "activate_title"
    case serverPrompt = "server_prompt"
    case codePrompt = "code_prompt"
    case activate
    case activateHint = "activate_hint"
}
