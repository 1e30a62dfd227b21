import Foundation
import MusterKit

/// Secrets as files: what the Keychain is on a phone.
struct FileItems: SecretItems {
    let folder: URL

    private func file(_ name: String) -> URL { folder.appendingPathComponent("\(name).key") }

    func read(_ name: String) throws(VaultFailure) -> Data {
        guard let secret = try? Data(contentsOf: file(name)) else { throw .lost }
        return secret
    }

    func write(_ name: String, _ secret: Data) throws(VaultFailure) {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            try secret.write(to: file(name), options: .atomic)
        } catch { throw .busy }
    }

    func remove(_ name: String) throws(VaultFailure) {
        try? FileManager.default.removeItem(at: file(name))
    }

    func removeAll(beginningWith prefix: String) throws(VaultFailure) {
        for name in names where name.hasPrefix(prefix) { try remove(name) }
    }

    /// The names of all keys.
    var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".key") }.map { String($0.dropLast(4)) }.sorted()
    }
}
