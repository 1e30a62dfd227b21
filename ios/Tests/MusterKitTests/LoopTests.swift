import Foundation
import Testing

@testable import MusterKit

/// How the loop looks at the agent: one look a turn, published if it differs, and none after the end.
@Suite(.timeLimit(.minutes(5))) struct LoopTests {
    let phone: Phone

    init() throws { phone = try Phone() }

    /// The loop alone, around an agent that counts.
    private func loop(
        transport: any HTTPTransport = URLSessionTransport(),
        publish: @escaping @Sendable (MusterState) -> Void = { _ in }
    ) throws -> (AgentLoop, CountingAgent) {
        let data = phone.folder.appendingPathComponent("data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let options = OpenOptions(
            root: data.path, platform: .ios, language: "de",
            device: DeviceInfo(model: "iPhone16,1", osVersion: "18.2", appVersion: "1.0"))
        let agent = CountingAgent(try MusterAgent.open(options: options, now: phone.clock.now()))
        let parts = MusterParts(
            vault: phone.vault, transport: transport, effects: RecordingEffects(),
            clock: phone.clock)
        let start = startingState(language: "de")
        let loop = try AgentLoop(
            agent: agent, parts: parts, queue: WorkerQueue(), shown: start, publish: publish)
        return (loop, agent)
    }

    @Test func aTurnIsOneLookAtTheStateAndOnlyWhatIsNewIsPublished() async throws {
        defer { phone.remove() }
        let server = try TestServer.shared.get()
        let (states, publishing) = AsyncStream.makeStream(of: MusterState.self)
        let (loop, agent) = try loop { publishing.yield($0) }
        try await loop.handle(managed(server.configuration()))
        var published: [MusterState] = []
        for await state in states {
            published.append(state)
            if state.contacts.lastSync != nil { break }
        }
        #expect(published.last?.contacts.count == 2_000)
        await loop.settled()
        for _ in 0..<3 { await loop.poke() }
        let calls = agent.calls
        #expect(CountingAgent.flaws(in: calls) == [])
        let looks = calls.filter { $0 == .state }.count
        // All of it came in many turns, and some of them changed nothing.
        #expect(looks > 20 && published.count > 5 && published.count < looks)
        #expect(zip(published, published.dropFirst()).allSatisfy { $0 != $1 })
        await loop.close()
    }

    @Test func aSecondLookAndAnotherGetterWouldBeFound() {
        let twice: [CountingAgent.Call] = [.poll, .state, .event, .state]
        #expect(CountingAgent.flaws(in: twice) == ["looked twice"])
        let more: [CountingAgent.Call] = [.poll, .getter("configJson"), .state, .poll, .state]
        #expect(CountingAgent.flaws(in: more) == ["asked for configJson"])
    }

    @Test func theEndIsPublishedOnceAndTheAgentIsNotAskedAfterIt() async throws {
        defer { phone.remove() }
        let published = Published()
        let (loop, agent) = try loop { published.add($0) }
        try await loop.handle(managed(["asset_tag": "A"]))
        #expect(published.states.last?.isReady == true)
        await #expect(throws: MusterError.self) {
            try await loop.ask { try $0.testPanic(text: "x") }
        }
        let before = agent.calls.count
        await #expect(throws: MusterError.self) { try await loop.handle(.foregrounded) }
        await loop.poke()
        await loop.settled()
        #expect(agent.calls.count == before)
        await loop.close()
        await #expect(throws: MusterError.self) { try await loop.handle(.foregrounded) }
        #expect(published.states.filter(\.isBroken) == [brokenState(language: "de")])
        #expect(published.states.last?.isBroken == true)
    }

    @Test func whoIsLateForAClosedAgentPublishesNothingOverTheNextOne() async throws {
        defer { phone.remove() }
        let published = Published()
        let (old, _) = try loop { published.add($0) }
        try await old.handle(.foregrounded)
        await old.close()
        #expect(published.states.last?.isBroken == true)
        let (new, _) = try loop { published.add($0) }
        try await new.handle(.foregrounded)
        let states = published.states
        #expect(states.last?.isReady == true)
        await #expect(throws: MusterError.self) { try await old.handle(.checkNow) }
        await old.poke()
        await old.close()
        #expect(published.states == states)
        await new.close()
    }

    @Test func aStreamOfAClosedAgentEndsUntilItIsOpenedAgain() async throws {
        defer { phone.remove() }
        let muster = try phone.open()
        #expect(muster.state == startingState(language: "en"))
        try await muster.handle(.foregrounded)
        await muster.close()
        var seen: [Bool] = []
        for await state in muster.states() { seen.append(state.isBroken) }
        #expect(seen == [true])
        try await muster.reopen()
        #expect(muster.state == startingState(language: "en"))
        try await muster.handle(.foregrounded)
        #expect(await muster.waits { $0.isReady } != nil)
        await muster.close()
    }

    @Test func streamsEndWithTheAgentAndNotWithAReopening() async throws {
        defer { phone.remove() }
        let muster = try phone.open()
        let watching = Task { () -> [Bool] in
            var seen: [Bool] = []
            for await state in muster.states() { seen.append(state.isBroken) }
            return seen
        }
        try await muster.handle(.foregrounded)
        try await muster.reopen()
        try await muster.handle(.foregrounded)
        #expect(await muster.waits { $0.isReady } != nil)
        await muster.close()
        #expect(await watching.value.last == true)
    }

    /// An answer without a status is none: the loop must not wait for the rest of it.
    @Test func anAnswerThatIsNotHTTPIsAFailure() async throws {
        defer { phone.remove() }
        let transport = OddTransport()
        let (loop, agent) = try loop(transport: transport)
        let configuration: [String: Any] = [
            "server_url": "http://127.0.0.1:9", "license_username": "a", "license_password": "b",
        ]
        try await loop.handle(managed(configuration))
        await loop.settled()
        #expect(transport.started > 0)
        #expect(transport.cancelled == transport.started)
        #expect(try await loop.ask { try !$0.state().isBroken })
        #expect(!agent.calls.isEmpty)
        await loop.close()
    }

    // MARK: - When to wake

    @Test func theNextWakeFollowsTheAgent() {
        let now = Now(wallMs: 1_790_000_000_000, elapsedMs: 5_000, bootId: 1)
        func state(ready: Bool, next: Int64?) -> MusterState {
            let start = startingState(language: "en")
            return MusterState(
                isReady: ready, isBroken: false, language: "en", headline: start.headline,
                lines: [], licence: start.licence, compliance: start.compliance,
                canActivate: false, organization: nil, person: nil, contacts: start.contacts,
                contactsReceived: 0, findings: [], problems: [], reports: start.reports,
                settings: start.settings, support: [], configVersion: "", nextWorkMs: next)
        }
        let (quarter, hour): (Int64, Int64) = (900_000, 3_600_000)
        let table: [(MusterState, Int64)] = [
            (state(ready: true, next: 5_000 + 2 * hour), 2 * hour),
            (state(ready: true, next: 5_001), quarter),
            (state(ready: true, next: 1), quarter),
            (state(ready: true, next: nil), 24 * hour),
            (state(ready: true, next: 48 * hour), 24 * hour),
            // Nobody knows what is due.
            (state(ready: false, next: nil), quarter),
            (startingState(language: "en"), quarter),
            (brokenState(language: "en"), quarter),
        ]
        for (state, expected) in table {
            #expect(state.wakeAfterMilliseconds(at: now) == expected, "\(state.nextWorkMs ?? -1)")
        }
    }
}

/// What was published, in order.
private final class Published: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [MusterState] = []

    var states: [MusterState] { lock.withLock { all } }
    func add(_ state: MusterState) { lock.withLock { all.append(state) } }
}

/// Answers with a status that no server can have said.
private final class OddTransport: HTTPTransport, @unchecked Sendable {
    private let lock = NSLock()
    private var counts = (started: 0, cancelled: 0)

    var started: Int { lock.withLock { counts.started } }
    var cancelled: Int { lock.withLock { counts.cancelled } }

    func start(
        _ id: Int64, _ request: HttpRequest, deliver: @escaping @Sendable (HTTPArrival) -> Void
    ) {
        lock.withLock { counts.started += 1 }
        deliver(.head(status: 100_000, headers: []))
    }

    func used(_ id: Int64, bytes: Int) {}
    func cancel(_ id: Int64) { lock.withLock { counts.cancelled += 1 } }
    func close() {}
}
