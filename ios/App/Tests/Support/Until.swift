import Observation
import Testing

/// Waits until `condition` holds: it is judged again whenever something changes that it looked at.
/// Where that never happens, the time limit of the suite ends the test.
@MainActor func until(_ condition: @MainActor () -> Bool) async {
    while true {
        let (changes, changed) = AsyncStream.makeStream(of: Void.self)
        // Told before the change is made; the test goes on after it, because both are on the main
        // actor.
        if withObservationTracking(condition, onChange: { changed.finish() }) { return }
        for await _ in changes {}
        if Task.isCancelled { return }
    }
}
