import MusterAppModel
import SwiftUI

/// What is to be seen to, with a button where something can be done.
struct FindingsSection: View {
    let model: ScreenModel

    var body: some View {
        if !model.findings.isEmpty {
            Section(model.wording(.findings)) {
                ForEach(model.findings) { card in
                    VStack(alignment: .leading, spacing: 8) {
                        VStack(alignment: .leading, spacing: 8) {
                            ToneLabel(text: card.title, tone: card.tone)
                            Text(card.explanation).font(.body)
                            if let due = card.due {
                                Text(due).font(.footnote).foregroundStyle(.secondary)
                            }
                        }
                        .accessibilityElement(children: .combine)
                        if let button = card.button {
                            Button(button.label) { mend(button.way) }
                                .buttonStyle(.bordered)
                                .accessibilityLabel(button.spoken)
                        }
                    }
                }
            }
        }
    }

    private func mend(_ way: MendWay) {
        let settings = URL(string: UIApplication.openSettingsURLString)
        if let url = model.mend(way, appSettings: settings) { model.openOutside(url) }
    }
}

extension ScreenModel {
    /// Opens an address with the app that iOS has for it, or says that there is none.
    func openOutside(_ url: URL) {
        Task {
            if await !UIApplication.shared.open(url) { couldNotOpen() }
        }
    }
}
