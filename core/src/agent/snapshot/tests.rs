//! What outweighs what, what a button opens, how support is reached: each over values.
use super::fix::target;
use super::headline::{Facts, can_activate};
use super::*;
use crate::compliance::{Mend, Severity};
use crate::config::{Inputs, LastGood, ManagedInput, Resolution, resolve};
use crate::ids::Platform;
use crate::licence::Licence;

fn contacts(readable: bool) -> ContactsState {
    let why = Text { text: "Hidden.".into(), next: "Wait.".into() };
    ContactsState {
        readable,
        why_hidden: (!readable).then_some(why),
        count: 0,
        books: 1,
        last_sync: None,
        skipped: 0,
        troubled: Vec::new(),
    }
}

struct Phone {
    is_ready: bool,
    licence: Licence,
    compliance: Compliance,
    contacts: ContactsState,
    received: i64,
    message: Option<&'static str>,
    problems: Vec<ProblemView>,
    language: Language,
}

impl Phone {
    fn new(phase: Phase, holds: &[Hold], compliance: Compliance) -> Self {
        let licence = Licence { phase, holds: holds.to_vec(), ..Licence::default() };
        Self {
            is_ready: true,
            contacts: contacts(licence.contacts_readable()),
            licence,
            compliance,
            received: 0,
            message: None,
            problems: Vec::new(),
            language: Language::En,
        }
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            is_ready: self.is_ready,
            licence: &self.licence,
            compliance: self.compliance,
            host: Some("mdm.contoso.example"),
            contacts: &self.contacts,
            received: self.received,
            message: self.message,
            problems: &self.problems,
            language: self.language,
        }
    }

    fn headline(&self) -> (String, Tone) {
        let Headline { text, tone } = self.facts().headline();
        (text, tone)
    }

    fn lines(&self) -> Vec<(LineKind, String)> {
        self.facts().lines().into_iter().map(|line| (line.kind, line.text)).collect()
    }
}

#[test]
fn which_state_outweighs_which() {
    use Compliance::{Attention, Compliant, NonCompliant, Unknown};
    use Hold::{Expired, Lost, NoPolicy, Offline, Rule};
    use Phase::{Activating, Active, Erased, Erasing, NotRequired, Reauthenticate, Unlicensed};
    #[rustfmt::skip]
    let table: [(Phase, &[Hold], Compliance, &str, Tone); 20] = [
        // What is not activated has no rules.
        (Unlicensed,     &[],           NonCompliant, "Not activated",                      Tone::Neutral),
        (Activating,     &[],           Unknown,      "Activating…",                        Tone::Neutral),
        (Erasing,        &[Lost],       NonCompliant, "Being erased…",                      Tone::Neutral),
        (Erased,         &[],           Unknown,      "Erased",                             Tone::Neutral),
        // The rules.
        (NotRequired,    &[],           Compliant,    "This phone meets the rules",         Tone::Good),
        (Active,         &[],           Compliant,    "This phone meets the rules",         Tone::Good),
        (Active,         &[],           Attention,    "Something needs your attention",     Tone::Warning),
        (Active,         &[],           Unknown,      "Not everything can be checked yet",  Tone::Warning),
        (Active,         &[],           NonCompliant, "This phone does not meet the rules", Tone::Bad),
        (Reauthenticate, &[],           Compliant,    "This phone meets the rules",         Tone::Good),
        // A phone that was locked is not said to be well.
        (Active,         &[Lost],       Compliant,    "This phone is locked",               Tone::Bad),
        (Active,         &[Rule, Lost], NonCompliant, "This phone is locked",               Tone::Bad),
        (Active,         &[Offline],    Compliant,    "Contacts are hidden",                Tone::Warning),
        (Active,         &[Expired],    Attention,    "Contacts are hidden",                Tone::Warning),
        (Reauthenticate, &[Offline],    Unknown,      "Contacts are hidden",                Tone::Warning),
        (NotRequired,    &[Offline],    Compliant,    "Contacts are hidden",                Tone::Warning),
        // A broken rule says more than that the contacts are hidden.
        (Active,         &[Rule],       NonCompliant, "This phone does not meet the rules", Tone::Bad),
        (Active,         &[Offline],    NonCompliant, "This phone does not meet the rules", Tone::Bad),
        // Just activated: nothing is wrong.
        (Active,         &[NoPolicy],   Compliant,    "This phone meets the rules",         Tone::Good),
        (Active,         &[NoPolicy],   Unknown,      "Not everything can be checked yet",  Tone::Warning),
    ];
    for (phase, holds, compliance, text, tone) in table {
        let phone = Phone::new(phase, holds, compliance);
        assert_eq!(phone.headline(), (text.to_owned(), tone), "{phase:?} {holds:?} {compliance:?}");
    }
}

#[test]
fn without_keys_there_are_only_problems() {
    let mut phone = Phone::new(Phase::Active, &[], Compliance::Compliant);
    phone.is_ready = false;
    phone.contacts.count = 7;
    phone.message = Some("Call us.");
    let problem = crate::messages::Problem::new(Area::Store, Code::StoreFull);
    phone.problems = vec![problem.view(Language::En), problem.view(Language::En)];
    assert_eq!(phone.headline(), ("Starting…".to_owned(), Tone::Neutral));
    let text = "There is no room left on the phone. Delete something that you don't need. It goes on \
                by itself then.";
    assert_eq!(phone.lines(), [(LineKind::Problem, text.to_owned())], "and none of them twice");
}

#[test]
fn the_lines_of_a_phone_with_people() {
    let mut phone = Phone::new(Phase::Active, &[], Compliance::Compliant);
    phone.contacts.count = 2_000;
    phone.contacts.last_sync = Some("2026-03-01T08:30:00Z".into());
    phone.received = 3;
    let lines = phone.facts().lines();
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        texts,
        ["Active", "Server: mdm.contoso.example", "2,000 people", "Up to date: {moment}"]
    );
    assert_eq!(lines[3].moment.as_deref(), Some("2026-03-01T08:30:00Z"));
    assert!(lines[..3].iter().all(|line| line.moment.is_none()));
}

#[test]
fn people_who_arrive_are_counted_until_the_first_sync_is_done() {
    let mut phone = Phone::new(Phase::Active, &[], Compliance::Compliant);
    phone.language = Language::De;
    let arriving = |phone: &Phone| phone.lines().into_iter().find(|l| l.0 == LineKind::Arriving);
    assert_eq!(arriving(&phone), None);
    (phone.contacts.count, phone.received) = (500, 1_500);
    let text = "Personen kommen an: bisher 1.500".to_owned();
    assert_eq!(arriving(&phone), Some((LineKind::Arriving, text)));
    phone.contacts = contacts(false);
    assert_eq!(arriving(&phone), None);
}

#[test]
fn hidden_contacts_are_explained_and_not_counted() {
    let mut phone = Phone::new(Phase::Active, &[Hold::Lost], Compliance::Compliant);
    phone.contacts.count = 9;
    phone.message = Some("Please call +49 89 123456");
    let kinds: Vec<LineKind> = phone.lines().into_iter().map(|line| line.0).collect();
    assert_eq!(kinds, [LineKind::Phase, LineKind::Server, LineKind::Hidden, LineKind::Message]);
    assert_eq!(phone.lines()[2].1, "Hidden. Wait.");
    let new = Phone::new(Phase::Unlicensed, &[], Compliance::Unknown);
    assert!(new.lines().iter().all(|line| line.0 != LineKind::Phase), "the headline says it");
}

#[test]
fn who_is_locked_out_can_let_themselves_in() {
    let can: Vec<Phase> = Phase::ALL.into_iter().filter(|phase| can_activate(*phase)).collect();
    assert_eq!(can, [Phase::Unlicensed, Phase::Reauthenticate, Phase::Erased]);
}

#[test]
fn the_tone_of_a_finding_follows_its_severity() {
    let tones = [Severity::Inform, Severity::Warn, Severity::Require].map(Tone::of_severity);
    assert_eq!(tones, [Tone::Neutral, Tone::Warning, Tone::Bad]);
}

fn configured(json: &str) -> Resolution {
    let mdm = ManagedInput::from_android_json(json.as_bytes()).unwrap();
    resolve(&Inputs {
        platform: Platform::Android,
        mdm: Some(&mdm),
        person: None,
        server: None,
        individual: None,
        last_good: &LastGood::default(),
    })
}

fn support_of(json: &str) -> Vec<SupportChannel> {
    support::channels(&configured(json).effective)
}

#[test]
fn support_is_a_page_else_a_mail_else_a_call() {
    let all = support_of(
        r#"{ "support_phone": "+49 89 123456-0", "support_email": "it@contoso.example",
             "support_url": "https://it.contoso.example/" }"#,
    );
    let uris: Vec<&str> = all.iter().map(|channel| channel.uri.as_str()).collect();
    let wanted = ["https://it.contoso.example/", "mailto:it@contoso.example", "tel:+49891234560"];
    assert_eq!(uris, wanted);
    let kinds: Vec<SupportKind> = all.iter().map(|channel| channel.kind).collect();
    assert_eq!(kinds, [SupportKind::Page, SupportKind::Mail, SupportKind::Call]);
    assert_eq!(all[2].shown, "+49 89 123456-0");
    assert_eq!(support_of("{}"), []);
    assert_eq!(support_of(r#"{ "support_phone": "ask reception" }"#), []);
}

#[test]
fn a_button_opens_something_or_is_not_there() {
    let support = support_of(r#"{ "support_email": "it@contoso.example" }"#);
    for mend in Mend::all() {
        let on = |platform| target(mend, None, platform, &support);
        assert!(on(Platform::Ios).is_some(), "{mend:?}");
        // Android has no such switch.
        let silent = mend == Mend::OpenBackgroundRefresh;
        assert_eq!(on(Platform::Android).is_none(), silent, "{mend:?}");
        let page = target(mend, Some("https://store.example/"), Platform::Android, &support);
        let url = "https://store.example/".to_owned();
        assert_eq!(page, Some(ButtonTarget::Page { url }), "the page that the server names wins");
        let odd = target(mend, Some("App-Prefs:root"), Platform::Ios, &support);
        assert_eq!(odd, on(Platform::Ios), "but only if it is one");
    }
    for mend in [Mend::ContactSupport, Mend::CheckConfiguration] {
        assert_eq!(target(mend, None, Platform::Ios, &[]), None);
        let channel = support[0].clone();
        let wanted = Some(ButtonTarget::Support { channel });
        assert_eq!(target(mend, None, Platform::Android, &support), wanted);
    }
    assert_eq!(target(Mend::SignInAgain, None, Platform::Ios, &[]), Some(ButtonTarget::SignIn));
}

#[test]
fn a_setting_says_whether_the_company_decided_it() {
    let of = |json: &str| settings::screen_settings(&configured(json).effective, false);
    let free = of("{}");
    assert_eq!(free.block_copy, FlagSetting { is_on: false, by_organization: false });
    assert_eq!(free.caller_id, FlagSetting { is_on: true, by_organization: false });
    assert_eq!(free.contacts_mode.mode, ContactsMode::Directory);
    let set = of(r#"{ "block_copy": true, "caller_id": true, "contacts_mode": "in_app",
                      "language": "sv", "privacy_url": "https://contoso.example/privacy" }"#);
    assert_eq!(set.block_copy, FlagSetting { is_on: true, by_organization: true });
    assert_eq!(set.caller_id, FlagSetting { is_on: true, by_organization: true });
    let mode = ContactsModeSetting { mode: ContactsMode::InApp, by_organization: true };
    assert_eq!(set.contacts_mode, mode);
    assert_eq!(set.language, WordSetting { value: Some("sv".into()), by_organization: true });
    assert_eq!(set.privacy_url.value.as_deref(), Some("https://contoso.example/privacy"));
    let lost = configured(r#"{ "privacy_url": "https://contoso.example/privacy" }"#);
    assert_eq!(settings::screen_settings(&lost.effective, true).privacy_url.value, None);
    // Every word that the setting knows is a mode.
    let words = ["off", "in_app", "directory", "device_contacts"];
    let modes =
        words.map(|word| of(&format!("{{ \"contacts_mode\": \"{word}\" }}")).contacts_mode.mode);
    let all = [
        ContactsMode::Off,
        ContactsMode::InApp,
        ContactsMode::Directory,
        ContactsMode::DeviceContacts,
    ];
    assert_eq!(modes, all);
}

#[test]
fn a_wake_comes_neither_too_soon_nor_too_late() {
    let now = ElapsedMs(1_000_000);
    let after = |delay: i64| wake_after_ms(Some(now.0 + delay), now);
    assert_eq!(after(-5), 15 * MINUTE_MS);
    assert_eq!(after(MINUTE_MS), 15 * MINUTE_MS);
    assert_eq!(after(HOUR_MS), HOUR_MS);
    assert_eq!(after(48 * HOUR_MS), 24 * HOUR_MS);
    assert_eq!(wake_after_ms(None, now), 24 * HOUR_MS);
    assert_eq!(wake_after_ms(Some(i64::MIN), now), 15 * MINUTE_MS);
}

#[test]
fn of_a_broken_agent_nothing_is_said_but_that() {
    for language in Language::ALL {
        let state = AgentState::broken(language);
        assert!(state.is_broken && !state.is_ready && !state.can_activate);
        assert!(state.headline.text.starts_with("Muster "));
        assert!(state.lines.is_empty() && state.findings.is_empty() && !state.contacts.readable);
        let starting = AgentState::starting(language);
        assert!(!starting.is_broken && !starting.is_ready && starting.headline.text.ends_with('…'));
    }
}
