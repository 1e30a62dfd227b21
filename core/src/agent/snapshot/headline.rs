//! Which state outweighs which: the one sentence at the top of a screen, and the lines beneath it.
//!
//! Functions over values: no clock, no store.
use super::{ContactsState, Headline, Line, LineKind, Tone};
use crate::compliance::{Severity, State as Compliance};
use crate::ids::Language;
use crate::licence::{Hold, Licence, Phase};
use crate::messages::{Label, ProblemView, label, number, people, phase_label, state_words};

/// What the headline and its lines follow from.
pub(super) struct Facts<'a> {
    pub(super) is_ready: bool,
    pub(super) licence: &'a Licence,
    pub(super) compliance: Compliance,
    /// The management server's host, once a policy named the company.
    pub(super) host: Option<&'a str>,
    pub(super) contacts: &'a ContactsState,
    pub(super) received: i64,
    /// What the admin wrote to whoever holds the phone.
    pub(super) message: Option<&'a str>,
    pub(super) problems: &'a [ProblemView],
    pub(super) language: Language,
}

impl Facts<'_> {
    /// The one thing to know. From strong to weak: no keys yet, not activated, locked as lost, the
    /// rules broken, hidden for another reason, the rules.
    pub(super) fn headline(&self) -> Headline {
        let say = |which, tone| Headline { text: label(which, self.language, &[]), tone };
        let phase = self.licence.phase;
        if !self.is_ready {
            return say(Label::Starting, Tone::Neutral);
        }
        if !phase.allows_contacts() {
            let text = phase_label(phase, self.language).to_owned();
            return Headline { text, tone: Tone::Neutral };
        }
        if !self.contacts.readable {
            if self.licence.has(Hold::Lost) {
                return say(Label::Locked, Tone::Bad);
            }
            // Just activated: nothing is wrong.
            let held = self.licence.holds.iter().any(|hold| *hold != Hold::NoPolicy);
            // A broken rule says more than that the contacts are hidden.
            if held && self.compliance != Compliance::NonCompliant {
                return say(Label::ContactsHidden, Tone::Warning);
            }
        }
        let text = state_words(self.compliance, self.language).to_owned();
        Headline { text, tone: Tone::of_state(self.compliance) }
    }

    /// What else there is to know. No line twice: a problem may say what hides the contacts.
    pub(super) fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.is_ready {
            self.standing(&mut lines);
        }
        for problem in self.problems {
            lines.push(Line::new(LineKind::Problem, sentence(&problem.text, &problem.next)));
        }
        let mut said = std::collections::BTreeSet::new();
        lines.retain(|line| !line.text.is_empty() && said.insert(line.text.clone()));
        lines
    }

    fn standing(&self, lines: &mut Vec<Line>) {
        let language = self.language;
        let phase = self.licence.phase;
        if phase.allows_contacts() {
            lines.push(Line::new(LineKind::Phase, phase_label(phase, language).to_owned()));
        }
        if let Some(host) = self.host.filter(|host| !host.is_empty()) {
            let values = [("host", host.to_owned())];
            lines.push(Line::new(LineKind::Server, label(Label::Server, language, &values)));
        }
        match &self.contacts.why_hidden {
            Some(why) => {
                lines.push(Line::new(LineKind::Hidden, sentence(&why.text, &why.next)));
            }
            None => self.people(lines),
        }
        if let Some(message) = self.message {
            lines.push(Line::new(LineKind::Message, message.to_owned()));
        }
    }

    fn people(&self, lines: &mut Vec<Line>) {
        let language = self.language;
        if self.contacts.count > 0 {
            lines.push(Line::new(LineKind::People, people(self.contacts.count, language)));
        }
        match &self.contacts.last_sync {
            Some(moment) => lines.push(Line {
                kind: LineKind::UpToDate,
                text: label(Label::UpToDate, language, &[]),
                moment: Some(moment.clone()),
            }),
            // Only for the first time: later, nobody waits for it.
            None if self.received > 0 => {
                let values = [("n", number(self.received, language))];
                lines
                    .push(Line::new(LineKind::Arriving, label(Label::Arriving, language, &values)));
            }
            None => {}
        }
    }
}

fn sentence(text: &str, next: &str) -> String {
    format!("{text} {next}").trim().to_owned()
}

/// Whether the person can do something about the phase with a code, a link or a sign-in.
pub(super) fn can_activate(phase: Phase) -> bool {
    match phase {
        Phase::Unlicensed | Phase::Reauthenticate | Phase::Erased => true,
        Phase::NotRequired | Phase::Activating | Phase::Active | Phase::Erasing => false,
    }
}

impl Line {
    fn new(kind: LineKind, text: String) -> Self {
        Self { kind, text, moment: None }
    }
}

impl Tone {
    /// Of the phone as a whole.
    pub(super) fn of_state(state: Compliance) -> Self {
        match state {
            Compliance::Compliant => Tone::Good,
            Compliance::Attention | Compliance::Unknown => Tone::Warning,
            Compliance::NonCompliant => Tone::Bad,
        }
    }

    /// Of one finding.
    pub(super) fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Inform => Tone::Neutral,
            Severity::Warn => Tone::Warning,
            Severity::Require => Tone::Bad,
        }
    }
}
