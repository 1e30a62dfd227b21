// The Swift of docs/embedding.md, compiled; EmbeddingTests compares the two.
import Foundation
import MusterKit

#if canImport(UIKit)
    import UIKit
#endif

#if canImport(UIKit) && canImport(BackgroundTasks) && canImport(CryptoKit) && canImport(Security)
    // begin: open
    @MainActor final class YourAppDelegate: NSObject, UIApplicationDelegate {
        private lazy var opening = Task { try await openMuster(version: "1.0") }

        func application(
            _ application: UIApplication,
            didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?
        ) -> Bool {
            let opening = opening
            BackgroundRefresh.register { try await opening.value }
            Task {
                let muster = try await opening.value
                await muster.watchThePhone(signals: SignalCollector(appVersion: "1.0"))
            }
            return true
        }
    }

    func openMuster(version: String) async throws -> Muster {
        let device = await DeviceInfo(
            model: UIDevice.current.model, osVersion: UIDevice.current.systemVersion,
            appVersion: version)
        let parts = MusterParts(vault: SecureEnclaveVault.platform(), effects: PhoneEffects())
        return try Muster(options: MusterOptions(device: device), parts: parts)
    }
// end
#endif

// begin: state
func follow(_ muster: Muster, show: (_ text: String, _ next: String) -> Void) async {
    for await state in muster.states() {
        for finding in state.findings { show(finding.title, finding.explanation) }
        for problem in state.problems { show(problem.text, problem.next) }
    }
}
// end

// begin: search
func find(_ typed: String, in muster: Muster) async throws -> [String] {
    do {
        return try await muster.search(typed).map(\.name)
    } catch MusterError.Locked {
        // Not activated yet, hidden by a rule, or erased: say why.
        guard let why = muster.state.contacts.whyHidden else { return [] }
        return [why.text, why.next]
    }
}
// end

// begin: caller
func name(of number: String, in muster: Muster) async throws -> String? {
    let caller = try await muster.lookUpCaller(number)
    return caller.contacts.count == 1 ? caller.contacts.first?.name : nil
}
// end

// begin: activate
func linkOpened(
    _ url: String, in muster: Muster, confirm: (_ host: String) async -> Bool,
    show: (_ text: String, _ next: String) -> Void
) async throws {
    // A link never acts by itself: the person sees where it leads, and says yes.
    switch try await muster.ask({ try $0.previewLink(url: url) }) {
    case .usable(let preview):
        if await confirm(preview.host) { try await muster.handle(.linkAccepted(url: url)) }
    case .refused(let words): show(words.text, words.next)
    }
}

func codeTyped(_ code: String, in muster: Muster) async throws {
    let evidence = Evidence.activationCode(code: code)
    try await muster.handle(.activate(serverUrl: nil, evidence: evidence))
}
// end

// begin: reopen
func heal(_ muster: Muster) async throws {
    guard muster.state.isBroken else { return }
    try await muster.reopen()
    try await muster.handle(.foregrounded)
}
// end

// begin: parts
struct NoEffects: EffectHandler {
    func carryOut(_ effect: PhoneEffect) async -> EffectOutcome { .done }
}

func openForTests(
    in folder: URL, vault: any KeyVault, defaults: UserDefaults
) async throws -> Muster {
    let device = DeviceInfo(model: "Test", osVersion: "18.2", appVersion: "1.0")
    var options = MusterOptions(device: device)
    options.folder = ProfileFolder(url: folder)
    let muster = try Muster(
        options: options, parts: MusterParts(vault: vault, effects: NoEffects()))
    // As an MDM would: a dictionary under ManagedConfigurationReader.key.
    let reader = ManagedConfigurationReader(defaults: defaults)
    try await muster.handle(.configuration(sources: [reader.read()]))
    return muster
}
// end
