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
    let usual = "\(Context.packageDirectory)/Generated/lib"
    let library = environment["MUSTER_LIBRARY_FOLDER"] ?? usual
    linked = [.unsafeFlags(["-L", library]), .linkedLibrary("muster")]
    targets.append(.systemLibrary(name: "MusterFFI", path: "Generated/MusterFFI"))

    // CryptoKit is not there; the vault of the tests uses OpenSSL.
    targets.append(.systemLibrary(name: "COpenSSL", path: "Tests/COpenSSL"))
    testing.append("COpenSSL")

    // Nor are Apple's other frameworks, so what needs them is not compiled. With this variable it
    // is compiled against declarations of our own, which finds wrong types and nothing else.
    if environment["MUSTER_STUBS"] != nil {
        let stubs: [String: [Target.Dependency]] = [
            "BackgroundTasks": [], "CryptoKit": ["LocalAuthentication", "Security"],
            "LocalAuthentication": [], "ManagedApp": [], "Network": [], "Security": [],
            "SwiftUI": ["UIKit"], "UIKit": ["OpenEnums"], "UserNotifications": [], "os": [],
        ]
        for (name, needs) in stubs.sorted(by: { $0.key < $1.key }) {
            targets.append(.target(name: name, dependencies: needs, path: "Stubs/\(name)"))
            frameworks.append(.byName(name: name))
        }
        targets.append(
            .target(
                name: "OpenEnums", path: "Stubs/OpenEnums",
                swiftSettings: [.unsafeFlags(["-enable-library-evolution"])]))
        let needs: [Target.Dependency] = ["MusterAppModel", "MusterKit"] + frameworks
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
targets += [core, kit, .testTarget(name: "MusterKitTests", dependencies: testing + frameworks)]

// What the app's screen shows, without a screen. It is a product for the app beside this file alone.
var observing: [LinkerSetting] = []
#if os(Linux)
    // libswiftObservation of some builds of Swift lacks a function that it calls before it gives up.
    observing = [.unsafeFlags(["-Xlinker", "--allow-shlib-undefined"])]
#endif
targets += [
    .target(
        name: "MusterAppModel", dependencies: ["MusterKit"], path: "App/Model",
        linkerSettings: observing),
    .testTarget(
        name: "MusterAppTests", dependencies: ["MusterAppModel", "MusterKit"], path: "App/Tests"),
]

let package = Package(
    name: "MusterKit",
    defaultLocalization: "en",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "MusterKit", targets: ["MusterKit"]),
        .library(name: "MusterAppModel", targets: ["MusterAppModel"]),
    ],
    targets: targets,
    swiftLanguageModes: [.v6]
)
