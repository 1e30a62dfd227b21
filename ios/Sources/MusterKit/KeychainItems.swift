#if canImport(Security)
    import Foundation
    import Security

    /// Secrets as generic passwords of the Keychain: usable after the first unlock, on this device
    /// only, so never in a backup and never in iCloud.
    public struct KeychainItems: SecretItems {
        private let service: String

        /// Items of one service.
        public init(service: String = "dev.muster.keys") {
            self.service = service
        }

        private func query(_ name: String) -> [String: Any] {
            [
                kSecClass as String: kSecClassGenericPassword,
                kSecAttrService as String: service,
                kSecAttrAccount as String: name,
            ]
        }

        public func read(_ name: String) throws(VaultFailure) -> Data {
            var query = query(name)
            query[kSecReturnData as String] = true
            query[kSecMatchLimit as String] = kSecMatchLimitOne
            var found: CFTypeRef?
            try check(SecItemCopyMatching(query as CFDictionary, &found))
            guard let secret = found as? Data else { throw .lost }
            return secret
        }

        public func write(_ name: String, _ secret: Data) throws(VaultFailure) {
            // A killed process may have left one of the same name.
            try remove(name)
            var item = query(name)
            item[kSecValueData as String] = secret
            item[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            try check(SecItemAdd(item as CFDictionary, nil))
        }

        public func remove(_ name: String) throws(VaultFailure) {
            let status = SecItemDelete(query(name) as CFDictionary)
            if status != KeychainStatus.itemNotFound { try check(status) }
        }

        public func removeAll(beginningWith prefix: String) throws(VaultFailure) {
            let all: [String: Any] = [
                kSecClass as String: kSecClassGenericPassword,
                kSecAttrService as String: service,
                kSecReturnAttributes as String: true,
                kSecMatchLimit as String: kSecMatchLimitAll,
            ]
            var found: CFTypeRef?
            let status = SecItemCopyMatching(all as CFDictionary, &found)
            if status == KeychainStatus.itemNotFound { return }
            try check(status)
            for item in found as? [[String: Any]] ?? [] {
                guard let name = item[kSecAttrAccount as String] as? String else { continue }
                if name.hasPrefix(prefix) { try remove(name) }
            }
        }

        private func check(_ status: OSStatus) throws(VaultFailure) {
            guard status == KeychainStatus.success else { throw KeychainStatus.failure(status) }
        }
    }
#endif
