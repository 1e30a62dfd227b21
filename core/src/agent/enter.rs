//! Activation: which evidence is tried, and what becomes of it.
use super::ctx::Ctx;
use super::records::Refused;
use super::run::Errand;
use super::state::{Mode, ServerState, State};
use crate::activation::{ActivationError, Evidence, PendingActivation, Redeemed, redeem};
use crate::config::{ActivationSource, Key};
use crate::http::Failure;
use crate::http::backoff::pause_ms;
use crate::jose::{DeviceKey, SignError, Thumbprint};
use crate::licence::{LicenceEvent, Phase, Prompt};
use crate::management::{
    Grant, Metadata, Server, ServerAllowList, ServerTrouble, ServerUrl, discover,
};
use crate::messages::{Area, Args, Code, Problem};
use crate::secret::Secret;
use crate::time::{DAY_MS, Now};
use crate::vault::{Purpose, VaultFailure};

/// Evidence that is there, and where to show it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) server: ServerUrl,
    pub(super) evidence: Evidence,
    pub(super) link_key: Option<Thumbprint>,
}

impl State {
    /// What the managed configuration offers and is worth trying now.
    pub(super) fn candidate(&mut self, now: Now) -> Option<Candidate> {
        let wanted = match self.phase() {
            Phase::Unlicensed | Phase::Activating | Phase::NotRequired => true,
            // The server wants proof again: what the MDM gave may be shown by itself.
            Phase::Reauthenticate => true,
            // Other evidence than the one in use, or another server, is tried beside it.
            Phase::Active => false,
            Phase::Erasing | Phase::Erased => return None,
        };
        if !self.resolution.effective.bool(Key::AutoActivate)
            || self.run.config_pending_until.is_some_and(|until| now.elapsed < until)
        {
            return None;
        }
        let (server, evidence) = self.configured_evidence()?;
        if self.trust_is_unreadable() {
            return None;
        }
        let bytes = evidence.fingerprint_bytes();
        if !wanted && self.evidence.as_deref() == Some(bytes.expose()) && self.belongs_to(&server) {
            return None;
        }
        if let Some(refused) = &self.refused
            && refused.evidence == *bytes.expose()
            && self.time.at(now) < refused.until()
        {
            let code = Code::from_token(&refused.code).unwrap_or(Code::UnknownCredentials);
            self.fail_activation(code, Args::host(super::judge::host_of(&server)));
            return None;
        }
        if self.was_erased_with(bytes.expose()) {
            self.fail_activation(Code::ErasedEvidence, Args::none());
            return None;
        }
        let server = match ServerUrl::parse(&server) {
            Ok(server) => server,
            Err(error) => {
                self.refuse_activation(&error.into(), &server);
                return None;
            }
        };
        Some(Candidate { server, evidence, link_key: None })
    }

    /// Whether the configuration holds evidence that will be shown without anybody's doing.
    pub(super) fn proves_itself(&self) -> bool {
        let Some((_, evidence)) = self.configured_evidence() else { return false };
        let bytes = evidence.fingerprint_bytes();
        let refused = self.refused.as_ref().is_some_and(|r| r.evidence == *bytes.expose());
        self.resolution.effective.bool(Key::AutoActivate) && !refused
    }

    /// Whether the phone is activated at this server.
    fn belongs_to(&self, server: &str) -> bool {
        let Some(ours) = &self.server else { return false };
        let address = |text: &str| ServerUrl::parse(text).map(|url| url.as_str().to_owned());
        address(&ours.grant.issuer) == address(server)
    }

    /// Whether this evidence was in use before an erase. Hashing it is slow on purpose, so the answer
    /// is kept for as long as the evidence stays the same.
    pub(super) fn was_erased_with(&mut self, evidence: &[u8]) -> bool {
        let Some(marker) = &self.marker else { return false };
        match &self.run.marked {
            Some((known, answer)) if known.expose() == evidence => *answer,
            _ => {
                let answer = marker.matches(evidence);
                self.run.marked = Some((Secret::new(evidence.to_vec()), answer));
                answer
            }
        }
    }

    /// The evidence of the managed configuration, whole.
    pub(super) fn configured_evidence(&self) -> Option<(String, Evidence)> {
        let secret = |text: &str| Secret::new(text.to_owned());
        Some(match self.resolution.effective.activation() {
            ActivationSource::ActivationCode { server, code } => {
                (server.to_string(), Evidence::ActivationCode(code))
            }
            ActivationSource::Credentials { server, username, password, .. } => (
                server.to_string(),
                Evidence::Credentials { username: secret(&username), password },
            ),
            ActivationSource::EmailPasscode { server, email, passcode } => {
                (server.to_string(), Evidence::EmailPasscode { email: secret(&email), passcode })
            }
            ActivationSource::OrganizationCode { server, code, .. } => {
                (server.to_string(), Evidence::OrganizationCode(secret(&code)))
            }
            _ => return None,
        })
    }

    pub(super) fn fail_activation(&mut self, code: Code, args: Args) {
        self.run.fail("", Problem::with(Area::Activation, code, args));
    }

    fn refuse_activation(&mut self, error: &ActivationError, server: &str) {
        if let Some(code) = code_of(error) {
            let mut args = Args::host(super::judge::host_of(server));
            args.retry_after_s = error.retry_after();
            self.fail_activation(code, args);
        }
    }

    /// The hosts that may be activated with.
    fn allow_list(&self) -> ServerAllowList {
        let effective = &self.resolution.effective;
        let named = effective.is_set(Key::AllowedServers);
        let allowed = named.then(|| effective.list(Key::AllowedServers));
        ServerAllowList::new(allowed, effective.text(Key::ServerUrl))
    }

    /// Whether policy keys were pinned in a way that nobody can read. Then no key is trusted: taking
    /// the one that a server offers is just what the pin is there to prevent.
    fn trust_is_unreadable(&mut self) -> bool {
        let pinned = self.resolution.effective.policy_key_thumbprints();
        let unreadable = pinned.is_some_and(<[String]>::is_empty);
        if unreadable {
            let args = Args::keys([Key::PolicyKeyThumbprints.name()]);
            self.fail_activation(Code::ConfigurationInvalid, args);
        }
        unreadable
    }

    /// The policy keys that the managed configuration pinned.
    pub(super) fn mdm_keys(&self) -> Vec<Thumbprint> {
        let pinned = self.resolution.effective.policy_key_thumbprints().unwrap_or_default();
        pinned.iter().filter_map(|text| text.parse().ok()).collect()
    }

    /// What the server is told about this phone. Ids only if the MDM supplied them.
    pub(super) fn device_json(&self) -> serde_json::Value {
        let effective = &self.resolution.effective;
        let mut device = serde_json::json!({
            "platform": self.options.platform.as_str(),
            "model": self.options.device.model,
            "os_version": self.options.device.os_version,
            "app_version": self.options.device.app_version,
        });
        for key in [Key::DeviceId, Key::SerialNumber, Key::EnrollmentId] {
            if let Some(value) = effective.text(key) {
                device[key.name()] = value.into();
            }
        }
        device
    }
}

/// Makes a pending activation of `candidate` and stores it, before anything is sent.
pub(super) fn begin(ctx: &Ctx, candidate: Candidate) {
    let now = ctx.flow.now();
    let mut state = ctx.state();
    if let Err(error) = state.allow_list().check(&candidate.server) {
        state.refuse_activation(&error.into(), candidate.server.as_str());
        state.remember_refusal(&candidate.evidence, Code::HostNotAllowed, now);
        state.commit();
        return;
    }
    if state.trust_is_unreadable() {
        return;
    }
    let Ok(number) =
        state.with_store(|store| store.transaction(|tx| tx.issue_number(Purpose::Device)))
    else {
        return state.pause_after_store_failure(now);
    };
    let flow = &ctx.flow;
    let mut pending = PendingActivation::begin(flow, candidate.server, candidate.evidence, number);
    pending.link_key = candidate.link_key;
    pending.auth_session = state.server.as_ref().and_then(|s| s.grant.auth_session.clone());
    state.pending = Some(pending);
    state.run.activation = super::run::Attempts::default();
    state.licence_event(LicenceEvent::ActivationStarted, now);
    if !state.commit() {
        state.pending = None;
        state.pause_after_store_failure(now);
    }
}

/// One attempt at the pending activation.
pub(super) async fn activate(ctx: &Ctx) {
    let (pending, memory, client_id, device, mdm_keys) = {
        let state = ctx.state();
        let Some(pending) = state.pending.clone() else { return };
        let client_id = state.options.client_id.clone();
        (pending, state.server_memory.clone(), client_id, state.device_json(), state.mdm_keys())
    };
    let attempt = async {
        let key = device_key(ctx, pending.device_key).await.map_err(ServerTrouble::Sign)?;
        let metadata = discover(&ctx.flow, &pending.server_url).await?;
        let server =
            Server { metadata: &metadata, key: &key, memory: &memory, client_id: &client_id };
        let redeemed = redeem(&ctx.flow, &server, &pending, &device, &mdm_keys).await?;
        Ok::<(Metadata, Redeemed), ActivationError>((metadata, redeemed))
    };
    let result = attempt.await;
    let now = ctx.flow.now();
    let mut state = ctx.state();
    // Meanwhile the person showed something else, the configuration became another, or the phone is
    // being erased: what came of this attempt does not count any more.
    if state.mode != Mode::Alive || state.attempt() != Some(pending.device_key) {
        log::info!("an activation was overtaken");
        drop(state);
        return ctx.flow.signal();
    }
    match result {
        Ok((metadata, Redeemed::Granted(grant))) => {
            state.granted(&pending, metadata, *grant, now);
        }
        Ok((_, Redeemed::NeedsOneTimeCode(code))) => {
            state.pending = Some(PendingActivation {
                auth_session: Some(code.auth_session),
                one_time_code: None,
                ..pending
            });
            state.ask(Prompt::OneTimeCode, Code::OneTimeCodeNeeded, now);
        }
        Ok((_, Redeemed::NeedsBrowser { .. })) => {
            state.ask(Prompt::Browser, Code::BrowserNeeded, now);
        }
        Err(error) => state.not_granted(&pending, &error, now),
    }
    state.conclude(now);
    drop(state);
    ctx.flow.signal();
}

/// The device key of an activation: the one that a killed process made, or a new one.
async fn device_key(ctx: &Ctx, number: u32) -> Result<DeviceKey, SignError> {
    let alias = ctx.alias(Purpose::Device, number);
    match DeviceKey::load(&ctx.flow, alias.clone()).await {
        Err(SignError::Vault(VaultFailure::Lost)) => DeviceKey::create(&ctx.flow, alias).await,
        other => other,
    }
}

impl State {
    /// Which attempt is under way: each has a device key of its own.
    fn attempt(&self) -> Option<u32> {
        self.pending.as_ref().map(|pending| pending.device_key)
    }

    fn granted(&mut self, pending: &PendingActivation, metadata: Metadata, grant: Grant, now: Now) {
        let moved = self
            .server
            .as_ref()
            .is_none_or(|s| s.grant.tenant != grant.tenant || s.grant.issuer != grant.issuer);
        // The person showed again what an erase had put aside, and was let in: it counts again.
        if self.was_erased_with(pending.evidence.fingerprint_bytes().expose()) {
            self.lift_marker();
        }
        self.evidence = Some(pending.evidence.fingerprint_bytes().expose().clone());
        if moved {
            if self.server.is_some() {
                self.run.events.clear();
                self.run.errands.push(Errand::ForgetServer);
            }
            // Contacts of another tenant, or of a time without a server, are not taken along.
            self.run.errands.push(Errand::WithoutContacts);
            self.run.errands.push(Errand::BindTenant(grant.tenant.as_str().to_owned()));
        }
        self.run.errands.push(Errand::DeviceKey(grant.device_key));
        self.run.errands.push(Errand::ReleaseOutbox);
        self.server = Some(ServerState { metadata, grant });
        self.pending = None;
        self.refused = None;
        self.contact_at = Some(self.time.at(now));
        if moved || !self.phase().is_activated() {
            // The hold of a phone without a policy ends with a new one, not with "not modified".
            self.policy = None;
            self.policy_record = None;
            self.resolve();
        }
        self.run.mended(Area::Activation, "");
        self.run.activation = super::run::Attempts::default();
        self.run.check = super::run::Attempts::default();
        self.run.check_wanted = true;
        self.run.server_out_of_reach = false;
        self.run.proof_wanted = false;
        self.licence_event(LicenceEvent::Activated, now);
        self.report_activation(now);
        if moved {
            self.drop_contacts();
        }
    }

    fn not_granted(&mut self, pending: &PendingActivation, error: &ActivationError, now: Now) {
        log::warn!("activation: {error}");
        if matches!(error, ActivationError::Server(ServerTrouble::Unreachable(Failure::Cancelled)))
        {
            return; // our own window closed: go on at the next
        }
        self.refuse_activation(error, pending.server_url.as_str());
        // A key store that fails says nothing about the evidence: the same is tried again, with a
        // new key where the old one is lost.
        let by_keys = matches!(error, ActivationError::Server(ServerTrouble::Sign(_)));
        if by_keys || error.is_transient() {
            self.run.activation.failures += 1;
            let failures = self.run.activation.failures;
            let pause = pause_ms(failures, error.retry_after(), &mut self.random);
            self.run.activation.not_before = Some(now.elapsed.plus_ms(pause));
            return;
        }
        let code = code_of(error).unwrap_or(Code::AnswerInvalid);
        self.remember_refusal(&pending.evidence, code, now);
        self.pending = None;
        self.licence_event(LicenceEvent::ActivationFailed, now);
    }

    fn remember_refusal(&mut self, evidence: &Evidence, code: Code, now: Now) {
        self.refused = Some(Refused {
            evidence: evidence.fingerprint_bytes().expose().clone(),
            code: code.as_str().to_owned(),
            at: self.time.at(now),
        });
    }

    /// Something only the person has is wanted. This version can't take it in, so the activation
    /// ends here and says so.
    fn ask(&mut self, prompt: Prompt, code: Code, now: Now) {
        self.fail_activation(code, Args::none());
        self.licence_event(LicenceEvent::PromptNeeded(prompt), now);
        self.run.activation.not_before = Some(now.elapsed.plus_ms(DAY_MS));
    }
}

/// What an activation error is called towards people; nothing for what is no problem.
pub(super) fn code_of(error: &ActivationError) -> Option<Code> {
    Some(match error {
        ActivationError::UnknownCredentials | ActivationError::Denied => Code::UnknownCredentials,
        ActivationError::Revoked => Code::Revoked,
        ActivationError::SeatsExhausted => Code::SeatsExhausted,
        ActivationError::CodeUsed => Code::CodeUsed,
        ActivationError::CodeExpired => Code::CodeExpired,
        ActivationError::OutsideAllowedDevices => Code::OutsideAllowedDevices,
        ActivationError::SessionExpired | ActivationError::GrantRefused => Code::AnswerInvalid,
        ActivationError::BrowserRefused | ActivationError::BrowserMismatch => Code::BrowserNeeded,
        ActivationError::BadServerUrl => Code::InsecureAddress,
        ActivationError::HostNotAllowed { .. } => Code::HostNotAllowed,
        ActivationError::IssuerMismatch => Code::NotAMusterServer,
        ActivationError::PolicyKeyMismatch => Code::KeyMismatch,
        ActivationError::Server(trouble) => return code_of_trouble(trouble),
    })
}

/// What trouble with the server is called towards people.
pub(super) fn code_of_trouble(trouble: &ServerTrouble) -> Option<Code> {
    Some(match trouble {
        ServerTrouble::Unreachable(failure) => return Code::of_failure(*failure),
        ServerTrouble::InsecureUrl | ServerTrouble::ForeignOrigin => Code::InsecureAddress,
        ServerTrouble::AnswerTooLarge | ServerTrouble::AnswerInvalid { .. } => Code::AnswerInvalid,
        ServerTrouble::RateLimited { .. } => Code::RateLimited,
        ServerTrouble::Busy { .. } => Code::ServerTrouble,
        ServerTrouble::Redirected | ServerTrouble::NotAMusterServer => Code::NotAMusterServer,
        ServerTrouble::ProofRefused | ServerTrouble::Refused { .. } => Code::AnswerInvalid,
        ServerTrouble::Sign(SignError::Vault(failure)) => Code::of_vault(*failure),
        ServerTrouble::Sign(SignError::Malformed) => Code::VaultLost,
    })
}
