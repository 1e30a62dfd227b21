import MusterAppModel
import MusterKit
import SwiftUI

/// How the phone stands.
struct SummarySection: View {
    let summary: Summary

    var body: some View {
        Section {
            VStack(alignment: .leading, spacing: 8) {
                ToneLabel(text: summary.state, tone: summary.tone)
                ForEach(Array(summary.lines.enumerated()), id: \.offset) { line in
                    Text(line.element).font(.subheadline).foregroundStyle(.secondary)
                }
                if let arriving = summary.arriving { ProgressView(arriving) }
            }
            .accessibilityElement(children: .combine)
            if let hidden = summary.hidden { Text(hidden).font(.body) }
        }
    }
}

/// A heading with a symbol. The text keeps the colour of texts, so that it can be read in any light.
struct ToneLabel: View {
    let text: String
    let tone: Tone

    var body: some View {
        Label {
            Text(text).font(.headline)
        } icon: {
            Image(systemName: tone.symbol).foregroundStyle(tone.color).accessibilityHidden(true)
        }
    }
}

extension Tone {
    /// Colours of the system, which know dark mode and increased contrast.
    var color: Color {
        switch self {
        case .neutral: .secondary
        case .good: .green
        case .warning: .orange
        case .bad: .red
        }
    }
}
