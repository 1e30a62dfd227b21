//! Everything on stage: the server, two phones, the people, and what was found out on the way.

use std::fs;
use std::path::{Path, PathBuf};

use muster_people::{Person, people};

use super::Arguments;
use super::admin::{DATA, Server};
use super::phone::Phone;
use super::programs::Programs;
use super::telling::Telling;
use crate::run::Trouble;
use crate::workspace::target;

/// What the steps share.
pub(crate) struct Stage {
    /// Where everything is kept.
    pub(crate) folder: PathBuf,
    /// Whom the company consists of; the first ones are [`muster_people::SURE`].
    pub(crate) people: Vec<Person>,
    /// Spoil the story on purpose.
    pub(crate) sabotage: Option<Sabotage>,
    /// The management server.
    pub(crate) server: Server,
    /// A phone that an MDM looks after.
    pub(crate) android: Phone,
    /// A phone that its owner activates from a link.
    pub(crate) iphone: Phone,
    /// A phone that has nothing to do with the company.
    pub(crate) stranger: Phone,
    /// The link that activates the iPhone.
    pub(crate) link: String,
    /// The devices' names at the server, in the order in which they came.
    pub(crate) devices: Vec<String>,
    /// For the table at the end.
    pub(crate) facts: Vec<(String, String)>,
    /// The voice.
    pub(crate) telling: Telling,
}

/// Ways to spoil the story, each of which must be noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Sabotage {
    /// The server is killed when the phone has activated.
    KillServer,
    /// One person is missing from the list that is imported.
    LosePerson,
}

impl Stage {
    /// Clears the folder and starts the server.
    pub(crate) fn open(
        arguments: &Arguments,
        programs: &Programs,
        telling: Telling,
    ) -> Result<Self, Trouble> {
        let folder = arguments.folder.clone().unwrap_or_else(|| target().join("demo"));
        clear(&folder)?;
        Ok(Self {
            people: people(arguments.seed, arguments.people as usize),
            sabotage: arguments.sabotage,
            server: Server::start(&programs.server, &folder)?,
            android: Phone::new(&programs.device, "android", &folder)?,
            iphone: Phone::new(&programs.device, "ios", &folder)?,
            stranger: Phone::new(&programs.device, "ios", &folder.join("stranger"))?,
            link: String::new(),
            devices: Vec::new(),
            facts: Vec::new(),
            telling,
            folder,
        })
    }

    /// A line of the table at the end.
    pub(crate) fn fact(&mut self, name: &str, value: impl Into<String>) {
        self.facts.push((name.to_owned(), value.into()));
    }

    /// A sentence of the story.
    pub(crate) fn say(&self, sentence: impl AsRef<str>) {
        self.telling.say(sentence.as_ref());
    }
}

/// Makes the folder anew. A folder that holds something else than an earlier demo is left alone.
fn clear(folder: &Path) -> Result<(), Trouble> {
    let told = |e: std::io::Error| format!("{}: {e}", folder.display());
    if folder.exists() {
        let empty = fs::read_dir(folder).map_err(told)?.next().is_none();
        ensure(empty || folder.join(DATA).exists(), || {
            format!("{} holds something else than a demo: name another folder", folder.display())
        })?;
        fs::remove_dir_all(folder).map_err(told)?;
    }
    fs::create_dir_all(folder).map_err(|e| told(e).into())
}

/// Trouble with this text unless `holds`.
pub(crate) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Trouble> {
    if holds { Ok(()) } else { Err(Trouble(otherwise())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_earlier_demo_is_cleared_away() {
        let folder = std::env::temp_dir().join(format!("muster-clear-{}", std::process::id()));
        clear(&folder).unwrap();
        fs::write(folder.join("thesis.txt"), "years of work").unwrap();
        assert!(clear(&folder).unwrap_err().0.contains("something else"));
        fs::write(folder.join(DATA), "").unwrap();
        clear(&folder).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        fs::remove_dir_all(&folder).unwrap();
    }
}
