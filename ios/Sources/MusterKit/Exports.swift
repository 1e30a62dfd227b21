// The types of the core (events, status, findings, contacts) are part of this library's surface:
// whoever imports MusterKit has them.
@_exported import MusterCore

/// So that a part of a vault can say what went wrong by throwing it.
extension VaultFailure: Error {}
