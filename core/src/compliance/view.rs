//! Findings as they are shown: the JSON of `findings`, and `compliance` in `status`.
use serde::Serialize;

use super::evaluate::Evaluation;
use super::finding::Finding;
use crate::ids::Language;
use crate::messages::{consequence_words, due_words, finding_words, reason_words, state_words};
use crate::time::WallMs;

/// A finding in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FindingView {
    /// Its name.
    pub id: String,
    /// `inform`, `warn` or `require`.
    pub severity: &'static str,
    /// One line.
    pub title: String,
    /// What is wrong, what to do, why, and what follows.
    pub explanation: String,
    /// What the shell opens to mend it: the token of a [`crate::messages::Mend`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<&'static str>,
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
            severity: self.severity.as_str(),
            title,
            explanation: explanation.join(" "),
            action: self.mend.map(|mend| mend.as_str()),
            action_label: self.mend.map(|mend| mend.label(language)),
            action_url: self.link.clone(),
            since: rfc3339(self.since),
            due: self.due.map(rfc3339),
            due_words: self.due.map(|due| due_words(due, now, language)),
            rules: self.rules.clone(),
        }
    }
}

/// The phone as a whole: `compliance` in `status`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct StateView {
    /// `compliant`, `attention`, `non_compliant` or `unknown`.
    pub state: &'static str,
    /// The same in words.
    pub text: &'static str,
    /// What is in force: `none`, `hide_contacts` or `lock`.
    pub action: &'static str,
}

impl Evaluation {
    /// The state in words.
    pub fn state_view(&self, language: Language) -> StateView {
        StateView {
            state: self.state.as_str(),
            text: state_words(self.state, language),
            action: self.action.as_str(),
        }
    }

    /// All findings in words, as seen at the moment `now` of trusted time.
    pub fn finding_views(&self, now: WallMs, language: Language) -> Vec<FindingView> {
        self.findings.iter().map(|finding| finding.view(now, language)).collect()
    }
}

/// A moment as RFC 3339 in UTC, to the second.
fn rfc3339(moment: WallMs) -> String {
    let range = jiff::Timestamp::MIN.as_second()..=jiff::Timestamp::MAX.as_second();
    let second = moment.as_seconds().clamp(*range.start(), *range.end());
    jiff::Timestamp::from_second(second).unwrap_or_default().to_string()
}
