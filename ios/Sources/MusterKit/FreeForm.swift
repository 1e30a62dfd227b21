import Foundation

/// Any property list value. The system decodes a managed configuration into a type of the app's; one
/// that takes everything can't fail, so that one odd value does not cost all the others.
public enum FreeForm: Decodable, Sendable, Equatable {
    /// Yes or no.
    case flag(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction.
    case real(Double)
    /// A text.
    case text(String)
    /// A list.
    case list([FreeForm])
    /// A dictionary.
    case dictionary([String: FreeForm])
    /// Something that is none of these, a date for example.
    case other

    /// Takes whatever comes.
    public init(from decoder: any Decoder) throws {
        // Each error here says that it is something else, and nothing more.
        guard let value = try? decoder.singleValueContainer() else {
            self = .other
            return
        }
        if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let real = try? value.decode(Double.self) {
            self = .real(real)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([FreeForm].self) {
            self = .list(list)
        } else if let dictionary = try? value.decode([String: FreeForm].self) {
            self = .dictionary(dictionary)
        } else {
            self = .other
        }
    }

    /// The value as property list types. Something odd becomes an empty text: its key is there, and
    /// its value of no use.
    var plain: Any {
        switch self {
        case .flag(let flag): flag
        case .integer(let integer): integer
        case .real(let real): real
        case .text(let text): text
        case .list(let list): list.map(\.plain)
        case .dictionary(let dictionary): dictionary.mapValues(\.plain)
        case .other: ""
        }
    }
}
