//! The words for what this version of the app does not do yet, behind a setting's description.
use muster_core::config::schema::{Planned, Setting, Type};
use muster_core::ids::{Language, Platform};

/// What is to be said of `row` in what `platform` reads, or in what is read about both; `None` where
/// all of it works there.
pub(crate) fn words(
    row: &Setting,
    platform: Option<Platform>,
    language: Language,
) -> Option<String> {
    let whole =
        ["Not in this version.", "Noch nicht in dieser Version.", "Ännu inte i den här versionen."];
    let text = match (row.planned, platform) {
        (Planned::Nothing, _) => return None,
        (Planned::On(missing), Some(here)) if missing != here => return None,
        (Planned::Everything, _) | (Planned::On(_), Some(_)) => language.of(whole).to_owned(),
        (Planned::On(missing), None) => {
            let name = match missing {
                Platform::Android => "Android",
                Platform::Ios => "iOS",
            };
            let row = [
                "Not in this version on {0}.",
                "Noch nicht in dieser Version auf {0}.",
                "Ännu inte i den här versionen på {0}.",
            ];
            language.of(row).replace("{0}", name)
        }
        (Planned::Values(values), _) if row.kind == Type::Bool && values.len() == 2 => {
            language.of(whole).to_owned()
        }
        (Planned::Values(values), _) => {
            let row = [
                "Not in this version: {0}.",
                "Noch nicht in dieser Version: {0}.",
                "Ännu inte i den här versionen: {0}.",
            ];
            language.of(row).replace("{0}", &values.join(", "))
        }
    };
    Some(text)
}

/// The description of `row`, and behind it what of it does not work yet.
pub(crate) fn about(row: &Setting, platform: Option<Platform>, language: Language) -> String {
    let about = language.of(row.text.about);
    match words(row, platform, language) {
        Some(words) => format!("{about} {words}"),
        None => about.to_owned(),
    }
}
