import Foundation

/// What the agent needs of the phone. Each part can be replaced.
public struct MusterParts: Sendable {
    /// Where keys are.
    public var vault: any KeyVault
    /// How requests are run.
    public var transport: any HTTPTransport
    /// How effects are brought about.
    public var effects: any EffectHandler
    /// What time it is.
    public var clock: any PhoneClock

    /// Parts by name.
    public init(
        vault: any KeyVault, transport: any HTTPTransport = URLSessionTransport(),
        effects: any EffectHandler, clock: any PhoneClock = SystemClock()
    ) {
        self.vault = vault
        self.transport = transport
        self.effects = effects
        self.clock = clock
    }
}
