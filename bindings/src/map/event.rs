//! What happens to a phone.
use std::collections::HashMap;

use muster_core::activation::Evidence as CoreEvidence;
use muster_core::agent::Event as CoreEvent;
use muster_core::secret::Secret;

use super::{ConfigurationSource, SignalKind, SignalReading, managed_input, signals};
use crate::error::{BadInput, MusterError};

macro_rules! evidence {
    ($(
        $(#[$doc:meta])*
        $kind:ident $token:literal
        $({ $($(#[$about:meta])* $part:ident: $parameter:literal from $setting:expr,)+ })?
    )*) => {
        /// What shows that a person may activate a phone. No `Debug`: these are secrets.
        #[derive(Clone, PartialEq, Eq, uniffi::Enum)]
        pub enum Evidence {
            $($(#[$doc])* $kind $({ $($(#[$about])* $part: String,)+ })?,)*
        }

        impl From<Evidence> for CoreEvidence {
            fn from(evidence: Evidence) -> Self {
                match evidence {
                    $(Evidence::$kind $({ $($part),+ })? => {
                        CoreEvidence::$kind $({ $($part: Secret::new($part),)+ })?
                    })*
                }
            }
        }
    };
}

muster_core::evidence_table!(evidence);

/// One thing that happened. No `Debug`: some hold secrets.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Event {
    /// The managed configuration as the operating system has it now, whole. Handed over at every
    /// start, on foreground and on the platform's notification, never before the first unlock after
    /// a boot.
    Configuration {
        /// One for each channel; on most phones exactly one.
        sources: Vec<ConfigurationSource>,
    },
    /// The signals as the shell sees them now, whole. What is left out is unknown.
    Signals {
        /// What is known of each.
        readings: HashMap<SignalKind, SignalReading>,
    },
    /// The person confirmed the activation link `url` after having seen its preview.
    LinkAccepted {
        /// The whole link.
        url: String,
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

impl TryFrom<Event> for CoreEvent {
    type Error = MusterError;

    fn try_from(event: Event) -> Result<Self, MusterError> {
        Ok(match event {
            Event::Configuration { sources } => CoreEvent::Configuration(managed_input(sources)?),
            Event::Signals { readings } => CoreEvent::Signals(signals(readings)),
            Event::LinkAccepted { url } => CoreEvent::LinkAccepted { url: Secret::new(url) },
            Event::Activate { server_url, evidence } => {
                CoreEvent::Activate { server_url, evidence: evidence.into() }
            }
            Event::SignOut => CoreEvent::SignOut,
            Event::NetworkUp => CoreEvent::NetworkUp,
            Event::Foregrounded => CoreEvent::Foregrounded,
            Event::Unlocked => CoreEvent::Unlocked,
            Event::Window { ms } if ms < 0 => return Err(BadInput::Negative.into()),
            Event::Window { ms } => CoreEvent::Window { ms },
            Event::WindowUnbounded => CoreEvent::WindowUnbounded,
            Event::WindowClosing => CoreEvent::WindowClosing,
            Event::Wake => CoreEvent::Wake,
            Event::CheckNow => CoreEvent::CheckNow,
        })
    }
}
