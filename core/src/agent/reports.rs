//! Makes the events that the company gets, and queues them for the next commit.
use std::collections::BTreeMap;

use super::state::{Operation, State};
use crate::compliance::{Evaluation, Severity, State as Compliance};
use crate::ids::Language;
use crate::licence::EraseCause;
use crate::management::TrustOrigin;
use crate::policy::CommandKind;
use crate::random::Random;
use crate::report::{
    AppliedSetting, CommandOutcome, ComplianceChange, ComplianceStatus, InitiatingEntity, Jti,
    Outgoing, Reporter, SyncCounts,
};
use crate::store::Claims;
use crate::time::{Now, WallMs};

impl State {
    /// Queues the event that `make` builds, if there is a server to tell. `false` if there is none.
    fn report(&mut self, make: impl FnOnce(&Self, Reporter<'_>, Jti) -> Outgoing) -> bool {
        let mut entropy = [0; 16];
        self.random.fill(&mut entropy);
        let Some(grant) = self.grant() else { return false };
        let reporter = Reporter {
            device: &grant.device,
            tenant: &grant.tenant,
            audience: &grant.issuer,
            user: None,
        };
        let outgoing = make(self, reporter, Jti::from_entropy(entropy));
        self.work.push(Operation::AddEvent(to_claims(outgoing)));
        true
    }

    pub(super) fn report_activation(&mut self, now: Now) {
        let at = self.stored.time.at(now);
        let Some(used) = self.stored.used_evidence.clone() else { return };
        self.report(|state, reporter, jti| {
            let trust = state.grant().map(|grant| grant.policy_keys.origin());
            let trust = trust.unwrap_or(TrustOrigin::FirstUse);
            reporter.activation(jti, at, &used.kind, trust, &state.device_json())
        });
    }

    /// A change of compliance, as CAEP has it; "unknown" is an event of its own.
    pub(super) fn report_compliance(
        &mut self,
        previous: Option<Compliance>,
        evaluation: &Evaluation,
        now: Now,
    ) -> bool {
        let at = self.stored.time.at(now);
        let before = previous.map_or(ComplianceStatus::Compliant, status_of);
        if evaluation.state == Compliance::Unknown {
            let signals: Vec<String> =
                evaluation.findings.iter().map(|finding| finding.id.0.clone()).collect();
            return self
                .report(|_, reporter, jti| reporter.compliance_unknown(jti, at, before, &signals));
        }
        let current = status_of(evaluation.state);
        let change = ComplianceChange {
            previous: before,
            current,
            initiated_by: InitiatingEntity::Policy,
            reason_admin: reasons(evaluation, at, &[Language::En]),
            reason_user: reasons(evaluation, at, &[self.language()]),
        };
        self.report(|_, reporter, jti| reporter.compliance_change(jti, None, at, &change))
    }

    /// The configuration that is in force now, with the state of each setting and no values.
    pub(super) fn report_configuration(&mut self, now: Now) {
        let at = self.stored.time.at(now);
        self.report(|state, reporter, jti| {
            let settings: Vec<AppliedSetting> = state
                .resolution
                .entries
                .iter()
                .filter(|entry| entry.state != crate::config::State::Absent)
                .map(|entry| AppliedSetting {
                    key: entry.key.name().to_owned(),
                    state: entry.state.as_str().to_owned(),
                    layer: entry.layer.as_str().to_owned(),
                })
                .collect();
            let seq = state.policy.as_ref().map(|p| p.seq);
            reporter.configuration_applied(jti, at, &state.stored.config_version, seq, &settings)
        });
    }

    pub(super) fn report_refused_policy(&mut self, code: &str, now: Now) {
        let at = self.stored.time.at(now);
        self.report(|_, reporter, jti| reporter.policy_refused(jti, at, code));
    }

    pub(super) fn report_sync(&mut self, counts: &SyncCounts, now: Now) {
        let at = self.stored.time.at(now);
        self.report(|_, reporter, jti| reporter.contacts_synced(jti, at, counts));
    }

    /// One at each look at the server, so that the company sees that the phone is alive.
    pub(super) fn report_heartbeat(&mut self, now: Now) {
        let at = self.stored.time.at(now);
        self.report(|state, reporter, jti| {
            let compliance = state.evaluation.as_ref().map(|e| e.state).unwrap_or_default();
            reporter.heartbeat(jti, at, compliance.as_str(), &state.options.device.app_version)
        });
    }

    /// The receipt of a command other than an erase, whose receipt is made from the tombstone.
    pub(super) fn report_command(
        &mut self,
        command: &str,
        kind: &CommandKind,
        outcome: CommandOutcome,
        now: Now,
    ) {
        let at = self.stored.time.at(now);
        let cause = match kind {
            CommandKind::Erase(cause) => Some(*cause),
            _ => None,
        };
        self.report(|_, reporter, jti| {
            reporter.command_acknowledged(jti, at, command, outcome, cause)
        });
    }
}

/// The receipt of an erase. Always the same claims for the same tombstone, so that the server counts
/// it once however often it is sent.
pub(super) fn erase_receipt(
    reporter: Reporter<'_>,
    command: Option<&str>,
    cause: EraseCause,
    begun: WallMs,
) -> serde_json::Value {
    let command = command.unwrap_or(cause.as_str());
    let seed = format!("{}\n{command}\n{}", reporter.device, begun.0);
    let jti = Jti::existing(&crate::jose::sha256_base64url(&seed));
    reporter.command_acknowledged(jti, begun, command, CommandOutcome::Done, Some(cause)).claims
}

fn status_of(state: Compliance) -> ComplianceStatus {
    match state {
        Compliance::NonCompliant => ComplianceStatus::NotCompliant,
        Compliance::Compliant | Compliance::Attention | Compliance::Unknown => {
            ComplianceStatus::Compliant
        }
    }
}

/// Titles of what the company requires and is not so, by language.
fn reasons(
    evaluation: &Evaluation,
    at: WallMs,
    languages: &[Language],
) -> BTreeMap<String, String> {
    let mut reasons = BTreeMap::new();
    for language in languages {
        let titles: Vec<String> = evaluation
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Require)
            .map(|finding| finding.view(at, *language).title)
            .collect();
        if !titles.is_empty() {
            reasons.insert(language.as_str().to_owned(), titles.join(" "));
        }
    }
    reasons
}

fn to_claims(outgoing: Outgoing) -> Claims {
    Claims {
        class: outgoing.class,
        jti: outgoing.jti.as_str().to_owned(),
        bytes: outgoing.claims.to_string().into_bytes(),
    }
}
