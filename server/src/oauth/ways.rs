//! The ways in: what a phone shows to be let in, whether it is right, and what stands behind it.
//!
//! A new way is a row of `WAYS`, a variant of [`Shown`] and what the compiler then asks for here;
//! the rules about whom an organisation lets in (`admit`) are the same for all of them. Company
//! sign-in (`redirect_to_web`) and one-time codes (`auth_session`, `otp`) will be further ones; until
//! they exist they are not advertised.

use super::admit::{Denial, REPEAT_S};
use super::challenge::bad;
use crate::app::App;
use crate::ids::{Digest, TenantId, Thumbprint, UnixTime};
use crate::limit::Pause;
use crate::reply::{Form, Reply, Request};
use crate::storage::{LicenceRow, LinkRow, PersonRow, StoreError, Stored, Tx, WayIn};

/// Characters of a name, password, passcode or code.
const SECRET_CHARS: usize = 1_024;
/// Organisations in which one e-mail address is looked for.
const TENANTS_PER_EMAIL: usize = 5;
/// The parameter that names a person and proves nothing. It may come with any way, and tells none
/// from another.
const CLAIM: &str = "login_hint";

/// One way in.
struct Way {
    /// The parameters that have to be there.
    needs: &'static [&'static str],
    /// Checks the secret part and says what it stands for. Nothing is changed there, and nothing is
    /// locked while a password is being checked.
    prove: fn(&Proving<'_>) -> Result<Shown, Reply>,
}

const WAYS: [Way; 4] = [
    Way { needs: &["username", "password"], prove: licence },
    Way { needs: &[CLAIM, "organization_passcode"], prove: passcode },
    Way { needs: &["organization_code"], prove: organization_code },
    Way { needs: &["activation_code"], prove: link },
];

/// What the secret turned out to stand for.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A licence, and with a shared one perhaps the person who says to use it.
    Licence {
        /// The licence.
        licence: LicenceRow,
        /// Whom the e-mail address named.
        claimed: Option<PersonRow>,
    },
    /// The organisation passcode, and the person whose address was given.
    Passcode {
        /// Whom the e-mail address named.
        person: PersonRow,
    },
    /// The public code of an organisation.
    OrganizationCode {
        /// Which organisation.
        tenant: TenantId,
        /// Whom the e-mail address named.
        claimed: Option<PersonRow>,
    },
    /// An activation link.
    Link(LinkRow),
}

/// The parts of [`Shown`] that the rules look at.
pub(super) struct Claim {
    pub(super) tenant: TenantId,
    pub(super) person: Option<PersonRow>,
    /// Who the person is was shown, not only said.
    pub(super) proven: bool,
    pub(super) licence: Option<LicenceRow>,
    pub(super) way: WayIn,
}

/// Exactly one kind of evidence, and all of it.
pub(super) struct Evidence<'a> {
    way: &'static Way,
    form: &'a Form,
}

impl<'a> Evidence<'a> {
    /// Reads it from the challenge request.
    pub(super) fn read(form: &'a Form) -> Result<Self, Reply> {
        let get = |name: &str| form.get(name);
        let too_long = |name: &str| get(name).is_some_and(|value| value.len() > SECRET_CHARS);
        if WAYS.iter().flat_map(|way| way.needs).any(|name| too_long(name)) {
            return Err(bad("a parameter is too long"));
        }
        let is_own = |name: &&&str| **name != CLAIM && get(name).is_some();
        let mut begun = WAYS.iter().filter(|way| way.needs.iter().any(|name| is_own(&name)));
        let (Some(way), None) = (begun.next(), begun.next()) else {
            return Err(bad("exactly one kind of evidence is needed"));
        };
        if way.needs.iter().any(|name| get(name).is_none()) {
            return Err(bad("the evidence is incomplete"));
        }
        Ok(Self { way, form })
    }

    /// Checks the secret part and says what it stands for.
    pub(super) fn prove(&self, app: &App, request: &Request) -> Result<Shown, Reply> {
        (self.way.prove)(&Proving { app, request, form: self.form })
    }
}

/// What a proof is made with.
struct Proving<'a> {
    app: &'a App,
    request: &'a Request,
    form: &'a Form,
}

impl Proving<'_> {
    /// A parameter that the way needs, which is there.
    fn needed(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }

    /// Waits after wrong guesses.
    fn pause(&self, tenant: Option<&TenantId>) -> Result<(), Reply> {
        let (from, now) = (self.app.source(self.request), self.app.now());
        self.app.limiter.admit(tenant, from, now).map_err(|Pause(seconds)| {
            Reply::oauth(429, "temporarily_unavailable", "too many wrong guesses from this address")
                .with("retry-after", seconds.to_string())
        })
    }

    /// Counts a wrong guess.
    fn count(&self, tenant: Option<&TenantId>) {
        self.app.limiter.wrong(tenant, self.app.source(self.request), self.app.now());
    }

    /// A wrong guess, and its answer.
    fn wrong(&self, tenant: Option<&TenantId>) -> Reply {
        self.count(tenant);
        Denial::UnknownCredentials.into()
    }

    fn read<T>(&self, work: impl FnOnce(&dyn Tx) -> Stored<T>) -> Result<T, Reply> {
        self.app.storage.read(work).map_err(|error: StoreError| error.into())
    }

    /// Whom the e-mail address of the request names, if it has one.
    fn claimed(&self, tenant: &TenantId) -> Result<Option<PersonRow>, Reply> {
        let Some(email) = self.form.get(CLAIM) else { return Ok(None) };
        let email = email.trim().to_lowercase();
        self.read(|tx| tx.person_by_email(tenant, &email))
    }
}

fn licence(by: &Proving<'_>) -> Result<Shown, Reply> {
    let (username, password) = (by.needed("username"), by.needed("password"));
    let username = username.trim().to_lowercase();
    let licence = by.read(|tx| tx.licence_by_username(&username))?;
    let tenant = licence.as_ref().map(|licence| &licence.tenant);
    by.pause(tenant)?;
    let stored = licence.as_ref().map(|licence| licence.password_hash.as_str());
    let right = by.app.passwords.check(stored, password);
    let licence = licence.as_ref().filter(|_| right).ok_or_else(|| by.wrong(tenant))?;
    // With a shared licence the e-mail address is a claim: good enough to show a name and to refuse
    // the revoked, not to hand out what is personal.
    let claimed = match licence.person {
        None => by.claimed(&licence.tenant)?,
        Some(_) => None,
    };
    Ok(Shown::Licence { licence: licence.clone(), claimed })
}

fn passcode(by: &Proving<'_>) -> Result<Shown, Reply> {
    let (email, passcode) = (by.needed(CLAIM), by.needed("organization_passcode"));
    let email = email.trim().to_lowercase();
    let candidates = by.read(|tx| {
        let mut found = Vec::new();
        for person in tx.people_by_email(&email)?.into_iter().take(TENANTS_PER_EMAIL) {
            let tenant = tx.tenant(&person.tenant)?;
            found.push((person, tenant.and_then(|tenant| tenant.passcode_hash)));
        }
        Ok(found)
    })?;
    if candidates.is_empty() {
        by.pause(None)?;
        by.app.passwords.check(None, passcode);
        return Err(by.wrong(None));
    }
    for (person, _) in &candidates {
        by.pause(Some(&person.tenant))?;
    }
    for (person, stored) in &candidates {
        if by.app.passwords.check(stored.as_deref(), passcode) {
            return Ok(Shown::Passcode { person: person.clone() });
        }
    }
    for (person, _) in &candidates[1..] {
        by.count(Some(&person.tenant));
    }
    Err(by.wrong(Some(&candidates[0].0.tenant)))
}

fn organization_code(by: &Proving<'_>) -> Result<Shown, Reply> {
    by.pause(None)?;
    let digest = Digest::of(by.needed("organization_code").trim().as_bytes());
    let tenant = by.read(|tx| tx.tenant_by_organization_code(digest))?;
    let tenant = tenant.ok_or_else(|| by.wrong(None))?;
    let claimed = by.claimed(&tenant.id)?;
    Ok(Shown::OrganizationCode { tenant: tenant.id, claimed })
}

fn link(by: &Proving<'_>) -> Result<Shown, Reply> {
    by.pause(None)?;
    let digest = Digest::of(by.needed("activation_code").as_bytes());
    let link = by.read(|tx| tx.link(digest))?;
    Ok(Shown::Link(link.ok_or_else(|| by.wrong(None))?))
}

impl Shown {
    /// Reads again, inside the transaction, what the secret stood for: it may have been withdrawn
    /// since.
    pub(super) fn claim(&self, tx: &dyn Tx) -> Result<Claim, Denial> {
        let fresh = |person: &Option<PersonRow>| match person {
            Some(person) => tx.person(&person.tenant, person.id),
            None => Ok(None),
        };
        let claim = match self {
            Shown::Licence { licence, claimed } => {
                let licence = tx.licence_by_username(&licence.username)?;
                let licence = licence.ok_or(Denial::UnknownCredentials)?;
                if licence.revoked_at.is_some() {
                    return Err(Denial::Revoked);
                }
                let (person, proven) = match licence.person {
                    // The licence of a person who was removed goes with the person.
                    Some(id) => {
                        (Some(tx.person(&licence.tenant, id)?.ok_or(Denial::Revoked)?), true)
                    }
                    None => (fresh(claimed)?, false),
                };
                let (tenant, way) = (licence.tenant.clone(), WayIn::new("licence"));
                Claim { tenant, person, proven, licence: Some(licence), way }
            }
            Shown::Passcode { person } => {
                let tenant = person.tenant.clone();
                let person = fresh(&Some(person.clone()))?.ok_or(Denial::UnknownCredentials)?;
                let way = WayIn::new("passcode");
                Claim { tenant, person: Some(person), proven: false, licence: None, way }
            }
            Shown::OrganizationCode { tenant, claimed } => Claim {
                tenant: tenant.clone(),
                person: fresh(claimed)?,
                proven: false,
                licence: None,
                way: WayIn::new("organization_code"),
            },
            Shown::Link(link) => {
                let person = match link.person {
                    Some(id) => Some(tx.person(&link.tenant, id)?.ok_or(Denial::Revoked)?),
                    None => None,
                };
                let (tenant, proven) = (link.tenant.clone(), person.is_some());
                Claim { tenant, person, proven, licence: None, way: WayIn::new("link") }
            }
        };
        Ok(claim)
    }

    /// A link works once. The same key may repeat it for ten minutes: its answer may have been lost.
    pub(super) fn check_unused(
        &self,
        tx: &dyn Tx,
        device: &Thumbprint,
        now: UnixTime,
    ) -> Result<(), Denial> {
        let Shown::Link(link) = self else { return Ok(()) };
        let link = tx.link(link.code)?.ok_or(Denial::UnknownCredentials)?;
        match (link.used_at, &link.used_by) {
            (Some(at), Some(by)) if by == device && now < at.plus(REPEAT_S) => Ok(()),
            (Some(_), _) => Err(Denial::CodeUsed),
            (None, _) if now >= link.expires_at => Err(Denial::CodeExpired),
            (None, _) => Ok(()),
        }
    }

    /// Uses up what works once.
    pub(super) fn use_up(
        &self,
        tx: &dyn Tx,
        device: &Thumbprint,
        now: UnixTime,
    ) -> Result<(), Denial> {
        match self {
            Shown::Link(link) if link.used_at.is_none() => {
                if tx.use_link(link.code, device, now)? {
                    Ok(())
                } else {
                    Err(Denial::CodeUsed)
                }
            }
            _ => Ok(()),
        }
    }
}
