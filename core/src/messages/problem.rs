//! What failed, for a screen, a log or a program to show.
use serde::Serialize;

use super::{Args, Code, text};
use crate::http::Failure;
use crate::ids::Language;
use crate::vault::VaultFailure;

/// Which part of the agent a problem belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Activation, sign-in, licence.
    Activation,
    /// Managed configuration.
    Configuration,
    /// Address books.
    Contacts,
    /// The signed policy.
    Policy,
    /// Reports to the server.
    Report,
    /// The agent's own files and keys.
    Store,
}

impl Area {
    /// The token in views.
    pub fn as_str(self) -> &'static str {
        match self {
            Area::Activation => "activation",
            Area::Configuration => "configuration",
            Area::Contacts => "contacts",
            Area::Policy => "policy",
            Area::Report => "report",
            Area::Store => "store",
        }
    }
}

/// One thing that failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Where.
    pub area: Area,
    /// What.
    pub code: Code,
    /// About what.
    pub args: Args,
}

/// A [`Problem`] in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ProblemView {
    /// Where.
    pub area: Area,
    /// For machines.
    pub code: &'static str,
    /// What happened.
    pub text: String,
    /// What to do next.
    pub next: String,
}

impl Problem {
    /// A problem about nothing in particular.
    pub fn new(area: Area, code: Code) -> Self {
        Self { area, code, args: Args::none() }
    }

    /// A problem with more to say.
    pub fn with(area: Area, code: Code, args: Args) -> Self {
        Self { area, code, args }
    }

    /// In words.
    pub fn view(&self, language: Language) -> ProblemView {
        let words = text(self.code, language, &self.args);
        ProblemView {
            area: self.area,
            code: self.code.as_str(),
            text: words.text,
            next: words.next,
        }
    }
}

impl Code {
    /// What a request that got no answer is called; `None` if the agent gave it up itself, which is
    /// no problem.
    pub fn of_failure(failure: Failure) -> Option<Code> {
        match failure {
            Failure::NameNotFound => Some(Code::HostNotFound),
            Failure::Refused => Some(Code::ConnectionRefused),
            Failure::TimedOut => Some(Code::TimedOut),
            Failure::Tls => Some(Code::TlsFailed),
            Failure::ProxyLogin => Some(Code::ProxyLogin),
            Failure::Cut => Some(Code::Cut),
            Failure::TooLarge => Some(Code::AnswerInvalid),
            Failure::Insecure => Some(Code::InsecureAddress),
            Failure::Other => Some(Code::ConnectionFailed),
            Failure::Cancelled => None,
        }
    }

    /// What a key operation that did not work is called.
    pub fn of_vault(failure: VaultFailure) -> Code {
        match failure {
            VaultFailure::Locked => Code::VaultLocked,
            VaultFailure::Busy => Code::VaultBusy,
            VaultFailure::Lost => Code::VaultLost,
            VaultFailure::Denied => Code::VaultDenied,
            VaultFailure::Unsupported => Code::VaultUnsupported,
        }
    }
}
