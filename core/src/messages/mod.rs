//! Every text that a person sees, in English, German and Swedish, one table row each.
//!
//! A text says in plain words what happened, and a second one what to do next. Rules of the house:
//! no jargon, no codes, nobody is blamed, "you" is the person who holds the phone. German says "Sie",
//! Swedish "du". Texts never hold a secret or an address beyond the name of a host.
//!
//! This module decides nothing; it turns values of the other modules into words.
mod code;
mod contact;
mod fill;
mod finding;
mod label;
mod licence;
mod mend;
mod problem;
mod signal;
mod table;
mod view;
mod when;

#[cfg(test)]
mod tests;

pub use code::Code;
pub use contact::{detail_label, email_label, phone_label};
pub use fill::Args;
pub use finding::{FindingWords, consequence_words, finding_words, reason_words, state_words};
pub use label::{Label, label, link_words, number, people, phase_label};
pub use licence::{hold_words, phase_words};
pub use problem::{Area, Problem, ProblemView};
pub use view::FindingView;
pub use when::due_words;

use crate::ids::Language;

/// A message to a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// What happened.
    pub text: String,
    /// What to do next.
    pub next: String,
}

/// The words for `code`.
pub fn text(code: Code, language: Language, args: &Args) -> Text {
    let (text, next) = code.rows();
    let fill = |row: [&'static str; 3]| fill::fill(language.of(row), &args.words(language));
    Text { text: fill(text), next: fill(next) }
}
