// swift-tools-version: 6.0
import Foundation
import PackageDescription

// What is generated (`cargo xtask bindgen`, or xcframework.sh on macOS) lies in Generated/:
//   MusterCore/MusterCore.swift, and MusterFFI/ (Linux) or MusterFFI.xcframework (Apple).
let environment = ProcessInfo.processInfo.environment
var targets: [Target] = []
var linked: [LinkerSetting] = []
var frameworks: [Target.Dependency] = []
var testing: [Target.Dependency] = ["MusterKit"]

#if os(Linux)
    // A folder that holds libmuster.a and nothing else: a libmuster.so beside it would win.
    let library = environment["MUSTER_LIBRARY_FOLDER"] ?? "\(Context.packageDirectory)/Generated/lib"
    linked = [.unsafeFlags(["-L", library]), .linkedLibrary("muster")]
    targets.append(.systemLibrary(name: "MusterFFI", path: "Generated/MusterFFI"))

    // CryptoKit is not there; the vault of the tests uses OpenSSL.
    targets.append(.systemLibrary(name: "COpenSSL", path: "Tests/COpenSSL"))
    testing.append("COpenSSL")

    // Nor are Apple's other frameworks, so what needs them is not compiled. With this variable it
    // is compiled against declarations of our own, which finds wrong types and nothing else.
    if environment["MUSTER_STUBS"] != nil {
        let names = [
            "BackgroundTasks", "CryptoKit", "LocalAuthentication", "ManagedApp", "Network",
            "Security", "SwiftUI", "UIKit", "UserNotifications", "os",
        ]
        for name in names {
            targets.append(.target(name: name, path: "Stubs/\(name)"))
            frameworks.append(.byName(name: name))
        }
        let needs: [Target.Dependency] = ["MusterKit"] + frameworks
        targets.append(.target(name: "MusterApp", dependencies: needs, path: "App/Sources"))
    }
#else
    targets.append(.binaryTarget(name: "MusterFFI", path: "Generated/MusterFFI.xcframework"))
#endif

let core: Target = .target(
    name: "MusterCore", dependencies: ["MusterFFI"], path: "Generated/MusterCore",
    linkerSettings: linked)
let kitNeeds: [Target.Dependency] = ["MusterCore"] + frameworks
let kit: Target = .target(
    name: "MusterKit", dependencies: kitNeeds, resources: [.copy("PrivacyInfo.xcprivacy")])
targets += [core, kit, .testTarget(name: "MusterKitTests", dependencies: testing)]

let package = Package(
    name: "MusterKit",
    defaultLocalization: "en",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "MusterKit", targets: ["MusterKit"])],
    targets: targets,
    swiftLanguageModes: [.v6]
)
