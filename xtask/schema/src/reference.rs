//! The reference for admins.
use std::fmt::Write as _;

use muster_core::config::schema::{
    Builtin, Group, Item, Key, Read, Setting, Strict, Type, Unreadable,
};
use muster_core::config::value::PLACEHOLDERS;
use muster_core::ids::{Language, Platform};

use crate::outputs::ORIGIN;
use crate::planned;

const HEAD: &str = "\
# Managed configuration: all settings

Each setting has one key, the same in every MDM console, on Android and iOS, and on the management
server. Keys are case-sensitive. All settings are optional.

- **Where a value comes from.** The stronger layer wins, key by key: built-in default, the person's
  own choice, the MDM, the management server for all, the management server for this person. A layer
  that does not name a key leaves it alone. When a layer stops naming a key, the value below is back.
- **Mangled values.** A boolean that arrives as `\"true\"`, `\"1\"`, `1` or `1.0`, a number as `\"24\"` or
  `24.0`, a list as an array, as comma-separated text or as JSON in a text are read and noted. What
  could mean several things is invalid: `\"maybe\"`, `1.5`, a number out of range.
- **Texts** are trimmed and brought into one Unicode form (NFC). Line breaks and other control
  characters are invalid. An empty text counts as not set.
- **Placeholders that were not filled in** are recognised and reported; see the end of this page. A
  secret that looks like one is used all the same, with a hint.
- **What an unusable value does** is in the last column. Before that, a setting that was usable once
  keeps its last good value for as long as the unusable one is there. A restriction never falls
  open, and a typing mistake in a rule never locks phones: such a rule only warns.
- **Not in this version** marks what is accepted and checked like everything else and has no effect
  yet. An admin who sets it reads so in the console.
- **The management server** can set what is marked *server*. What is marked *server, only stricter*
  it can only tighten: a looser value and `null` are ignored and reported.
";

pub(crate) fn reference() -> String {
    let mut page = format!("<!-- {ORIGIN} -->\n{HEAD}");
    for group in Group::ALL {
        let _ = write!(
            page,
            "\n## {}\n\n| key | what it does | type and allowed values | default | set by | if unusable |\n\
             | --- | --- | --- | --- | --- | --- |\n",
            group.title()[0]
        );
        for row in Key::ALL.into_iter().map(Key::setting).filter(|row| row.group == group) {
            line(&mut page, row);
        }
    }
    aliases(&mut page);
    placeholders(&mut page);
    page
}

fn line(page: &mut String, row: &Setting) {
    let title = row.text.title[0];
    let mut about = format!("**{title}.** {}", row.text.about[0]);
    match row.only_on {
        Some(Platform::Android) => about.push_str(" Android only."),
        Some(Platform::Ios) => about.push_str(" iOS only."),
        None => {}
    }
    if let Some(words) = planned::words(row, None, Language::En) {
        let _ = write!(about, " **{words}**");
    }
    if row.read == Read::Activation {
        about.push_str(" Read when the agent activates.");
    }
    if row.secret {
        about.push_str(" Secret.");
    }
    let cells = [
        format!("`{}`", row.name),
        about,
        format!("{} Example: `{}`", kind(row), example(row)),
        default(row),
        sources(row),
        unreadable(row).to_owned(),
    ];
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn kind(row: &Setting) -> String {
    match row.kind {
        Type::Bool => "Boolean.".to_owned(),
        Type::Int { min, max } => format!("Integer, {min} to {max}."),
        Type::Text { max } => format!("Text, at most {max} characters."),
        Type::Email => "E-mail address.".to_owned(),
        Type::Url => {
            "Address that begins with `https://`, without user name or password.".to_owned()
        }
        Type::Version => {
            "Version: one to four numbers with dots, compared number by number.".to_owned()
        }
        Type::Region => "Country code of two letters.".to_owned(),
        Type::Choice(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("One of {}.", words.join(", "))
        }
        Type::List(item) => {
            let of = match item {
                Item::Host => "host names, each with an optional port",
                Item::Thumbprint => "SHA-256 JWK thumbprints (RFC 7638) of 43 characters",
                Item::Package => "Android package names",
                Item::Filter => "`category:NAME` or `department:NAME`, with `!` to exclude",
            };
            format!("List of {of}: comma-separated text, or an array of texts.")
        }
        Type::Sources => {
            "Bundle array on Android, array of dictionaries on iOS, or JSON in a text.".to_owned()
        }
    }
}

fn example(row: &Setting) -> String {
    row.example.to_owned()
}

fn default(row: &Setting) -> String {
    match row.default {
        Builtin::None => "–".to_owned(),
        Builtin::Bool(yes) => format!("`{yes}`"),
        Builtin::Int(number) => format!("`{number}`"),
        Builtin::Word(word) => format!("`{word}`"),
    }
}

fn sources(row: &Setting) -> String {
    let mut by = Vec::new();
    if row.sources.person {
        by.push("person");
    }
    if row.sources.mdm {
        by.push("MDM");
    }
    if row.sources.server {
        by.push(if row.tighten_only { "server, only stricter" } else { "server" });
    }
    by.join(", ")
}

fn unreadable(row: &Setting) -> &'static str {
    match (row.unreadable, row.strict) {
        (Unreadable::Below, _) => "as if not set",
        (Unreadable::Strict, Strict::True) => "counts as `true`",
        (Unreadable::Strict, Strict::False) => "counts as `false`",
        (Unreadable::Strict, Strict::Fewer) => "only its readable items count",
        (Unreadable::Strict, _) => "nearest allowed value; the strictest if it is no number",
        (Unreadable::Word("in_app"), _) => "counts as `in_app`",
        (Unreadable::Word(_), _) => "a careful value",
        (Unreadable::Warn, _) => "as if not set, and the rule only warns",
    }
}

fn aliases(page: &mut String) {
    page.push_str(
        "\n## Keys of other products\n\nThese are understood too, so that a company can move over \
         without retyping. The key of Muster wins if both are set.\n\n\
         | product | its key | means |\n| --- | --- | --- |\n",
    );
    for row in Key::ALL.into_iter().map(Key::setting) {
        for alias in row.aliases {
            let _ = writeln!(page, "| {} | `{}` | `{}` |", alias.product, alias.name, row.name);
        }
    }
}

fn placeholders(page: &mut String) {
    page.push_str(
        "\n## Placeholders that are recognised when they were not filled in\n\n\
         | console | form |\n| --- | --- |\n",
    );
    for row in PLACEHOLDERS {
        let words = row.words.iter().map(|word| match *word {
            "*" => format!("`{}` (any word)", row.shape.token("word")),
            word => match word.strip_suffix('*') {
                Some(start) => format!("`{}`", row.shape.token(&format!("{start}…"))),
                None => format!("`{}`", row.shape.token(word)),
            },
        });
        let words: Vec<String> = words.collect();
        let _ = writeln!(page, "| {} | {} |", row.vendor, words.join(" "));
    }
}
