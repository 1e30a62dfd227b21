//! The settings in force, and what they mean for activation and contacts.
use std::fmt;

use url::Url;

use super::{From, Layer};
use crate::config::schema::Key;
use crate::config::value::{ContactSource, Value};
use crate::secret::Secret;

/// All settings that are in force. Before the first resolution: none.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Effective {
    pub(super) slots: Vec<Slot>,
    pub(super) only_warn: Vec<Key>,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) value: Option<Value>,
    pub(super) layer: Layer,
    pub(super) from: From,
}

/// Where a value came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Provenance {
    /// Whose value it is.
    pub layer: Layer,
    /// How it came about.
    pub from: From,
}

impl Effective {
    /// The value of a setting, of whatever type.
    pub fn value(&self, key: Key) -> Option<&Value> {
        self.slots.get(key as usize)?.value.as_ref()
    }

    /// Whether there is any value, a default included.
    pub fn is_set(&self, key: Key) -> bool {
        self.value(key).is_some()
    }

    /// A boolean; an unset one is `false`.
    pub fn bool(&self, key: Key) -> bool {
        matches!(self.value(key), Some(Value::Bool(true)))
    }

    /// A whole number.
    pub fn int(&self, key: Key) -> Option<i64> {
        match self.value(key) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// A text, word, version or address that is not secret.
    pub fn text(&self, key: Key) -> Option<&str> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A list; an unset one is empty. Where empty and unset differ, see
    /// [`Effective::allowed_servers`] and [`Effective::policy_key_thumbprints`].
    pub fn list(&self, key: Key) -> &[String] {
        match self.value(key) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// A secret.
    pub fn secret(&self, key: Key) -> Option<&Secret<String>> {
        match self.value(key) {
            Some(Value::Secret(secret)) => Some(secret),
            _ => None,
        }
    }

    /// Where the value of a setting came from.
    pub fn provenance(&self, key: Key) -> Provenance {
        self.slots
            .get(key as usize)
            .map(|slot| Provenance { layer: slot.layer, from: slot.from })
            .unwrap_or_default()
    }

    /// Rules whose value can't be read: each shows a finding that says so, and may only warn.
    /// If `noncompliance_action` or `noncompliance_grace_hours` is among them, no rule of the
    /// managed configuration may do more than warn.
    pub fn only_warn(&self) -> &[Key] {
        &self.only_warn
    }

    /// Every contact source: `contact_sources`, and before it the one of `carddav_url`.
    pub fn contact_sources(&self) -> Vec<ContactSource> {
        let single = self.text(Key::CarddavUrl).map(|url| ContactSource {
            name: None,
            url: url.to_owned(),
            username: self.text(Key::CarddavUsername).map(str::to_owned),
            password: self.secret(Key::CarddavPassword).cloned(),
        });
        let several = match self.value(Key::ContactSources) {
            Some(Value::Sources(sources)) => sources.as_slice(),
            _ => &[],
        };
        let mut all: Vec<ContactSource> = single.into_iter().collect();
        for source in several {
            let known = all
                .iter()
                .any(|other| other.url == source.url && other.username == source.username);
            if !known {
                all.push(source.clone());
            }
        }
        all
    }

    /// The servers that the setting `allowed_servers` names; `None` if it is not set. What that allows
    /// is `management::ServerAllowList`'s to say.
    pub fn allowed_servers(&self) -> Option<&[String]> {
        self.is_set(Key::AllowedServers).then(|| self.list(Key::AllowedServers))
    }

    /// The pinned policy keys; `None` means that none is pinned here. An empty list means that the
    /// admin pinned keys that can't be read: then no key is trusted until that is corrected.
    pub fn policy_key_thumbprints(&self) -> Option<&[String]> {
        self.is_set(Key::PolicyKeyThumbprints).then(|| self.list(Key::PolicyKeyThumbprints))
    }

    /// What this configuration offers for activation.
    pub fn activation(&self) -> ActivationSource {
        activation(self)
    }
}

impl fmt::Debug for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Key::ALL.into_iter().filter(|key| self.is_set(*key));
        f.debug_map().entries(set.map(|key| (key.name(), self.value(key)))).finish()
    }
}

/// What a configuration offers for activation, the strongest evidence first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ActivationSource {
    /// A single-use code.
    ActivationCode {
        /// `server_url`.
        server: Url,
        /// The code.
        code: Secret<String>,
    },
    /// A licence, the person's own or one that all share.
    Credentials {
        /// `server_url`.
        server: Url,
        /// `license_username`.
        username: String,
        /// `license_password`.
        password: Secret<String>,
        /// `email`, if the MDM says whose phone it is.
        email: Option<String>,
    },
    /// E-mail address and the organisation's passcode.
    EmailPasscode {
        /// `server_url`.
        server: Url,
        /// `email`.
        email: String,
        /// `company_passcode`.
        passcode: Secret<String>,
    },
    /// A public code of the organisation.
    OrganizationCode {
        /// `server_url`.
        server: Url,
        /// `organization_code`.
        code: String,
        /// `email`, if the MDM says whose phone it is.
        email: Option<String>,
    },
    /// A server and nothing else: the person signs in, by the company's sign-in page or by typing.
    PersonSignsIn {
        /// `server_url`.
        server: Url,
    },
    /// No server: contacts come straight from CardDAV.
    Standalone {
        /// At least one.
        sources: Vec<ContactSource>,
    },
    /// Half a configuration.
    Incomplete {
        /// What has to be added, in the order of the schema.
        missing: Vec<Key>,
    },
    /// Nothing about activation at all.
    Nothing,
}

fn activation(effective: &Effective) -> ActivationSource {
    use ActivationSource::*;
    let text = |key| effective.text(key).map(str::to_owned);
    let secret = |key| effective.secret(key).cloned();
    let server = effective.text(Key::ServerUrl).and_then(|url| Url::parse(url).ok());
    let (username, password) = (text(Key::LicenseUsername), secret(Key::LicensePassword));
    let (email, passcode) = (text(Key::Email), secret(Key::CompanyPasscode));
    let (code, organization) = (secret(Key::ActivationCode), text(Key::OrganizationCode));

    // Evidence that is there in full.
    if let Some(server) = &server {
        let server = server.clone();
        if let Some(code) = code {
            return ActivationCode { server, code };
        }
        if let (Some(username), Some(password)) = (&username, &password) {
            let (username, password) = (username.clone(), password.clone());
            return Credentials { server, username, password, email };
        }
        if let (Some(email), Some(passcode)) = (&email, &passcode) {
            return EmailPasscode { server, email: email.clone(), passcode: passcode.clone() };
        }
        if let Some(code) = organization {
            return OrganizationCode { server, code, email };
        }
        if username.is_none() && password.is_none() && email.is_none() && passcode.is_none() {
            return PersonSignsIn { server };
        }
    } else {
        let sources = effective.contact_sources();
        if !sources.is_empty() {
            return Standalone { sources };
        }
        let evidence = username.is_some()
            || password.is_some()
            || passcode.is_some()
            || code.is_some()
            || organization.is_some();
        let user_of_books =
            effective.is_set(Key::CarddavUsername) || effective.is_set(Key::CarddavPassword);
        match (evidence, user_of_books) {
            (false, true) => return Incomplete { missing: vec![Key::CarddavUrl] },
            (false, false) if email.is_none() => return Nothing,
            _ => {}
        }
    }

    // Half of it: name what is missing of the way that was begun.
    let mut missing = Vec::new();
    if server.is_none() {
        missing.push(Key::ServerUrl);
    }
    match (&username, &password) {
        (Some(_), None) => missing.push(Key::LicensePassword),
        (None, Some(_)) => missing.push(Key::LicenseUsername),
        (Some(_), Some(_)) => {}
        (None, None) => match (&email, &passcode) {
            (None, Some(_)) => missing.push(Key::Email),
            (Some(_), None)
                if effective.secret(Key::ActivationCode).is_none()
                    && effective.text(Key::OrganizationCode).is_none() =>
            {
                missing.push(Key::CompanyPasscode);
            }
            _ => {}
        },
    }
    missing.sort();
    Incomplete { missing }
}
