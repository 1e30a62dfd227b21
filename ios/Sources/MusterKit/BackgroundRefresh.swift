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

        /// Says how the agent is had, which is then run. To be called before the app has finished
        /// launching.
        @discardableResult
        public static func register(
            _ open: @escaping @Sendable () async throws -> Muster
        ) -> Bool {
            BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: nil) { task in
                let task = Handed(task: task)
                // For the case that iOS ends the app before the agent says when the next one is due.
                schedule(startingState(language: "en"))
                task.task.expirationHandler = {
                    Task { await attempt(open) { try await $0.handle(.windowClosing) } }
                }
                Task {
                    let done = await attempt(open) { muster in
                        try await muster.runWindow(milliseconds: windowMs)
                        schedule(muster.state)
                    }
                    task.task.setTaskCompleted(success: done)
                }
            }
        }

        /// Asks for the next turn, when the agent with this state wants one; it takes the place of the
        /// one that was asked for before. To be called whenever the app goes to the background.
        public static func schedule(_ state: MusterState) {
            let delay = state.wakeAfterMilliseconds(at: SystemClock().now())
            let request = BGAppRefreshTaskRequest(identifier: identifier)
            request.earliestBeginDate = Date(timeIntervalSinceNow: TimeInterval(delay) / 1000)
            do {
                try BGTaskScheduler.shared.submit(request)
            } catch {
                // The person may have switched it off, of which a rule of the company can tell.
                MusterLog.failed("asking for a background refresh", error)
            }
        }

        /// Whether it worked. Nobody is there to be told why not.
        @discardableResult
        private static func attempt(
            _ open: @Sendable () async throws -> Muster, _ work: (Muster) async throws -> Void
        ) async -> Bool {
            do {
                try await work(try await open())
                return true
            } catch {
                MusterLog.failed("a background refresh", error)
                return false
            }
        }

        /// The scheduler hands the task over for good.
        private struct Handed: @unchecked Sendable {
            let task: BGTask
        }
    }
#endif
