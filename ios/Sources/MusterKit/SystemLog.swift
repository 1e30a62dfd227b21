#if canImport(os)
    import os

    /// Log lines in the system's log. They hold no secrets and no personal data, so they are
    /// public there.
    public final class SystemLog: LogSink {
        private let logger = Logger(subsystem: "dev.muster", category: "agent")

        /// A sink for `setLogSink`.
        public init() {}

        public func log(record: LogRecord) {
            let line = "\(record.target): \(record.message)"
            switch record.level {
            case .error: logger.error("\(line, privacy: .public)")
            case .warn: logger.warning("\(line, privacy: .public)")
            case .info: logger.info("\(line, privacy: .public)")
            case .off, .debug, .trace: logger.debug("\(line, privacy: .public)")
            }
        }
    }
#endif
