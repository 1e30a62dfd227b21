//! Notifications follow the findings: one for each that is new or graver, taken away when it goes.
use std::collections::BTreeSet;

use super::State;
use crate::compliance::Evaluation;
use crate::effect::Effect;
use crate::time::WallMs;

/// The id of the notification, and of its effect, for a finding.
fn id_of(finding: &str) -> String {
    format!("finding.{finding}")
}

impl State {
    /// Queues what is to be shown and what is to be taken away. A later word on a finding takes the
    /// place of an earlier one that was not handed out yet.
    pub(in crate::agent) fn announce(&mut self, evaluation: &Evaluation, trusted: WallMs) {
        let language = self.language();
        let found: BTreeSet<String> =
            evaluation.findings.iter().map(|finding| id_of(&finding.id.0)).collect();
        for id in self.stored.announced.clone().difference(&found) {
            self.stored.announced.remove(id);
            self.queue_effect(id.clone(), Effect::ClearNotification { id: id.clone() });
        }
        for finding in evaluation.findings.iter().filter(|f| evaluation.risen.contains(&f.id)) {
            let view = finding.view(trusted, language);
            let id = id_of(&finding.id.0);
            self.stored.announced.insert(id.clone());
            let (title, body) = (view.title, view.explanation);
            self.queue_effect(id.clone(), Effect::Notify { id, title, body });
        }
    }
}
