//! Everything on stage: the server, two phones, the people, and what was found out on the way.
use super::Arguments;
use super::admin::Server;
use super::phone::Phone;
use super::programs::Programs;
use super::telling::Telling;
use crate::run::Trouble;
use crate::workspace::target;
use muster_people::{Person, people};
use std::fs;
use std::path::PathBuf;

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
        let folder = target().join("demo");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
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

/// Trouble with this text unless `holds`.
pub(crate) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Trouble> {
    if holds { Ok(()) } else { Err(Trouble(otherwise())) }
}
