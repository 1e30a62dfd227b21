import MusterKit

// The getters that the state has taken the place of: this file goes with them.
extension CountingAgent {
    func isReady() throws -> Bool { try note(.getter("isReady")).isReady() }
    func status() throws -> Status { try note(.getter("status")).status() }
    func findings() throws -> [Finding] { try note(.getter("findings")).findings() }
    func problems() throws -> [Problem] { try note(.getter("problems")).problems() }
    func whyHidden() throws -> Words { try note(.getter("whyHidden")).whyHidden() }
    func contactsReceived() throws -> Int64 {
        try note(.getter("contactsReceived")).contactsReceived()
    }
    func language() throws -> String { try note(.getter("language")).language() }
}
