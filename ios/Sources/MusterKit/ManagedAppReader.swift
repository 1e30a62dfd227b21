#if canImport(ManagedApp)
    import Foundation
    import ManagedApp

    /// The configuration of an app that is managed by declarations (iOS 18.4 and later).
    @available(iOS 18.4, *)
    public struct ManagedAppReader: Sendable {
        /// Reads nothing before it is asked.
        public init() {}

        /// Each configuration that the system hands over, the present one first.
        public func changes() -> AsyncStream<ConfigurationSource> {
            AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
                let task = Task {
                    let provider = ManagedAppConfigurationProvider()
                    for await configuration in await provider.configurations(FreeForm.self) {
                        let tree = ManagedConfigurationReader.tree(configuration?.dictionary)
                        continuation.yield(ConfigurationSource(channel: .managedApp, tree: tree))
                    }
                    continuation.finish()
                }
                continuation.onTermination = { _ in task.cancel() }
            }
        }
    }

    extension FreeForm {
        /// The configuration, where its outermost value is a dictionary, as it should be.
        fileprivate var dictionary: [String: Any]? {
            plain as? [String: Any]
        }
    }
#endif
