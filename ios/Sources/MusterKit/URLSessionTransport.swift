import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Requests by `URLSession`: nothing of it stays on the phone, and nothing is added or followed.
///
/// `URLSession` has no time-out for the connection alone, so that of the first byte covers both. On
/// iOS it may repeat a GET whose reused connection broke before any answer came; that can't be
/// switched off, and such requests change nothing at the server.
public final class URLSessionTransport: NSObject, HTTPTransport, @unchecked Sendable {
    /// Arrivals are no larger than this.
    static let pieceBytes = 64 * 1024
    #if canImport(FoundationNetworking)
        /// Foundation on Linux sends a suspended request once more when it is resumed, and delivers
        /// its answer from the start, so nothing is suspended there.
        static let waitingBytes = Int.max
    #else
        /// A task is suspended while so much waits to be used, so that a fast server fills no memory.
        static let waitingBytes = 512 * 1024
    #endif

    private let lock = NSLock()
    private var transfers: [Int64: Transfer] = [:]
    private var ids: [Int: Int64] = [:]
    private var session: URLSession?
    /// Time-outs are judged here.
    private let watch = DispatchQueue(label: "dev.muster.http.watch")

    /// One request under way.
    private struct Transfer {
        let task: URLSessionDataTask
        let deliver: @Sendable (HTTPArrival) -> Void
        let betweenBytes: DispatchTimeInterval
        let timer: any DispatchSourceTimer
        var headSeen = false
        var timedOut = false
        var backlog = Backlog(limit: URLSessionTransport.waitingBytes)
    }

    /// A transport with a session of its own.
    override public init() {
        super.init()
        session = URLSession(
            configuration: Self.configuration(), delegate: self,
            delegateQueue: Self.delegateQueue())
    }

    private static func delegateQueue() -> OperationQueue {
        let queue = OperationQueue()
        // Arrivals must stay in order.
        queue.maxConcurrentOperationCount = 1
        return queue
    }

    static func configuration() -> URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.urlCredentialStorage = nil
        configuration.httpCookieStorage = nil
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpShouldSetCookies = false
        #if !canImport(FoundationNetworking)
            configuration.waitsForConnectivity = false
            configuration.tlsMinimumSupportedProtocolVersion = .TLSv12
        #endif
        return configuration
    }

    public func start(
        _ id: Int64, _ request: HttpRequest, deliver: @escaping @Sendable (HTTPArrival) -> Void
    ) {
        guard let session = lock.withLock({ session }), let url = URL(string: request.url) else {
            return deliver(.failed(.other))
        }
        let timeouts = request.timeouts
        var wire = URLRequest(url: url)
        wire.httpMethod = request.method
        wire.httpShouldHandleCookies = false
        // A net below our own time-outs, which tell the first byte from the later ones.
        let longest = max(timeouts.firstByteMs, timeouts.betweenBytesMs)
        wire.timeoutInterval = TimeInterval(longest) / 1000 + 30
        for header in request.headers {
            wire.addValue(header.value, forHTTPHeaderField: header.name)
        }
        if !request.body.isEmpty { wire.httpBody = request.body }
        let task = session.dataTask(with: wire)
        let timer = DispatchSource.makeTimerSource(queue: watch)
        timer.setEventHandler { [weak self] in self?.timeOut(id) }
        timer.schedule(deadline: .now() + Self.interval(timeouts.firstByteMs))
        let transfer = Transfer(
            task: task, deliver: deliver, betweenBytes: Self.interval(timeouts.betweenBytesMs),
            timer: timer)
        lock.withLock {
            transfers[id] = transfer
            ids[task.taskIdentifier] = id
        }
        timer.resume()
        task.resume()
    }

    public func used(_ id: Int64, bytes: Int) {
        lock.withLock {
            guard var transfer = transfers[id] else { return }
            if transfer.backlog.used(bytes) {
                transfer.timer.schedule(deadline: .now() + transfer.betweenBytes)
                // Under the lock, so that this and the suspension can't overtake one another.
                transfer.task.resume()
            }
            transfers[id] = transfer
        }
    }

    public func cancel(_ id: Int64) {
        take(id)?.task.cancel()
    }

    public func close() {
        let (session, left) = lock.withLock {
            defer {
                self.session = nil
                transfers = [:]
                ids = [:]
            }
            return (self.session, Array(transfers.values))
        }
        left.forEach { $0.timer.cancel() }
        session?.invalidateAndCancel()
    }

    /// Ends a transfer: nothing of it is delivered any more.
    @discardableResult
    private func take(_ id: Int64) -> Transfer? {
        let transfer = lock.withLock { () -> Transfer? in
            guard let transfer = transfers.removeValue(forKey: id) else { return nil }
            ids[transfer.task.taskIdentifier] = nil
            return transfer
        }
        transfer?.timer.cancel()
        return transfer
    }

    private func timeOut(_ id: Int64) {
        guard let transfer = take(id) else { return }
        transfer.task.cancel()
        transfer.deliver(.failed(.timedOut))
    }

    private static func interval(_ milliseconds: Int64) -> DispatchTimeInterval {
        .milliseconds(Int(clamping: milliseconds))
    }

    /// Changes the transfer of `task` and hands it back; `nil` once it was given up.
    private func transfer(
        of task: URLSessionTask, change: (inout Transfer) -> Void
    ) -> (Int64, Transfer)? {
        lock.withLock {
            guard let id = ids[task.taskIdentifier], var transfer = transfers[id] else {
                return nil
            }
            change(&transfer)
            transfers[id] = transfer
            return (id, transfer)
        }
    }
}

extension URLSessionTransport: URLSessionDataDelegate {
    /// A redirection is not followed.
    public func urlSession(
        _ session: URLSession, task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        // The agent gets the 3xx as it is and decides itself.
        completionHandler(nil)
    }

    /// Somebody wants to know who we are, or says who they are.
    public func urlSession(
        _ session: URLSession, task: URLSessionTask,
        didReceive challenge: URLAuthenticationChallenge,
        completionHandler:
            @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        #if canImport(FoundationNetworking)
            // Foundation on Linux asks when the whole answer is there, and without a credential
            // goes no further.
            if let id = lock.withLock({ ids[task.taskIdentifier] }), let transfer = take(id) {
                transfer.deliver(.end)
            }
            completionHandler(.cancelAuthenticationChallenge, nil)
        #else
            // Trust in a server is the platform's business. There is no credential store, so for
            // anything else this lets the 401 or 407 through.
            completionHandler(.performDefaultHandling, nil)
        #endif
    }

    /// The head of an answer.
    public func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        completionHandler(.allow)
        guard let response = response as? HTTPURLResponse,
            let (_, transfer) = transfer(of: dataTask, change: { $0.headSeen = true })
        else { return }
        transfer.timer.schedule(deadline: .now() + transfer.betweenBytes)
        let headers = response.allHeaderFields.compactMap { name, value in
            (name as? String).map { HttpHeader(name: $0, value: "\(value)") }
        }
        transfer.deliver(.head(status: Int32(response.statusCode), headers: headers))
    }

    /// A part of a body.
    public func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data
    ) {
        let known = transfer(of: dataTask) { transfer in
            if transfer.backlog.arrived(data.count) { dataTask.suspend() }
            // While it is held up it is us who are slow, not the server.
            let next: DispatchTime =
                transfer.backlog.isHeldUp ? .distantFuture : .now() + transfer.betweenBytes
            transfer.timer.schedule(deadline: next)
        }
        guard let (_, transfer) = known else { return }
        var rest = data[...]
        while !rest.isEmpty {
            transfer.deliver(.body(Data(rest.prefix(Self.pieceBytes))))
            rest = rest.dropFirst(Self.pieceBytes)
        }
    }

    /// The end of a request.
    public func urlSession(
        _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
        guard let id = lock.withLock({ ids[task.taskIdentifier] }), let transfer = take(id) else {
            return
        }
        if let error {
            transfer.deliver(.failed(HttpFailure(error, headSeen: transfer.headSeen)))
        } else {
            transfer.deliver(.end)
        }
    }
}
