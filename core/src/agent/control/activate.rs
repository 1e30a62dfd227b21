//! Activation: what is tried, and what becomes of it.
use super::super::ctx::{Ctx, Stored};
use super::super::evaluate::host_of;
use super::super::state::{Mode, Operation, State, Timer, UsedEvidence};
use crate::activation::{
    ActivationError, Candidate, Choice, Configured, Evidence, EvidenceMark, Inputs, LinkError,
    Objection, Offer, PendingActivation, Redeemed, Refusal, choose, is_trust_unreadable, redeem,
};
use crate::config::Key;
use crate::http::Failure;
use crate::jose::{DeviceKey, SignError, Thumbprint};
use crate::licence::{LicenceEvent, Phase, Prompt};
use crate::management::{Grant, Metadata, Server, ServerAllowList, ServerTrouble, discover};
use crate::messages::{Area, Args, Code, Problem};
use crate::store::erase::EvidenceHasher;
use crate::time::{DAY_MS, Now};
use crate::vault::{Purpose, VaultFailure};

/// How long a question that only a newer version of the app can ask is left alone.
const UNASKED_PAUSE_MS: i64 = DAY_MS;

impl State {
    /// What the managed configuration offers and is worth trying now. Why it is not is said.
    pub(super) fn candidate(&mut self, now: Now) -> Option<Box<Candidate>> {
        let marker = self.marker.clone();
        let compared = &mut self.run.compared;
        let inputs = Inputs {
            phase: self.stored.licence.phase,
            effective: &self.resolution.effective,
            is_unfinished: !self.timers.is_over(&Timer::Configuration, now),
            in_use: self.stored.used_evidence.as_ref().and_then(|used| {
                let issuer = self.stored.grant.as_ref()?.issuer.as_str();
                Some((&used.mark, issuer))
            }),
            refusal: self.stored.refusal.as_ref(),
            mark_key: &self.stored.hash_key,
            now: self.stored.time.at(now),
        };
        let choice = choose(&inputs, |evidence| {
            let mark = EvidenceMark::of(evidence, &self.stored.hash_key);
            was_erased(marker.as_ref(), compared, evidence, mark)
        });
        match choice {
            Choice::Try(candidate) => Some(candidate),
            Choice::Problem(objection) => {
                self.object(objection);
                None
            }
            Choice::Nothing => None,
        }
    }

    fn object(&mut self, objection: Objection) {
        match objection {
            Objection::UnreadableTrust => {
                let args = Args::keys([Key::PolicyKeyThumbprints.name()]);
                self.fail_activation(Code::ConfigurationInvalid, args);
            }
            Objection::RefusedBefore { code, server } => {
                let code = Code::from_token(&code).unwrap_or(Code::UnknownCredentials);
                self.fail_activation(code, Args::host(host_of(&server)));
            }
            Objection::ErasedBefore => self.fail_activation(Code::ErasedEvidence, Args::none()),
            Objection::BadAddress { server } => {
                self.fail_activation(Code::InsecureAddress, Args::host(host_of(&server)));
            }
        }
    }

    /// Whether this evidence was in use before an erase.
    pub(in crate::agent) fn was_erased_with(&mut self, evidence: &Evidence) -> bool {
        let mark = self.mark(evidence);
        was_erased(self.marker.as_ref(), &mut self.run.compared, evidence, mark)
    }

    fn mark(&self, evidence: &Evidence) -> EvidenceMark {
        EvidenceMark::of(evidence, &self.stored.hash_key)
    }

    pub(in crate::agent) fn fail_activation(&mut self, code: Code, args: Args) {
        self.run.fail("", Problem::with(Area::Activation, code, args));
    }

    fn refuse_activation(&mut self, error: &ActivationError, server: &str) {
        if let Some(code) = code_of(error) {
            let mut args = Args::host(host_of(server));
            args.retry_after_s = error.retry_after();
            self.fail_activation(code, args);
        }
    }

    /// The hosts that may be activated with.
    fn allow_list(&self) -> ServerAllowList {
        let effective = self.effective();
        ServerAllowList::new(effective.allowed_servers(), effective.text(Key::ServerUrl))
    }

    /// The policy keys that the managed configuration pinned.
    pub(super) fn mdm_keys(&self) -> Vec<Thumbprint> {
        let pinned = self.effective().policy_key_thumbprints().unwrap_or_default();
        pinned.iter().filter_map(|text| text.parse().ok()).collect()
    }

    /// What the server is told about this phone. Ids only if the MDM supplied them.
    pub(in crate::agent) fn device_json(&self) -> serde_json::Value {
        let mut device = serde_json::json!({
            "platform": self.options.platform.as_str(),
            "model": self.options.device.model,
            "os_version": self.options.device.os_version,
            "app_version": self.options.device.app_version,
        });
        for key in [Key::DeviceId, Key::SerialNumber, Key::EnrollmentId] {
            if let Some(value) = self.effective().text(key) {
                device[key.name()] = value.into();
            }
        }
        device
    }
}

/// Hashing is slow on purpose, so the answer is kept for as long as the evidence stays the same.
fn was_erased(
    marker: Option<&crate::store::erase::Marker>,
    compared: &mut Option<(EvidenceMark, bool)>,
    evidence: &Evidence,
    mark: EvidenceMark,
) -> bool {
    let Some(marker) = marker else { return false };
    match compared {
        Some((known, answer)) if *known == mark => *answer,
        _ => {
            let answer = marker.matches(evidence.fingerprint_bytes().expose());
            *compared = Some((mark, answer));
            answer
        }
    }
}

/// Makes a pending activation of `candidate` and stores it, before anything is sent.
pub(super) fn begin(ctx: &Ctx, candidate: Candidate) {
    let flow = ctx.flow.clone();
    let (begun, stored) = ctx.change_durably(|state, now| {
        if let Err(error) = state.allow_list().check(&candidate.server) {
            state.refuse_activation(&error.into(), candidate.server.as_str());
            state.remember_refusal(&candidate.evidence, Code::HostNotAllowed, now);
            return false;
        }
        if is_trust_unreadable(state.effective()) {
            state.object(Objection::UnreadableTrust);
            return false;
        }
        let issued =
            state.with_store(|store| store.transaction(|tx| tx.issue_number(Purpose::Device)));
        let Ok(number) = issued else {
            state.pause_store(now);
            return false;
        };
        let (server, evidence) = (candidate.server, candidate.evidence);
        let mut pending = PendingActivation::begin(&flow, server, evidence, number);
        pending.link_key = candidate.link_key;
        pending.auth_session = state.grant().and_then(|grant| grant.auth_session.clone());
        state.stored.pending = Some(pending);
        state.timers.clear(&Timer::Activation);
        state.licence_event(LicenceEvent::ActivationStarted, now);
        true
    });
    if begun && stored != Stored(true) {
        // Nothing was sent, so nothing has to be gone on with.
        ctx.state().stored.pending = None;
    }
}

/// One attempt at the pending activation.
pub(super) async fn activate(ctx: &Ctx) {
    let (pending, memory, client_id, device, mdm_keys) = {
        let state = ctx.state();
        let Some(pending) = state.stored.pending.clone() else { return };
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
    ctx.change(|state, now| {
        // Meanwhile the person showed something else, the configuration became another, or the phone
        // is being erased: what came of this attempt does not count any more.
        if state.mode != Mode::Alive || state.attempt() != Some(pending.device_key) {
            log::info!("an activation was overtaken");
            return;
        }
        match result {
            Ok((metadata, Redeemed::Granted(grant))) => {
                state.granted(&pending, metadata, *grant, now);
            }
            Ok((_, Redeemed::NeedsOneTimeCode(code))) => {
                state.stored.pending = Some(PendingActivation {
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
    });
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
        self.stored.pending.as_ref().map(|pending| pending.device_key)
    }

    fn granted(&mut self, pending: &PendingActivation, metadata: Metadata, grant: Grant, now: Now) {
        let before = self.grant();
        let known = before.is_some();
        let moved = before.is_none_or(|b| b.tenant != grant.tenant || b.issuer != grant.issuer);
        // The person showed again what an erase had put aside, and was let in: it counts again.
        if self.was_erased_with(&pending.evidence) {
            self.lift_marker();
        }
        let hasher = EvidenceHasher::new(&mut self.random);
        let used = UsedEvidence::of(&pending.evidence, &self.stored.hash_key, hasher);
        self.stored.used_evidence = Some(used);
        if moved {
            if known {
                self.work.forget_events();
                self.work.push(Operation::ForgetServer);
            }
            // Contacts of another tenant, or of a time without a server, are not taken along.
            self.work.push(Operation::ContactsInForce(None));
            self.work.push(Operation::BindTenant(grant.tenant.as_str().to_owned()));
        }
        self.work.push(Operation::DeviceKey(grant.device_key));
        self.work.push(Operation::ReleaseOutbox);
        self.stored.metadata = Some(metadata);
        self.stored.grant = Some(grant);
        self.stored.pending = None;
        self.stored.refusal = None;
        self.stored.contact_at = Some(self.stored.time.at(now));
        if moved || !self.phase().is_activated() {
            // The hold of a phone without a policy ends with a new one, not with "not modified".
            self.policy = None;
            self.stored.policy = None;
            self.resolve();
        }
        self.run.settled(Area::Activation, "");
        self.timers.clear(&Timer::Activation);
        self.timers.clear(&Timer::Server);
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
            return self.back_off(Timer::Activation, error.retry_after(), now);
        }
        let code = code_of(error).unwrap_or(Code::AnswerInvalid);
        self.remember_refusal(&pending.evidence, code, now);
        self.stored.pending = None;
        self.licence_event(LicenceEvent::ActivationFailed, now);
    }

    fn remember_refusal(&mut self, evidence: &Evidence, code: Code, now: Now) {
        self.stored.refusal = Some(Refusal {
            mark: self.mark(evidence),
            code: code.as_str().to_owned(),
            at: self.stored.time.at(now),
        });
    }

    /// Something only the person has is wanted. This version can't take it in, so the activation
    /// ends here and says so.
    fn ask(&mut self, prompt: Prompt, code: Code, now: Now) {
        self.fail_activation(code, Args::none());
        self.licence_event(LicenceEvent::PromptNeeded(prompt), now);
        self.timers.set(Timer::Activation, now.elapsed.plus_ms(UNASKED_PAUSE_MS));
    }

    // --- attempts that something else takes the place of ---

    /// An activation that is under way with evidence the configuration has replaced is given up.
    pub(in crate::agent) fn forget_outdated_attempt(&mut self, now: Now) {
        let Some(pending) = &self.stored.pending else { return };
        let outdated = Configured::read(self.effective()).is_some_and(|configured| {
            configured.evidence != pending.evidence
                || configured.server != pending.server_url.as_str()
        });
        if outdated {
            self.stored.pending = None;
            self.run.settled(Area::Activation, "");
            self.licence_event(LicenceEvent::ActivationFailed, now);
        }
    }

    /// What the person shows can't be used. An attempt that was under way ends all the same, or its
    /// failure would be told in place of this one.
    pub(in crate::agent) fn give_up_attempt(&mut self, now: Now) {
        if self.stored.pending.take().is_some() {
            self.licence_event(LicenceEvent::ActivationFailed, now);
        }
    }

    /// What the person shows goes before what was under way.
    pub(in crate::agent) fn replace_attempt(&mut self, candidate: Candidate) {
        self.stored.pending = None;
        self.stored.refusal = None;
        self.run.settled(Area::Activation, "");
        self.run.shown = Some(candidate);
    }

    /// Without a server, address books in the configuration are enough.
    pub(in crate::agent) fn choose_standalone(&mut self, now: Now) {
        match (self.phase(), Offer::of(self.effective())) {
            (Phase::Unlicensed | Phase::Activating, Offer::Standalone { .. }) => {
                self.stored.pending = None;
                self.licence_event(LicenceEvent::StandaloneConfigured, now);
            }
            (Phase::NotRequired, Offer::Nothing) => {
                self.licence_event(LicenceEvent::StandaloneWithdrawn, now);
            }
            _ => {}
        }
    }
}

/// What an activation error is called towards people; nothing for what is no problem.
fn code_of(error: &ActivationError) -> Option<Code> {
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

/// What a link that can't be used is called towards people.
pub(in crate::agent) fn code_of_link(error: LinkError) -> Code {
    match error {
        LinkError::UpdateApp => Code::LinkVersion,
        _ => Code::LinkInvalid,
    }
}
