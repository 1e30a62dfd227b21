/// Brings about what the agent wants to be true on the phone. Effects come one after another; the
/// same effect may come again after a restart.
public protocol EffectHandler: Sendable {
    /// Does one thing and says what became of it.
    func carryOut(_ effect: PhoneEffect) async -> EffectOutcome
}
