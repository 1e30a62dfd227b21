import MusterAppModel
import SwiftUI

/// Whoever was found.
struct PeopleSection: View {
    let model: ScreenModel

    var body: some View {
        if model.isNobodyFound {
            Section { Text(model.wording(.nobodyFound)) }
        } else if !model.rows.isEmpty {
            Section(model.wording(.people)) {
                ForEach(model.rows) { row in
                    Button {
                        Task { await model.show(person: row.id) }
                    } label: {
                        PersonRowView(row: row)
                    }
                    .accessibilityLabel(row.spoken)
                    .accessibilityHint(model.wording(.showPerson))
                }
            }
        }
    }
}

/// One of them.
struct PersonRowView: View {
    let row: PersonRow

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(Self.marked(row.name)).font(.body).foregroundStyle(.primary)
            if !row.about.isEmpty {
                Text(Self.marked(row.about)).font(.subheadline).foregroundStyle(.secondary)
            }
            if let reason = row.reason {
                Text(reason).font(.footnote).foregroundStyle(.secondary)
            }
        }
    }

    /// Matches are bold: seen without colours, and in any text size.
    private static func marked(_ pieces: [TextPiece]) -> AttributedString {
        pieces.reduce(into: AttributedString()) { whole, piece in
            var part = AttributedString(piece.text)
            if piece.isMatch { part.inlinePresentationIntent = .stronglyEmphasized }
            whole += part
        }
    }
}
