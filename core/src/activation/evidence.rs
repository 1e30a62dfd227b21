//! What a phone shows to be let in, and an activation under way.
use super::BrowserSession;
use crate::flow::Flow;
use crate::jose::{Thumbprint, encode_base64url, sha256_base64url};
use crate::management::codec::{Reader, Writer};
use crate::management::{ServerUrl, Unreadable};
use crate::secret::Secret;
use crate::time::{BootId, ElapsedMs, Now, WallMs};

/// What shows that a person may activate a phone. Only secrets that the management server itself
/// issued: a directory password is never typed into the app, that is what `Browser` is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// Licence credentials, own or shared by all.
    Credentials {
        /// The licence's user name.
        username: Secret<String>,
        /// Its password.
        password: Secret<String>,
    },
    /// An e-mail address and the company's passcode.
    EmailPasscode {
        /// The address.
        email: Secret<String>,
        /// The passcode.
        passcode: Secret<String>,
    },
    /// The public code of an organisation.
    OrganizationCode(Secret<String>),
    /// The code of an activation link or QR code.
    ActivationCode(Secret<String>),
    /// Sign-in on a page of the company, in the person's browser.
    Browser,
}

impl Evidence {
    /// The parameters of the challenge request, in order.
    pub(super) fn parameters(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Credentials { username, password } => {
                vec![("username", username.expose()), ("password", password.expose())]
            }
            Self::EmailPasscode { email, passcode } => {
                vec![("login_hint", email.expose()), ("organization_passcode", passcode.expose())]
            }
            Self::OrganizationCode(code) => vec![("organization_code", code.expose())],
            Self::ActivationCode(code) => vec![("activation_code", code.expose())],
            Self::Browser => vec![],
        }
    }

    /// Bytes that are equal exactly when the evidence is the same. They hold the secrets: only for
    /// a keyed hash that remembers evidence which must not be used again by itself.
    pub fn fingerprint_bytes(&self) -> Secret<Vec<u8>> {
        self.to_bytes()
    }

    /// The form in which evidence is sealed.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        let mut writer = Writer::new(1);
        writer.text(match self {
            Self::Credentials { .. } => "credentials",
            Self::EmailPasscode { .. } => "email_passcode",
            Self::OrganizationCode(_) => "organization_code",
            Self::ActivationCode(_) => "activation_code",
            Self::Browser => "browser",
        });
        for (_, value) in self.parameters() {
            writer.text(value);
        }
        writer.finish()
    }

    /// Reads what [`Evidence::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(1, bytes)?;
        let evidence = match reader.text()? {
            "credentials" => {
                Self::Credentials { username: reader.secret()?, password: reader.secret()? }
            }
            "email_passcode" => {
                Self::EmailPasscode { email: reader.secret()?, passcode: reader.secret()? }
            }
            "organization_code" => Self::OrganizationCode(reader.secret()?),
            "activation_code" => Self::ActivationCode(reader.secret()?),
            "browser" => Self::Browser,
            _ => return Err(Unreadable),
        };
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
