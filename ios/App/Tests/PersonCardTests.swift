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
                    kind: .mobile, number: "0170 123", e164: "+49170123", callUri: "tel:+49170123"),
                ContactPhone(kind: .fax, number: "089 99", e164: nil, callUri: nil),
            ],
            emails: [
                ContactEmail(
                    kind: .other, address: "anna@contoso.example",
                    mailUri: "mailto:anna@contoso.example")
            ])
        let card = PersonCard(contact, photo: nil, Made.english)
        #expect(card.about == "Nurse, Contoso")
        #expect(card.ways.map(\.kind) == ["Mobile", "Fax", "E-mail"])
        #expect(card.ways.map(\.text) == ["0170 123", "089 99", "anna@contoso.example"])
        #expect(card.ways[0].url?.absoluteString == "tel:+49170123")
        #expect(card.ways[0].spoken == "Call 0170 123")
        #expect(card.ways[1].url == nil)
        #expect(card.ways[2].spoken == "Write to anna@contoso.example")
        #expect(Set(card.ways.map(\.id)).count == 3)
    }

    @Test func factsAreWhatThereIs() {
        let address = ContactAddress(
            kind: .work, street: "Main Street 1", city: "Munich", region: "", postalCode: "80331",
            country: "Germany")
        let card = PersonCard(
            Made.contact("Anna", addresses: [address]), photo: Data([1]), Made.english)
        #expect(card.facts.map(\.label) == ["Department", "Work", "Categories", "Note"])
        #expect(card.facts[1].text == "Main Street 1\n80331 Munich\nGermany")
        #expect(card.facts[2].text == "Staff, Nights")
        #expect(card.photo == Data([1]))
    }
}
