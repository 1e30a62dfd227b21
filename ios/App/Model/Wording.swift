import Foundation
import MusterKit

/// The texts of one language, and how it writes numbers and moments.
public struct Wording: Sendable, Equatable {
    /// What there are texts in, and what the agent speaks.
    public static let languages = ["en", "de", "sv"]

    /// One of ``languages``.
    public let language: String
    private let texts: [String: String]

    /// The texts of `language`, a BCP 47 tag, from the `.lproj` folders in `resources`. The app asks
    /// for the language that the agent speaks, so that a screen is in one language: iOS alone would
    /// take the phone's.
    public init(language tag: String, resources: URL?) {
        let language = Self.language(of: tag)
        self.language = language
        do {
            texts = try resources.map { try Self.read(language, $0) } ?? [:]
        } catch {
            // The screen shows the names of its texts then.
            MusterLog.failed("reading the texts of the app", error)
            texts = [:]
        }
    }

    private static func language(of tag: String) -> String {
        let first = tag.lowercased().split { $0 == "-" || $0 == "_" }.first.map(String.init)
        return languages.first { $0 == first } ?? "en"
    }

    /// Xcode turns the texts into a binary property list; this reads both.
    private static func read(_ language: String, _ resources: URL) throws -> [String: String] {
        let file = resources.appendingPathComponent("\(language).lproj/Localizable.strings")
        let list = try PropertyListSerialization.propertyList(
            from: Data(contentsOf: file), format: nil)
        guard let texts = list as? [String: String] else { throw CocoaError(.fileReadCorruptFile) }
        return texts
    }

    /// The text of `phrase`, with `argument` where it has a place for it.
    public func callAsFunction(_ phrase: Phrase, _ argument: String = "") -> String {
        (texts[phrase.rawValue] ?? phrase.rawValue).replacingOccurrences(of: "%@", with: argument)
    }

    /// A line of the agent's, with its moment as people write it here.
    func line(_ line: StatusLine, in zone: TimeZone = .current) -> String {
        let moment = moment(line.moment, in: zone) ?? line.moment ?? ""
        return line.text.replacingOccurrences(of: "{moment}", with: moment)
    }

    /// A moment of the agent's (RFC 3339) as people write it here; `nil` if it is none.
    func moment(_ text: String?, in zone: TimeZone = .current) -> String? {
        guard let text, let date = try? Date(text, strategy: .iso8601) else { return nil }
        var style = Date.FormatStyle(date: .abbreviated, time: .shortened, locale: locale)
        style.timeZone = zone
        return date.formatted(style)
    }

    /// The phone's own way, 12 or 24 hours included, where it speaks this language.
    private var locale: Locale {
        let phone = Locale.current
        return phone.language.languageCode?.identifier == language
            ? phone : Locale(identifier: language)
    }
}
