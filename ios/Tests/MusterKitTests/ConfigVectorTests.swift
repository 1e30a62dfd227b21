import Foundation
import Testing

@testable import MusterKit

/// tests/vectors/config through real property lists, binary and XML: what the core makes of them
/// must not depend on the way over the boundary.
///
/// A case is written for Android unless it says `ios`; most mean the same on both, and run here as
/// an MDM would send them to an iPhone. Not run are: layers other than the MDM's and what follows
/// from a change, which can't be seen from a shell; several admins, who are Android's; and what a
/// property list can't say (`null`). Rust runs those.
@Suite(.timeLimit(.minutes(5))) struct ConfigVectorTests {
    /// What a case expects that can be seen here.
    private static let checked = ["settings", "notes", "unknown", "feedback"]
    /// Layers that only the core's own tests can set.
    private static let elsewhere = ["person", "server", "individual"]
    /// About the phone, not about the configuration.
    private static let aboutThePhone: Set<String> = ["licence", "state"]

    private static let files = [
        "booleans", "changes", "ios", "layers", "lists", "names", "numbers", "placeholders",
        "texts",
    ]

    @Test(arguments: files) func vectorsOf(file: String) throws {
        let cases = try vectors("config/\(file).json")["cases"]?.list ?? []
        let runnable = cases.filter(Self.canRun)
        #expect(!runnable.isEmpty, "no case of \(file) can be run")
        for one in runnable {
            for way in Way.allCases {
                let failures = try Self.run(one, way: way)
                let about = one["about"]?.text ?? ""
                #expect(failures.isEmpty, "\(file), \(way): \(about)")
            }
        }
    }

    @Test func everyFileIsRun() throws {
        let folder = vectorsFolder.appendingPathComponent("config")
        let there = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let expected = Self.files.map { "\($0).json" }
        #expect(there.filter { $0.hasSuffix(".json") }.sorted() == expected.sorted())
    }

    /// A case that is wrong on purpose: the harness must see it.
    @Test func aWrongExpectationIsSeen() throws {
        let wrong = """
            {"mdm": {"block_copy": true}, "settings": {"block_copy": false},
             "notes": {"block_copy": ["came as text"]}, "unknown": {"frobnicate": null},
             "feedback": {"block_copy": "error"}}
            """
        #expect(try Self.run(JSON.read(wrong), way: .binary).count == 4)
    }

    private static func canRun(_ one: JSON) -> Bool {
        let inputs = [one] + (one["before"].map { [$0] } ?? [])
        return one["platform"]?.text != "android"
            && checked.contains { one[$0] != nil }
            && inputs.allSatisfy { input in
                elsewhere.allSatisfy { input[$0] == nil } && Way.canSay(input)
            }
    }

    private static func run(_ one: JSON, way: Way) throws -> [String] {
        let bench = try Bench()
        if let before = one["before"] { try bench.takes(way.sources(before)) }
        try bench.takes(way.sources(one))
        let shown = try bench.shown()
        // A property list knows one kind of whole number, so nobody is told of Android's long ones.
        let said = one["mdm"].map(hasLong) == true ? [] : notes(one["notes"], shown)
        return settings(one["settings"], shown) + said + unknown(one["unknown"], shown)
            + feedback(one["feedback"], bench)
    }

    private static func hasLong(_ tree: JSON) -> Bool {
        tree.object.contains { key, value in key == "$long" || hasLong(value) }
    }

    private static func setting(_ key: String, _ shown: JSON) -> JSON {
        shown["settings"]?.list.first { $0["key"]?.text == key } ?? .null
    }

    private static func settings(_ expected: JSON?, _ shown: JSON) -> [String] {
        (expected?.object ?? [:]).flatMap { key, wanted in
            var members = wanted.object
            if members.isEmpty {
                members = [
                    "value": wanted, "state": .text("valid"), "from": .text("received"),
                    "layer": .text("mdm"),
                ]
            }
            return members.compactMap { name, wanted in
                let got = setting(key, shown)[name] ?? .null
                return wanted.says(got) ? nil : "\(key).\(name): wanted \(wanted), got \(got)"
            }
        }
    }

    private static func notes(_ expected: JSON?, _ shown: JSON) -> [String] {
        (expected?.object ?? [:]).compactMap { key, wanted in
            let (wanted, got) = (wanted.texts, setting(key, shown)["notes"]?.texts ?? [])
            let isWell =
                wanted.isEmpty
                ? got.isEmpty : wanted.allSatisfy { part in got.contains { $0.contains(part) } }
            return isWell ? nil : "notes of \(key): wanted \(wanted), got \(got)"
        }
    }

    private static func unknown(_ expected: JSON?, _ shown: JSON) -> [String] {
        guard let wanted = expected?.object.mapValues(\.text) else { return [] }
        let pairs = (shown["unknown"]?.list ?? []).map {
            ($0["key"]?.text ?? "", $0["meant"]?.text)
        }
        let got = Dictionary(pairs) { first, _ in first }
        return wanted == got ? [] : ["unknown: wanted \(wanted), got \(got)"]
    }

    private static func feedback(_ expected: JSON?, _ bench: Bench) -> [String] {
        guard let wanted = expected?.object.compactMapValues(\.text) else { return [] }
        let pairs = bench.feedback.filter { !aboutThePhone.contains($0.key) }
            .map { ($0.key, $0.severity == .error ? "error" : "info") }
        let got = Dictionary(pairs) { first, _ in first }
        return wanted == got ? [] : ["feedback: wanted \(wanted), got \(got)"]
    }
}

/// How a tree of a vector becomes what iOS hands to an app.
private enum Way: String, CaseIterable, CustomTestStringConvertible {
    case binary
    case xml

    var testDescription: String { rawValue }
    private var format: PropertyListSerialization.PropertyListFormat {
        self == .binary ? .binary : .xml
    }

    /// Whether a property list can say it.
    static func canSay(_ input: JSON) -> Bool {
        let channels = input["admins"]?.object ?? [:]
        return channels.keys.allSatisfy { channel($0) != nil }
            && ([input["mdm"] ?? .object([:])] + channels.values).allSatisfy(hasNoNull)
    }

    private static func hasNoNull(_ tree: JSON) -> Bool {
        switch tree {
        case .null: false
        case .list(let items): items.allSatisfy(hasNoNull)
        case .object(let members): members.values.allSatisfy(hasNoNull)
        default: true
        }
    }

    private static func channel(_ name: String) -> ConfigurationChannel? {
        switch name {
        case "os": .os
        case "managed_app": .managedApp
        default: nil
        }
    }

    func sources(_ input: JSON) throws -> [ConfigurationSource] {
        if let text = input["plist"]?.text { return [source(.os, try list(xml: text))] }
        if let admins = input["admins"]?.object {
            return try admins.map { name, tree in
                source(try #require(Self.channel(name)), try list(tree))
            }
        }
        guard let tree = input["mdm"] else {
            return [ConfigurationSource(channel: .os, tree: .absent)]
        }
        return [source(.os, try list(tree))]
    }

    private func source(_ channel: ConfigurationChannel, _ list: Data) -> ConfigurationSource {
        ConfigurationSource(channel: channel, tree: .propertyList(bytes: list))
    }

    private func list(_ tree: JSON) throws -> Data {
        try PropertyListSerialization.data(
            fromPropertyList: try Self.plain(tree),
            format: format,
            options: 0
        )
    }

    /// A list that a vector has as XML: as it stands, or once through the system's own reader.
    private func list(xml: String) throws -> Data {
        guard self == .binary else { return Data(xml.utf8) }
        let tree = try PropertyListSerialization.propertyList(from: Data(xml.utf8), format: nil)
        return try PropertyListSerialization.data(
            fromPropertyList: tree,
            format: .binary,
            options: 0
        )
    }

    /// The value as property list types; Android's other number types as what they mean.
    private static func plain(_ value: JSON) throws -> Any {
        switch value {
        case .null: throw Trouble("a property list has no null")
        case .flag(let flag): return flag
        case .integer(let integer): return integer
        case .real(let real): return real
        case .text(let text): return text
        case .list(let list): return try list.map(plain)
        case .object(let members):
            guard members.count == 1, let (tag, inner) = members.first, tag.hasPrefix("$") else {
                return try members.mapValues(plain)
            }
            switch tag {
            case "$long": return try plain(inner)
            case "$double", "$float": return try number(inner)
            case "$string_array", "$parcelables": return try inner.list.map(plain)
            default: throw Trouble("unknown tag \(tag)")
            }
        }
    }

    private static func number(_ value: JSON) throws -> Double {
        switch value.text {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: try #require(value.number)
        }
    }
}
