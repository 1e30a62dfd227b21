import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension HttpFailure {
    /// What an error of `URLSession` means. `headSeen`: whether a part of the answer was there.
    init(_ error: any Error, headSeen: Bool) {
        guard let code = (error as? URLError)?.code else {
            self = .other
            return
        }
        if let proxy = Self.ofProxy(error as NSError) {
            self = proxy
            return
        }
        switch code {
        case .cannotFindHost, .dnsLookupFailed, .notConnectedToInternet, .dataNotAllowed,
            .internationalRoamingOff, .callIsActive:
            self = .nameNotFound
        case .cannotConnectToHost: self = .refused
        case .timedOut: self = .timedOut
        case .secureConnectionFailed, .serverCertificateHasBadDate, .serverCertificateUntrusted,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid,
            .clientCertificateRejected, .clientCertificateRequired:
            self = .tls
        case .appTransportSecurityRequiresSecureConnection: self = .insecure
        case .networkConnectionLost: self = .cut
        case .cannotParseResponse, .badServerResponse: self = headSeen ? .cut : .other
        case .cancelled: self = .cancelled
        case .dataLengthExceedsMaximum: self = .tooLarge
        default: self = headSeen ? .cut : .other
        }
    }

    /// A proxy's refusals come wrapped. The numbers are CFNetworkErrors' 307
    /// (kCFErrorHTTPBadProxyCredentials) and 309 (kCFErrorPACFileAuth).
    private static func ofProxy(_ error: NSError) -> HttpFailure? {
        guard let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError else { return nil }
        return inner.domain == "kCFErrorDomainCFNetwork" && [307, 309].contains(inner.code)
            ? .proxyLogin : nil
    }
}
