import Foundation

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
        texts = resources.flatMap { Self.read(language, $0) } ?? [:]
    }

    private static func language(of tag: String) -> String {
        let first = tag.lowercased().split { $0 == "-" || $0 == "_" }.first.map(String.init)
        return languages.first { $0 == first } ?? "en"
    }

    /// Xcode turns the texts into a binary property list; this reads both.
    private static func read(_ language: String, _ resources: URL) -> [String: String]? {
        let file = resources.appendingPathComponent("\(language).lproj/Localizable.strings")
        guard let data = try? Data(contentsOf: file) else { return nil }
        let list = try? PropertyListSerialization.propertyList(from: data, format: nil)
        return list as? [String: String]
    }

    /// The text of `phrase`, with `argument` where it has a place for it.
    public func callAsFunction(_ phrase: Phrase, _ argument: String = "") -> String {
        (texts[phrase.rawValue] ?? phrase.rawValue).replacingOccurrences(of: "%@", with: argument)
    }

    /// How many people there are. All three languages have one form for one and one for the rest.
    func people(_ count: Int64) -> String {
        self(count == 1 ? .peopleOne : .peopleOther, number(count))
    }

    func number(_ count: Int64) -> String {
        count.formatted(.number.locale(locale))
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
