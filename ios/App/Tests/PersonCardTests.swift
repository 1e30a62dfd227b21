import Foundation
import MusterKit
import Testing

@testable import MusterAppModel

struct PersonCardTests {
    @Test func waysToReachSomebodyComeFirstAndSayWhatTheyDo() {
        let contact = Made.contact(
            "Anna Muster",
            phones: [
                ContactPhone(
                    kind: .mobile, number: "0170 123", e164: "+49170123", dial: "+49170123"),
                ContactPhone(kind: .fax, number: "089 99", e164: nil),
            ],
            emails: [
                ContactEmail(
                    kind: .other, address: "anna@contoso.example",
                    mailUri: "mailto:anna@contoso.example"),
                ContactEmail(kind: .other, address: "no address", mailUri: nil),
            ])
        let card = PersonCard(contact, photo: nil, Made.english)
        #expect(card.about == "Nurse, Contoso")
        #expect(card.ways.map(\.kind) == ["Mobile", "Fax", "E-mail", "E-mail"])
        #expect(
            card.ways.map(\.text) == ["0170 123", "089 99", "anna@contoso.example", "no address"])
        #expect(card.ways[0].url?.absoluteString == "tel:+49170123")
        #expect(card.ways[0].spoken == "Call 0170 123")
        #expect(card.ways[1].url == nil)
        #expect(card.ways[2].spoken == "Write to anna@contoso.example")
        #expect(card.ways[2].url?.absoluteString == "mailto:anna@contoso.example")
        #expect(card.ways[3].url == nil)
        #expect(Set(card.ways.map(\.id)).count == 4)
    }

    @Test func factsAreWhatThereIsInTheLanguageOfTheScreen() {
        let address = "Main Street 1\n80331 Munich\nGermany"
        let contact = Made.contact(
            "Anna",
            details: [
                ContactDetail(kind: .department, text: "Ward 3"),
                ContactDetail(kind: .workAddress, text: address),
                ContactDetail(kind: .categories, text: "Staff, Nights"),
                ContactDetail(kind: .note, text: "Prefers mail"),
            ])
        let card = PersonCard(contact, photo: Data([1]), Made.english)
        #expect(card.facts.map(\.label) == ["Department", "Work", "Categories", "Note"])
        #expect(card.facts[1].text == address)
        #expect(card.facts[2].text == "Staff, Nights")
        #expect(card.photo == Data([1]))
        let german = Wording(language: "de", resources: Made.resources)
        let labels = PersonCard(contact, photo: nil, german).facts.map(\.label)
        #expect(labels == ["Abteilung", "Arbeit", "Kategorien", "Notiz"])
    }
}
