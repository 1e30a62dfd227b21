import Foundation

/// A piece of what came of a request.
public enum HTTPArrival: Sendable {
    /// Status and header fields.
    case head(status: Int32, headers: [HttpHeader])
    /// At most 64 KB of the body.
    case body(Data)
    /// The answer is complete.
    case end
    /// It is not, and will not be.
    case failed(HttpFailure)
}

/// Runs the agent's requests exactly as they stand: no redirect followed, no cookie, cache,
/// credential store or automatic login.
public protocol HTTPTransport: Sendable {
    /// Starts a request. `deliver` is called for each arrival in order, from any thread, and after
    /// `.end` or `.failed` not again.
    func start(
        _ id: Int64, _ request: HttpRequest, deliver: @escaping @Sendable (HTTPArrival) -> Void)
    /// The agent has used `bytes` of the body, so that more may be read.
    func used(_ id: Int64, bytes: Int)
    /// Gives a request up. Arrivals may be dropped from here on.
    func cancel(_ id: Int64)
    /// Gives all requests up, for good.
    func close()
}
