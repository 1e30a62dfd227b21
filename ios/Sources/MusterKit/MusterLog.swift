import Foundation

/// Lines of the shell's own in the system's log, beside those of the core: what failed where nobody
/// can be told. Without secrets and personal data, as all lines.
public enum MusterLog {
    /// `what` did not work because of `error`.
    public static func failed(_ what: String, _ error: any Error) {
        let line = "\(what) failed: \(text(of: error))"
        #if canImport(os)
            SystemLog.logger.error("\(line, privacy: .public)")
        #else
            FileHandle.standardError.write(Data("muster: \(line)\n".utf8))
        #endif
    }

    /// Errors of our own are fixed texts. Of others the text may say anything, so their number it is.
    static func text(of error: any Error) -> String {
        if error is MusterError || error is MusterKitError || error is VaultFailure {
            return "\(error)"
        }
        let error = error as NSError
        return "\(error.domain) \(error.code)"
    }
}
