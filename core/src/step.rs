//! What the agent asks a shell to do next.
use crate::effect::Effect;
use crate::http::Request;
use crate::time::ElapsedMs;
use crate::vault::VaultOp;

/// Names one request, vault operation or effect until it is answered. Never used twice in the life
/// of an agent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct StepId(pub i64);

/// One thing to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Run this request; answer with `on_head`, `on_body` …, `on_end`, or `on_failure`.
    Send {
        /// To answer with.
        id: StepId,
        /// What to send.
        request: Request,
    },
    /// Give up the request `id`. No answer is wanted any more.
    Cancel {
        /// Of the request.
        id: StepId,
    },
    /// Run this key operation; answer with `on_vault`.
    Vault {
        /// To answer with.
        id: StepId,
        /// What to do.
        op: VaultOp,
    },
    /// Bring this about; answer with `on_effect`.
    Effect {
        /// To answer with.
        id: StepId,
        /// The desired result.
        effect: Effect,
    },
    /// Nothing before this moment, unless an event or an answer comes.
    Wait {
        /// When to poll again.
        until: ElapsedMs,
    },
    /// Nothing at all until an event or an answer comes.
    Idle,
}
