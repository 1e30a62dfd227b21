import Foundation
import Testing

@testable import MusterKit

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// URLSession as the agent wants it, against a server that says exactly what a test tells it.
@Suite(.timeLimit(.minutes(2))) struct TransportTests {
    private static let patient = HttpTimeouts(
        connectMs: 5_000, firstByteMs: 30_000, betweenBytesMs: 30_000)

    private let transport = URLSessionTransport()

    private func request(
        _ url: String, method: String = "GET", body: String = "",
        headers: [(String, String)] = [], timeouts: HttpTimeouts = patient
    ) -> HttpRequest {
        HttpRequest(
            method: method, url: url,
            headers: headers.map { HttpHeader(name: $0.0, value: $0.1) }, body: Data(body.utf8),
            timeouts: timeouts)
    }

    /// Runs a request to its end; what arrives is used at once.
    @discardableResult
    private func run(_ request: HttpRequest, id: Int64 = 1) async -> Answer {
        var answer = Answer()
        let (stream, arrivals) = AsyncStream.makeStream(of: HTTPArrival.self)
        transport.start(id, request) { arrivals.yield($0) }
        for await arrival in stream {
            if case .body(let piece) = arrival { transport.used(id, bytes: piece.count) }
            if answer.take(arrival) { break }
        }
        return answer
    }

    private func run(_ url: String) async -> Answer { await run(request(url)) }

    @Test(arguments: ["PROPFIND", "REPORT", "POST"])
    func aRequestIsSentAsItStands(method: String) async throws {
        let server = try ScriptedServer(
            says: "HTTP/1.1 207 Multi-Status\r\nContent-Length: 2\r\n\r\nok")
        defer { server.stop() }
        let headers = [("Depth", "1"), ("Content-Type", "application/xml; charset=utf-8")]
        let answer = await run(
            request(server.url + "book/", method: method, body: "<xml/>", headers: headers))
        #expect(answer.status == 207 && answer.text == "ok" && answer.failure == nil)
        let sent = try #require(server.requests.first)
        #expect(server.requests.count == 1)
        #expect(sent.hasPrefix("\(method) /book/ HTTP/1.1\r\n"), "\(sent)")
        #expect(sent.contains("\r\nDepth: 1\r\n"), "\(sent)")
        #expect(sent.contains("\r\nContent-Type: application/xml; charset=utf-8\r\n"), "\(sent)")
        #expect(sent.hasSuffix("\r\n\r\n<xml/>"), "\(sent)")
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectionIsHandedOver(status: Int) async throws {
        let elsewhere = try ScriptedServer(says: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let moved = try ScriptedServer(
            says: """
                HTTP/1.1 \(status) Moved\r\nLocation: \(elsewhere.url)\r\nContent-Length: 4\r\n\r\nmove
                """)
        defer { [elsewhere, moved].forEach { $0.stop() } }
        let answer = await run(moved.url)
        #expect(answer.status == Int32(status) && answer.failure == nil)
        #expect(answer.header("location") == elsewhere.url)
        #expect(elsewhere.requests.isEmpty)
        #expect(moved.requests.count == 1)
    }

    private static var challenges: [String] {
        let usual = ["Basic realm=\"x\"", "Bearer realm=\"x\"", "DPoP algs=\"ES256\""]
        #if canImport(FoundationNetworking)
            // At others, and at one without parameters, Foundation on Linux ends the process.
            return usual
        #else
            return usual + ["DPoP", "Digest realm=\"x\", nonce=\"y\""]
        #endif
    }

    @Test(arguments: challenges) func aLoginIsTheAgentsBusiness(challenge: String) async throws {
        let server = try ScriptedServer(
            says: """
                HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: \(challenge)\r\n\
                Content-Length: 4\r\n\r\nname
                """)
        defer { server.stop() }
        let answer = await run(server.url)
        #expect(answer.status == 401 && answer.text == "name" && answer.failure == nil)
        #expect(answer.header("www-authenticate") == challenge)
        #expect(server.requests.count == 1)
    }

    @Test func nothingIsKeptBetweenRequests() async throws {
        let server = try ScriptedServer(
            says: """
                HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nCache-Control: max-age=600\r\n\
                ETag: "1"\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx
                """)
        defer { server.stop() }
        for id in 1...2 { await run(request(server.url), id: Int64(id)) }
        #expect(server.requests.count == 2, "an answer came from a cache")
        for sent in server.requests {
            #expect(!sent.lowercased().contains("cookie") && !sent.contains("If-None-Match"))
        }
        #expect(HTTPCookieStorage.shared.cookies?.contains { $0.name == "a" } != true)
    }

    @Test(arguments: [true, false])
    func aBodyComesInSmallPieces(chunked: Bool) async throws {
        let body = Data((0..<1_000_000).map { UInt8($0 % 251) })
        let server = try ScriptedServer { connection in
            if !chunked {
                connection.say(
                    Data("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8))
                connection.say(body)
                return
            }
            connection.say(Data("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
            var rest = body[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(200_000)
                connection.say(Data((String(chunk.count, radix: 16) + "\r\n").utf8))
                connection.say(chunk)
                connection.say(Data("\r\n".utf8))
                rest = rest.dropFirst(chunk.count)
            }
            connection.say(Data("0\r\n\r\n".utf8))
        }
        defer { server.stop() }
        let answer = await run(server.url)
        #expect(answer.failure == nil)
        #expect(answer.body == body)
        #expect(answer.largest <= URLSessionTransport.pieceBytes)
    }

    /// Foundation on Linux has one error for what is neither a name, nor a refusal, nor a time-out.
    private static func unlessOnLinux(_ failure: HttpFailure) -> HttpFailure {
        #if canImport(FoundationNetworking)
            return .other
        #else
            return failure
        #endif
    }

    @Test func failuresHaveNames() async throws {
        #expect(await run(try ScriptedServer.deadURL()).failure == .refused)
        #expect(await run("http://nobody.invalid/").failure == .nameNotFound)
        #expect(await run("not an address").failure == .other)
        let plain = try ScriptedServer(says: "no TLS here")
        defer { plain.stop() }
        let secure = plain.url.replacingOccurrences(of: "http:", with: "https:")
        #expect(await run(secure).failure == Self.unlessOnLinux(.tls))
    }

    @Test func aCutConnectionIsAFailure() async throws {
        let short = try ScriptedServer(says: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        let chunk = try ScriptedServer(
            says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")
        let mute = try ScriptedServer(says: "")
        defer { [short, chunk, mute].forEach { $0.stop() } }
        #expect(await run(short.url).failure == .cut)
        #expect(await run(chunk.url).failure == .cut)
        #expect(await run(mute.url).failure == Self.unlessOnLinux(.cut))
    }

    @Test func patienceHasAnEnd() async throws {
        let silent = try ScriptedServer { $0.awaitEnd() }
        let slow = try ScriptedServer { connection in
            connection.say(Data("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8))
            connection.awaitEnd()
        }
        defer { [silent, slow].forEach { $0.stop() } }
        let first = HttpTimeouts(connectMs: 5_000, firstByteMs: 200, betweenBytesMs: 60_000)
        #expect(await run(request(silent.url, timeouts: first)).failure == .timedOut)
        let later = HttpTimeouts(connectMs: 5_000, firstByteMs: 60_000, betweenBytesMs: 200)
        let answer = await run(request(slow.url, timeouts: later))
        #expect(answer.status == 200 && answer.failure == .timedOut)
    }

    @Test func whatIsCancelledSaysNothingMore() async throws {
        let (gone, hungUp) = AsyncStream.makeStream(of: Void.self)
        let silent = try ScriptedServer { connection in
            connection.awaitEnd()
            hungUp.yield()
        }
        let other = try ScriptedServer(says: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        defer { [silent, other].forEach { $0.stop() } }
        let box = Box()
        transport.start(7, request(silent.url)) { box.take($0) }
        for await _ in silent.arrivals { break }
        transport.cancel(7)
        for await _ in gone { break }
        // Another one runs its whole way meanwhile.
        #expect(await run(other.url).status == 200)
        #expect(box.count == 0)
    }

    @Test func aClosedTransportStartsNothing() async throws {
        let server = try ScriptedServer(says: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        defer { server.stop() }
        transport.close()
        #expect(await run(server.url).failure == .other)
        #expect(server.requests.isEmpty)
    }

    @Test func aSlowAgentGetsEverythingOnce() async throws {
        let parts = (0..<16).map { Data(repeating: UInt8($0), count: 1024 * 1024) }
        let whole = parts.reduce(Data(), +)
        let server = try ScriptedServer { connection in
            connection.say(Data("HTTP/1.1 200 OK\r\nContent-Length: \(whole.count)\r\n\r\n".utf8))
            for part in parts where !connection.say(part) { return }
        }
        let other = try ScriptedServer(says: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        defer { [server, other].forEach { $0.stop() } }
        let box = Box()
        transport.start(9, request(server.url)) { box.take($0) }
        // Nothing is used until nothing moves any more while other requests come and go.
        var before = -1
        while before != box.body.count || before <= 0 {
            before = box.body.count
            for id in 100..<110 { await run(request(other.url), id: Int64(id)) }
        }
        #if !canImport(FoundationNetworking)
            #expect(!box.isOver)
            #expect(before < whole.count / 2, "\(before) bytes wait in memory")
        #endif
        transport.used(9, bytes: before)
        for await bytes in box.rest(after: before) { transport.used(9, bytes: bytes) }
        #expect(box.failure == nil)
        #expect(box.body == whole)
        #expect(server.requests.count == 1)
    }

    @Test func aSenderIsHeldUpBetweenTheLimitAndItsHalf() {
        var backlog = Backlog(limit: 100)
        var turns: [String] = []
        // What was under way already comes all the same.
        for bytes in [100, 1, 60, -110, -1, -50, 101] {
            let turn = bytes > 0 ? backlog.arrived(bytes) : backlog.used(-bytes)
            turns.append("\(turn) \(backlog.isHeldUp)")
        }
        let expected = [
            "false false", "true true", "false true", "false true", "true false", "false false",
            "true true",
        ]
        #expect(turns == expected)
        #expect(backlog.waiting == 101)
    }

    @Test(arguments: [
        (URLError.Code.cannotFindHost, HttpFailure.nameNotFound), (.dnsLookupFailed, .nameNotFound),
        (.notConnectedToInternet, .nameNotFound), (.cannotConnectToHost, .refused),
        (.timedOut, .timedOut), (.secureConnectionFailed, .tls),
        (.serverCertificateUntrusted, .tls), (.serverCertificateHasBadDate, .tls),
        (.appTransportSecurityRequiresSecureConnection, .insecure),
        (.networkConnectionLost, .cut), (.cancelled, .cancelled),
        (.dataLengthExceedsMaximum, .tooLarge), (.unknown, .other),
    ])
    func errorsOfURLSession(code: URLError.Code, failure: HttpFailure) {
        #expect(HttpFailure(URLError(code), headSeen: false) == failure)
    }

    @Test func whatBreaksAfterTheHeadIsACut() {
        #expect(HttpFailure(URLError(.unknown), headSeen: true) == .cut)
        #expect(HttpFailure(URLError(.cannotParseResponse), headSeen: true) == .cut)
        #expect(HttpFailure(URLError(.cannotParseResponse), headSeen: false) == .other)
        #expect(HttpFailure(CancellationError(), headSeen: true) == .other)
    }

    @Test(arguments: [307, 309]) func aProxyThatWantsALoginIsToldApart(number: Int) {
        let inner = NSError(domain: "kCFErrorDomainCFNetwork", code: number)
        let error = URLError(.unknown, userInfo: [NSUnderlyingErrorKey: inner])
        #expect(HttpFailure(error, headSeen: false) == .proxyLogin)
    }
}

/// What became of a request.
private struct Answer {
    var status: Int32 = 0
    var headers: [HttpHeader] = []
    var body = Data()
    var largest = 0
    var failure: HttpFailure?

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    /// True with the last arrival.
    mutating func take(_ arrival: HTTPArrival) -> Bool {
        switch arrival {
        case .head(let status, let headers): (self.status, self.headers) = (status, headers)
        case .body(let piece):
            body += piece
            largest = max(largest, piece.count)
        case .end: return true
        case .failed(let failure):
            self.failure = failure
            return true
        }
        return false
    }
}

/// What has arrived so far, seen from beside.
private final class Box: @unchecked Sendable {
    private let lock = NSLock()
    private var arrivals = 0
    private var bytes = Data()
    private var over = false
    private var error: HttpFailure?
    private var taker: AsyncStream<Int>.Continuation?

    var count: Int { lock.withLock { arrivals } }
    var body: Data { lock.withLock { bytes } }
    var isOver: Bool { lock.withLock { over } }
    var failure: HttpFailure? { lock.withLock { error } }

    func take(_ arrival: HTTPArrival) {
        lock.withLock {
            arrivals += 1
            switch arrival {
            case .head: break
            case .body(let piece):
                bytes += piece
                taker?.yield(piece.count)
            case .end: over = true
            case .failed(let failure): (over, error) = (true, failure)
            }
            if over { taker?.finish() }
        }
    }

    /// How much comes at a time after the first `seen` bytes, until the end.
    func rest(after seen: Int) -> AsyncStream<Int> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        lock.withLock {
            if bytes.count > seen { continuation.yield(bytes.count - seen) }
            if over { continuation.finish() }
            taker = continuation
        }
        return stream
    }
}
