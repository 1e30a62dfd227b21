import Foundation
import Testing

@testable import MusterKit

/// Feedback, folder, signals and clock: what of them is the same on every system.
@Suite struct PhonePartTests {
    private func state(
        _ key: String, _ severity: KeyedStateSeverity = .info, message: String = "fine",
        data: String = "1"
    ) -> KeyedState {
        KeyedState(key: key, severity: severity, message: message, data: data)
    }

    // MARK: - Feedback

    @Test func feedbackStandsWhereAnMDMLooksForIt() throws {
        let suite = "dev.muster.tests.\(UUID().uuidString)"
        let defaults = try #require(UserDefaults(suiteName: suite))
        defer { defaults.removePersistentDomain(forName: suite) }
        let feedback = ManagedFeedback(defaults: defaults)
        let states = [state("licence"), state("email", .error, message: "wrong", data: "x")]
        feedback.publish(version: 3, configVersion: "abc", states: states)
        feedback.publish(version: 4, configVersion: "abd", states: states)
        #expect(ManagedFeedback.key == "com.apple.feedback.managed")
        let there = try #require(defaults.dictionary(forKey: ManagedFeedback.key))
        #expect(Set(there.keys) == ["version", "configVersion", "licence", "email"])
        #expect(there["version"] as? Int == 4)
        #expect(there["configVersion"] as? String == "abd")
        let licence = ["severity": "info", "message": "fine", "data": "1"]
        #expect(there["licence"] as? [String: String] == licence)
        let email = ["severity": "error", "message": "wrong", "data": "x"]
        #expect(there["email"] as? [String: String] == email)
    }

    @Test func whatIsTooMuchLeavesTheErrors() {
        let long = String(repeating: "x", count: 1_000)
        // Alternately, so that order alone would not save the errors.
        let states = (0..<20).map {
            state("key\($0)", $0.isMultiple(of: 2) ? .info : .error, message: long)
        }
        let some = ManagedFeedback.dictionary(1, "abc", states)
        #expect(some["truncated"] as? Bool == true)
        #expect(ManagedFeedback.size(of: some) <= ManagedFeedback.bytes)
        for state in states where state.severity == .error {
            #expect(some[state.key] != nil, "\(state.key)")
        }
        #expect(some["key0"] != nil && some["key18"] == nil)

        let few = ManagedFeedback.dictionary(1, "abc", Array(states.prefix(3)))
        #expect(few["truncated"] == nil && few.count == 5)
        let huge = String(repeating: "x", count: 20_000)
        let none = ManagedFeedback.dictionary(1, "abc", [state("one", message: huge)])
        #expect(Set(none.keys) == ["version", "configVersion", "truncated"])
    }

    @Test func effectsThatNeedAPhoneSayThatThereIsNone() async throws {
        let suite = "dev.muster.tests.\(UUID().uuidString)"
        let defaults = try #require(UserDefaults(suiteName: suite))
        defer { defaults.removePersistentDomain(forName: suite) }
        let effects = PhoneEffects(feedback: ManagedFeedback(defaults: defaults))
        let said = await effects.carryOut(
            .publishFeedback(version: 1, configVersion: "a", states: [state("licence")]))
        #expect(said == .done)
        #expect(defaults.dictionary(forKey: ManagedFeedback.key)?["licence"] != nil)
        #expect(await effects.carryOut(.removeExports) == .notApplicable)
        #if !canImport(UserNotifications)
            let note = PhoneEffect.notify(id: "a", title: "b", body: "c")
            #expect(await effects.carryOut(note) == .notApplicable)
        #endif
    }

    // MARK: - Folder

    @Test func aFolderIsNewOnce() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("folder-\(UUID().uuidString)/deep", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
        let folder = ProfileFolder(url: url)
        let isNew = try [folder.prepare(), folder.prepare(), ProfileFolder(url: url).prepare()]
        #expect(isNew == [true, false, false])
        #expect(folder.url == url)
        #expect(ProfileFolder().url.lastPathComponent == "Muster")
    }

    @Test func aFolderThatCannotBeReadIsBeforeTheFirstUnlock() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("folder-\(UUID().uuidString)", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: url) }
        // As iOS shows a file of its class before the unlock: there, and not to be read. A folder in
        // its place can't be read either, not even by root.
        let marker = url.appendingPathComponent("first-unlock", isDirectory: true)
        try FileManager.default.createDirectory(at: marker, withIntermediateDirectories: true)
        #expect(throws: MusterKitError.beforeFirstUnlock) { try ProfileFolder(url: url).prepare() }
    }

    @Test func aFolderThatCannotBeMadeIsAnError() throws {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("file-\(UUID().uuidString)")
        try Data("x".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let folder = ProfileFolder(url: file.appendingPathComponent("Muster"))
        #expect(throws: (any Error).self) { try folder.prepare() }
    }

    // MARK: - Signals and clock

    @Test @MainActor func signalsAreWhole() {
        let readings = SignalCollector(appVersion: "1.2.3").collect()
        #expect(readings[.appVersion] == .version(text: "1.2.3"))
        // What iOS does not have, and what follows from the passcode, the agent says itself.
        #expect(readings[.adb] == nil && readings[.workProfile] == nil)
        #expect(readings[.storageEncryption] == nil)
        guard case .version(let system) = readings[.osVersion] else {
            Issue.record("no version of the system")
            return
        }
        #expect(system.split(separator: ".").count == 3)
        for kind in [SignalKind.screenLock, .backgroundAppRefresh] {
            #expect(readings[kind] != nil && readings[kind] != .notApplicable)
        }
        #if !canImport(LocalAuthentication)
            // Nobody was asked, and that is not a passcode that is missing.
            #expect(readings[.screenLock] == .unknown(reason: .notCollected))
        #endif
    }

    @Test func theClockOfTheSystemIsOfOneBoot() {
        let (one, two) = (SystemClock().now(), SystemClock().now())
        #expect(one.bootId == two.bootId && one.bootId > 0)
        #expect(two.elapsedMs >= one.elapsedMs && one.elapsedMs > 0)
    }
}
