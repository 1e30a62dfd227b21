import Foundation

/// The loop around the agent: what happened goes in, and what it answers is done, until it wants to
/// wait. Everything runs on one thread; nothing here decides anything.
actor AgentLoop {
    nonisolated let directory: MusterDirectory
    private let agent: MusterAgent
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
    private var isBroken = false

    init(
        options: OpenOptions, parts: MusterParts, queue: WorkerQueue,
        publish: @escaping @Sendable (MusterState) -> Void
    ) throws {
        agent = try MusterAgent.open(options: options, now: parts.clock.now())
        directory = try agent.directory()
        self.parts = parts
        self.queue = queue
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
        try guarded { try agent.handle(event: event, now: parts.clock.now()) }
    }

    /// Asks the agent and runs on.
    func ask<Answer: Sendable>(
        _ question: @Sendable (MusterAgent) throws -> Answer
    ) throws -> Answer {
        var answer: Answer?
        try guarded { answer = try question(agent) }
        guard let answer else { throw MusterError.Broken(message: "") }
        return answer
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
        try? guarded {
            let now = parts.clock.now()
            switch arrival {
            case .head(let status, let headers):
                try agent.onHead(id: id, status: status, headers: headers, now: now)
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
        try? guarded { try agent.onEffect(id: id, outcome: outcome, now: parts.clock.now()) }
    }

    private func wake(inMilliseconds milliseconds: Int64) {
        alarm = Task { [weak self] in
            try? await Task.sleep(for: .milliseconds(milliseconds))
            if !Task.isCancelled { await self?.poke() }
        }
    }

    /// Polls once more: time has passed.
    func poke() {
        try? guarded {}
    }

    /// One turn: `work`, then the loop, then the screens.
    private func guarded(_ work: () throws -> Void) throws {
        if workers.isEmpty { startWorkers() }
        alarm?.cancel()
        defer { show() }
        do {
            let refused = Result { try work() }
            // What was handed over may be of no use, but what is under way goes on.
            if !Self.isEnd(refused) { try run() }
            try refused.get()
        } catch let error as MusterError where Self.isEnd(.failure(error)) {
            isBroken = true
            stop()
            throw error
        }
    }

    /// Whether the agent answers nothing but this from here on.
    private static func isEnd(_ result: Result<Void, any Error>) -> Bool {
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

    private func show() {
        if let state = try? currentState() { publish(state) }
        if isQuiet {
            waiters.forEach { $0.resume() }
            waiters = []
        }
    }

    private func currentState() throws -> MusterState {
        guard !isBroken else { return .broken }
        return MusterState(
            isBroken: false,
            isReady: try agent.isReady(),
            status: try agent.status(),
            findings: try agent.findings(),
            problems: try agent.problems(),
            whyHidden: try agent.whyHidden(),
            contactsReceived: try agent.contactsReceived(),
            language: try agent.language()
        )
    }

    /// Nothing is under way; at most the agent waits for a moment or an event.
    private var isQuiet: Bool { isBroken || (requestsUnderWay.isEmpty && effectsUnderWay == 0) }

    /// Returns as soon as no request and no effect is under way.
    func settled() async {
        if isQuiet { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    // MARK: - The end

    /// Lets the profile go.
    func close() {
        try? agent.shutDown()
        isBroken = true
        stop()
        show()
    }

    private func stop() {
        alarm?.cancel()
        arrivals.finish()
        effects.finish()
        workers.forEach { $0.cancel() }
        requestsUnderWay.forEach { parts.transport.cancel($0) }
        requestsUnderWay = []
    }
}
