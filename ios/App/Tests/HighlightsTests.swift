import Foundation
import MusterKit
import Testing

@testable import MusterAppModel

struct HighlightsTests {
    private func shown(_ text: String, _ matched: [MatchedRange]) -> String {
        Highlights.pieces(of: text, matched: matched, in: .name)
            .map { $0.isMatch ? "[\($0.text)]" : $0.text }.joined()
    }

    @Test func matchesAreMarkedAndTheRestIsNot() {
        #expect(shown("Anna Muster", [Made.match(.name, 0, 2)]) == "[An]na Muster")
        #expect(shown("Anna Muster", [Made.match(.name, 5, 6)]) == "Anna [Muster]")
        #expect(shown("Anna", []) == "Anna")
        #expect(shown("", [Made.match(.name, 0, 1)]) == "")
    }

    @Test func overlappingMatchesAreOne() {
        let matched = [Made.match(.name, 0, 3), Made.match(.name, 2, 2), Made.match(.name, 4, 1)]
        #expect(shown("Annabel", matched) == "[Annab]el")
    }

    @Test func otherFieldsAndOtherAddressesDoNotCount() {
        let matched = [Made.match(.title, 0, 2), Made.match(.name, 0, 2, index: 0)]
        #expect(shown("Anna", matched) == "Anna")
    }

    @Test func offsetsAreScalarsAndCharactersStayWhole() {
        // e and a combining accent are two scalars and one character.
        #expect(shown("Zoe\u{308} Baur", [Made.match(.name, 0, 3)]) == "[Zoe\u{308}] Baur")
        #expect(shown("Zoe\u{308} Baur", [Made.match(.name, 5, 4)]) == "Zoe\u{308} [Baur]")
        // A family is seven scalars and one character.
        #expect(shown("👨‍👩‍👧‍👦 Ann", [Made.match(.name, 8, 3)]) == "👨‍👩‍👧‍👦 [Ann]")
    }

    @Test func rangesThatReachTooFarDoNoHarm() {
        #expect(shown("Anna", [Made.match(.name, 2, 99)]) == "An[na]")
        #expect(shown("Anna", [Made.match(.name, 9, 1)]) == "Anna")
        #expect(shown("Anna", [Made.match(.name, 1, -4)]) == "Anna")
    }

    /// What the core says of the vectors all languages share, as this screen shows it.
    @Test func vectorsOfTheSearchAreShownWhole() throws {
        let folder = Made.folder.appendingPathComponent("../../tests/vectors/search")
        let file = folder.appendingPathComponent("letters.json")
        let vectors = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
        var checked = 0
        for entry in vectors.cases {
            for (name, matched) in zip(entry.found, entry.matched ?? []) {
                let ranges = matched.filter { $0.field == "name" }
                    .map { Made.match(.name, $0.start, $0.length) }
                let pieces = Highlights.pieces(of: name, matched: ranges, in: .name)
                #expect(pieces.map(\.text).joined() == name)
                let scalars = Array(name.unicodeScalars)
                for range in ranges {
                    let part = scalars[Int(range.start)..<Int(range.start + range.length)]
                    let text = String(String.UnicodeScalarView(part))
                    #expect(pieces.contains { $0.isMatch && $0.text.contains(text) })
                    checked += 1
                }
            }
        }
        #expect(checked > 5)
    }

    private struct Vectors: Decodable {
        struct Case: Decodable {
            let found: [String]
            let matched: [[Range]]?
        }
        struct Range: Decodable {
            let field: String
            let start: Int64
            let length: Int64
        }
        let cases: [Case]
    }

    @Test func aLineSaysWhatMatchedWhereItDoesNotShowIt() {
        let wording = Made.english
        let byMail = Made.hit("Anna", matched: [Made.match(.emails, 0, 3, index: 1)])
        #expect(PersonRow(byMail, wording).reason == "The e-mail address matches")
        let byNumber = Made.hit("Anna", matched: [Made.match(.phones, 0, 3, index: 0)])
        #expect(PersonRow(byNumber, wording).reason == "A phone number matches")
        let byWard = Made.hit("Anna", matched: [Made.match(.department, 0, 3)])
        #expect(PersonRow(byWard, wording).reason == "The department matches")
        let both = [Made.match(.name, 0, 1), Made.match(.emails, 0, 1, index: 0)]
        #expect(PersonRow(Made.hit("Anna", matched: both), wording).reason == nil)
    }

    @Test func aLineIsReadOutWithoutGaps() {
        let hit = Made.hit(
            "Anna", title: "Nurse", organization: "Contoso", matched: [Made.match(.title, 0, 3)])
        let row = PersonRow(hit, Made.english)
        #expect(row.spoken == "Anna, Nurse, Contoso")
        #expect(row.about.map(\.text) == ["Nur", "se", ", ", "Contoso"])
        #expect(PersonRow(Made.hit("Anna", title: ""), Made.english).about.isEmpty)
    }
}
