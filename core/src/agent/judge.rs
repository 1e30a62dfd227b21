//! Evaluates compliance and tells the licence machine and the company what came of it.
use super::state::{Mode, State};
use crate::compliance::{
    Action, Context, Notice, Version, evaluate, merge, notices_from_configuration,
    notices_from_signals, rules_from_policy, rules_from_settings,
};
use crate::config::Key;
use crate::effect::Effect;
use crate::ids::Platform;
use crate::licence::{Hold, LicenceEvent, Phase};
use crate::time::{DAY_MS, Now, WallMs};

impl State {
    /// Evaluates every rule. Changes are in memory and queued; the caller commits.
    pub(super) fn judge(&mut self, now: Now) {
        if self.mode != Mode::Alive {
            return;
        }
        let trusted = self.time.at(now);
        let (mut rules, mut notices) = rules_from_settings(&self.resolution.effective);
        if let Some(policy) = &self.policy {
            let from_policy = rules_from_policy(&policy.rules);
            rules.extend(from_policy.rules);
            notices.extend(
                from_policy.problems.into_iter().map(|p| Notice::RuleUnreadable { rule: p.id }),
            );
        }
        notices.extend(self.notices(trusted));
        let context = Context { activated_and_policy_seen: self.is_armed() };
        let rules = merge(rules).rules;
        let evaluation = evaluate(&rules, &self.signals, &notices, &self.memory, trusted, context);
        let enforced = evaluation.action >= Action::HideContacts;
        self.licence_event(
            if enforced { LicenceEvent::RuleBroken } else { LicenceEvent::RulesMet },
            now,
        );
        self.notify(&evaluation.risen, &evaluation, trusted);
        self.memory = evaluation.memory.clone();
        if self.is_armed() && self.reported != Some(evaluation.state) {
            let previous = self.reported;
            if self.report_compliance(previous, &evaluation, now) {
                self.reported = Some(evaluation.state);
            }
        }
        self.evaluation = Some(evaluation);
        self.publish_feedback();
    }

    /// Nothing is enforced before the phone is activated and has its first policy; without a server,
    /// before it has its configuration.
    fn is_armed(&self) -> bool {
        match self.phase() {
            Phase::NotRequired => true,
            Phase::Active | Phase::Reauthenticate => !self.licence.licence.has(Hold::NoPolicy),
            _ => false,
        }
    }

    fn notices(&self, trusted: WallMs) -> Vec<Notice> {
        let wants_caller_id = self.resolution.effective.bool(Key::CallerId);
        let mut notices = notices_from_signals(&self.signals, wants_caller_id);
        notices.extend(notices_from_configuration(&self.resolution));
        if self.config.vanished_since.is_some() {
            notices.push(Notice::ConfigurationVanished);
        }
        // Nobody is asked for what the phone is about to show by itself.
        if self.phase() == Phase::Reauthenticate && !self.proves_itself() {
            notices.push(Notice::Reauthenticate);
        }
        for (host, book) in &self.books {
            if book.refused {
                notices.push(Notice::BookRefused { host: host_of(host) });
            }
        }
        if let Some(since) = self.silent_since() {
            let hidden_at = since.plus_ms(self.offline_grace_ms());
            // A day of silence is usual; beyond it the person should know. Not before the server was
            // tried, and from then on until it answers, over restarts too.
            let notice = Notice::Offline { hidden_at: Some(hidden_at) };
            let missed = self.run.server_out_of_reach || self.memory.remembers(&notice);
            if trusted.0 > since.0 + DAY_MS && missed {
                notices.push(notice);
            }
        }
        notices.extend(self.update_notice());
        notices
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

    fn notify(
        &mut self,
        risen: &[crate::compliance::FindingId],
        evaluation: &crate::compliance::Evaluation,
        trusted: WallMs,
    ) {
        let language = self.language();
        let effects: Vec<(String, Effect)> = evaluation
            .findings
            .iter()
            .filter(|finding| risen.contains(&finding.id))
            .map(|finding| {
                let view = finding.view(trusted, language);
                let id = format!("finding.{}", view.id);
                let (title, body) = (view.title, view.explanation);
                (id.clone(), Effect::Notify { id, title, body })
            })
            .collect();
        self.run.effects.extend(effects);
    }
}

/// The host of a book's URL, for messages.
pub(super) fn host_of(url: &str) -> String {
    crate::http::host_of(url).unwrap_or_default()
}
