import MusterKit

/// A piece of a text that is shown in one way.
public struct TextPiece: Sendable, Equatable {
    /// The piece.
    public let text: String
    /// Whether what was typed matched it.
    public let isMatch: Bool

    /// A piece.
    public init(_ text: String, isMatch: Bool = false) {
        self.text = text
        self.isMatch = isMatch
    }
}

/// Where what was typed matched.
enum Highlights {
    /// `text` in pieces, for the matches of `field`.
    ///
    /// The agent counts Unicode scalars, and what people see is made of characters: a character of
    /// which a part matched is matched, so that no accent is torn from its letter.
    static func pieces(
        of text: String, matched: [MatchedRange], in field: MatchedField
    ) -> [TextPiece] {
        let ranges = matched.filter { $0.field == field && $0.index == nil }
            .map { $0.start..<($0.start + max($0.length, 0)) }
        var pieces: [TextPiece] = []
        var run = ""
        var runIsMatch = false
        var position: Int64 = 0
        for character in text {
            let end = position + Int64(character.unicodeScalars.count)
            let isMatch = ranges.contains { $0.lowerBound < end && position < $0.upperBound }
            if isMatch != runIsMatch && !run.isEmpty {
                pieces.append(TextPiece(run, isMatch: runIsMatch))
                run = ""
            }
            runIsMatch = isMatch
            run.append(character)
            position = end
        }
        if !run.isEmpty { pieces.append(TextPiece(run, isMatch: runIsMatch)) }
        return pieces
    }
}
