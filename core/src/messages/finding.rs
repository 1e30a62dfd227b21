//! Findings in words: a title, and what to do and why.
use std::collections::BTreeMap;

use super::fill::fill;
use super::signal::signal_words;
use super::table::text_table;
use super::when::due_words;
use crate::compliance::{
    Action, Complexity, Demand, Finding, LockScope, Notice, SignalKind, SignalValue, State,
    Subject, UnknownReason,
};
use crate::ids::Language;
use crate::time::WallMs;

text_table! {
    /// A finding that is not a signal's own, with the placeholders `{required}`, `{key}`, `{meant}`,
    /// `{name}` and `{why}`.
    FindingWords

    ScreenLockWork "screen_lock_work"
        ["No lock for the work profile",
         "Keine Sperre für das Arbeitsprofil",
         "Inget lås för jobbprofilen"]
        ["Set a lock for the work profile with a PIN or password.",
         "Richten Sie für das Arbeitsprofil eine Sperre mit PIN oder Passwort ein.",
         "Ställ in ett lås för jobbprofilen med PIN eller lösenord."]
    Unknown "unknown"
        ["Could not be checked: {name}",
         "Nicht prüfbar: {name}",
         "Kunde inte kontrolleras: {name}"]
        ["Your organisation has a rule about this, but the phone does not tell. {why}",
         "Ihre Organisation hat dazu eine Regel, aber das Telefon gibt keine Auskunft. {why}",
         "Din organisation har en regel om detta, men telefonen svarar inte. {why}"]
    SettingUnreadable "setting_unreadable"
        ["A setting of your organisation can't be read",
         "Eine Einstellung Ihrer Organisation ist nicht lesbar",
         "En inställning från din organisation går inte att läsa"]
        ["The value of {key} makes no sense. Your IT support can put it right in the management console.",
         "Der Wert von {key} ergibt keinen Sinn. Ihr IT-Support kann ihn in der Verwaltungskonsole berichtigen.",
         "Värdet för {key} går inte att förstå. IT-supporten kan rätta det i hanteringskonsolen."]
    SettingUnexpanded "setting_unexpanded"
        ["A setting of your organisation was not filled in",
         "Eine Einstellung Ihrer Organisation wurde nicht ausgefüllt",
         "En inställning från din organisation har inte fyllts i"]
        ["The management console left a placeholder in {key}. Your IT support can put it right there.",
         "Die Verwaltungskonsole hat in {key} einen Platzhalter stehen lassen. Ihr IT-Support kann das dort berichtigen.",
         "Hanteringskonsolen lämnade en platshållare i {key}. IT-supporten kan rätta det där."]
    SettingUnknown "setting_unknown"
        ["Your organisation set something that is not known",
         "Ihre Organisation hat etwas Unbekanntes eingestellt",
         "Din organisation har ställt in något okänt"]
        ["There is no setting {key}; it is ignored. Your IT support can check the spelling in the management console.",
         "Es gibt keine Einstellung {key}; sie wird nicht beachtet. Ihr IT-Support kann die Schreibweise in der Verwaltungskonsole prüfen.",
         "Det finns ingen inställning {key}; den ignoreras. IT-supporten kan kontrollera stavningen i hanteringskonsolen."]
    SettingMisspelt "setting_misspelt"
        ["A setting of your organisation is misspelt",
         "Eine Einstellung Ihrer Organisation ist falsch geschrieben",
         "En inställning från din organisation är felstavad"]
        ["There is no setting {key}; probably {meant} was meant. Your IT support can put it right in the management console.",
         "Es gibt keine Einstellung {key}; gemeint war wohl {meant}. Ihr IT-Support kann das in der Verwaltungskonsole berichtigen.",
         "Det finns ingen inställning {key}; förmodligen menades {meant}. IT-supporten kan rätta det i hanteringskonsolen."]
    RuleUnreadable "rule_unreadable"
        ["A rule of your organisation can't be read",
         "Eine Regel Ihrer Organisation ist nicht lesbar",
         "En regel från din organisation går inte att läsa"]
        ["The rule {key} makes no sense to this version of the app and is not applied. Tell your IT support.",
         "Die Regel {key} ist für diese Version der App unverständlich und wird nicht angewendet. Sagen Sie dem IT-Support Bescheid.",
         "Den här versionen av appen förstår inte regeln {key}, så den används inte. Säg till IT-supporten."]
    ConfigurationVanished "configuration_vanished"
        ["Your organisation's settings are gone",
         "Die Einstellungen Ihrer Organisation sind verschwunden",
         "Din organisations inställningar är borta"]
        ["The last ones stay for now. Ask your IT support whether this phone is still managed.",
         "Die letzten gelten vorerst weiter. Fragen Sie den IT-Support, ob dieses Telefon noch verwaltet wird.",
         "De senaste gäller tills vidare. Fråga IT-supporten om telefonen fortfarande hanteras."]
    UpdateAvailable "update_available"
        ["There is a new version of this app",
         "Es gibt eine neue Version dieser App",
         "Det finns en ny version av appen"]
        ["Version {required} is out. Update when it suits you.",
         "Version {required} ist da. Aktualisieren Sie, wenn es Ihnen passt.",
         "Version {required} finns. Uppdatera när det passar."]
    BookRefused "book_refused"
        ["An address book can't be opened",
         "Ein Adressbuch lässt sich nicht öffnen",
         "En adressbok går inte att öppna"]
        ["The contacts server {name} refuses the sign-in. The contacts on the phone stay. Contact your IT support.",
         "Der Kontakte-Server {name} lehnt die Anmeldung ab. Die Kontakte auf dem Telefon bleiben. Wenden Sie sich an den IT-Support.",
         "Kontaktservern {name} avvisar inloggningen. Kontakterna på telefonen finns kvar. Kontakta IT-supporten."]
    Reauthenticate "reauthenticate"
        ["Sign in again",
         "Erneut anmelden",
         "Logga in igen"]
        ["Your organisation's server wants to know that it is you. Your contacts stay here meanwhile.",
         "Der Server Ihrer Organisation möchte sichergehen, dass Sie es sind. Ihre Kontakte bleiben so lange da.",
         "Din organisations server vill veta att det är du. Dina kontakter finns kvar under tiden."]
    Offline "offline"
        ["No contact with your organisation's server",
         "Keine Verbindung zum Server Ihrer Organisation",
         "Ingen kontakt med din organisations server"]
        ["Contacts may be out of date. Connect the phone to the internet.",
         "Kontakte sind vielleicht nicht mehr aktuell. Verbinden Sie das Telefon mit dem Internet.",
         "Kontakterna kan vara inaktuella. Anslut telefonen till internet."]
}

type Rows = ([&'static str; 3], [&'static str; 3]);

/// Title and explanation of what a finding is about, before anything is filled in.
fn rows(subject: &Subject) -> Rows {
    let of_signal = |signal| {
        let words = signal_words(signal);
        (words.title, words.explanation)
    };
    let words = match subject {
        Subject::Broken {
            signal: SignalKind::ScreenLock,
            value: SignalValue::Lock { scope: LockScope::WorkProfile, .. },
            ..
        } => FindingWords::ScreenLockWork,
        Subject::Broken { signal, .. } => return of_signal(*signal),
        Subject::Unknown { .. } => FindingWords::Unknown,
        Subject::Notice(notice) => match notice {
            Notice::SettingUnreadable { .. } => FindingWords::SettingUnreadable,
            Notice::SettingUnexpanded { .. } => FindingWords::SettingUnexpanded,
            Notice::SettingUnknown { meant: None, .. } => FindingWords::SettingUnknown,
            Notice::SettingUnknown { meant: Some(_), .. } => FindingWords::SettingMisspelt,
            Notice::RuleUnreadable { .. } => FindingWords::RuleUnreadable,
            Notice::ConfigurationVanished => FindingWords::ConfigurationVanished,
            Notice::UpdateAvailable { .. } => FindingWords::UpdateAvailable,
            Notice::BookRefused { .. } => FindingWords::BookRefused,
            Notice::Reauthenticate => FindingWords::Reauthenticate,
            Notice::Offline { .. } => FindingWords::Offline,
            Notice::BackgroundNotAllowed => return of_signal(SignalKind::BackgroundAllowed),
            Notice::BackgroundRefreshOff => return of_signal(SignalKind::BackgroundAppRefresh),
            Notice::CallerIdOff => return of_signal(SignalKind::CallerIdEnabled),
        },
    };
    words.rows()
}

/// Title and explanation of a finding.
pub fn finding_words(subject: &Subject, language: Language) -> (String, String) {
    let (title, explanation) = rows(subject);
    let words = subject_words(subject, language);
    (fill(language.of(title), &words), fill(language.of(explanation), &words))
}

fn subject_words(subject: &Subject, language: Language) -> Vec<(&'static str, String)> {
    match subject {
        Subject::Broken { demand, value, .. } => {
            vec![("required", demand_words(demand, language)), ("actual", value_words(value))]
        }
        Subject::Unknown { signal, reason } => vec![
            ("name", language.of(signal_words(*signal).name).to_owned()),
            ("why", language.of(why_unknown(*reason)).to_owned()),
        ],
        Subject::Notice(notice) => match notice {
            Notice::SettingUnreadable { key } | Notice::SettingUnexpanded { key } => {
                vec![("key", key.clone())]
            }
            Notice::SettingUnknown { key, meant } => {
                vec![("key", key.clone()), ("meant", meant.clone().unwrap_or_default())]
            }
            Notice::RuleUnreadable { rule } => vec![("key", rule.clone())],
            Notice::UpdateAvailable { latest, .. } => vec![("required", latest.clone())],
            Notice::BookRefused { host } => vec![("name", host.clone())],
            _ => Vec::new(),
        },
    }
}

fn demand_words(demand: &Demand, language: Language) -> String {
    match demand {
        Demand::Is(_) => String::new(),
        Demand::AtLeastVersion(version) => version.to_string(),
        Demand::AtLeastComplexity(grade) => {
            #[rustfmt::skip]
            let row = match grade {
                Complexity::None | Complexity::Low => [
                    "a pattern, a PIN or a password", "ein Muster, eine PIN oder ein Passwort", "ett mönster, en PIN eller ett lösenord"],
                Complexity::Medium => [
                    "a PIN of at least 4 digits without repetitions such as 4444 or 1234, or a password",
                    "eine PIN mit mindestens 4 Ziffern ohne Folgen wie 4444 oder 1234, oder ein Passwort",
                    "en PIN med minst 4 siffror utan följder som 4444 eller 1234, eller ett lösenord"],
                Complexity::High => [
                    "a PIN of at least 8 digits without repetitions, or a password of at least 6 characters",
                    "eine PIN mit mindestens 8 Ziffern ohne Folgen, oder ein Passwort mit mindestens 6 Zeichen",
                    "en PIN med minst 8 siffror utan följder, eller ett lösenord med minst 6 tecken"],
            };
            language.of(row).to_owned()
        }
        Demand::NotBefore(date) => fill(
            language.of([
                "your organisation requires {n} or later",
                "Ihre Organisation verlangt {n} oder später",
                "din organisation kräver {n} eller senare",
            ]),
            &[("n", date.to_string())],
        ),
        Demand::MaxAgeDays(days) => fill(
            language.of([
                "your organisation allows at most {n} days",
                "Ihre Organisation erlaubt höchstens {n} Tage",
                "din organisation tillåter högst {n} dagar",
            ]),
            &[("n", days.to_string())],
        ),
    }
}

fn value_words(value: &SignalValue) -> String {
    match value {
        SignalValue::Version(version) => version.to_string(),
        SignalValue::Date(date) => date.to_string(),
        SignalValue::Flag(_) | SignalValue::Lock { .. } | SignalValue::Complexity(_) => {
            String::new()
        }
    }
}

#[rustfmt::skip]
fn why_unknown(reason: UnknownReason) -> [&'static str; 3] {
    match reason {
        UnknownReason::NoPermission => [
            "Allow the app what it asks for.",
            "Erlauben Sie der App, worum sie bittet.",
            "Tillåt appen det den ber om."],
        UnknownReason::TooOld => [
            "Its system is too old for that. See whether there is an update.",
            "Sein System ist dafür zu alt. Sehen Sie nach, ob es ein Update gibt.",
            "Dess system är för gammalt för det. Se efter om det finns en uppdatering."],
        UnknownReason::NotUnlocked => [
            "Unlock it once.",
            "Entsperren Sie es einmal.",
            "Lås upp den en gång."],
        UnknownReason::NotCollected | UnknownReason::Failed | UnknownReason::Other => [
            "Restart the phone. If it stays like this, contact your IT support.",
            "Starten Sie das Telefon neu. Wenn es so bleibt, wenden Sie sich an den IT-Support.",
            "Starta om telefonen. Om det fortsätter, kontakta IT-supporten."],
    }
}

/// What follows from a finding, or has followed; `None` if nothing does.
pub fn consequence_words(finding: &Finding, now: WallMs, language: Language) -> Option<String> {
    if let Subject::Notice(_) = finding.subject {
        let due = finding.due.filter(|due| *due > now)?;
        let row = [
            "The contacts are hidden {due} if nothing changes.",
            "Die Kontakte werden {due} verborgen, wenn sich nichts ändert.",
            "Kontakterna döljs {due} om inget ändras.",
        ];
        return Some(fill(language.of(row), &[("due", due_words(due, now, language))]));
    }
    let to_come = finding.due.filter(|due| *due > now);
    #[rustfmt::skip]
    let row = match (finding.in_force, to_come.map(|_| finding.consequence)) {
        (Action::Lock, _) => [
            "Until then the app is locked.",
            "Bis dahin ist die App gesperrt.",
            "Till dess är appen låst."],
        (Action::HideContacts, Some(Action::Lock)) => [
            "Until then the contacts are hidden, and {due} the app is locked.",
            "Bis dahin sind die Kontakte verborgen, und {due} wird die App gesperrt.",
            "Till dess är kontakterna dolda, och {due} låses appen."],
        (Action::HideContacts, _) => [
            "Until then the contacts are hidden.",
            "Bis dahin sind die Kontakte verborgen.",
            "Till dess är kontakterna dolda."],
        (Action::None, Some(Action::Lock)) => [
            "If nothing changes, the app is locked {due}.",
            "Wenn sich nichts ändert, wird die App {due} gesperrt.",
            "Om inget ändras låses appen {due}."],
        (Action::None, Some(Action::HideContacts)) => [
            "If nothing changes, the contacts are hidden {due}.",
            "Wenn sich nichts ändert, werden die Kontakte {due} verborgen.",
            "Om inget ändras döljs kontakterna {due}."],
        (Action::None, Some(Action::None)) => [
            "If nothing changes, your organisation is told {due} that this phone does not meet its rules.",
            "Wenn sich nichts ändert, erfährt Ihre Organisation {due}, dass dieses Telefon ihre Regeln nicht erfüllt.",
            "Om inget ändras får din organisation {due} veta att telefonen inte uppfyller reglerna."],
        (Action::None, None) if finding.overdue => [
            "Your organisation sees that this phone does not meet its rules.",
            "Ihre Organisation sieht, dass dieses Telefon ihre Regeln nicht erfüllt.",
            "Din organisation ser att telefonen inte uppfyller reglerna."],
        (Action::None, None) => return None,
    };
    let due = to_come.map(|due| due_words(due, now, language)).unwrap_or_default();
    Some(fill(language.of(row), &[("due", due)]))
}

/// The admin's own words for why a rule is there, in the best language that there is.
pub fn reason_words(reason: &BTreeMap<String, String>, language: Language) -> Option<String> {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_owned();
    let in_language = |wanted: &str| {
        let exact = reason.get(wanted);
        exact.or_else(|| reason.iter().find(|(tag, _)| primary(tag) == wanted).map(|r| r.1))
    };
    let text = in_language(language.as_str())
        .or_else(|| in_language("en"))
        .or_else(|| reason.values().next())?;
    let row = [
        "Your organisation says: {n}",
        "Ihre Organisation sagt dazu: {n}",
        "Din organisation säger: {n}",
    ];
    Some(fill(language.of(row), &[("n", text.clone())]))
}

/// The phone as a whole, in a few words.
#[rustfmt::skip]
pub fn state_words(state: State, language: Language) -> &'static str {
    language.of(match state {
        State::Compliant => [
            "This phone meets the rules", "Dieses Telefon erfüllt die Regeln", "Den här telefonen följer reglerna"],
        State::Attention => [
            "Something needs your attention", "Es gibt etwas zu erledigen", "Det finns något att åtgärda"],
        State::Unknown => [
            "Not everything can be checked yet", "Noch lässt sich nicht alles prüfen", "Allt kan inte kontrolleras än"],
        State::NonCompliant => [
            "This phone does not meet the rules", "Dieses Telefon erfüllt die Regeln nicht", "Den här telefonen följer inte reglerna"],
    })
}
