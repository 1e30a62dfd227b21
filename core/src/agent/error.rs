//! Why an agent can't be opened.
use crate::ids::Language;
use crate::messages::{Args, Code, Text, text};
use crate::store::StoreError;

/// Why an agent can't be opened.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OpenError {
    /// Another agent, in this process or another, has the profile open.
    #[error("the profile is in use by another agent")]
    InUse,
    /// There is no room left.
    #[error("no space left on the device")]
    Full,
    /// The folder or a file in it can't be used.
    #[error("the profile can't be used: {0}")]
    Unusable(String),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::InUse => OpenError::InUse,
            StoreError::Full => OpenError::Full,
            other => OpenError::Unusable(other.to_string()),
        }
    }
}

impl OpenError {
    /// For a person.
    pub fn text(&self, language: Language) -> Text {
        let code = match self {
            OpenError::InUse => Code::StoreInUse,
            OpenError::Full => Code::StoreFull,
            OpenError::Unusable(_) => Code::StoreDamaged,
        };
        text(code, language, &Args::none())
    }
}
