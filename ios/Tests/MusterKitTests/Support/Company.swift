import Foundation

/// An organisation at the server, of one test.
struct Company: Sendable {
    let server: TestServer
    let id: String

    var username: String { "licence-\(id)" }
    var password: String { "correct horse battery \(id)" }

    /// What an MDM delivers so that a phone activates itself.
    var waysIn: [String: any Sendable] {
        [
            "server_url": server.url, "license_username": username,
            "license_password": password,
        ]
    }

    /// Puts made-up people on the list.
    @discardableResult
    func hires(_ count: Int) async throws -> Company {
        let rows = (0..<count).map { n in
            [
                "first_name": People.first(n), "last_name": People.last(n),
                "email": People.email(n), "phone": People.phone(n), "title": "Person \(n)",
            ]
        }
        return try await imports(rows)
    }

    /// Puts people on the list, given as vCards.
    @discardableResult
    func hires(cards: [String]) async throws -> Company {
        try await imports(cards.map { ["vcard": $0] })
    }

    private func imports(_ people: [[String: String]]) async throws -> Company {
        try await server.call("POST", "tenants/\(id)/people/import", ["people": people])
        return self
    }

    /// The phones, as the server knows them.
    func devices() async throws -> [JSON] {
        try await server.call("GET", "tenants/\(id)/devices")["devices"]?.list ?? []
    }

    /// The names of the phones that are in use.
    func activeDevices() async throws -> [String] {
        try await devices().filter { $0["state"]?.text == "active" }.compactMap {
            $0["device"]?.text
        }
    }

    /// A link that activates one phone, once.
    func link() async throws -> String {
        guard let url = try await server.call("POST", "tenants/\(id)/links", [:])["url"]?.text
        else {
            throw Trouble("no link")
        }
        return url
    }
}

/// Made-up people. Nobody among them exists; the numbers are set aside for fiction.
enum People {
    private static let given = ["Anna", "Björn", "Chloé", "Dilan", "Emil", "Fatima", "Günther"]
    private static let family = ["Müller", "Ångström", "O'Neill", "Schröder", "Yılmaz", "Weiß"]

    static func first(_ n: Int) -> String { given[n % given.count] }
    static func last(_ n: Int) -> String { family[n / given.count % family.count] }
    static func name(_ n: Int) -> String { "\(first(n)) \(last(n))" }
    static func email(_ n: Int) -> String { "person\(n)@nordlicht.example" }
    static func phone(_ n: Int) -> String { "+493023125" + String(format: "%05d", n) }
}
