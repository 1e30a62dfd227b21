//! Which evidence is tried by itself, if any: one function over values.
use serde::{Deserialize, Serialize};

use super::{Configured, Evidence, EvidenceMark};
use crate::config::{Effective, Key};
use crate::jose::Thumbprint;
use crate::licence::Phase;
use crate::management::ServerUrl;
use crate::time::{DAY_MS, WallMs};

/// How long evidence that was refused is not shown again by itself: a day.
const REFUSED_FOR_MS: i64 = DAY_MS;

/// Evidence that is there, and where to show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The management server.
    pub server: ServerUrl,
    /// What is shown to it.
    pub evidence: Evidence,
    /// The policy key that an activation link vouched for.
    pub link_key: Option<Thumbprint>,
}

/// Whether policy keys were pinned in a way that nobody can read. Then no key is trusted: taking the
/// one that a server offers is just what the pin is there to prevent.
pub fn is_trust_unreadable(effective: &Effective) -> bool {
    effective.policy_key_thumbprints().is_some_and(<[String]>::is_empty)
}

/// Evidence that a server refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// Which evidence.
    pub mark: EvidenceMark,
    /// The refusal, as [`crate::messages::Code`] names it.
    pub code: String,
    /// When, by trusted time.
    pub at: WallMs,
}

impl Refusal {
    /// When the same evidence is shown again, even if nothing changed.
    pub fn until(&self) -> WallMs {
        self.at.plus_ms(REFUSED_FOR_MS)
    }
}

/// What the choice is made of.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// Where the phone stands.
    pub phase: Phase,
    /// The settings in force.
    pub effective: &'a Effective,
    /// More of the configuration is about to come (`restrictions_pending`).
    pub is_unfinished: bool,
    /// The evidence that the phone was activated with, and the issuer it belongs to.
    pub in_use: Option<(&'a EvidenceMark, &'a str)>,
    /// What was refused last.
    pub refusal: Option<&'a Refusal>,
    /// The profile's key for marks.
    pub mark_key: &'a [u8],
    /// Trusted time.
    pub now: WallMs,
}

/// What is to be done about evidence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// Show it.
    Try(Box<Candidate>),
    /// There is some, and it is not shown.
    Problem(Objection),
    /// There is nothing to be shown, or no need.
    Nothing,
}

/// Why evidence of the configuration is not shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Objection {
    /// `policy_key_thumbprints` can't be read.
    UnreadableTrust,
    /// The server refused it, and nothing changed since. With the refusal's code and the server's
    /// address.
    RefusedBefore {
        /// As [`crate::messages::Code`] names it.
        code: String,
        /// `server_url`.
        server: String,
    },
    /// An erase put it aside: only the person's own word sets the phone up with it again.
    ErasedBefore,
    /// The address of the server is none.
    BadAddress {
        /// `server_url`.
        server: String,
    },
}

/// Chooses. `was_erased` says whether the phone was erased with this evidence; it is slow on purpose,
/// and asked last.
pub fn choose(inputs: &Inputs<'_>, was_erased: impl FnOnce(&Evidence) -> bool) -> Choice {
    let is_gone = matches!(inputs.phase, Phase::Erasing | Phase::Erased);
    if is_gone || inputs.is_unfinished || !inputs.effective.bool(Key::AutoActivate) {
        return Choice::Nothing;
    }
    let Some(Configured { server, evidence }) = Configured::read(inputs.effective) else {
        return Choice::Nothing;
    };
    if is_trust_unreadable(inputs.effective) {
        return Choice::Problem(Objection::UnreadableTrust);
    }
    let mark = EvidenceMark::of(&evidence, inputs.mark_key);
    if inputs.phase == Phase::Active && is_in_use(inputs, &mark, &server) {
        return Choice::Nothing;
    }
    if let Some(refusal) = inputs.refusal
        && refusal.mark == mark
        && inputs.now < refusal.until()
    {
        let code = refusal.code.clone();
        return Choice::Problem(Objection::RefusedBefore { code, server });
    }
    if was_erased(&evidence) {
        return Choice::Problem(Objection::ErasedBefore);
    }
    match ServerUrl::parse(&server) {
        Ok(server) => Choice::Try(Box::new(Candidate { server, evidence, link_key: None })),
        Err(_) => Choice::Problem(Objection::BadAddress { server }),
    }
}

/// An activated phone shows only what is other evidence than the one in use, or for another server;
/// that is tried beside the old. One that has to prove itself shows the same again.
fn is_in_use(inputs: &Inputs<'_>, mark: &EvidenceMark, server: &str) -> bool {
    let address = |text: &str| ServerUrl::parse(text).map(|url| url.as_str().to_owned());
    inputs.in_use.is_some_and(|(used, issuer)| used == mark && address(issuer) == address(server))
}

/// Whether the configuration holds evidence that will be shown without anybody's doing.
pub fn proves_itself(effective: &Effective, refusal: Option<&Refusal>, mark_key: &[u8]) -> bool {
    let Some(configured) = Configured::read(effective) else { return false };
    let mark = EvidenceMark::of(&configured.evidence, mark_key);
    effective.bool(Key::AutoActivate) && refusal.is_none_or(|refusal| refusal.mark != mark)
}
