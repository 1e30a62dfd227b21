//! The agent at one moment, for a screen: one record, asked for once. Moments are RFC 3339 in UTC,
//! such as `2026-03-01T08:30:00Z`.
use std::fmt;

use muster_core::agent;
use muster_core::ids::Language;
use muster_core::licence::EraseCause as CoreEraseCause;
use muster_core::time::ElapsedMs;

use super::finding::{FindingSeverity, MendAction, Problem};
use super::status::{
    ComplianceState, LicenceHold, LicencePhase, LicencePrompt, Organization, OutboxStatus, Person,
    Words,
};

/// The agent at one moment: everything that a page needs, decided and in words. Written into a log
/// it names nobody.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[uniffi::export(Display)]
pub struct AgentState {
    /// Whether the keys are there, so that the phone can be read. Before that, headline, lines and
    /// problems are all that has a meaning.
    pub is_ready: bool,
    /// Whether the agent answers no more, because it met an error in itself or was closed: open it
    /// anew. Nothing but the headline has a meaning then.
    pub is_broken: bool,
    /// The language of all words in here: `en`, `de` or `sv`.
    pub language: String,
    /// The one thing to know.
    pub headline: Headline,
    /// What else there is to know, line by line, in the order of a screen.
    pub lines: Vec<StatusLine>,
    /// The licence.
    pub licence: LicenceState,
    /// Whether the phone meets the company's rules.
    pub compliance: ComplianceState,
    /// Whether the person can get in (again) with a code, a link or a sign-in.
    pub can_activate: bool,
    /// The company, once a policy named it.
    pub organization: Option<Organization>,
    /// The person, as far as the configuration says.
    pub person: Option<Person>,
    /// The contacts.
    pub contacts: ContactsState,
    /// Contacts received since the agent was opened, for a progress display.
    pub contacts_received: i64,
    /// What is wrong with the phone, the most severe first.
    pub findings: Vec<FindingState>,
    /// What failed since the agent was opened and was not mended since.
    pub problems: Vec<Problem>,
    /// Reports on their way.
    pub reports: OutboxStatus,
    /// The settings that concern a screen.
    pub settings: ScreenSettings,
    /// How the company's support is reached, the preferred way first.
    pub support: Vec<SupportChannel>,
    /// Hash of the managed configuration in force; empty where there is none.
    pub config_version: String,
    /// When the agent wants to go on by itself, in milliseconds since the phone started (the clock
    /// of `Step.Wait`); none if it waits for an event only. `wake_after_ms` says when that is worth a
    /// wake in the background.
    pub next_work_ms: Option<i64>,
}

impl From<agent::AgentState> for AgentState {
    fn from(state: agent::AgentState) -> Self {
        Self {
            is_ready: state.is_ready,
            is_broken: state.is_broken,
            language: state.language.as_str().to_owned(),
            headline: state.headline,
            lines: state.lines,
            licence: state.licence,
            compliance: state.compliance,
            can_activate: state.can_activate,
            organization: state.organization,
            person: state.person,
            contacts: state.contacts,
            contacts_received: state.contacts_received,
            findings: state.findings,
            problems: state.problems.into_iter().map(Problem::from).collect(),
            reports: state.reports,
            settings: state.settings,
            support: state.support,
            config_version: state.config_version,
            next_work_ms: state.next_work_ms,
        }
    }
}

/// Without names of people: apps write states into their logs.
impl fmt::Display for AgentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let findings: Vec<&str> = self.findings.iter().map(|finding| finding.id.as_str()).collect();
        let problems: Vec<&str> = self.problems.iter().map(|p| p.code.as_str()).collect();
        f.debug_struct("AgentState")
            .field("phase", &self.licence.phase)
            .field("compliance", &self.compliance)
            .field("is_ready", &self.is_ready)
            .field("is_broken", &self.is_broken)
            .field("contacts", &self.contacts.count)
            .field("last_sync", &self.contacts.last_sync)
            .field("findings", &findings)
            .field("problems", &problems)
            .finish()
    }
}

/// What is shown until the agent is open and was asked; `language` is a BCP 47 tag such as `de-AT`.
#[uniffi::export]
pub fn starting_state(language: String) -> AgentState {
    agent::AgentState::starting(Language::from_tag(&language)).into()
}

/// What is shown when the agent answers no more; `language` is a BCP 47 tag such as `de-AT`.
#[uniffi::export]
pub fn broken_state(language: String) -> AgentState {
    agent::AgentState::broken(Language::from_tag(&language)).into()
}

/// Milliseconds from `now_ms` until a background scheduler should wake the agent that wants to go on
/// at `next_work_ms` (both in milliseconds since the phone started): between 15 minutes and a day.
#[uniffi::export]
pub fn wake_after_ms(next_work_ms: Option<i64>, now_ms: i64) -> i64 {
    agent::wake_after_ms(next_work_ms, ElapsedMs(now_ms))
}

/// The one thing to know.
pub type Headline = agent::Headline;

/// The one thing to know.
#[uniffi::remote(Record)]
pub struct Headline {
    /// A sentence without a full stop.
    pub text: String,
    /// How good that is.
    pub tone: Tone,
}

/// How good or bad something is. A screen shows it by colour and by something else: never by colour
/// alone.
pub type Tone = agent::Tone;

/// How good or bad something is. A screen shows it by colour and by something else: never by colour
/// alone.
#[uniffi::remote(Enum)]
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
pub type StatusLine = agent::Line;

/// One line beneath the headline.
#[uniffi::remote(Record)]
pub struct StatusLine {
    /// What it is about.
    pub kind: StatusLineKind,
    /// The words. `{moment}` in it stands for `moment`, as the phone writes moments.
    pub text: String,
    /// A moment for the shell to put in.
    pub moment: Option<String>,
}

/// What a line beneath the headline is about.
pub type StatusLineKind = agent::LineKind;

/// What a line beneath the headline is about.
#[uniffi::remote(Enum)]
pub enum StatusLineKind {
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
pub type LicenceState = agent::LicenceState;

/// The licence.
#[uniffi::remote(Record)]
pub struct LicenceState {
    /// Where the phone stands.
    pub phase: LicencePhase,
    /// What a screen calls that.
    pub label: String,
    /// The same in a sentence, and what to do.
    pub words: Words,
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
pub type HoldState = agent::HoldState;

/// A reason to hide the contacts.
#[uniffi::remote(Record)]
pub struct HoldState {
    /// The reason.
    pub hold: LicenceHold,
    /// What happened, and what brings the contacts back.
    pub words: Words,
}

/// What the person is asked for before the activation goes on.
pub type PromptState = agent::PromptState;

/// What the person is asked for before the activation goes on.
#[uniffi::remote(Record)]
pub struct PromptState {
    /// What.
    pub prompt: LicencePrompt,
    /// What happened, and what to do.
    pub words: Words,
    /// Host of the server that asks, where an activation is under way.
    pub server: Option<String>,
    /// The address that a code was sent to, where the person activates with one.
    pub sent_to: Option<String>,
}

/// Why a phone is erased.
pub type EraseCause = CoreEraseCause;

/// Why a phone is erased.
#[uniffi::remote(Enum)]
pub enum EraseCause {
    /// The person signed out.
    SignedOut,
    /// The phone is handed back or repaired.
    Retired,
    /// The phone is lost or stolen.
    Lost,
    /// The company took the person's access away.
    Revoked,
    /// Without a server: the address book was withdrawn for good.
    Withdrawn,
    /// The files came from a backup of another phone, so their keys are not here.
    Transferred,
}

/// The contacts.
pub type ContactsState = agent::ContactsState;

/// The contacts.
#[uniffi::remote(Record)]
pub struct ContactsState {
    /// Whether they can be read now.
    pub readable: bool,
    /// Why not; none if they can.
    pub why_hidden: Option<Words>,
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
pub type BookTrouble = agent::BookTrouble;

/// An address book that could not be brought up to date.
#[uniffi::remote(Record)]
pub struct BookTrouble {
    /// The host of its server.
    pub host: String,
    /// What happened, and what to do.
    pub words: Words,
}

/// Something that is wrong with the phone, and what helps.
pub type FindingState = agent::FindingState;

/// Something that is wrong with the phone, and what helps.
#[uniffi::remote(Record)]
pub struct FindingState {
    /// Its name: stable, and fit to be the id of a notification.
    pub id: String,
    /// how severe it is.
    pub severity: FindingSeverity,
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
pub type FindingButton = agent::FindingButton;

/// What helps against a finding.
#[uniffi::remote(Record)]
pub struct FindingButton {
    /// What stands on it.
    pub label: String,
    /// What is read out: a list of equal buttons says nothing to somebody who hears it.
    pub spoken: String,
    /// What it opens.
    pub target: ButtonTarget,
}

/// What a button opens.
pub type ButtonTarget = agent::ButtonTarget;

/// What a button opens.
#[uniffi::remote(Enum)]
pub enum ButtonTarget {
    /// A page that the server named.
    Page {
        /// An https address.
        url: String,
    },
    /// A place of the phone, by the platform's own means.
    Phone {
        /// Which.
        place: MendAction,
    },
    /// The company's support.
    Support {
        /// The preferred way to reach it.
        channel: SupportChannel,
    },
    /// Where this app is signed in to.
    SignIn,
}

/// One way to reach the support.
pub type SupportChannel = agent::SupportChannel;

/// One way to reach the support.
#[uniffi::remote(Record)]
pub struct SupportChannel {
    /// What kind of way.
    pub kind: SupportKind,
    /// What opens it: an `https:`, `mailto:` or `tel:` address.
    pub uri: String,
    /// The page, address or number as the company wrote it.
    pub shown: String,
}

/// A kind of way to reach the support.
pub type SupportKind = agent::SupportKind;

/// A kind of way to reach the support.
#[uniffi::remote(Enum)]
pub enum SupportKind {
    /// A page.
    Page,
    /// A mail.
    Mail,
    /// A call.
    Call,
}

/// The settings that concern a screen, each with whether the company decided it.
pub type ScreenSettings = agent::ScreenSettings;

/// The settings that concern a screen, each with whether the company decided it.
#[uniffi::remote(Record)]
pub struct ScreenSettings {
    /// No pictures of the screen.
    pub block_screenshots: FlagSetting,
    /// No copying of texts.
    pub block_copy: FlagSetting,
    /// No handing over of contacts.
    pub block_export: FlagSetting,
    /// The person's own details are not theirs to change.
    pub readonly_profile: FlagSetting,
    /// The person may sign out.
    pub allow_sign_out: FlagSetting,
    /// The app activates itself, without a tap.
    pub auto_activate: FlagSetting,
    /// Calls are named.
    pub caller_id: FlagSetting,
    /// Contacts are fetched over networks without a meter only.
    pub contacts_unmetered_only: FlagSetting,
    /// Where colleagues appear.
    pub contacts_mode: ContactsModeSetting,
    /// The language that was chosen; none means the phone's.
    pub language: WordSetting,
    /// The company's privacy notice: an https address.
    pub privacy_url: WordSetting,
}

/// Something that is on or off.
pub type FlagSetting = agent::FlagSetting;

/// Something that is on or off.
#[uniffi::remote(Record)]
pub struct FlagSetting {
    /// Whether it is on.
    pub is_on: bool,
    /// Whether the company decided it, so that the person can't.
    pub by_organization: bool,
}

/// A word.
pub type WordSetting = agent::WordSetting;

/// A word.
#[uniffi::remote(Record)]
pub struct WordSetting {
    /// The word, if there is one.
    pub value: Option<String>,
    /// Whether the company decided it, so that the person can't.
    pub by_organization: bool,
}

/// Where colleagues appear.
pub type ContactsModeSetting = agent::ContactsModeSetting;

/// Where colleagues appear.
#[uniffi::remote(Record)]
pub struct ContactsModeSetting {
    /// Where.
    pub mode: ContactsMode,
    /// Whether the company decided it, so that the person can't.
    pub by_organization: bool,
}

/// Where colleagues appear, from nowhere to everywhere.
pub type ContactsMode = agent::ContactsMode;

/// Where colleagues appear, from nowhere to everywhere.
#[uniffi::remote(Enum)]
pub enum ContactsMode {
    /// Nowhere.
    Off,
    /// In this app only.
    InApp,
    /// In the phone's own apps while one searches.
    Directory,
    /// Among the phone's own contacts.
    DeviceContacts,
}
