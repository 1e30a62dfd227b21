import Foundation

/// Why the agent can't be opened yet.
public enum MusterKitError: Error, Equatable {
    /// The phone was not unlocked since it started, so nothing of the app's can be read: an empty
    /// configuration would be taken for a removed one. Open it after the first unlock.
    case beforeFirstUnlock
}

/// The folder of all profiles: never backed up, readable from the first unlock on.
public struct ProfileFolder: Sendable {
    /// Where it is.
    public let url: URL
    private var marker: URL { url.appendingPathComponent("first-unlock") }

    /// Application Support/Muster, unless `url` says another place. Never in an app group: the
    /// system kills an app that is suspended while it holds a lock there.
    public init(url: URL? = nil) {
        let support = FileManager.default.urls(
            for: .applicationSupportDirectory, in: .userDomainMask)
        let base = support.first ?? FileManager.default.temporaryDirectory
        self.url = url ?? base.appendingPathComponent("Muster", isDirectory: true)
    }

    /// Makes the folder, or checks that it can be read. True if it is new, so that keys of an
    /// earlier installation, which the Keychain keeps, are to be destroyed.
    func prepare() throws -> Bool {
        let files = FileManager.default
        if files.fileExists(atPath: marker.path) {
            // The content does not matter; before the first unlock it can't be read.
            do {
                _ = try Data(contentsOf: marker)
            } catch {
                MusterLog.failed("reading the folder", error)
                throw MusterKitError.beforeFirstUnlock
            }
            return false
        }
        do {
            try files.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: Self.protection)
            try excludeFromBackup()
            try Data("readable".utf8).write(to: marker, options: Self.writing)
        } catch let error as CocoaError where error.code == .fileWriteNoPermission {
            throw MusterKitError.beforeFirstUnlock
        }
        return true
    }

    #if canImport(UIKit)
        /// New files in the folder, SQLite's own included, take its class.
        private static var protection: [FileAttributeKey: Any] {
            [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication]
        }
        private static let writing: Data.WritingOptions = [
            .atomic, .completeFileProtectionUntilFirstUserAuthentication,
        ]
    #else
        private static var protection: [FileAttributeKey: Any] { [:] }
        private static let writing: Data.WritingOptions = [.atomic]
    #endif

    private func excludeFromBackup() throws {
        #if canImport(UIKit)
            var folder = url
            var values = URLResourceValues()
            values.isExcludedFromBackup = true
            try folder.setResourceValues(values)
        #endif
    }
}
