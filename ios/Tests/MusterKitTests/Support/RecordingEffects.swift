import Foundation
import MusterKit

/// Brings about nothing, remembers everything, and can be made to never answer.
actor RecordingEffects: EffectHandler {
    private(set) var seen: [PhoneEffect] = []
    private let hangsAtFeedback: Bool
    private var watchers: [CheckedContinuation<Void, Never>] = []

    init(hangsAtFeedback: Bool = false) { self.hangsAtFeedback = hangsAtFeedback }

    func carryOut(_ effect: PhoneEffect) async -> EffectOutcome {
        seen.append(effect)
        watchers.forEach { $0.resume() }
        watchers = []
        // A phone that dies in the middle of an effect never says what became of it.
        if hangsAtFeedback, case .publishFeedback = effect {
            try? await Task.sleep(for: .seconds(3600))
        }
        return .done
    }

    /// The version of the first feedback; waits for it.
    func firstFeedback() async -> Int64 {
        while true {
            if let first = versions.first { return first }
            await withCheckedContinuation { watchers.append($0) }
        }
    }

    /// The versions of feedback, in the order in which they were published.
    var versions: [Int64] {
        seen.compactMap { effect in
            if case .publishFeedback(let version, _, _) = effect { version } else { nil }
        }
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
