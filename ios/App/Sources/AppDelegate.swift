import Foundation
import MusterAppModel
import MusterKit
import UIKit

/// What has to be there before anything is shown, and when nothing ever is: iOS also starts the app
/// in the background, without a window.
@MainActor final class AppDelegate: NSObject, UIApplicationDelegate {
    private let host = AgentHost()
    private(set) lazy var model: ScreenModel = {
        let host = host
        return ScreenModel(
            phoneLanguage: Locale.preferredLanguages.first ?? "en",
            resources: Bundle.main.resourceURL
        ) { try await host.open() }
    }()

    func application(
        _ application: UIApplication,
        didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?
    ) -> Bool {
        setLogSink(sink: SystemLog(), level: .info)
        let host = host
        BackgroundRefresh.register { try await host.open() }
        Task {
            do {
                _ = try await host.open()
            } catch {
                // Where there is a screen, it opens the agent, too, and says why it can't.
                MusterLog.failed("opening the agent", error)
            }
        }
        return true
    }
}
