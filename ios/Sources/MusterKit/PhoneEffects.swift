import Foundation

#if canImport(UIKit)
    import UIKit
#endif
#if canImport(UserNotifications)
    import UserNotifications
#endif

/// Effects by the means of iOS.
public struct PhoneEffects: EffectHandler {
    private let feedback: ManagedFeedback

    /// Effects of this app.
    public init(feedback: ManagedFeedback = ManagedFeedback()) {
        self.feedback = feedback
    }

    public func carryOut(_ effect: PhoneEffect) async -> EffectOutcome {
        switch effect {
        case .publishFeedback(let version, let configVersion, let states):
            feedback.publish(version: version, configVersion: configVersion, states: states)
            return .done
        case .notify(let id, let title, let body): return await notify(id, title, body)
        case .clearNotification(let id): return clear(id)
        case .openBrowser(let url): return await open(url)
        // No copies are handed to the system: there are no extensions of this app yet.
        case .removeExports: return .notApplicable
        }
    }

    private func notify(_ id: String, _ title: String, _ body: String) async -> EffectOutcome {
        #if canImport(UserNotifications)
            let content = UNMutableNotificationContent()
            content.title = title
            content.body = body
            // Adding one of the same identifier replaces it.
            let request = UNNotificationRequest(identifier: id, content: content, trigger: nil)
            do {
                try await UNUserNotificationCenter.current().add(request)
                return .done
            } catch {
                return .failed
            }
        #else
            return .notApplicable
        #endif
    }

    private func clear(_ id: String) -> EffectOutcome {
        #if canImport(UserNotifications)
            let center = UNUserNotificationCenter.current()
            center.removeDeliveredNotifications(withIdentifiers: [id])
            center.removePendingNotificationRequests(withIdentifiers: [id])
            return .done
        #else
            return .notApplicable
        #endif
    }

    @MainActor private func open(_ url: String) async -> EffectOutcome {
        #if canImport(UIKit)
            guard let url = URL(string: url) else { return .notApplicable }
            return await UIApplication.shared.open(url) ? .done : .failed
        #else
            return .notApplicable
        #endif
    }
}
