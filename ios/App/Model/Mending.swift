import Foundation
import MusterKit

/// What a button of a finding does.
public enum MendWay: Sendable, Equatable {
    /// Opens an address: a page, a mail, a call.
    case open(URL)
    /// Opens the page of this app in Settings, the only one that iOS lets an app open.
    case appSettings
    /// iOS lets no app open the place: says how to get there.
    case explain(String)
    /// Goes to where a code is typed.
    case signIn
}

/// How iOS brings a person to what the agent's buttons name.
enum Mending {
    /// What the button with `target` does; `nil` where iOS can do nothing.
    static func way(to target: ButtonTarget, _ wording: Wording) -> MendWay? {
        switch target {
        case .page(let url): URL(string: url).map(MendWay.open)
        case .support(let channel): URL(string: channel.uri).map(MendWay.open)
        case .signIn: .signIn
        case .phone(let place): way(to: place, wording)
        }
    }

    /// Addresses such as `App-Prefs:` open other pages of Settings, but are not public: the App
    /// Store refuses apps that use them.
    private static func way(to place: MendAction, _ wording: Wording) -> MendWay? {
        switch place {
        // On an iPhone the passcode is what turns encryption on.
        case .openSecuritySettings, .openEncryption: .explain(wording(.wayPasscode))
        case .openSystemUpdate: .explain(wording(.wayUpdate))
        // The server names the page in the store. If it does not, nothing here knows it: an app
        // that a company distributes itself has none.
        case .openAppStore: .explain(wording(.wayStore))
        case .openDeveloperOptions: .explain(wording(.wayDeveloper))
        case .openCallSettings: .explain(wording(.wayCalls))
        case .openNetworkSettings: .explain(wording(.wayNetwork))
        // The switch for Background App Refresh is on the app's page, as are its permissions.
        case .openBackgroundRefresh, .openBatterySettings, .openAppPermissions: .appSettings
        // No places of the phone: the agent says `.signIn` and `.support`.
        case .signInAgain, .contactSupport, .checkConfiguration: nil
        }
    }
}
