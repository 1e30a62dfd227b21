import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A running muster-server with 2,000 people, shared by all tests of the run.
struct TestServer: Sendable {
    static let username = "acme"
    static let password = "swordfish-of-2026"

    let url: String
    private let token: String
    /// The lines of the list of people.
    let people: [[String: String]]

    /// Started at the first use, ended with the process.
    static let shared = Result { try TestServer() }

    private init() throws {
        let program = try path("MUSTER_TEST_SERVER", "the program muster-server")
        let list = try path("MUSTER_TEST_PEOPLE", "a list of people as CSV")
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("muster-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let data = folder.appendingPathComponent("server.db").path
        @discardableResult func run(_ arguments: String...) throws -> JSON {
            let (process, output) = try start([program] + arguments + ["--json", "--data", data])
            let said = output.readDataToEndOfFile()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw Trouble(arguments[0]) }
            return (try? JSONDecoder().decode(JSON.self, from: said)) ?? .null
        }
        let made = try run("init")
        guard let token = made["token"]?.text else { throw Trouble("there is no admin") }
        self.token = token
        try run("tenant", "add", "acme", "--name", "Acme AG")
        try run("person", "import", list)
        try run("licence", "add", "--username", Self.username, "--password", Self.password)
        // Whoever ends these tests, by whatever means, closes the pipe that the shell reads, and
        // with it goes the server: a server that outlives its tests would keep their runner waiting.
        let serve = [program, "serve", "--listen", "127.0.0.1:0", "--json", "--data", data]
        let (_, output) = try start(
            ["/bin/bash", "-c", #"exec 3<&0; "$@" & read -u 3; kill $!; wait $!"#, "serve"] + serve
        )
        // It says where it listens as soon as it does.
        let said = try JSONDecoder().decode(JSON.self, from: firstLine(of: output))
        guard let url = said["listening"]?.text else { throw Trouble("the server says nothing") }
        self.url = url
        people = try Self.read(list)
    }

    /// What the MDM of the company with 2,000 people delivers.
    func configuration() -> [String: Any] {
        [
            "server_url": url, "license_username": Self.username,
            "license_password": Self.password,
        ]
    }

    /// A new organisation of its own for a test.
    func found(_ id: String) async throws -> Company {
        try await call("POST", "tenants", ["id": id, "name": "Nordlicht GmbH"])
        let company = Company(server: self, id: id)
        let licence = ["username": company.username, "password": company.password]
        try await call("POST", "tenants/\(id)/licences", licence)
        return company
    }

    /// A call of the admin API.
    @discardableResult
    func call(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> JSON {
        guard let url = URL(string: "\(url)/admin/v1/\(path)") else { throw Trouble(path) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        if let body {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.httpBody = try JSONSerialization.data(withJSONObject: body)
        }
        let (answer, response) = try await URLSession.shared.data(for: request)
        guard let status = (response as? HTTPURLResponse)?.statusCode, status < 300 else {
            throw Trouble("\(method) \(path): \(String(decoding: answer, as: UTF8.self))")
        }
        return answer.isEmpty ? .null : try JSONDecoder().decode(JSON.self, from: answer)
    }

    private static func read(_ list: String) throws -> [[String: String]] {
        // Enough for tests: whoever has a comma or a line break in a cell is left out.
        let lines = try String(contentsOfFile: list, encoding: .utf8)
            .split(whereSeparator: \.isNewline).map(String.init).filter { !$0.contains("\"") }
        let columns = lines[0].components(separatedBy: ",")
        return lines.dropFirst().map { line in
            let cells = line.components(separatedBy: ",")
            return Dictionary(zip(columns, cells)) { first, _ in first }
        }
    }
}

/// Why the server is not there.
struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The file that the environment variable `name` names.
func path(_ name: String, _ what: String) throws -> String {
    guard let path = ProcessInfo.processInfo.environment[name] else {
        throw Trouble("\(name) has to name \(what): run the tests with `cargo xtask test`")
    }
    return path
}

private func start(_ command: [String]) throws -> (Process, FileHandle) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    let (output, input) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardInput = input
    process.standardError = FileHandle.nullDevice
    try process.run()
    Pipes.shared.keep(input)
    return (process, output.fileHandleForReading)
}

/// Keeps the pipes open that tell programs that this process still lives.
private final class Pipes: @unchecked Sendable {
    static let shared = Pipes()
    private let lock = NSLock()
    private var pipes: [Pipe] = []

    func keep(_ pipe: Pipe) { lock.withLock { pipes.append(pipe) } }
}

private func firstLine(of output: FileHandle) -> Data {
    var line = Data()
    while let byte = try? output.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
        line += byte
    }
    return line
}
