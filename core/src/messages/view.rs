//! Findings as they are shown: the JSON of `findings`.
use serde::Serialize;

use super::{consequence_words, due_words, finding_words, reason_words};
use crate::compliance::{Evaluation, Finding, Mend, Severity};
use crate::ids::Language;
use crate::time::WallMs;

/// A finding in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FindingView {
    /// Its name.
    pub id: String,
    /// How severe it is.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// What is wrong, what to do, why, and what follows.
    pub explanation: String,
    /// What the shell opens to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<Mend>,
    /// What stands on the button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_label: Option<&'static str>,
    /// The page that the button opens, where the server named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_url: Option<String>,
    /// When it was first seen (RFC 3339).
    pub since: String,
    /// When the next consequence comes, or the last one came (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// `due` in words, as seen from the moment of the view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_words: Option<String>,
    /// Ids of the rules behind it. Empty for what is no rule.
    pub rules: Vec<String>,
}

impl Finding {
    /// In words, as seen at the moment `now` of trusted time.
    pub fn view(&self, now: WallMs, language: Language) -> FindingView {
        let (title, explanation) = finding_words(&self.subject, language);
        let reason = reason_words(&self.reason, language);
        let consequence = consequence_words(self, now, language);
        let explanation: Vec<String> =
            [Some(explanation), reason, consequence].into_iter().flatten().collect();
        FindingView {
            id: self.id.0.clone(),
            severity: self.severity,
            title,
            explanation: explanation.join(" "),
            action: self.mend,
            action_label: self.mend.map(|mend| mend.label(language)),
            action_url: self.link.clone(),
            since: self.since.to_rfc3339(),
            due: self.due.map(WallMs::to_rfc3339),
            due_words: self.due.map(|due| due_words(due, now, language)),
            rules: self.rules.clone(),
        }
    }
}

impl Evaluation {
    /// All findings in words, as seen at the moment `now` of trusted time.
    pub fn finding_views(&self, now: WallMs, language: Language) -> Vec<FindingView> {
        self.findings.iter().map(|finding| finding.view(now, language)).collect()
    }
}
