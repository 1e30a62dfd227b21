import MusterKit

/// Somebody who was found, as one line of a list.
public struct PersonRow: Sendable, Equatable, Identifiable {
    /// The contact's id.
    public let id: String
    /// The name.
    public let name: [TextPiece]
    /// Position and organisation.
    public let about: [TextPiece]
    /// What matched, where the line does not show it.
    public let reason: String?
    /// What is read out.
    public let spoken: String

    init(_ hit: SearchHit, _ wording: Wording) {
        id = hit.id
        name = Highlights.pieces(of: hit.name, matched: hit.matched, in: .name)
        let parts = [(hit.title, MatchedField.title), (hit.organization, .organization)]
            .compactMap { text, field in
                text.map { Highlights.pieces(of: $0, matched: hit.matched, in: field) }
            }
            .filter { !$0.isEmpty }
        about = Array(parts.joined(separator: [TextPiece(", ")]))
        reason = Self.reason(hit, wording)
        let texts = [hit.name, hit.title, hit.organization, reason]
        spoken = texts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func reason(_ hit: SearchHit, _ wording: Wording) -> String? {
        let fields = hit.matched.map(\.field)
        if fields.contains(where: { [.name, .title, .organization].contains($0) }) { return nil }
        if fields.contains(.emails) { return wording(.matchedEmail) }
        if fields.contains(.phones) { return wording(.matchedPhone) }
        return fields.contains(.department) ? wording(.matchedDepartment) : nil
    }
}
