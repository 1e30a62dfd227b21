import MusterAppModel
import MusterKit
import SwiftUI
import UserNotifications

/// The one screen: how the phone stands, what is to be seen to, and the people.
struct ScreenView: View {
    @Bindable var model: ScreenModel
    @Environment(\.scenePhase) private var scenePhase

    var body: some View {
        NavigationStack {
            stage
                .navigationTitle(model.summary?.headline ?? "Muster")
                .toolbar {
                    ToolbarItem(placement: .primaryAction) {
                        Button(model.wording(.checkNow)) { Task { await model.checkNow() } }
                            .accessibilityHint(model.wording(.checkNowHint))
                            .disabled(model.stage != .open)
                    }
                }
        }
        .modifier(Cover(isWanted: model.hidesFromPictures))
        .sheet(item: $model.sheet) { sheet in
            SheetView(sheet: sheet, model: model)
                .modifier(Cover(isWanted: model.hidesFromPictures))
        }
        .task { await model.appeared() }
        .onChange(of: scenePhase) { _, phase in
            if phase == .active { Task { await model.appeared() } }
            if phase == .background { BackgroundRefresh.schedule(model.state) }
        }
        .onChange(of: model.canSearch) { _, canSearch in
            // Not before there is something that a notification could be about.
            if canSearch { Task { await Self.askForNotifications() } }
        }
        .onOpenURL { url in open(link: url) }
        .onContinueUserActivity(NSUserActivityTypeBrowsingWeb) { activity in
            if let url = activity.webpageURL { open(link: url) }
        }
    }

    @ViewBuilder private var stage: some View {
        switch model.stage {
        case .starting: ProgressView(model.state.headline.text)
        case .failed(let words): notice(words, "exclamationmark.triangle")
        case .broken: notice(model.state.headline.text, "exclamationmark.triangle")
        case .open: content
        }
    }

    @ViewBuilder private var content: some View {
        if model.canSearch {
            list.searchable(text: $model.typed, prompt: model.wording(.searchPrompt))
        } else {
            list
        }
    }

    private var list: some View {
        List {
            PeopleSection(model: model)
            if let summary = model.summary { SummarySection(summary: summary) }
            if model.canActivate {
                Section {
                    Button(model.wording(.activateTitle)) { model.showsActivation = true }
                        .accessibilityHint(model.wording(.activateHint))
                }
            }
            FindingsSection(model: model)
        }
        .refreshable { [model] in await model.checkNow() }
    }

    private func notice(_ words: String, _ symbol: String) -> some View {
        ContentUnavailableView {
            Label("Muster", systemImage: symbol)
        } description: {
            Text(words)
        } actions: {
            Button(model.wording(.openAgain)) { Task { await model.connect() } }
                .buttonStyle(.borderedProminent)
        }
    }

    private func open(link url: URL) {
        Task { await model.openLink(url.absoluteString) }
    }

    /// Findings reach the person by notifications, too. iOS asks once; later calls do nothing.
    private nonisolated static func askForNotifications() async {
        do {
            // A no is an answer: findings stand on the screen, too.
            _ = try await UNUserNotificationCenter.current().requestAuthorization(
                options: [.alert, .sound])
        } catch {
            MusterLog.failed("asking for notifications", error)
        }
    }
}

/// Hides the contents while the app is in the app switcher, where iOS keeps a picture of it. A
/// screenshot by the person can't be prevented on iOS.
struct Cover: ViewModifier {
    let isWanted: Bool
    @Environment(\.scenePhase) private var scenePhase

    func body(content: Content) -> some View {
        content.overlay {
            if isWanted && scenePhase != .active {
                Rectangle().fill(.background).ignoresSafeArea().accessibilityHidden(true)
            }
        }
    }
}
