import MusterKit

/// An activation link that was opened. It never acts by itself: the person sees where it leads, and
/// says yes or no.
public struct LinkQuestion: Sendable, Equatable, Identifiable {
    /// The whole link.
    public let id: String
    /// What is asked, or what is the matter.
    public let title: String
    /// What follows.
    public let text: String
    /// Whether the person can say yes.
    public let canBeAccepted: Bool

    init(_ url: String, _ verdict: LinkVerdict, _ wording: Wording) {
        id = url
        switch verdict {
        case .usable(let preview):
            title = preview.title
            text = preview.text
            canBeAccepted = !preview.alreadyActive
        case .refused(let words):
            title = wording(.linkUnusable)
            text = "\(words.text) \(words.next)"
            canBeAccepted = false
        }
    }
}
