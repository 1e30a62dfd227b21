import Foundation
import MusterKit

/// A contact as it is shown: to be read and used, never to be changed.
public struct PersonCard: Sendable, Equatable, Identifiable {
    /// The contact's id.
    public let id: String
    /// The name.
    public let name: String
    /// Position and organisation.
    public let about: String
    /// How to reach them.
    public let ways: [Way]
    /// What else is known.
    public let facts: [Fact]
    /// An image of whatever format the card had.
    public let photo: Data?

    /// A way to reach somebody.
    public struct Way: Sendable, Equatable, Identifiable {
        /// Its place in the list.
        public let id: Int
        /// What kind of number or address it is.
        public let kind: String
        /// The number or address as the card has it.
        public let text: String
        /// What is read out.
        public let spoken: String
        /// A symbol of the system.
        public let symbol: String
        /// What a tap opens; `nil` for what can't be called or written to.
        public let url: URL?
    }

    /// Something known of somebody.
    public struct Fact: Sendable, Equatable, Identifiable {
        /// Its place in the list.
        public let id: Int
        /// What it is.
        public let label: String
        /// The text.
        public let text: String
    }

    init(_ contact: Contact, photo: Data?, _ wording: Wording) {
        id = contact.id
        name = contact.name
        about = [contact.title, contact.organization].compactMap(\.self).joined(separator: ", ")
        self.photo = photo
        let calls = contact.phones.enumerated().map { index, phone in
            Way(
                id: index, kind: wording(Self.word(of: phone.kind)), text: phone.number,
                spoken: wording(.call, phone.number), symbol: "phone",
                url: Self.canBeCalled(phone.kind)
                    ? WebAddress.call(phone.e164 ?? phone.number) : nil)
        }
        let mails = contact.emails.enumerated().map { index, email in
            Way(
                id: calls.count + index, kind: wording(Self.word(of: email.kind, else: .kindEmail)),
                text: email.address, spoken: wording(.write, email.address), symbol: "envelope",
                url: WebAddress.mail(email.address))
        }
        ways = calls + mails
        var known: [(String, String)] = []
        if let department = contact.department {
            known.append((wording(.labelDepartment), department))
        }
        for address in contact.addresses {
            let label = wording(Self.word(of: address.kind, else: .kindAddress))
            known.append((label, Self.lines(of: address)))
        }
        if !contact.categories.isEmpty {
            known.append((wording(.labelCategories), contact.categories.joined(separator: ", ")))
        }
        if let note = contact.note { known.append((wording(.labelNote), note)) }
        facts = known.enumerated().map { Fact(id: $0, label: $1.0, text: $1.1) }
    }

    private static func canBeCalled(_ kind: PhoneKind) -> Bool {
        switch kind {
        case .fax, .pager: false
        case .mobile, .work, .home, .other: true
        }
    }

    private static func word(of kind: PhoneKind) -> Phrase {
        switch kind {
        case .mobile: .kindMobile
        case .work: .kindWork
        case .home: .kindHome
        case .fax: .kindFax
        case .pager: .kindPager
        case .other: .kindPhone
        }
    }

    private static func word(of kind: PlaceKind, else other: Phrase) -> Phrase {
        switch kind {
        case .work: .kindWork
        case .home: .kindHome
        case .other: other
        }
    }

    private static func lines(of address: ContactAddress) -> String {
        let town = [address.postalCode, address.city].filter { !$0.isEmpty }.joined(separator: " ")
        return [address.street, town, address.region, address.country]
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
