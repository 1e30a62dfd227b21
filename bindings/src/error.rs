//! What an app is told when something does not work. Every text is fixed; details go to the log.
use muster_core::agent::OpenError;
use muster_core::config::InputError;
use muster_core::contacts::directory::DirectoryError;

/// Why a call did not work.
///
/// The cases are stable, and each is something that an app can act on. The texts are for
/// developers; what a person should read comes from `AgentState` and
/// `open_failure_words`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, uniffi::Error)]
#[uniffi(flat_error)]
pub enum MusterError {
    /// Another agent, in this process or another, has the profile open. Close it, or try again.
    #[error("the profile is in use by another agent")]
    InUse,
    /// There are no contacts to be read: not yet, not any more, or not now.
    /// `AgentState.contacts.why_hidden` has the words.
    #[error("contacts are locked")]
    Locked,
    /// There is no such contact, or it has no photo.
    #[error("there is no such contact or photo")]
    NotFound,
    /// What was handed over can't be used; nothing of it was. The text says what is wrong with it.
    #[error("can't be used: {0}")]
    InvalidInput(BadInput),
    /// A managed configuration over a limit; nothing of it was used. The text names the limit.
    #[error("over a limit: {0}")]
    OverLimit(InputError),
    /// The phone has no room left.
    #[error("no space left on the device")]
    Full,
    /// The agent's files can't be read or written.
    #[error("the agent's files can't be used")]
    Store,
    /// The agent met an error in itself. It has let its profile go and answers nothing but this:
    /// open it anew.
    #[error("the agent is broken and must be opened anew")]
    Broken,
    /// The agent was closed with `shut_down`.
    #[error("the agent is closed")]
    Closed,
}

/// What is wrong with something that was handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadInput {
    /// A profile is 1 to 32 lower-case letters, digits, `-` and `_`.
    #[error("the profile is not 1 to 32 lower-case letters, digits, - and _")]
    Profile,
    /// An HTTP status is three digits (RFC 9110 §15).
    #[error("the HTTP status is not three digits")]
    Status,
    /// A count, an offset or a time that can't be negative.
    #[error("a number that must not be negative is")]
    Negative,
    /// Not a readable configuration.
    #[error("{0}")]
    Configuration(InputError),
    /// An `android.os.Bundle` that can't be read.
    #[error("the Bundle can't be read")]
    Bundle,
}

impl From<BadInput> for MusterError {
    fn from(flaw: BadInput) -> Self {
        MusterError::InvalidInput(flaw)
    }
}

impl From<InputError> for MusterError {
    fn from(error: InputError) -> Self {
        match error {
            InputError::TooLarge | InputError::TooDeep | InputError::TooManyKeys => {
                MusterError::OverLimit(error)
            }
            InputError::NotJson
            | InputError::NotAPropertyList
            | InputError::NotATree
            | InputError::BadTag(_) => MusterError::InvalidInput(BadInput::Configuration(error)),
        }
    }
}

impl From<OpenError> for MusterError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::InUse => MusterError::InUse,
            OpenError::Full => MusterError::Full,
            OpenError::Unusable(detail) => {
                log::error!("the profile can't be opened: {detail}");
                MusterError::Store
            }
        }
    }
}

impl From<DirectoryError> for MusterError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Locked => MusterError::Locked,
            DirectoryError::NotFound => MusterError::NotFound,
            DirectoryError::Store(detail) => {
                log::error!("contacts can't be read: {detail}");
                MusterError::Store
            }
        }
    }
}
