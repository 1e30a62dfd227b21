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

/// Where a finding is mended on iOS.
enum Mending {
    /// What the button of `action` does; `nil` where there is nothing for the person to open.
    ///
    /// Addresses such as `App-Prefs:` open other pages of Settings, but are not public: the App
    /// Store refuses apps that use them.
    static func way(
        for action: MendAction, url: String?, settings: SettingsInForce, _ wording: Wording
    ) -> MendWay? {
        if let page = url.flatMap(WebAddress.https) { return .open(page) }
        switch action {
        // On an iPhone the passcode is what turns encryption on.
        case .openSecuritySettings, .openEncryption: return .explain(wording(.wayPasscode))
        case .openSystemUpdate: return .explain(wording(.wayUpdate))
        // The server names the page in the store. If it does not, nothing here knows it: an app
        // that a company distributes itself has none.
        case .openAppStore: return .explain(wording(.wayStore))
        case .openDeveloperOptions: return .explain(wording(.wayDeveloper))
        case .openCallSettings: return .explain(wording(.wayCalls))
        case .openNetworkSettings: return .explain(wording(.wayNetwork))
        // The switch for Background App Refresh is on the app's page, as are its permissions.
        case .openBackgroundRefresh, .openBatterySettings, .openAppPermissions: return .appSettings
        case .signInAgain: return .signIn
        case .contactSupport, .checkConfiguration: return support(settings).map(MendWay.open)
        }
    }

    private static func support(_ settings: SettingsInForce) -> URL? {
        settings.supportUrl.flatMap(WebAddress.https)
            ?? settings.supportEmail.flatMap(WebAddress.mail)
            ?? settings.supportPhone.flatMap(WebAddress.call)
    }
}

/// Addresses that iOS opens with other apps.
enum WebAddress {
    /// `text` as it is, if it is a page that is fetched safely.
    static func https(_ text: String) -> URL? {
        URL(string: text).flatMap {
            $0.scheme?.lowercased() == "https" && $0.host != nil ? $0 : nil
        }
    }

    /// A new mail to `address`.
    static func mail(_ address: String) -> URL? {
        escaped(address).flatMap { URL(string: "mailto:\($0)") }
    }

    /// A call to `number`; nothing for what has no digits. `*` and `#` could set call forwarding.
    static func call(_ number: String) -> URL? {
        let dialled = number.filter { $0.isASCII && ($0.isNumber || $0 == "+") }
        return dialled.contains(where: \.isNumber) ? URL(string: "tel:\(dialled)") : nil
    }

    private static func escaped(_ address: String) -> String? {
        // An address must not bring a subject, a copy or a text along.
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "@.-_+'"))
        guard address.contains("@") else { return nil }
        return address.addingPercentEncoding(withAllowedCharacters: allowed)
    }
}
