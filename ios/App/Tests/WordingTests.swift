import Foundation
import Testing

@testable import MusterAppModel

struct WordingTests {
    private func texts(_ language: String) throws -> [String: String] {
        let file = Made.resources.appendingPathComponent("\(language).lproj/Localizable.strings")
        let list = try PropertyListSerialization.propertyList(
            from: Data(contentsOf: file), format: nil)
        return try #require(list as? [String: String])
    }

    @Test(arguments: Wording.languages)
    func everyPhraseIsThereAndNoOther(_ language: String) throws {
        let texts = try texts(language)
        #expect(Set(texts.keys) == Set(Phrase.allCases.map(\.rawValue)))
        for (key, text) in texts {
            #expect(!text.trimmingCharacters(in: .whitespaces).isEmpty, "\(key) is empty")
        }
    }

    /// A property list takes the last of two texts of one key without a word.
    @Test(arguments: Wording.languages)
    func noKeyIsThereTwice(_ language: String) throws {
        let file = Made.resources.appendingPathComponent("\(language).lproj/Localizable.strings")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("\"") }.count == Phrase.allCases.count)
    }

    @Test(arguments: Wording.languages)
    func allLanguagesHaveTheSamePlacesForArguments(_ language: String) throws {
        let english = try texts("en")
        for (key, text) in try texts(language) {
            let places = text.components(separatedBy: "%@").count
            #expect(places == english[key]?.components(separatedBy: "%@").count, "\(key)")
            #expect(text.components(separatedBy: "%").count == places, "\(key)")
        }
    }

    @Test func everyPhraseIsUsed() throws {
        var code = ""
        for folder in ["Model", "Sources"] {
            let folder = Made.folder.appendingPathComponent(folder)
            let files = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil)
            for file in files where file.lastPathComponent != "Phrase.swift" {
                code += try String(contentsOf: file, encoding: .utf8)
            }
        }
        for phrase in Phrase.allCases {
            let use = try Regex("\\.\(phrase)\\b")
            #expect(code.firstMatch(of: use) != nil, "\(phrase) is not used")
        }
    }

    @Test func aTextThatIsMissingShowsItsKey() {
        #expect(Wording(language: "en", resources: nil)(.checkNow) == "check_now")
    }

    @Test(arguments: [("de-AT", "de"), ("sv_SE", "sv"), ("EN", "en"), ("fr-FR", "en"), ("", "en")])
    func tagsOfLanguages(_ tag: String, _ language: String) {
        #expect(Wording(language: tag, resources: Made.resources).language == language)
    }
}
