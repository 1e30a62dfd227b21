//! A finding as it is shown, and what its button opens.
use super::Tone;
use super::support::SupportChannel;
use crate::compliance::{Finding, Mend, Severity};
use crate::contacts::reach::page_uri;
use crate::ids::{Language, Platform};
use crate::time::WallMs;

/// Something that is wrong with the phone, and what helps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FindingState {
    /// Its name: stable, and fit to be the id of a notification.
    pub id: String,
    /// How grave it is.
    pub severity: Severity,
    /// The same as screens show it.
    pub tone: Tone,
    /// One line.
    pub title: String,
    /// What is wrong, what to do, why, and what follows.
    pub explanation: String,
    /// Its button, where there is something for the person to open.
    pub button: Option<FindingButton>,
    /// When it was first seen.
    pub since: String,
    /// When the next consequence comes, or the last one came.
    pub due: Option<String>,
    /// `due` in words.
    pub due_words: Option<String>,
    /// Ids of the rules behind it. Empty for what is no rule.
    pub rules: Vec<String>,
}

/// What helps against a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FindingButton {
    /// What stands on it.
    pub label: String,
    /// What is read out: a list of equal buttons says nothing to somebody who hears it.
    pub spoken: String,
    /// What it opens.
    pub target: ButtonTarget,
}

/// What a button opens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ButtonTarget {
    /// A page that the server named.
    Page {
        /// An https address.
        url: String,
    },
    /// A place of the phone, by the platform's own means.
    Phone {
        /// Which.
        place: Mend,
    },
    /// The company's support.
    Support {
        /// The preferred way to reach it.
        channel: SupportChannel,
    },
    /// Where this app is signed in to.
    SignIn,
}

/// What the button of a finding opens; `None` where there is nothing for the person to open. A page
/// that the server named wins, if it is one.
pub(super) fn target(
    mend: Mend,
    link: Option<&str>,
    platform: Platform,
    support: &[SupportChannel],
) -> Option<ButtonTarget> {
    if let Some(url) = link.and_then(page_uri) {
        return Some(ButtonTarget::Page { url });
    }
    match mend {
        Mend::SignInAgain => Some(ButtonTarget::SignIn),
        // An admin's console is elsewhere; the person can only ask.
        Mend::ContactSupport | Mend::CheckConfiguration => {
            support.first().cloned().map(|channel| ButtonTarget::Support { channel })
        }
        // There is no such thing on Android.
        Mend::OpenBackgroundRefresh if platform == Platform::Android => None,
        place => Some(ButtonTarget::Phone { place }),
    }
}

/// `finding` as it is shown at the moment `now` of trusted time.
pub(super) fn state(
    finding: &Finding,
    now: WallMs,
    language: Language,
    platform: Platform,
    support: &[SupportChannel],
) -> FindingState {
    let view = finding.view(now, language);
    let target =
        finding.mend.and_then(|mend| target(mend, finding.link.as_deref(), platform, support));
    let label = finding.mend.map(|mend| mend.label(language).to_owned());
    let button = label.zip(target).map(|(label, target)| FindingButton {
        spoken: format!("{label}: {}", view.title),
        label,
        target,
    });
    FindingState {
        id: view.id,
        severity: finding.severity,
        tone: Tone::of_severity(finding.severity),
        title: view.title,
        explanation: view.explanation,
        button,
        since: view.since,
        due: view.due,
        due_words: view.due_words,
        rules: view.rules,
    }
}
