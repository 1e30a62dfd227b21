import Foundation

/// The loop around the agent: what happened goes in, and what it answers is done, until it wants to
/// wait. Everything runs on one thread; nothing here decides anything.
actor AgentLoop {
    nonisolated let directory: MusterDirectory
    private let agent: any MusterAgentProtocol
    private let parts: MusterParts
    private let publish: @Sendable (MusterState) -> Void

    private let queue: WorkerQueue
    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    private let arrived: AsyncStream<(Int64, HTTPArrival)>
    private let arrivals: AsyncStream<(Int64, HTTPArrival)>.Continuation
    private let wanted: AsyncStream<(Int64, PhoneEffect)>
    private let effects: AsyncStream<(Int64, PhoneEffect)>.Continuation
    private var workers: [Task<Void, Never>] = []
    private var alarm: Task<Void, Never>?

    private var requestsUnderWay: Set<Int64> = []
    private var effectsUnderWay = 0
    private var waiters: [CheckedContinuation<Void, Never>] = []
    /// What was published last.
    private var shown: MusterState
    /// Why the agent answers no more.
    private var end: MusterError?

    /// `shown`: what is published already.
    init(
        agent: any MusterAgentProtocol, parts: MusterParts, queue: WorkerQueue, shown: MusterState,
        publish: @escaping @Sendable (MusterState) -> Void
    ) throws {
        self.agent = agent
        directory = try agent.directory()
        self.parts = parts
        self.queue = queue
        self.shown = shown
        self.publish = publish
        let (arrived, arrivals) = AsyncStream.makeStream(of: (Int64, HTTPArrival).self)
        let (wanted, effects) = AsyncStream.makeStream(of: (Int64, PhoneEffect).self)
        self.arrivals = arrivals
        self.effects = effects
        self.arrived = arrived
        self.wanted = wanted
    }

    /// Something happened.
    func handle(_ event: Event) throws {
        try turn { try agent.handle(event: event, now: parts.clock.now()) }
    }

    /// Asks the agent and runs on.
    func ask<Answer: Sendable>(
        _ question: @Sendable (any MusterAgentProtocol) throws -> Answer
    ) throws -> Answer {
        try turn { try question(agent) }
    }

    /// Does what the agent asks for, until it wants to wait.
    private func run() throws {
        while true {
            let now = parts.clock.now()
            switch try agent.poll(now: now) {
            case .send(let id, let request):
                requestsUnderWay.insert(id)
                parts.transport.start(id, request) { [arrivals] in arrivals.yield((id, $0)) }
            case .cancel(let id):
                requestsUnderWay.remove(id)
                parts.transport.cancel(id)
            case .vault(let id, let operation):
                let outcome = parts.vault.run(operation)
                try agent.onVault(id: id, outcome: outcome, now: parts.clock.now())
            case .effect(let id, let effect):
                effectsUnderWay += 1
                effects.yield((id, effect))
            case .wait(let until) where until <= now.elapsedMs: continue
            case .wait(let until): return wake(inMilliseconds: until - now.elapsedMs)
            case .idle: return
            }
        }
    }

    private func receive(_ id: Int64, _ arrival: HTTPArrival) {
        guard requestsUnderWay.contains(id) else { return }
        unasked("an answer") {
            let now = parts.clock.now()
            switch arrival {
            case .head(let status, let headers):
                do {
                    try agent.onHead(id: id, status: status, headers: headers, now: now)
                } catch MusterError.InvalidInput {
                    // No status that HTTP knows, so no answer: the agent would wait for its end.
                    requestsUnderWay.remove(id)
                    parts.transport.cancel(id)
                    try agent.onFailure(id: id, failure: .other, now: now)
                }
            case .body(let piece):
                try agent.onBody(id: id, chunk: piece, now: now)
                parts.transport.used(id, bytes: piece.count)
            case .end:
                requestsUnderWay.remove(id)
                try agent.onEnd(id: id, now: now)
            case .failed(let failure):
                requestsUnderWay.remove(id)
                try agent.onFailure(id: id, failure: failure, now: now)
            }
        }
    }

    private func finish(_ id: Int64, _ outcome: EffectOutcome) {
        effectsUnderWay -= 1
        unasked("an effect") {
            try agent.onEffect(id: id, outcome: outcome, now: parts.clock.now())
        }
    }

    private func wake(inMilliseconds milliseconds: Int64) {
        alarm = Task { [weak self] in
            // It throws where it is cancelled, and nothing else.
            try? await Task.sleep(for: .milliseconds(milliseconds))
            if !Task.isCancelled { await self?.poke() }
        }
    }

    /// Polls once more: time has passed.
    func poke() {
        unasked("a wake") {}
    }

    /// A turn that nobody asked for, so that nobody can be told what became of it.
    private func unasked(_ what: String, _ work: () throws -> Void) {
        // What is late for an agent that has ended is of no use to anybody.
        guard end == nil else { return }
        do {
            try turn(work)
        } catch MusterError.Broken, MusterError.Closed {
            // The state that is published says so.
        } catch {
            MusterLog.failed(what, error)
        }
    }

    /// One turn: `work`, then the loop, then the screens, with one look at the state.
    private func turn<Answer>(_ work: () throws -> Answer) throws -> Answer {
        // Nothing is published either: another agent may be open in place of this one.
        if let end { throw end }
        if workers.isEmpty { startWorkers() }
        alarm?.cancel()
        defer { wakeWaiters() }
        do {
            let result = Result { try work() }
            // What was handed over may be of no use, but what is under way goes on.
            if !Self.isEnd(result) {
                try run()
                show(try agent.state())
            }
            return try result.get()
        } catch let error as MusterError where Self.isEnd(Result<Void, any Error>.failure(error)) {
            stop(error)
            throw error
        }
    }

    /// Whether the agent answers nothing but this from here on.
    private static func isEnd<Answer>(_ result: Result<Answer, any Error>) -> Bool {
        switch result {
        case .failure(MusterError.Broken), .failure(MusterError.Closed): true
        default: false
        }
    }

    /// Arrivals are handed over one after another, and so are effects.
    private func startWorkers() {
        workers = [
            Task { [weak self, arrived] in
                for await (id, arrival) in arrived { await self?.receive(id, arrival) }
            },
            Task { [weak self, wanted, parts] in
                for await (id, effect) in wanted {
                    let outcome = await parts.effects.carryOut(effect)
                    await self?.finish(id, outcome)
                }
            },
        ]
    }

    // MARK: - Screens

    private func show(_ state: MusterState) {
        guard state != shown else { return }
        shown = state
        publish(state)
    }

    /// Nothing is under way; at most the agent waits for a moment or an event.
    private var isQuiet: Bool { end != nil || (requestsUnderWay.isEmpty && effectsUnderWay == 0) }

    /// Returns as soon as no request and no effect is under way.
    func settled() async {
        if isQuiet { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    private func wakeWaiters() {
        guard isQuiet else { return }
        waiters.forEach { $0.resume() }
        waiters = []
    }

    // MARK: - The end

    /// Lets the profile go.
    func close() {
        do { try agent.shutDown() } catch { MusterLog.failed("closing the agent", error) }
        stop(.Closed(message: "the agent is closed"))
        wakeWaiters()
    }

    /// The agent has ended. That is published once: afterwards others have the word.
    private func stop(_ error: MusterError) {
        let isFirst = end == nil
        end = error
        guard isFirst else { return }
        alarm?.cancel()
        arrivals.finish()
        effects.finish()
        workers.forEach { $0.cancel() }
        requestsUnderWay.forEach { parts.transport.cancel($0) }
        requestsUnderWay = []
        show(brokenState(language: shown.language))
    }
}
