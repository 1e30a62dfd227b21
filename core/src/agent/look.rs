//! What the agent shows of itself.
use super::Agent;
use super::control::code_of_link;
use super::snapshot::support;
use super::state::{Mode, State, Timer};
use super::view::{
    ComplianceView, ConfigVersionView, ContactsView, LicenceView, LinkPreview, OrganizationView,
    OutboxView, PersonView, StatusView,
};
use crate::activation::Link;
use crate::config::{self, ConfigView, Key};
use crate::ids::Language;
use crate::licence::{Hold, Phase};
use crate::messages::{
    Args, Code, FindingView, ProblemView, Text, hold_words, link_words, phase_words, text,
};
use crate::time::WallMs;

impl Agent {
    /// Whether the keys are there, so that the phone can be read.
    pub fn is_ready(&self) -> bool {
        let state = self.state();
        state.ready && (state.mode != Mode::Alive || !state.contacts_wanted())
    }

    /// The state in short.
    pub fn status(&self) -> StatusView {
        let now = self.mailbox().now();
        let state = self.state();
        let licence = &state.stored.licence;
        let next_check = state.timers.at(&Timer::Check).filter(|_| licence.phase.is_activated());
        let next_check = next_check
            .map(|moment| state.stored.time.at(now).plus_ms(moment.0 - now.elapsed.0).to_rfc3339());
        StatusView {
            licence: LicenceView {
                phase: licence.phase,
                holds: licence.holds.clone(),
                prompt: licence.prompt,
                since: state.stored.phase_since.to_rfc3339(),
                next_check,
                cause: licence.cause.map(|cause| cause.as_str()),
                message: state.stored.lock_message.clone(),
            },
            organization: state.organization(),
            person: state.person(),
            contacts: state.contacts_view(),
            compliance: ComplianceView {
                state: state.evaluation.as_ref().map(|e| e.state).unwrap_or_default(),
            },
            outbox: state.outbox_view(),
            config: ConfigVersionView { version: state.stored.config_version.clone() },
        }
    }

    /// Every setting with its value, its state and where it comes from. Secrets are not shown.
    pub fn config(&self) -> ConfigView {
        let state = self.state();
        let mut view = config::view(&state.resolution, state.language());
        if state.stored.licence.has(Hold::Lost) {
            // Whoever holds a lost phone learns whom to call, and nothing else.
            view.settings.retain(|setting| support::keys().any(|key| key.name() == setting.key));
            view.unknown.clear();
        }
        view
    }

    /// What is wrong with the phone, and how to mend it: the gravest first.
    pub fn findings(&self) -> Vec<FindingView> {
        let now = self.mailbox().now();
        let state = self.state();
        let trusted = state.stored.time.at(now);
        let views = state.evaluation.as_ref().map(|e| e.finding_views(trusted, state.language()));
        views.unwrap_or_default()
    }

    /// Every report that was sent, word for word, the oldest first.
    pub fn reports(&self) -> Vec<serde_json::Value> {
        let mut state = self.state();
        let sent = state.with_store(|store| store.sent_reports()).unwrap_or_default();
        sent.into_iter()
            .map(|report| {
                let claims: serde_json::Value =
                    serde_json::from_slice(&report.claims).unwrap_or_default();
                serde_json::json!({ "sent": report.at.to_rfc3339(), "claims": claims })
            })
            .collect()
    }

    /// What failed in this run and was not mended since.
    pub fn problems(&self) -> Vec<ProblemView> {
        let state = self.state();
        let language = state.language();
        state.run.problems.values().map(|problem| problem.view(language)).collect()
    }

    /// What an activation link says, for the person to confirm. Nothing is sent.
    pub fn preview_link(&self, url: &str) -> Result<LinkPreview, Text> {
        let state = self.state();
        match Link::parse(url, &state.options.app_link_host) {
            Ok(link) => {
                let host = link.host.to_string();
                let already_active = state.phase().is_activated();
                let company = state.organization();
                let company = company.as_ref().map(|o| (o.name.as_str(), o.host.as_str()));
                let words = link_words(&host, already_active, company, state.language());
                Ok(LinkPreview { host, already_active, title: words.text, text: words.next })
            }
            Err(error) => Err(text(code_of_link(error), state.language(), &Args::none())),
        }
    }

    /// Why contacts can't be read now, in words.
    pub fn why_hidden(&self) -> Text {
        let state = self.state();
        let language = state.language();
        match state.stored.licence.holds.first() {
            Some(hold) => hold_words(*hold, language),
            None if state.phase().allows_contacts() => {
                text(Code::VaultLocked, language, &Args::none())
            }
            None => phase_words(state.phase(), language),
        }
    }

    /// Contacts received in this run, for a progress display.
    pub fn contacts_received(&self) -> i64 {
        self.state().run.received
    }

    /// The language that people are spoken to in.
    pub fn language(&self) -> Language {
        self.state().language()
    }
}

impl State {
    fn organization(&self) -> Option<OrganizationView> {
        let name = self.policy.as_ref()?.organization.name.clone()?;
        Some(OrganizationView { name, host: self.server_host() })
    }

    fn person(&self) -> Option<PersonView> {
        let text = |key| self.effective().text(key).map(str::to_owned);
        let person = PersonView {
            first_name: text(Key::FirstName),
            last_name: text(Key::LastName),
            email: text(Key::Email),
        };
        let gone = matches!(self.phase(), Phase::Erasing | Phase::Erased);
        let shown = !gone && !self.stored.licence.has(Hold::Lost);
        (shown && person != PersonView::default()).then_some(person)
    }

    fn contacts_view(&self) -> ContactsView {
        let last_sync = self.stored.books.values().map(|book| book.last_sync).min().flatten();
        ContactsView {
            count: signed(self.stored.totals.count),
            books: signed(self.stored.totals.books),
            last_sync: last_sync.map(WallMs::to_rfc3339),
            skipped: signed(self.stored.totals.skipped),
        }
    }

    fn outbox_view(&self) -> OutboxView {
        let counts = self.store.as_ref().and_then(|store| store.outbox_counts().ok());
        let counts = counts.unwrap_or_default();
        OutboxView {
            pending: signed(counts.pending),
            held: signed(counts.held),
            quarantined: signed(counts.quarantined),
            dropped: signed(counts.dropped),
        }
    }
}

/// Other languages have no unsigned numbers.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
