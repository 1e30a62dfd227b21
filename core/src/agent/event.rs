//! What happens to a phone.
use crate::activation::Evidence;
use crate::compliance::Signals;
use crate::config::ManagedInput;
use crate::secret::Secret;

/// One thing that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// The managed configuration as the OS has it now, whole. Handed over at every start, on
    /// foreground and on the platform's notification, never before the first unlock after a boot.
    Configuration(ManagedInput),
    /// The signals as the shell sees them now, whole.
    Signals(Signals),
    /// The person confirmed the activation link `url` after having seen its preview.
    LinkAccepted {
        /// The whole link.
        url: Secret<String>,
    },
    /// The person typed evidence.
    Activate {
        /// The server, where the configuration does not name it.
        server_url: Option<String>,
        /// What was typed.
        evidence: Evidence,
    },
    /// The person signs out of the company.
    SignOut,
    /// A network is there (again).
    NetworkUp,
    /// The app is on the screen.
    Foregrounded,
    /// The phone was unlocked, or keys may have become available in another way.
    Unlocked,
    /// The shell can run the agent for so long and not longer (an iOS background refresh).
    Window {
        /// Milliseconds from now.
        ms: i64,
    },
    /// There is no bound any more.
    WindowUnbounded,
    /// The time is nearly over: commit and cancel.
    WindowClosing,
    /// A push message says that there is news at the server.
    Wake,
    /// The person asks for everything to be brought up to date now.
    CheckNow,
}
