#if canImport(BackgroundTasks) && canImport(UIKit)
    import BackgroundTasks
    import Foundation

    /// Lets the agent run now and then while nobody looks. iOS decides when: often once a day, not
    /// at all for an app that is never opened.
    public enum BackgroundRefresh {
        /// Has to stand in Info.plist under `BGTaskSchedulerPermittedIdentifiers`.
        public static let identifier = "dev.muster.refresh"
        /// iOS gives about 30 s.
        static let windowMs: Int64 = 25_000

        /// Says what is to be run. To be called before the app has finished launching.
        @discardableResult
        public static func register(_ muster: @escaping @Sendable () async -> Muster?) -> Bool {
            BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: nil) { task in
                let task = Handed(task: task)
                schedule()
                task.task.expirationHandler = {
                    Task { try? await muster()?.handle(.windowClosing) }
                }
                Task {
                    let done = await run(await muster())
                    task.task.setTaskCompleted(success: done)
                }
            }
        }

        /// Asks for the next turn. To be called whenever the app goes to the background.
        public static func schedule() {
            let request = BGAppRefreshTaskRequest(identifier: identifier)
            request.earliestBeginDate = Date(timeIntervalSinceNow: 60 * 60)
            try? BGTaskScheduler.shared.submit(request)
        }

        private static func run(_ muster: Muster?) async -> Bool {
            guard let muster else { return false }
            return (try? await muster.runWindow(milliseconds: windowMs)) != nil
        }

        /// The scheduler hands the task over for good.
        private struct Handed: @unchecked Sendable {
            let task: BGTask
        }
    }
#endif
