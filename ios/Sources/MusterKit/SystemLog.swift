#if canImport(os)
    import os

    /// Log lines in the system's log. They hold no secrets and no personal data, so they are
    /// public there.
    public final class SystemLog: LogSink {
        static let logger = Logger(subsystem: "dev.muster", category: "agent")

        /// A sink for `setLogSink`.
        public init() {}

        public func log(record: LogRecord) {
            let line = "\(record.target): \(record.message)"
            switch record.level {
            case .error: Self.logger.error("\(line, privacy: .public)")
            case .warn: Self.logger.warning("\(line, privacy: .public)")
            case .info: Self.logger.info("\(line, privacy: .public)")
            case .off, .debug, .trace: Self.logger.debug("\(line, privacy: .public)")
            }
        }
    }
#endif
