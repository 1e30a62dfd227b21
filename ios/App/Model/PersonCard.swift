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
        let language = wording.language
        let calls = contact.phones.enumerated().map { index, phone in
            Way(
                id: index, kind: contactPhoneLabel(kind: phone.kind, language: language),
                text: phone.number, spoken: wording(.call, phone.number), symbol: "phone",
                url: phone.dial.flatMap { URL(string: "tel:\($0)") })
        }
        let mails = contact.emails.enumerated().map { index, email in
            Way(
                id: calls.count + index,
                kind: contactEmailLabel(kind: email.kind, language: language),
                text: email.address, spoken: wording(.write, email.address), symbol: "envelope",
                url: email.mailUri.flatMap { URL(string: $0) })
        }
        ways = calls + mails
        facts = contact.details.enumerated().map { index, detail in
            Fact(
                id: index, label: contactDetailLabel(kind: detail.kind, language: language),
                text: detail.text)
        }
    }
}
