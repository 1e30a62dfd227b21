//! Short texts of a screen: what the phone's state is called in one line, without an explanation.
//! The sentences that explain are in `licence`, `finding` and `code`.
use super::Text;
use super::fill::fill;
use crate::ids::Language;
use crate::licence::Phase;

/// Makes an enum from a table of labels. The English text is the documentation of its variant.
macro_rules! label_table {
    ( $( $variant:ident [$en:literal, $de:literal, $sv:literal] )* ) => {
        /// What a screen calls something.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Label {
            $( #[doc = $en] $variant, )*
        }

        impl Label {
            /// Every one of them, in the order of the table.
            pub const ALL: &[Label] = &[$( Label::$variant ),*];

            /// `[en, de, sv]`.
            pub(crate) fn row(self) -> [&'static str; 3] {
                match self { $( Label::$variant => [$en, $de, $sv], )* }
            }
        }
    };
}

label_table! {
    // The agent as a whole.
    Starting ["Starting…", "Wird gestartet…", "Startar…"]
    Stopped
        ["Muster met an error and has stopped. Nothing on the phone is lost.",
         "Muster ist auf einen Fehler gestoßen und hat angehalten. Auf dem Telefon ist nichts verloren.",
         "Muster stötte på ett fel och har stannat. Inget på telefonen har gått förlorat."]

    // What weighs more than the rules.
    Locked ["This phone is locked", "Dieses Telefon ist gesperrt", "Den här telefonen är låst"]
    ContactsHidden ["Contacts are hidden", "Die Kontakte sind verborgen", "Kontakterna är dolda"]

    // Phases of the licence.
    NotRequired ["Contacts from your organisation", "Kontakte Ihrer Organisation", "Kontakter från din organisation"]
    Unlicensed ["Not activated", "Nicht aktiviert", "Inte aktiverad"]
    Activating ["Activating…", "Wird aktiviert…", "Aktiverar…"]
    Active ["Active", "Aktiv", "Aktiv"]
    Reauthenticate ["Please sign in again", "Bitte melden Sie sich erneut an", "Logga in igen"]
    Erasing ["Being erased…", "Wird gelöscht…", "Raderas…"]
    Erased ["Erased", "Gelöscht", "Raderad"]

    // Lines beneath the headline. `{moment}` is left to the shell: phones write moments their own way.
    Server ["Server: {host}", "Server: {host}", "Server: {host}"]
    OnePerson ["{n} person", "{n} Person", "{n} person"]
    People ["{n} people", "{n} Personen", "{n} personer"]
    Arriving
        ["People are arriving: {n} so far", "Personen kommen an: bisher {n}", "Personer kommer in: {n} hittills"]
    UpToDate ["Up to date: {moment}", "Stand: {moment}", "Uppdaterat: {moment}"]

    // An activation link that was opened.
    LinkTitle ["Activate with {host}?", "Mit {host} aktivieren?", "Aktivera med {host}?"]
    LinkText
        ["This phone gets its contacts and rules from there.",
         "Dieses Telefon erhält von dort seine Kontakte und Regeln.",
         "Telefonen får sina kontakter och regler därifrån."]
    LinkOfOrganization
        ["That is the server of {name}. This phone gets its contacts and rules from there.",
         "Das ist der Server von {name}. Dieses Telefon erhält von dort seine Kontakte und Regeln.",
         "Det är servern för {name}. Telefonen får sina kontakter och regler därifrån."]
    LinkNotNeeded
        ["This phone is activated already, so the link is not needed.",
         "Dieses Telefon ist schon aktiviert; der Link wird nicht gebraucht.",
         "Telefonen är redan aktiverad, så länken behövs inte."]
}

/// The words of `label`; `values` for its placeholders, which stay where there is no value.
pub fn label(label: Label, language: Language, values: &[(&'static str, String)]) -> String {
    let row = language.of(label.row());
    if values.is_empty() { row.to_owned() } else { fill(row, values) }
}

/// What a screen calls the phase of the licence.
pub fn phase_label(phase: Phase, language: Language) -> &'static str {
    let label = match phase {
        Phase::NotRequired => Label::NotRequired,
        Phase::Unlicensed => Label::Unlicensed,
        Phase::Activating => Label::Activating,
        Phase::Active => Label::Active,
        Phase::Reauthenticate => Label::Reauthenticate,
        Phase::Erasing => Label::Erasing,
        Phase::Erased => Label::Erased,
    };
    language.of(label.row())
}

/// How many people there are. All three languages have one form for one and one for the rest.
pub fn people(count: i64, language: Language) -> String {
    let form = if count == 1 { Label::OnePerson } else { Label::People };
    label(form, language, &[("n", number(count, language))])
}

/// A whole number with its digits in groups of three, as the language has it (CLDR: comma in
/// English, full stop in German, no-break space in Swedish).
pub fn number(number: i64, language: Language) -> String {
    let separator = language.of([',', '.', '\u{a0}']);
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// What an activation link that was opened asks: where it leads, and what follows. `organization` is
/// the one that this phone belongs to, by name and host.
pub fn link_words(
    host: &str,
    already_active: bool,
    organization: Option<(&str, &str)>,
    language: Language,
) -> Text {
    let next = match organization {
        _ if already_active => label(Label::LinkNotNeeded, language, &[]),
        // Only a policy of that very server may put a name to it.
        Some((name, of)) if of == host => {
            label(Label::LinkOfOrganization, language, &[("name", name.to_owned())])
        }
        _ => label(Label::LinkText, language, &[]),
    };
    Text { text: label(Label::LinkTitle, language, &[("host", host.to_owned())]), next }
}
