import Foundation

/// A JSON value as it stands in tests/vectors: whole numbers, fractions and yes or no stay apart.
enum JSON: Decodable, Equatable, Sendable {
    case null
    case flag(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let real = try? value.decode(Double.self) {
            self = .real(real)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSON].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    /// Reads a text.
    static func read(_ text: String) throws -> JSON {
        try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }

    subscript(key: String) -> JSON? { object[key] }

    /// The members of an object, nothing for anything else.
    var object: [String: JSON] {
        if case .object(let members) = self { members } else { [:] }
    }

    /// The items of a list, nothing for anything else.
    var list: [JSON] {
        if case .list(let items) = self { items } else { [] }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The texts in a list.
    var texts: [String] { list.compactMap(\.text) }

    var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .real(let real): real
        default: nil
        }
    }

    /// Whether both say the same: 1 and 1.0 do.
    func says(_ other: JSON) -> Bool {
        switch (self, other) {
        case (.list(let one), .list(let two)):
            one.count == two.count && zip(one, two).allSatisfy { $0.says($1) }
        case (.object(let one), .object(let two)):
            one.count == two.count
                && one.allSatisfy { key, value in two[key].map(value.says) ?? false }
        default: number.map { $0 == other.number } ?? (self == other)
        }
    }
}

/// A file of tests/vectors.
func vectors(_ path: String) throws -> JSON {
    let data = try Data(contentsOf: vectorsFolder.appendingPathComponent(path))
    return try JSONDecoder().decode(JSON.self, from: data)
}

/// Where the vectors are: where the environment says, or in the repository.
var vectorsFolder: URL {
    let named = ProcessInfo.processInfo.environment["MUSTER_TEST_VECTORS"]
    return named.map { URL(fileURLWithPath: $0, isDirectory: true) }
        ?? repository.appendingPathComponent("tests/vectors", isDirectory: true)
}

/// Where the repository is, as seen from this file.
var repository: URL {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { folder.deleteLastPathComponent() }
    return folder
}
