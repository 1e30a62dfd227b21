import MusterAppModel
import SwiftUI

/// A contact: to be read, called and written to.
struct PersonView: View {
    let card: PersonCard
    let model: ScreenModel

    var body: some View {
        List {
            Section {
                if let photo = card.photo.flatMap(UIImage.init(data:)) {
                    Image(uiImage: photo).resizable().scaledToFit()
                        .frame(maxWidth: 240, maxHeight: 240)
                        .accessibilityLabel(model.wording(.photoOf, card.name))
                }
                VStack(alignment: .leading, spacing: 4) {
                    copyable(card.name).font(.title2)
                    if !card.about.isEmpty {
                        copyable(card.about).font(.subheadline).foregroundStyle(.secondary)
                    }
                }
                .accessibilityElement(children: .combine)
            }
            if !card.ways.isEmpty {
                Section {
                    ForEach(card.ways) { way in
                        if let url = way.url {
                            Button {
                                model.openOutside(url)
                            } label: {
                                WayView(way: way)
                            }
                            .accessibilityLabel("\(way.kind): \(way.spoken)")
                        } else {
                            WayView(way: way).accessibilityElement(children: .combine)
                        }
                    }
                }
            }
            if !card.facts.isEmpty {
                Section {
                    ForEach(card.facts) { fact in
                        VStack(alignment: .leading, spacing: 2) {
                            Text(fact.label).font(.footnote).foregroundStyle(.secondary)
                            copyable(fact.text).font(.body)
                        }
                        .accessibilityElement(children: .combine)
                    }
                }
            }
        }
        .navigationTitle(card.name)
    }

    /// The company may forbid copies; then no text can be selected.
    @ViewBuilder private func copyable(_ text: String) -> some View {
        if model.mayCopy {
            Text(text).textSelection(.enabled)
        } else {
            Text(text)
        }
    }
}

/// A number or an address.
private struct WayView: View {
    let way: PersonCard.Way

    var body: some View {
        Label {
            VStack(alignment: .leading, spacing: 2) {
                Text(way.kind).font(.footnote).foregroundStyle(.secondary)
                Text(way.text).font(.body)
            }
        } icon: {
            Image(systemName: way.symbol).accessibilityHidden(true)
        }
    }
}
