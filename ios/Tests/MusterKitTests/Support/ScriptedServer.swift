import Foundation

/// A server on this machine that reads a request, says exactly what a test tells it, and hangs up.
final class ScriptedServer: @unchecked Sendable {
    let url: String
    private let listening: Int32
    private let lock = NSLock()
    private var read: [String] = []
    private let answer: @Sendable (Connection) -> Void
    private let arrived: AsyncStream<Void>.Continuation
    /// One turn for each request that was read.
    let arrivals: AsyncStream<Void>

    /// What it was asked, in order: head and body.
    var requests: [String] { lock.withLock { read } }

    init(_ answer: @escaping @Sendable (Connection) -> Void) throws {
        let (socket, port) = try Self.listen()
        listening = socket
        url = "http://127.0.0.1:\(port)/"
        self.answer = answer
        (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        // Each connection has a thread, because scripts block.
        Thread { [self] in serve() }.start()
    }

    /// Says a text and hangs up.
    convenience init(says text: String) throws {
        try self.init { $0.say(Data(text.utf8)) }
    }

    /// A port at which nobody listens.
    static func deadURL() throws -> String {
        let (socket, port) = try listen()
        _ = close(socket)
        return "http://127.0.0.1:\(port)/"
    }

    /// Ends it. The thread that waits for connections ends with it.
    func stop() {
        _ = shutdown(listening, Int32(SHUT_RDWR))
    }

    private func serve() {
        while true {
            let socket = accept(listening, nil, nil)
            guard socket >= 0 else { break }
            let connection = Connection(socket)
            Thread { [self] in
                talk(connection)
                connection.hangUp()
            }.start()
        }
        _ = close(listening)
    }

    private func talk(_ connection: Connection) {
        guard let request = connection.readRequest() else { return }
        lock.withLock { read.append(request) }
        arrived.yield()
        answer(connection)
    }

    private static func listen() throws -> (Int32, UInt16) {
        #if canImport(Glibc)
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let socket = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, size) == 0 && DarwinOrGlibc.listen(socket)
                    && getsockname(socket, pointer, &size) == 0
            }
        }
        guard isOpen else { throw Trouble("no port: \(String(cString: strerror(errno)))") }
        return (socket, UInt16(bigEndian: address.sin_port))
    }
}

/// `listen` of the C library, which a method of the same name hides.
private enum DarwinOrGlibc {
    static func listen(_ socket: Int32) -> Bool {
        #if canImport(Glibc)
            Glibc.listen(socket, 16) == 0
        #else
            Darwin.listen(socket, 16) == 0
        #endif
    }
}

/// One connection to a scripted server.
final class Connection: @unchecked Sendable {
    private let socket: Int32

    init(_ socket: Int32) {
        self.socket = socket
        #if !canImport(Glibc)
            var yes: Int32 = 1
            setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    /// Says all of it, as fast as it is taken. False once the other side is gone.
    @discardableResult
    func say(_ data: Data) -> Bool {
        data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress {
                let sent = send(socket, start, rest.count, Self.quietly)
                guard sent > 0 else { return false }
                rest = rest.dropFirst(sent)
                if rest.isEmpty { break }
            }
            return true
        }
    }

    /// Returns when the other side has hung up.
    func awaitEnd() {
        var byte: UInt8 = 0
        while recv(socket, &byte, 1, 0) > 0 {}
    }

    /// Reads a head and the body that it announces; `nil` if the other side speaks something else.
    fileprivate func readRequest() -> String? {
        var text = Data()
        var byte: UInt8 = 0
        while !text.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard recv(socket, &byte, 1, 0) == 1 else { return nil }
            // A TLS greeting has no lines.
            if text.isEmpty && byte == 0x16 { return "TLS" }
            text.append(byte)
        }
        let head = String(decoding: text, as: UTF8.self).lowercased()
        let length = head.components(separatedBy: "\r\n").compactMap { line in
            line.hasPrefix("content-length:")
                ? Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces)) : nil
        }
        for _ in 0..<(length.first ?? 0) {
            guard recv(socket, &byte, 1, 0) == 1 else { return nil }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    fileprivate func hangUp() {
        _ = shutdown(socket, Int32(SHUT_RDWR))
        _ = close(socket)
    }

    /// Writing to a closed connection is an error, not a signal.
    private static var quietly: Int32 {
        #if canImport(Glibc)
            Int32(MSG_NOSIGNAL)
        #else
            0
        #endif
    }
}
