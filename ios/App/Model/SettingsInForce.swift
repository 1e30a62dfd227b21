import Foundation

/// The settings in force that a screen needs, as the agent shows them.
struct SettingsInForce: Sendable, Equatable {
    var supportUrl: String?
    var supportEmail: String?
    var supportPhone: String?
    var blockScreenshots = false
    var blockCopy = false

    init() {}

    /// `MusterAgent.configJson`. What can't be read counts as not set.
    init(json: String) {
        guard let shown = try? JSONDecoder().decode(Shown.self, from: Data(json.utf8)) else {
            return
        }
        for setting in shown.settings {
            switch (setting.key, setting.value) {
            case ("support_url", .text(let url)): supportUrl = url
            case ("support_email", .text(let email)): supportEmail = email
            case ("support_phone", .text(let phone)): supportPhone = phone
            case ("block_screenshots", .flag(let flag)): blockScreenshots = flag
            case ("block_copy", .flag(let flag)): blockCopy = flag
            default: continue
            }
        }
    }

    private struct Shown: Decodable {
        let settings: [Setting]
    }

    private struct Setting: Decodable {
        let key: String
        let value: Value?
    }

    private enum Value: Decodable {
        case flag(Bool)
        case text(String)
        case other

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else {
                self = .other
            }
        }
    }
}
