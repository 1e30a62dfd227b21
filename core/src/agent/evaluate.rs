//! Evaluates compliance and tells the licence machine and the company what came of it.
use super::state::{Mode, State};
use crate::activation::proves_itself;
use crate::compliance::{
    Action, Context, Evaluation, Notice, Version, evaluate, merge, notices_from_configuration,
    notices_from_signals, rules_from_policy, rules_from_settings,
};
use crate::config::Key;
use crate::ids::Platform;
use crate::licence::grace::{Assessment, Inputs, assess};
use crate::licence::{Hold, LicenceEvent, Phase};
use crate::time::{DAY_MS, HOUR_MS, Now, SECOND_MS};

impl State {
    /// What follows for the licence from nothing but time.
    pub(super) fn assess(&self, now: Now) -> Assessment {
        let inputs = Inputs {
            licence: &self.stored.licence,
            contact_at: self.stored.contact_at,
            vanished_since: self.stored.config_vanished_since,
            grace_ms: self.offline_grace_ms(),
            valid_until: self.policy.as_ref().and_then(|p| p.licence.valid_until),
            server_tried: self.run.server_out_of_reach || self.run.proof_wanted,
            is_time_believable: self.stored.time.is_believable(now),
        };
        assess(inputs, self.stored.time.at(now))
    }

    /// How long everything goes on without the company: the smaller of what the policy and a setting
    /// say, else the default of the setting.
    fn offline_grace_ms(&self) -> i64 {
        let policy = self.policy.as_ref().and_then(|p| p.licence.offline_grace_s);
        let policy = policy.map(|seconds| seconds * SECOND_MS);
        self.smaller(policy, Key::OfflineGraceDays, DAY_MS)
    }

    /// How often the server is looked at: likewise.
    pub(super) fn check_interval_ms(&self) -> i64 {
        let policy = self.policy.as_ref().map(|p| p.next_check_s * SECOND_MS);
        self.smaller(policy, Key::CheckIntervalHours, HOUR_MS)
    }

    /// How often address books are looked at.
    pub(super) fn sync_interval_ms(&self) -> i64 {
        self.smaller(None, Key::ContactsSyncHours, HOUR_MS)
    }

    fn smaller(&self, policy: Option<i64>, key: Key, unit_ms: i64) -> i64 {
        let set = self.number_set(key).map(|number| number * unit_ms);
        let default = self.effective().int(key).unwrap_or_default() * unit_ms;
        policy.into_iter().chain(set).min().unwrap_or(default)
    }

    /// Evaluates every rule. Changes are in memory and queued; the caller commits.
    pub(super) fn evaluate(&mut self, now: Now) {
        if self.mode != Mode::Alive {
            return;
        }
        let trusted = self.stored.time.at(now);
        let (mut rules, mut notices) = rules_from_settings(self.effective());
        if let Some(policy) = &self.policy {
            let from_policy = rules_from_policy(&policy.rules);
            rules.extend(from_policy.rules);
            notices.extend(
                from_policy.problems.into_iter().map(|p| Notice::RuleUnreadable { rule: p.id }),
            );
        }
        notices.extend(self.notices(now));
        let context = Context { activated_and_policy_seen: self.is_armed() };
        let rules = merge(rules).rules;
        let (signals, memory) = (&self.stored.signals, &self.stored.findings);
        let evaluation = evaluate(&rules, signals, &notices, memory, trusted, context);
        let enforced = evaluation.action >= Action::HideContacts;
        self.licence_event(
            if enforced { LicenceEvent::RuleBroken } else { LicenceEvent::RulesMet },
            now,
        );
        self.announce(&evaluation, trusted);
        self.stored.findings = evaluation.memory.clone();
        self.report_state(&evaluation, now);
        self.evaluation = Some(evaluation);
        self.publish_feedback();
    }

    /// Tells the company of a state that it was not told.
    fn report_state(&mut self, evaluation: &Evaluation, now: Now) {
        let previous = self.stored.reported;
        if self.is_armed()
            && previous != Some(evaluation.state)
            && self.report_compliance(previous, evaluation, now)
        {
            self.stored.reported = Some(evaluation.state);
        }
    }

    /// Nothing is enforced before the phone is activated and has its first policy; without a server,
    /// before it has its configuration.
    fn is_armed(&self) -> bool {
        match self.phase() {
            Phase::NotRequired => true,
            Phase::Active | Phase::Reauthenticate => !self.stored.licence.has(Hold::NoPolicy),
            _ => false,
        }
    }

    fn notices(&self, now: Now) -> Vec<Notice> {
        let wants_caller_id = self.effective().bool(Key::CallerId);
        let mut notices = notices_from_signals(&self.stored.signals, wants_caller_id);
        notices.extend(notices_from_configuration(&self.resolution));
        if self.stored.config_vanished_since.is_some() {
            notices.push(Notice::ConfigurationVanished);
        }
        // Nobody is asked for what the phone is about to show by itself.
        if self.phase() == Phase::Reauthenticate && !self.proves_itself() {
            notices.push(Notice::Reauthenticate);
        }
        for (source, book) in &self.stored.books {
            if book.refused {
                notices.push(Notice::BookRefused { host: host_of(source) });
            }
        }
        if let Some(silence) = self.assess(now).silence {
            // Not before the server was tried, and from then on until it answers, over restarts too.
            let notice = Notice::Offline { hidden_at: Some(silence.hidden_at) };
            if self.run.server_out_of_reach || self.stored.findings.remembers(&notice) {
                notices.push(notice);
            }
        }
        notices.extend(self.update_notice());
        notices
    }

    /// Whether the configuration holds evidence that will be shown without anybody's doing.
    fn proves_itself(&self) -> bool {
        let refusal = self.stored.refusal.as_ref();
        proves_itself(self.effective(), refusal, &self.stored.hash_key)
    }

    /// A newer version of the app, if the policy names one.
    fn update_notice(&self) -> Option<Notice> {
        let updates = &self.policy.as_ref()?.update;
        let update = match self.options.platform {
            Platform::Android => updates.android.as_ref()?,
            Platform::Ios => updates.ios.as_ref()?,
        };
        let installed = Version::parse(&self.options.device.app_version).ok()?;
        let latest = Version::parse(&update.latest).ok()?;
        (latest > installed).then(|| Notice::UpdateAvailable {
            latest: update.latest.clone(),
            url: Some(update.url.clone()),
        })
    }
}

/// The host of a URL, for messages; empty where there is none to name.
pub(super) fn host_of(url: &str) -> String {
    crate::http::host_of(url).unwrap_or_default()
}
