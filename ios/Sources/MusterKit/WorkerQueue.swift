import Dispatch

/// The one thread that the agent is called from: the executor of ``AgentLoop``.
///
/// Calls of the agent read and write files, and key operations take up to 300 ms, which must not
/// hold up the threads that all of Swift's tasks share.
final class WorkerQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "dev.muster.agent", qos: .userInitiated)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
