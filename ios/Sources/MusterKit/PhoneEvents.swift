#if canImport(UIKit)
    import Foundation
    import UIKit

    #if canImport(Network)
        import Network
    #endif

    extension Muster {
        /// Hands over what happens on this phone, for as long as the task that calls it lives: the
        /// configuration and the signals at once and whenever they may have changed, networks, and
        /// unlocking.
        @MainActor public func watchThePhone(signals: SignalCollector) async {
            let reader = ManagedConfigurationReader()
            let channels = ConfigurationChannels(
                reader: reader, hasManagedApp: Self.hasManagedApp)
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in reader.changes() { await self.tell(channels) }
                }
                #if canImport(ManagedApp)
                    if #available(iOS 18.4, *) {
                        group.addTask {
                            for await source in ManagedAppReader().changes() {
                                await channels.received(source)
                                await self.tell(channels)
                            }
                        }
                    }
                #endif
                group.addTask {
                    for await _ in NotificationTurns.of(UIApplication.didBecomeActiveNotification) {
                        await self.tell(channels)
                        await self.tell(signals)
                        // The first turn may be that of a launch in the background, whose window
                        // must stay as narrow as it is.
                        guard await Self.isOnTheScreen else { continue }
                        await self.tell(.windowUnbounded)
                        await self.tell(.foregrounded)
                    }
                }
                group.addTask {
                    let name = UIApplication.backgroundRefreshStatusDidChangeNotification
                    for await _ in NotificationTurns.of(name) { await self.tell(signals) }
                }
                group.addTask {
                    let name = UIApplication.protectedDataDidBecomeAvailableNotification
                    for await _ in NotificationTurns.of(name) { await self.tell(.unlocked) }
                }
                #if canImport(Network)
                    group.addTask {
                        for await isUp in Self.networks() where isUp {
                            await self.tell(.networkUp)
                        }
                    }
                #endif
            }
        }

        private static var hasManagedApp: Bool {
            #if canImport(ManagedApp)
                if #available(iOS 18.4, *) { return true }
            #endif
            return false
        }

        @MainActor private static var isOnTheScreen: Bool {
            UIApplication.shared.applicationState == .active
        }

        private func tell(_ event: Event) async {
            do {
                try await handle(event)
            } catch MusterError.Broken, MusterError.Closed {
                // The state says so, to whoever can open it again.
            } catch {
                // A configuration that can't be used, for one. The agent says why, and no value.
                MusterLog.failed("an event of the phone", error)
            }
        }

        private func tell(_ channels: ConfigurationChannels) async {
            guard let sources = await channels.sources() else { return }
            await tell(.configuration(sources: sources))
        }

        private func tell(_ signals: SignalCollector) async {
            await tell(.signals(readings: signals.collect()))
        }

        #if canImport(Network)
            private static func networks() -> AsyncStream<Bool> {
                AsyncStream { continuation in
                    let monitor = Monitor()
                    monitor.path.pathUpdateHandler = { path in
                        continuation.yield(path.status == .satisfied)
                    }
                    continuation.onTermination = { _ in monitor.path.cancel() }
                    monitor.path.start(queue: DispatchQueue(label: "dev.muster.network"))
                }
            }

            /// A monitor may be started and cancelled from any thread.
            private struct Monitor: @unchecked Sendable {
                let path = NWPathMonitor()
            }
        #endif
    }
#endif
