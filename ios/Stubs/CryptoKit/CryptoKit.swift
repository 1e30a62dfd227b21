// Hand-written for Linux, and only what our code uses: it proves that types fit, and nothing about
// iOS. Declarations follow Apple's documentation; nothing here does anything.
import Foundation
import LocalAuthentication
import Security

public struct SymmetricKeySize: Sendable {
    public let bitCount: Int
    public static var bits128: SymmetricKeySize { SymmetricKeySize(bitCount: 128) }
    public static var bits256: SymmetricKeySize { SymmetricKeySize(bitCount: 256) }
}

public struct SymmetricKey: ContiguousBytes, Sendable {
    public init<D>(data: D) where D: ContiguousBytes {}
    public init(size: SymmetricKeySize) {}
    public func withUnsafeBytes<R>(
        _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R { fatalError() }
}

public enum P256: Sendable {
    public enum Signing: Sendable {
        public struct ECDSASignature: Sendable {
            public var derRepresentation: Data { fatalError() }
            public var rawRepresentation: Data { fatalError() }
        }

        public struct PublicKey: Sendable {
            public var x963Representation: Data { fatalError() }
        }

        public struct PrivateKey: Sendable {
            public init(compactRepresentable: Bool = true) {}
            public init<Bytes>(rawRepresentation data: Bytes) throws where Bytes: ContiguousBytes {}
            public var rawRepresentation: Data { fatalError() }
            public var publicKey: PublicKey { fatalError() }
            public func signature<D>(for data: D) throws -> ECDSASignature where D: DataProtocol {
                fatalError()
            }
        }
    }
}

public enum SecureEnclave: Sendable {
    public static var isAvailable: Bool { fatalError() }

    public enum P256: Sendable {
        public enum Signing: Sendable {
            public struct PrivateKey: Sendable {
                public init(
                    compactRepresentable: Bool = true,
                    accessControl: SecAccessControl,
                    authenticationContext: LAContext? = nil
                ) throws {}
                public init(
                    dataRepresentation: Data,
                    authenticationContext: LAContext? = nil
                ) throws {}
                public var dataRepresentation: Data { fatalError() }
                public var publicKey: CryptoKit.P256.Signing.PublicKey { fatalError() }
                public func signature<D>(
                    for data: D
                ) throws -> CryptoKit.P256.Signing.ECDSASignature where D: DataProtocol {
                    fatalError()
                }
            }
        }
    }
}

public enum AES: Sendable {
    public enum GCM: Sendable {
        public struct Nonce: Sendable {}

        public struct SealedBox: Sendable {
            public init<D>(combined: D) throws where D: DataProtocol {}
            public var combined: Data? { fatalError() }
        }

        public static func seal<Plaintext, AuthenticatedData>(
            _ message: Plaintext,
            using key: SymmetricKey,
            nonce: Nonce? = nil,
            authenticating authenticatedData: AuthenticatedData
        ) throws -> SealedBox where Plaintext: DataProtocol, AuthenticatedData: DataProtocol {
            fatalError()
        }

        public static func open<AuthenticatedData>(
            _ sealedBox: SealedBox,
            using key: SymmetricKey,
            authenticating authenticatedData: AuthenticatedData
        ) throws -> Data where AuthenticatedData: DataProtocol { fatalError() }
    }
}
