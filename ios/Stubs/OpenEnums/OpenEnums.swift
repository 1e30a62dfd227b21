// Hand-written for Linux, and only what our code uses: it proves that types fit, and nothing about
// iOS. Declarations follow Apple's documentation; nothing here does anything.
//
// Apple's enumerations may get cases, so a switch over one needs `@unknown default`. For the compiler
// that is so only in a module with library evolution, which can't import Foundation on Linux.

public enum UIBackgroundRefreshStatus: Int, Sendable {
    case restricted = 0
    case denied = 1
    case available = 2
}

public enum ScenePhase: Comparable, Hashable, Sendable {
    case background
    case inactive
    case active
}
