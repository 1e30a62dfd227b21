import MusterAppModel
import SwiftUI

/// The app: one window with the one screen.
@main
struct MusterApp: App {
    @UIApplicationDelegateAdaptor(AppDelegate.self) private var delegate

    var body: some Scene {
        WindowGroup {
            ScreenView(model: delegate.model)
        }
    }
}
