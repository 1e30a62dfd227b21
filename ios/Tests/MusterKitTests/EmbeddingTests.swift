import Foundation
import Testing

@testable import MusterKit

/// What docs/embedding.md shows is what is compiled here, and it works.
@Suite(.timeLimit(.minutes(5))) struct EmbeddingTests {
    @Test func thePageShowsWhatIsCompiled() throws {
        let here = repository.appendingPathComponent("ios/Tests/MusterKitTests")
        let page = try read(repository.appendingPathComponent("docs/embedding.md"))
        let source = try read(here.appendingPathComponent("EmbeddingSnippets.swift"))
        let shown = blocks(page, from: "<!-- swift: ", " -->\n```swift\n", to: "```")
        let compiled = blocks(source, from: "// begin: ", "\n", to: "// end")
        #expect(shown.keys.sorted() == compiled.keys.sorted())
        for (name, code) in compiled { #expect(shown[name] == code, "\(name)") }
        #expect(shown.count >= 7)
        let all = page.components(separatedBy: "```swift").count - 1
        #expect(shown.count == all, "a piece of Swift without a name")
    }

    /// The texts between marks by the names that the marks have, without what all lines begin with.
    private func blocks(
        _ text: String, from start: String, _ rest: String, to end: String
    ) -> [String: [String]] {
        var found: [String: [String]] = [:]
        for part in text.components(separatedBy: start).dropFirst() {
            guard let head = part.range(of: rest),
                let tail = part[head.upperBound...].range(of: end)
            else { continue }
            let code = part[head.upperBound..<tail.lowerBound].components(separatedBy: "\n")
                .dropLast()
            let filled = code.filter { !$0.allSatisfy(\.isWhitespace) }
            let indent = filled.map { $0.prefix { $0 == " " }.count }.min() ?? 0
            found[String(part[..<head.lowerBound])] = code.map { String($0.dropFirst(indent)) }
        }
        return found
    }

    private func read(_ file: URL) throws -> String {
        try String(contentsOf: file, encoding: .utf8)
    }

    @Test func itFindsAColleague() async throws {
        let company = try await TestServer.shared.get().found("embedding").hires(20)
        let phone = try Phone()
        defer { phone.remove() }
        let suite = "dev.muster.tests.\(UUID().uuidString)"
        let defaults = try #require(UserDefaults(suiteName: suite))
        defer { defaults.removePersistentDomain(forName: suite) }
        defaults.set(company.waysIn, forKey: ManagedConfigurationReader.key)
        let muster = try await openForTests(
            in: phone.folder.appendingPathComponent("data"), vault: phone.vault,
            defaults: defaults)
        _ = await muster.waits { $0.contacts.lastSync != nil }
        #expect(try await find(People.email(7), in: muster) == [People.name(7)])
        #expect(try await name(of: People.phone(7), in: muster) == People.name(7))
        #expect(try await name(of: "+4930555000111", in: muster) == nil)

        var words: [String] = []
        try await linkOpened("https://evil.example/a", in: muster) { _ in
            Issue.record("not a link of ours")
            return true
        } show: {
            words = [$0, $1]
        }
        #expect(words.count == 2)

        // Nothing is healed that is whole, and what is broken is.
        try await heal(muster)
        await #expect(throws: MusterError.self) {
            try await muster.ask { try $0.testPanic(text: "x") }
        }
        #expect(muster.state.isBroken)
        try await heal(muster)
        _ = await muster.waits { $0.isReady && !$0.isBroken }
        #expect(try await find(People.email(7), in: muster) == [People.name(7)])
        await muster.close()
    }

    @Test func whoIsNotActivatedIsToldWhy() async throws {
        let phone = try Phone()
        defer { phone.remove() }
        let muster = try phone.open()
        try await muster.handle(managed(["asset_tag": "A"]))
        _ = await muster.waits { $0.contacts.whyHidden != nil }
        let said = try await find("anna", in: muster)
        #expect(said.count == 2 && said.allSatisfy { !$0.isEmpty })
        // A code without a server leads nowhere, and that is said, too.
        try await codeTyped("0123456789abcdef0123456789abcdef", in: muster)
        let state = await muster.waits { !$0.problems.isEmpty }
        #expect(state?.problems.first?.text.isEmpty == false)
        await muster.close()
    }

    @Test func aScreenFollowsTheState() async throws {
        let phone = try Phone()
        defer { phone.remove() }
        let muster = try phone.open()
        let (lines, said) = AsyncStream.makeStream(of: String.self)
        let following = Task {
            await follow(muster) { text, next in said.yield(text + " " + next) }
        }
        try await muster.handle(managed(["require_screen_lock": true]))
        let readings: [SignalKind: SignalReading] = [.screenLock: .lock(set: false, scope: .device)]
        try await muster.handle(.signals(readings: readings))
        for await line in lines {
            #expect(line.count > 1)
            break
        }
        following.cancel()
        await muster.close()
    }
}
