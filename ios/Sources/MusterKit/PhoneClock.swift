import Foundation

/// Where the agent's time comes from.
public protocol PhoneClock: Sendable {
    /// The moment: wall clock, time since the boot with sleep counted, and which boot it is.
    func now() -> Now
}

/// The clocks of the operating system.
public struct SystemClock: PhoneClock {
    private let boot = SystemClock.bootId()

    /// Reads which boot this is, once.
    public init() {}

    public func now() -> Now {
        Now(
            wallMs: Int64(Date().timeIntervalSince1970 * 1000),
            elapsedMs: Self.elapsedMilliseconds(),
            bootId: boot
        )
    }

    /// Time since the boot that goes on while the phone sleeps. Swift's `ContinuousClock` is the
    /// same clock, but does not say where it starts.
    private static func elapsedMilliseconds() -> Int64 {
        #if os(Linux)
            let clock = CLOCK_BOOTTIME
        #else
            // "a monotonically increasing clock … continues to increment while the system is
            // asleep": clock_gettime(3) of Darwin says so of this one.
            let clock = CLOCK_MONOTONIC_RAW
        #endif
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// The first fifteen hexadecimal digits of the name that the kernel gives each boot.
    private static func bootId() -> Int64 {
        let digits = bootName().filter(\.isHexDigit).prefix(15)
        return Int64(digits, radix: 16) ?? 0
    }

    private static func bootName() -> String {
        #if os(Linux)
            let path = "/proc/sys/kernel/random/boot_id"
            // No phone: without it all boots are one.
            return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        #else
            var size = 0
            guard sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0) == 0, size > 1 else {
                return ""
            }
            var name = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("kern.bootsessionuuid", &name, &size, nil, 0) == 0 else {
                return ""
            }
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        #endif
    }
}
