import Foundation
import MusterKit
import UIKit

/// Holds the one agent of this process, and opens it again after it broke.
@MainActor final class AgentHost {
    private var muster: Muster?
    private var opening: Task<Muster, any Error>?
    private var watching: Task<Void, Never>?

    /// The open agent, whoever asks: the screen, a background refresh. A profile can be open only
    /// once, so those who ask at the same time get the same one.
    func open() async throws -> Muster {
        if let opening { return try await opening.value }
        if let muster, !muster.state.isBroken { return muster }
        let task = Task { try await openNow() }
        opening = task
        defer { opening = nil }
        return try await task.value
    }

    private func openNow() async throws -> Muster {
        let muster: Muster
        if let broken = self.muster {
            try await broken.reopen()
            muster = broken
        } else {
            muster = try await Self.new(options())
            self.muster = muster
        }
        watching?.cancel()
        let signals = SignalCollector(appVersion: Self.version)
        watching = Task { await muster.watchThePhone(signals: signals) }
        // A first turn, so that the state that is shown is of the agent as it is now.
        try await muster.handle(.unlocked)
        return muster
    }

    /// Not on the main thread: folders are made and files are opened.
    private nonisolated static func new(_ options: MusterOptions) async throws -> Muster {
        let parts = MusterParts(vault: SecureEnclaveVault.platform(), effects: PhoneEffects())
        return try Muster(options: options, parts: parts)
    }

    private func options() -> MusterOptions {
        MusterOptions(
            device: DeviceInfo(
                model: Self.hardware, osVersion: UIDevice.current.systemVersion,
                appVersion: Self.version))
    }

    private static var version: String {
        Bundle.main.object(forInfoDictionaryKey: "CFBundleShortVersionString") as? String ?? "0"
    }

    /// Such as `iPhone15,2`: `UIDevice` says nothing but `iPhone`.
    private static var hardware: String {
        var system = utsname()
        uname(&system)
        return withUnsafeBytes(of: &system.machine) { machine in
            String(decoding: machine.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
