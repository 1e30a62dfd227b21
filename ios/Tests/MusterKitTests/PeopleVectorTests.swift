import Foundation
import Testing

@testable import MusterKit

/// tests/vectors/search and caller: the contacts go to a real server as vCards, come to the phone
/// by a real sync, and are asked for through the directory as an app does.
@Suite(.timeLimit(.minutes(5))) struct PeopleVectorTests {
    @Test(arguments: ["addresses", "letters", "numbers", "order", "words"])
    func search(file: String) async throws {
        let content = try vectors("search/\(file).json")
        // On this way a national number has no country; the core's own tests give it one.
        let elsewhere = Set(
            (content["contacts"]?.list ?? []).filter(Self.isToldApart).compactMap {
                $0["name"]?.text
            }
        )
        let all = content["cases"]?.list ?? []
        let cases = all.filter { elsewhere.isDisjoint(with: $0["found"]?.texts ?? []) }
        #expect(cases.count * 2 > all.count, "only \(cases.count) of \(all.count)")
        try await withPhone(content, "search-\(file)") { directory in
            for one in cases {
                let query = try #require(one["query"]?.text)
                let found = try directory.search(typed: query)
                #expect(found.map(\.name) == one["found"]?.texts, "\(file): \(query)")
                if let wanted = one["matched"] {
                    let marks = found.map { $0.matched.map(Self.mark) }
                    #expect(
                        marks == wanted.list.map { $0.list.map(Self.mark) },
                        "\(file): \(query)"
                    )
                }
            }
        }
    }

    @Test(arguments: ["numbers", "people"])
    func caller(file: String) async throws {
        let content = try vectors("caller/\(file).json")
        let cases = content["cases"]?.list ?? []
        #expect(!cases.isEmpty)
        try await withPhone(content, "caller-\(file)") { directory in
            for one in cases {
                let number = try #require(one["number"]?.text)
                let who = try directory.lookUpCaller(number: number)
                #expect("\(who.found)" == one["match"]?.text, "\(file): \(number)")
                #expect(who.contacts.map(\.name) == one["contacts"]?.texts, "\(file): \(number)")
            }
        }
    }

    /// A phone that has synced the contacts of a file.
    private func withPhone(
        _ content: JSON,
        _ id: String,
        ask: (MusterDirectory) throws -> Void
    ) async throws {
        let cards = Self.cards(content["contacts"]?.list ?? [])
        let company = try await TestServer.shared.get().found(id).hires(cards: cards)
        let phone = try Phone()
        defer { phone.remove() }
        let muster = try phone.open()
        try await muster.handle(managed(company.waysIn))
        let synced = await muster.waits { $0.contacts.lastSync != nil }
        #expect(synced?.contacts.count == Int64(cards.count))
        try ask(await muster.directory())
        await muster.close()
    }

    // MARK: - Cards

    /// The server keeps one card of a UID; the second of a person is in another book.
    private static func cards(_ contacts: [JSON]) -> [String] {
        var seen: Set<String> = []
        return contacts.enumerated().compactMap { index, contact in
            let uid = contact["uid"]?.text ?? "u\(index)"
            return seen.insert(uid).inserted ? card(uid, contact) : nil
        }
    }

    private static func card(_ uid: String, _ contact: JSON) -> String {
        func value(_ key: String) -> String { escaped(contact[key]?.text ?? "") }
        var lines = ["BEGIN:VCARD", "VERSION:4.0", "UID:\(uid)", "FN:\(value("name"))"]
        func add(_ property: String, _ value: String) {
            if !value.isEmpty { lines.append("\(property):\(value)") }
        }
        add("N", value("given").isEmpty ? "" : ";\(value("given"));;;")
        add("NICKNAME", value("nickname"))
        let work = [value("organization"), value("department")]
        add("ORG", work[1].isEmpty ? work[0] : work.joined(separator: ";"))
        add("TITLE", value("title"))
        for email in contact["emails"]?.texts ?? [] { add("EMAIL", escaped(email)) }
        for phone in contact["phones"]?.list ?? [] { add("TEL", number(phone)) }
        return (lines + ["END:VCARD", ""]).joined(separator: "\r\n")
    }

    /// A phone as a card has it; its E.164 form is for the core to find.
    private static func number(_ phone: JSON) -> String {
        phone.text ?? phone["number"]?.text ?? ""
    }

    /// Whether the E.164 form of a phone stands in its vector, but follows from nothing on the card.
    private static func isToldApart(_ contact: JSON) -> Bool {
        (contact["phones"]?.list ?? []).contains {
            $0["number"]?.text?.first?.isNumber ?? false
        }
    }

    private static func escaped(_ text: String) -> String {
        [("\\", "\\\\"), (";", "\\;"), (",", "\\,")]
            .reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }

    // MARK: - Marks

    private static func mark(_ range: MatchedRange) -> String {
        "\(range.field) \(range.index.map { "\($0)" } ?? "-") \(range.start) \(range.length)"
    }

    private static func mark(_ json: JSON) -> String {
        func number(_ key: String) -> String { json[key]?.number.map { "\(Int64($0))" } ?? "-" }
        return
            "\(json["field"]?.text ?? "") \(number("index")) \(number("start")) \(number("length"))"
    }
}
