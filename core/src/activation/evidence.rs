//! What a phone shows to be let in, and an activation under way.
use super::BrowserSession;
use crate::config::{Effective, Key};
use crate::flow::Flow;
use crate::jose::{Thumbprint, encode_base64url, sha256_base64url};
use crate::management::codec::{Reader, Writer};
use crate::management::{ServerUrl, Unreadable};
use crate::secret::Secret;
use crate::time::{BootId, ElapsedMs, Now, WallMs};

/// Hands the ways in to a macro, one row each, the strongest first. In a row: the kind and its
/// token, and for each part of the evidence, in order, the parameter of the challenge request that
/// carries it and the setting that may hold it. Only secrets that the management server itself
/// issued: a directory password is never typed into the app, that is what `Browser` is for.
#[doc(hidden)]
#[macro_export]
macro_rules! evidence_table {
    ($declare:ident) => {
        $declare! {
            /// The code of an activation link or QR code.
            ActivationCode "activation_code" {
                /// The code.
                code: "activation_code" from Key::ActivationCode,
            }
            /// Licence credentials, own or shared by all.
            Credentials "credentials" {
                /// The licence's user name.
                username: "username" from Key::LicenseUsername,
                /// Its password.
                password: "password" from Key::LicensePassword,
            }
            /// An e-mail address and the company's passcode.
            EmailPasscode "email_passcode" {
                /// The address.
                email: "login_hint" from Key::Email,
                /// The passcode.
                passcode: "organization_passcode" from Key::CompanyPasscode,
            }
            /// The public code of an organisation.
            OrganizationCode "organization_code" {
                /// The code.
                code: "organization_code" from Key::OrganizationCode,
            }
            /// Sign-in on a page of the company, in the person's browser.
            Browser "browser"
        }
    };
}

macro_rules! declare {
    ($(
        $(#[$doc:meta])*
        $kind:ident $token:literal
        $({ $($(#[$about:meta])* $part:ident: $parameter:literal from $setting:expr,)+ })?
    )*) => {
        /// What shows that a person may activate a phone.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum Evidence {
            $($(#[$doc])* $kind $({ $($(#[$about])* $part: Secret<String>,)+ })?,)*
        }

        /// Which way in, without its secrets.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum EvidenceKind {
            $($(#[$doc])* $kind,)*
        }

        impl EvidenceKind {
            /// Every kind, the strongest first.
            pub const ALL: &[EvidenceKind] = &[$(EvidenceKind::$kind),*];

            /// The token in reports and in the sealed form.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $token,)* }
            }

            /// The parameters of the challenge request, in order.
            pub fn parameters(self) -> &'static [&'static str] {
                match self { $(Self::$kind => &[$($($parameter),+)?],)* }
            }

            /// The settings that may hold the parts, in the order of the parameters.
            pub fn settings(self) -> &'static [Key] {
                match self { $(Self::$kind => &[$($($setting),+)?],)* }
            }
        }

        impl Evidence {
            /// Which way in it is.
            pub fn kind(&self) -> EvidenceKind {
                match self { $(Self::$kind { .. } => EvidenceKind::$kind,)* }
            }

            /// What stands in the parameters of the challenge request, in order.
            fn values(&self) -> Vec<&str> {
                match self {
                    $(Self::$kind $({ $($part),+ })? => vec![$($($part.expose()),+)?],)*
                }
            }

            /// Evidence of a kind, of what `value` gives for each parameter.
            fn made_of<E>(
                kind: EvidenceKind,
                mut value: impl FnMut(&'static str) -> Result<Secret<String>, E>,
            ) -> Result<Self, E> {
                Ok(match kind {
                    $(EvidenceKind::$kind => Self::$kind $({ $($part: value($parameter)?,)+ })?,)*
                })
            }
        }
    };
}

evidence_table!(declare);

impl EvidenceKind {
    /// Finds a kind by its token.
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == token)
    }
}

impl Evidence {
    /// The parameters of the challenge request, in order.
    pub(super) fn parameters(&self) -> Vec<(&'static str, &str)> {
        self.kind().parameters().iter().copied().zip(self.values()).collect()
    }

    /// The evidence that consists of exactly these parameters of the challenge request, in any
    /// order; `None` if there is no such kind.
    pub fn from_parameters(given: &[(&str, Secret<String>)]) -> Option<Self> {
        let find = |name: &str| given.iter().find(|(given, _)| *given == name);
        let consists = |kind: &&EvidenceKind| {
            let names = kind.parameters();
            names.len() == given.len() && names.iter().all(|name| find(name).is_some())
        };
        let kind = EvidenceKind::ALL.iter().find(consists)?;
        let value = |name| find(name).map(|(_, value)| value.clone()).ok_or(());
        Self::made_of(*kind, value).ok()
    }

    /// The evidence of `kind` that stands in the settings; `None` if a part is missing.
    pub(super) fn from_settings(kind: EvidenceKind, settings: &Effective) -> Option<Self> {
        let keys = kind.parameters().iter().zip(kind.settings());
        let find = |name| keys.clone().find(|(parameter, _)| **parameter == name);
        Self::made_of(kind, |name| find(name).and_then(|(_, key)| settings.words(*key)).ok_or(()))
            .ok()
    }

    /// Bytes that are equal exactly when the evidence is the same. They hold the secrets: only for
    /// a keyed hash that remembers evidence which must not be used again by itself.
    pub fn fingerprint_bytes(&self) -> Secret<Vec<u8>> {
        self.to_bytes()
    }

    /// The form in which evidence is sealed: the token of its kind, then each part.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        let mut writer = Writer::new(1);
        writer.text(self.kind().as_str());
        for value in self.values() {
            writer.text(value);
        }
        writer.finish()
    }

    /// Reads what [`Evidence::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(1, bytes)?;
        let kind = EvidenceKind::from_token(reader.text()?).ok_or(Unreadable)?;
        let evidence = Self::made_of(kind, |_| reader.secret())?;
        reader.finish()?;
        Ok(evidence)
    }
}

/// The verifier of PKCE (RFC 7636): it ties the token request to the challenge request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pkce(Secret<String>);

impl Pkce {
    /// A fresh verifier of 43 characters (RFC 7636 §4.1).
    pub fn fresh(flow: &Flow) -> Self {
        Self::from_entropy(flow.random())
    }

    pub(super) fn from_entropy(entropy: [u8; 32]) -> Self {
        Self(Secret::new(encode_base64url(&entropy)))
    }

    /// `code_verifier`.
    pub(super) fn verifier(&self) -> &str {
        self.0.expose()
    }

    /// `code_challenge` for the method S256.
    pub(super) fn challenge(&self) -> String {
        sha256_base64url(self.0.expose())
    }
}

/// An activation under way. It is stored before anything is sent, so that after a kill or a lost
/// answer the same evidence goes out again, by the same key and with the same verifier: the server
/// then gives a new authorization code and takes no second seat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingActivation {
    /// The management server.
    pub server_url: ServerUrl,
    /// What is shown to it.
    pub evidence: Evidence,
    /// The number of the device key that was made for this activation.
    pub device_key: u32,
    /// The policy key that the activation link vouched for.
    pub link_key: Option<Thumbprint>,
    /// PKCE.
    pub pkce: Pkce,
    /// The newest session name that the server gave, in this activation or an earlier one.
    pub auth_session: Option<Secret<String>>,
    /// The one-time code that the person typed, until the server has judged it.
    pub one_time_code: Option<Secret<String>>,
    /// The sign-in that the browser was opened for.
    pub browser: Option<BrowserSession>,
    /// When it began.
    pub started: Now,
}

impl PendingActivation {
    /// A new activation with a fresh verifier.
    pub fn begin(flow: &Flow, server_url: ServerUrl, evidence: Evidence, device_key: u32) -> Self {
        Self {
            server_url,
            evidence,
            device_key,
            link_key: None,
            pkce: Pkce::fresh(flow),
            auth_session: None,
            one_time_code: None,
            browser: None,
            started: flow.now(),
        }
    }

    /// The form in which it is sealed.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        let mut writer = Writer::new(1);
        writer
            .text(self.server_url.as_str())
            .bytes(self.evidence.to_bytes().expose())
            .number(i64::from(self.device_key))
            .optional(self.link_key.map(|k| k.to_string()).as_deref())
            .text(self.pkce.verifier());
        for field in [&self.auth_session, &self.one_time_code] {
            writer.optional(field.as_ref().map(|s| s.expose().as_str()));
        }
        writer
            .optional(self.browser.as_ref().map(|b| b.state.expose().as_str()))
            .optional(self.browser.as_ref().map(|b| b.redirect_uri.as_str()))
            .number(self.started.wall.0)
            .number(self.started.elapsed.0)
            .number(self.started.boot.0)
            .finish()
    }

    /// Reads what [`PendingActivation::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(1, bytes)?;
        let pending = Self {
            server_url: ServerUrl::parse(reader.text()?).map_err(|_| Unreadable)?,
            evidence: Evidence::from_bytes(reader.bytes()?)?,
            device_key: u32::try_from(reader.number()?).map_err(|_| Unreadable)?,
            link_key: match reader.optional()? {
                Some(text) => Some(text.parse().map_err(|_| Unreadable)?),
                None => None,
            },
            pkce: Pkce(reader.secret()?),
            auth_session: reader.optional_secret()?,
            one_time_code: reader.optional_secret()?,
            browser: match (reader.optional_secret()?, reader.optional()?) {
                (Some(state), Some(uri)) => {
                    Some(BrowserSession { state, redirect_uri: uri.to_owned() })
                }
                (None, None) => None,
                _ => return Err(Unreadable),
            },
            started: Now {
                wall: WallMs(reader.number()?),
                elapsed: ElapsedMs(reader.number()?),
                boot: BootId(reader.number()?),
            },
        };
        reader.finish()?;
        Ok(pending)
    }
}
