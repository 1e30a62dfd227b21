/// What the Keychain's status codes mean to the agent. The numbers are those of SecBase.h, written
/// out so that the table is tested where there is no Keychain.
enum KeychainStatus {
    static let success: Int32 = 0
    static let itemNotFound: Int32 = -25300
    static let duplicateItem: Int32 = -25299

    /// The failure behind `status`.
    static func failure(_ status: Int32) -> VaultFailure {
        switch status {
        case itemNotFound: .lost
        // errSecInteractionNotAllowed: before the first unlock, for the class our keys have.
        case -25308: .locked
        // errSecNotAvailable, errSecAllocate, errSecIO, errSecDiskFull, errSecServiceNotAvailable,
        // errSecDeviceFailed: the keychain daemon or its storage, for the moment.
        case -25291, -108, -36, -34, -67585, -67588: .busy
        // errSecUnimplemented.
        case -4: .unsupported
        // errSecAuthFailed, errSecMissingEntitlement, errSecParam and whatever else there is.
        default: .denied
        }
    }
}
