// Hand-written for Linux, and only what our code uses: it proves that types fit, and nothing about
// iOS. Declarations follow Apple's documentation; nothing here does anything.

@available(iOS 18.4, *)
public class ManagedAppConfigurationProvider {
    public init() {}

    /// The configuration now, and whenever it changes; `nil` where there is none.
    public func configurations<Configuration>(
        _ t: Configuration.Type
    ) async -> some AsyncSequence<Configuration?, Never> where Configuration: Decodable {
        AsyncStream<Configuration?> { nil }
    }
}
