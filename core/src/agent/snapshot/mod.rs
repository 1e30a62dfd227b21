//! The agent as it is at one moment, for a screen: one value, asked for once.
//!
//! Everything that a page of an app needs is here, decided and in words, so that a shell only lays
//! it out: which state outweighs which ([`headline`]), what a button opens ([`fix`]), how the company
//! is reached ([`support`]), which settings concern a screen and who set them ([`settings`]).
mod fix;
mod headline;
mod settings;
pub(super) mod support;
#[cfg(test)]
mod tests;

pub use fix::{ButtonTarget, FindingButton, FindingState};
pub use settings::{ContactsMode, ContactsModeSetting, FlagSetting, ScreenSettings, WordSetting};
pub use support::{SupportChannel, SupportKind};

use super::Agent;
use super::evaluate::host_of;
use super::state::State;
use super::view::{OrganizationView, OutboxView, PersonView};
use crate::activation::Evidence;
use crate::compliance::State as Compliance;
use crate::ids::Language;
use crate::licence::{EraseCause, Hold, Phase, Prompt};
use crate::messages::{
    Area, Args, Code, Label, ProblemView, Text, hold_words, label, phase_label, phase_words, text,
};
use crate::time::{ElapsedMs, HOUR_MS, MINUTE_MS, Now, WallMs};
use headline::Facts;

/// The agent at one moment. Moments in it are RFC 3339 in UTC where they are texts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AgentState {
    /// Whether the keys are there, so that the phone can be read. Before that, headline, lines and
    /// problems are all that has a meaning.
    pub is_ready: bool,
    /// Whether the agent answers no more, because it met an error in itself or was closed.
    pub is_broken: bool,
    /// The language of all words in here.
    pub language: Language,
    /// The one thing to know.
    pub headline: Headline,
    /// What else there is to know, line by line, in the order of a screen.
    pub lines: Vec<Line>,
    /// The licence: phase, holds, prompt.
    pub licence: LicenceState,
    /// Whether the phone meets the company's rules.
    pub compliance: Compliance,
    /// Whether the person can get in (again) with a code, a link or a sign-in.
    pub can_activate: bool,
    /// The company, once a policy named it.
    pub organization: Option<OrganizationView>,
    /// The person, as far as the configuration says.
    pub person: Option<PersonView>,
    /// The contacts.
    pub contacts: ContactsState,
    /// Contacts received in this run, for a progress display.
    pub contacts_received: i64,
    /// What is wrong with the phone, the most severe first.
    pub findings: Vec<FindingState>,
    /// What failed and was not mended since.
    pub problems: Vec<ProblemView>,
    /// Reports on their way.
    pub reports: OutboxView,
    /// The settings that concern a screen.
    pub settings: ScreenSettings,
    /// How the company's support is reached, the preferred way first.
    pub support: Vec<SupportChannel>,
    /// Hash of the managed configuration in force; empty where there is none.
    pub config_version: String,
    /// When the agent wants to go on by itself, in milliseconds since the phone started (the clock
    /// of [`crate::step::Step::Wait`]); `None` if it waits for an event only. A background scheduler
    /// asks [`wake_after_ms`] when that is worth a wake.
    pub next_work_ms: Option<i64>,
}

/// The one thing to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Headline {
    /// A sentence without a full stop.
    pub text: String,
    /// How good that is.
    pub tone: Tone,
}

/// How good or bad something is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Neither good nor bad.
    Neutral,
    /// In order.
    Good,
    /// Something to see to.
    Warning,
    /// Not as it has to be.
    Bad,
}

/// One line beneath the headline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// What it is about.
    pub kind: LineKind,
    /// The words. `{moment}` in it stands for `moment`, as the phone writes moments.
    pub text: String,
    /// A moment for the shell to put in.
    pub moment: Option<String>,
}

/// What a line beneath the headline is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineKind {
    /// The phase of the licence.
    Phase,
    /// The management server.
    Server,
    /// Why there are no contacts to be seen.
    Hidden,
    /// How many people there are.
    People,
    /// People are arriving for the first time: how many so far.
    Arriving,
    /// When all contacts were last up to date.
    UpToDate,
    /// What the admin wrote to whoever holds the phone.
    Message,
    /// Something that failed.
    Problem,
}

/// The licence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenceState {
    /// Where the phone stands.
    pub phase: Phase,
    /// What a screen calls that.
    pub label: String,
    /// The same in a sentence, and what to do.
    pub words: Text,
    /// Why contacts are hidden, each cause once.
    pub holds: Vec<HoldState>,
    /// What the person is asked for.
    pub prompt: Option<PromptState>,
    /// Since when the phase is what it is.
    pub since: String,
    /// When the agent looks at the server again.
    pub next_check: Option<String>,
    /// Why the phone is or was erased.
    pub cause: Option<EraseCause>,
    /// What the admin wrote to whoever holds a locked phone.
    pub message: Option<String>,
}

/// A reason to hide the contacts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HoldState {
    /// The reason.
    pub hold: Hold,
    /// What happened, and what brings the contacts back.
    pub words: Text,
}

/// What the person is asked for before the activation goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PromptState {
    /// What.
    pub prompt: Prompt,
    /// What happened, and what to do.
    pub words: Text,
    /// Host of the server that asks, where an activation is under way.
    pub server: Option<String>,
    /// The address that a code was sent to, where the person activates with one.
    pub sent_to: Option<String>,
}

/// The contacts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContactsState {
    /// Whether they can be read now.
    pub readable: bool,
    /// Why not; `None` if they can.
    pub why_hidden: Option<Text>,
    /// How many there are on the phone, also while they are hidden.
    pub count: i64,
    /// Address books.
    pub books: i64,
    /// When all books were last up to date.
    pub last_sync: Option<String>,
    /// Cards that could not be read.
    pub skipped: i64,
    /// Address books that could not be brought up to date.
    pub troubled: Vec<BookTrouble>,
}

/// An address book that could not be brought up to date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BookTrouble {
    /// The host of its server.
    pub host: String,
    /// What happened, and what to do.
    pub words: Text,
}

impl Agent {
    /// The agent as it is now, whole. The moment is that of the last call.
    pub fn snapshot(&self) -> AgentState {
        let (now, next_work) = {
            let mailbox = self.mailbox();
            (mailbox.now(), mailbox.next_moment())
        };
        let is_ready = self.is_ready();
        let status = self.status();
        let problems = self.problems();
        let readable = self.directory().is_readable();
        let why_hidden = (!readable).then(|| self.why_hidden());
        let state = self.state();
        let language = state.language();
        let support = support::channels(state.effective());
        let contacts = ContactsState {
            readable,
            why_hidden,
            count: status.contacts.count,
            books: status.contacts.books,
            last_sync: status.contacts.last_sync,
            skipped: status.contacts.skipped,
            troubled: troubled_books(&state, language),
        };
        let facts = Facts {
            is_ready,
            licence: &state.stored.licence,
            compliance: status.compliance.state,
            host: status.organization.as_ref().map(|o| o.host.as_str()),
            contacts: &contacts,
            received: state.run.received,
            message: status.licence.message.as_deref(),
            problems: &problems,
            language,
        };
        AgentState {
            is_ready,
            is_broken: false,
            language,
            headline: facts.headline(),
            lines: facts.lines(),
            can_activate: is_ready && headline::can_activate(state.phase()),
            compliance: status.compliance.state,
            findings: finding_states(&state, &support, now),
            settings: settings::screen_settings(
                state.effective(),
                state.stored.licence.has(Hold::Lost),
            ),
            licence: licence_state(
                &state,
                language,
                status.licence.since,
                status.licence.next_check,
            ),
            contacts_received: state.run.received,
            config_version: status.config.version,
            reports: status.outbox,
            organization: status.organization,
            person: status.person,
            contacts,
            problems,
            support,
            next_work_ms: next_work.map(|moment| moment.0),
        }
    }
}

impl AgentState {
    /// What is shown when the agent answers no more: nothing is known of anything.
    pub fn broken(language: Language) -> Self {
        let headline = Headline { text: label(Label::Stopped, language, &[]), tone: Tone::Bad };
        Self { is_broken: true, headline, ..Self::starting(language) }
    }

    /// What is shown until the agent is open and was asked: nothing is known yet.
    pub fn starting(language: Language) -> Self {
        let phase = Phase::default();
        Self {
            is_ready: false,
            is_broken: false,
            language,
            headline: Headline { text: label(Label::Starting, language, &[]), tone: Tone::Neutral },
            lines: Vec::new(),
            licence: LicenceState {
                phase,
                label: phase_label(phase, language).to_owned(),
                words: phase_words(phase, language),
                holds: Vec::new(),
                prompt: None,
                since: WallMs(0).to_rfc3339(),
                next_check: None,
                cause: None,
                message: None,
            },
            compliance: Compliance::Unknown,
            can_activate: false,
            organization: None,
            person: None,
            contacts: ContactsState {
                readable: false,
                why_hidden: None,
                count: 0,
                books: 0,
                last_sync: None,
                skipped: 0,
                troubled: Vec::new(),
            },
            contacts_received: 0,
            findings: Vec::new(),
            problems: Vec::new(),
            reports: OutboxView::default(),
            settings: ScreenSettings::strict(),
            support: Vec::new(),
            config_version: String::new(),
            next_work_ms: None,
        }
    }
}

fn licence_state(
    state: &State,
    language: Language,
    since: String,
    next_check: Option<String>,
) -> LicenceState {
    let licence = &state.stored.licence;
    let hold = |hold: &Hold| HoldState { hold: *hold, words: hold_words(*hold, language) };
    LicenceState {
        phase: licence.phase,
        label: phase_label(licence.phase, language).to_owned(),
        words: phase_words(licence.phase, language),
        holds: licence.holds.iter().map(hold).collect(),
        prompt: licence.prompt.map(|prompt| prompt_state(state, prompt, language)),
        since,
        next_check,
        cause: licence.cause,
        message: state.stored.lock_message.clone(),
    }
}

fn prompt_state(state: &State, prompt: Prompt, language: Language) -> PromptState {
    let code = match prompt {
        Prompt::OneTimeCode => Code::OneTimeCodeNeeded,
        Prompt::Browser => Code::BrowserNeeded,
    };
    let pending = state.stored.pending.as_ref();
    let sent_to = pending.and_then(|pending| match &pending.evidence {
        Evidence::EmailPasscode { email, .. } => Some(email.expose().clone()),
        _ => None,
    });
    PromptState {
        prompt,
        words: text(code, language, &Args::none()),
        server: pending.map(|pending| host_of(pending.server_url.as_str())),
        sent_to: sent_to.filter(|_| prompt == Prompt::OneTimeCode),
    }
}

fn troubled_books(state: &State, language: Language) -> Vec<BookTrouble> {
    let problems = state.run.problems.iter();
    problems
        .filter(|((area, book), _)| *area == Area::Contacts && !book.is_empty())
        .map(|((_, book), problem)| BookTrouble {
            host: host_of(book),
            words: text(problem.code, language, &problem.args),
        })
        .collect()
}

fn finding_states(state: &State, support: &[SupportChannel], now: Now) -> Vec<FindingState> {
    let (trusted, language) = (state.stored.time.at(now), state.language());
    let platform = state.options.platform;
    let findings = state.evaluation.iter().flat_map(|evaluation| &evaluation.findings);
    findings.map(|finding| fix::state(finding, trusted, language, platform, support)).collect()
}

/// Milliseconds from `now` until a background scheduler should wake the agent that wants to go on at
/// `next_work_ms`: at least 15 minutes (what both systems allow at most), and at most a day, so that
/// a phone that waits for events only is looked at all the same.
pub fn wake_after_ms(next_work_ms: Option<i64>, now: ElapsedMs) -> i64 {
    const SHORTEST_MS: i64 = 15 * MINUTE_MS;
    const LONGEST_MS: i64 = 24 * HOUR_MS;
    let delay = next_work_ms.map_or(LONGEST_MS, |moment| moment.saturating_sub(now.0));
    delay.clamp(SHORTEST_MS, LONGEST_MS)
}
