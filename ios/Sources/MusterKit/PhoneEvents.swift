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
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in reader.changes() { await self.tell(reader.read()) }
                }
                group.addTask {
                    for await _ in Self.turns(UIApplication.didBecomeActiveNotification) {
                        await self.tell(reader.read())
                        let readings = await signals.collect()
                        try? await self.handle(.signals(readings: readings))
                        try? await self.handle(.windowUnbounded)
                        try? await self.handle(.foregrounded)
                    }
                }
                group.addTask {
                    for await _ in Self.turns(
                        UIApplication.protectedDataDidBecomeAvailableNotification)
                    {
                        try? await self.handle(.unlocked)
                    }
                }
                #if canImport(Network)
                    group.addTask {
                        for await isUp in Self.networks() where isUp {
                            try? await self.handle(.networkUp)
                        }
                    }
                #endif
            }
        }

        private func tell(_ source: ConfigurationSource) async {
            try? await handle(.configuration(sources: [source]))
        }

        /// One turn at once, and one for each notification.
        private static func turns(_ name: Notification.Name) -> AsyncStream<Void> {
            AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
                continuation.yield()
                let task = Task { @MainActor in
                    for await _ in NotificationCenter.default.notifications(named: name)
                        .map({ _ in () })
                    {
                        continuation.yield()
                    }
                }
                continuation.onTermination = { _ in task.cancel() }
            }
        }

        #if canImport(Network)
            private static func networks() -> AsyncStream<Bool> {
                AsyncStream { continuation in
                    let monitor = NWPathMonitor()
                    monitor.pathUpdateHandler = { path in
                        continuation.yield(path.status == .satisfied)
                    }
                    continuation.onTermination = { _ in monitor.cancel() }
                    monitor.start(queue: DispatchQueue(label: "dev.muster.network"))
                }
            }
        #endif
    }
#endif
