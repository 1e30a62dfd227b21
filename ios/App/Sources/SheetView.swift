import MusterAppModel
import SwiftUI

/// What lies over the screen.
struct SheetView: View {
    let sheet: ScreenModel.Sheet
    @Bindable var model: ScreenModel

    var body: some View {
        NavigationStack {
            content
                .navigationBarTitleDisplayMode(.inline)
                .toolbar {
                    ToolbarItem(placement: .cancellationAction) {
                        Button(model.wording(closing)) { model.sheet = nil }
                    }
                }
        }
    }

    /// A question is refused; anything else is closed.
    private var closing: Phrase {
        if case .link(let link) = sheet, link.canBeAccepted { return .linkRefuse }
        return .close
    }

    @ViewBuilder private var content: some View {
        switch sheet {
        case .message(let message): words(message.title, message.id)
        case .link(let link): question(link)
        case .person(let card): PersonView(card: card, model: model)
        case .activation: form
        }
    }

    private func words(_ title: String, _ text: String) -> some View {
        List { Text(text).font(.body) }
            .navigationTitle(title)
            .presentationDetents([.medium, .large])
    }

    private func question(_ link: LinkQuestion) -> some View {
        List {
            // Whole, however long the host is: a title would be cut off.
            Text(link.title).font(.headline)
            Text(link.text).font(.body)
            if link.canBeAccepted {
                Button(model.wording(.linkAccept)) { Task { await model.acceptLink(link) } }
            }
        }
        .navigationTitle("Muster")
        .presentationDetents([.medium, .large])
    }

    private var form: some View {
        Form {
            Section(model.wording(.activateTitle)) {
                TextField(model.wording(.serverPrompt), text: $model.server)
                    .keyboardType(.URL)
                    .textContentType(.URL)
                    .textInputAutocapitalization(.never)
                    .autocorrectionDisabled()
                    .accessibilityLabel(model.wording(.serverPrompt))
                TextField(model.wording(.codePrompt), text: $model.code)
                    .textContentType(.oneTimeCode)
                    .textInputAutocapitalization(.never)
                    .autocorrectionDisabled()
                    .accessibilityLabel(model.wording(.codePrompt))
            }
            Button(model.wording(.activate)) { Task { await model.activate() } }
                .disabled(!model.isCodeComplete)
                .accessibilityHint(model.wording(.activateHint))
        }
        .navigationTitle("Muster")
    }
}
