import Foundation
import Testing

@testable import MusterAppModel

/// What Xcode is given, as far as it can be checked without Xcode.
struct ProjectFilesTests {
    private func list(_ path: String) throws -> [String: Any] {
        let file = Made.folder.appendingPathComponent(path)
        let list = try PropertyListSerialization.propertyList(
            from: Data(contentsOf: file), format: nil)
        return try #require(list as? [String: Any])
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Made.folder.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func theRefreshThatIsRegisteredIsPermitted() throws {
        let info = try list("Support/Info.plist")
        let code = try text("../Sources/MusterKit/BackgroundRefresh.swift")
        let found = try #require(code.firstMatch(of: /identifier = "([^"]+)"/))
        let permitted = try #require(info["BGTaskSchedulerPermittedIdentifiers"] as? [String])
        #expect(permitted == [String(found.output.1)])
        // Without it, BGAppRefreshTaskRequest is refused.
        #expect(info["UIBackgroundModes"] as? [String] == ["fetch"])
    }

    @Test func theAppSpeaksTheLanguagesOfItsTexts() throws {
        let info = try list("Support/Info.plist")
        #expect(info["CFBundleLocalizations"] as? [String] == Wording.languages)
        #expect(info["CFBundleDevelopmentRegion"] as? String == "en")
        let regions = try project().values.compactMap { $0["knownRegions"] as? [String] }
        #expect(Set(Wording.languages).isSubset(of: regions.joined()))
    }

    /// A description is a question to the person, and this app asks none.
    @Test func nothingIsAskedForThatIsNotUsed() throws {
        let info = try list("Support/Info.plist")
        #expect(info.keys.filter { $0.hasSuffix("UsageDescription") } == [])
        // http stays off: there is no exception.
        #expect(info["NSAppTransportSecurity"] == nil)
    }

    @Test func entitlementsAreForKeysAndLinks() throws {
        let entitlements = try list("Support/Muster.entitlements")
        #expect(
            Set(entitlements.keys)
                == ["keychain-access-groups", "com.apple.developer.associated-domains"])
        let groups = entitlements["keychain-access-groups"] as? [String]
        #expect(groups == ["$(AppIdentifierPrefix)dev.muster.agent"])
        let options = try text("../../core/src/agent/options.rs")
        let host = try #require(options.firstMatch(of: /APP_LINK_HOST: &str = "([^"]+)"/))
        let domains = entitlements["com.apple.developer.associated-domains"] as? [String]
        #expect(domains == ["applinks:\(host.output.1)"])
    }

    @Test(arguments: [
        "Resources/PrivacyInfo.xcprivacy", "../Sources/MusterKit/PrivacyInfo.xcprivacy",
    ])
    func privacyManifestsSayThatNobodyIsTracked(_ path: String) throws {
        let manifest = try list(path)
        #expect(manifest["NSPrivacyTracking"] as? Bool == false)
        #expect((manifest["NSPrivacyTrackingDomains"] as? [String])?.isEmpty == true)
        let types = try #require(manifest["NSPrivacyCollectedDataTypes"] as? [[String: Any]])
        #expect(!types.isEmpty)
        #expect(types.allSatisfy { $0["NSPrivacyCollectedDataTypeTracking"] as? Bool == false })
    }

    @Test func theAppCollectsWhatItsLibraryCollects() throws {
        let names = try [
            "Resources/PrivacyInfo.xcprivacy", "../Sources/MusterKit/PrivacyInfo.xcprivacy",
        ].map { path in
            let types = try list(path)["NSPrivacyCollectedDataTypes"] as? [[String: Any]]
            return Set((types ?? []).compactMap { $0["NSPrivacyCollectedDataType"] as? String })
        }
        #expect(names[0] == names[1])
    }

    // MARK: - The Xcode project

    private func project() throws -> [String: [String: Any]] {
        let objects = try list("Muster.xcodeproj/project.pbxproj")["objects"]
        return try #require(objects as? [String: [String: Any]])
    }

    @Test func everyReferenceInTheProjectLeadsSomewhere() throws {
        let objects = try project()
        let written = try text("Muster.xcodeproj/project.pbxproj")
        let names = Set(written.matches(of: /\b4D555354[0-9A-F]{16}\b/).map { String($0.output) })
        #expect(names == Set(objects.keys))
        #expect(objects.values.allSatisfy { $0["isa"] is String })
        let scheme = try text("Muster.xcodeproj/xcshareddata/xcschemes/Muster.xcscheme")
        for found in scheme.matches(of: /BlueprintIdentifier = "([0-9A-F]+)"/) {
            #expect(objects[String(found.output.1)]?["isa"] as? String == "PBXNativeTarget")
        }
    }

    @Test func everyFolderAndFileOfTheProjectIsThere() throws {
        let objects = try project()
        let files = FileManager.default
        let groups = objects.values.filter {
            $0["isa"] as? String == "PBXFileSystemSynchronizedRootGroup"
        }
        #expect(Set(groups.compactMap { $0["path"] as? String }) == ["Sources", "Resources"])
        for settings in objects.values.compactMap({ $0["buildSettings"] as? [String: Any] }) {
            for key in ["INFOPLIST_FILE", "CODE_SIGN_ENTITLEMENTS"] {
                guard let path = settings[key] as? String else { continue }
                let file = Made.folder.appendingPathComponent(path)
                #expect(files.fileExists(atPath: file.path), "\(path)")
            }
        }
        let package = objects.values.compactMap { $0["relativePath"] as? String }
        #expect(package == [".."])
    }

    /// What Xcode builds for is what the package says, and what it links is a product of it.
    @Test func projectAndPackageAgree() throws {
        let objects = try project()
        let package = try text("../Package.swift")
        for product in objects.values.compactMap({ $0["productName"] as? String })
        where product != "Muster" {
            #expect(package.contains(".library(name: \"\(product)\""), "\(product)")
        }
        let settings = objects.values.compactMap { $0["buildSettings"] as? [String: Any] }
        let versions = Set(settings.compactMap { $0["IPHONEOS_DEPLOYMENT_TARGET"] as? String })
        #expect(versions == ["17.0"] && package.contains(".iOS(.v17)"))
        #expect(Set(settings.compactMap { $0["SWIFT_VERSION"] as? String }) == ["6.0"])
        let script = try text("../xcframework.sh")
        #expect(script.contains("IPHONEOS_DEPLOYMENT_TARGET=17.0"))
    }

    /// A text with a fixed size or height is cut off where people need large letters.
    @Test func textsGrowWithTheSettingsOfThePhone() throws {
        let folder = Made.folder.appendingPathComponent("Sources")
        for file in try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        {
            let code = try String(contentsOf: file, encoding: .utf8)
            for banned in [".system(size", "frame(height", "lineLimit(1)", "minimumScaleFactor"] {
                #expect(!code.contains(banned), "\(banned) in \(file.lastPathComponent)")
            }
        }
    }
}
