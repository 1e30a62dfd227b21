//! Placeholders in texts.
use super::when::wait_words;
use crate::ids::Language;

/// What a message is about. What is not known is left out of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Args {
    /// Name of a host, never a whole URL.
    pub host: Option<String>,
    /// Keys of settings.
    pub keys: Vec<String>,
    /// Seconds until it makes sense to try again.
    pub retry_after_s: Option<i64>,
}

impl Args {
    /// Nothing more is known.
    pub fn none() -> Self {
        Self::default()
    }

    /// About a host.
    pub fn host(host: impl Into<String>) -> Self {
        Self { host: Some(host.into()), ..Self::default() }
    }

    /// About settings.
    pub fn keys<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self { keys: keys.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// About a pause.
    pub fn retry_after(seconds: i64) -> Self {
        Self { retry_after_s: Some(seconds), ..Self::default() }
    }

    /// `{host}` and `{keys}` stand in brackets behind the thing that they name, or not at all, so
    /// that a sentence is right with and without them in every language.
    pub(crate) fn words(&self, language: Language) -> Vec<(&'static str, String)> {
        let bracket = |text: String| if text.is_empty() { text } else { format!(" ({text})") };
        let wait = match self.retry_after_s {
            Some(seconds) => wait_words(seconds.saturating_mul(1000), language),
            None => language.of(["later", "später", "senare"]).to_owned(),
        };
        vec![
            ("host", bracket(self.host.clone().unwrap_or_default())),
            ("keys", bracket(self.keys.join(", "))),
            ("wait", wait),
        ]
    }
}

/// Replaces every `{name}` of `template` in one pass, so that what is put in is never read again. A
/// name without a value becomes nothing.
pub(crate) fn fill(template: &str, words: &[(&'static str, String)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else { break };
        if let Some((_, word)) = words.iter().find(|(known, _)| *known == name) {
            out.push_str(word);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}
