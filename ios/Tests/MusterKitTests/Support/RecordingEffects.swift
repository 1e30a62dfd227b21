import Foundation
import MusterKit

/// Brings about nothing, remembers everything, and can be made to never answer.
actor RecordingEffects: EffectHandler {
    private(set) var seen: [PhoneEffect] = []
    private var hangs: Bool
    private var watchers: [CheckedContinuation<Void, Never>] = []

    init(hangs: Bool = false) { self.hangs = hangs }

    func carryOut(_ effect: PhoneEffect) async -> EffectOutcome {
        seen.append(effect)
        watchers.forEach { $0.resume() }
        watchers = []
        // A phone that dies in the middle of an effect never says what became of it.
        if hangs { try? await Task.sleep(for: .seconds(3600)) }
        return .done
    }

    /// The first effect; waits for it.
    func first() async -> PhoneEffect {
        while seen.isEmpty { await withCheckedContinuation { watchers.append($0) } }
        return seen[0]
    }

    /// The feedback that was published last.
    var feedback: [String: KeyedStateSeverity] {
        for effect in seen.reversed() {
            if case .publishFeedback(_, _, let states) = effect {
                return Dictionary(states.map { ($0.key, $0.severity) }) { _, last in last }
            }
        }
        return [:]
    }
}
