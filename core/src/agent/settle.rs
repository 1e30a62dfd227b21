//! Ends every change: judge, commit, and do what follows.
use super::state::{Mode, State};
use crate::effect::Effect;
use crate::licence::Consequence;
use crate::time::Now;

impl State {
    /// Judges, makes everything durable, and does what follows from it.
    pub(super) fn conclude(&mut self, now: Now) {
        let trusted = self.time.at(now);
        if self.mode == Mode::Alive {
            self.judge_grace(trusted, now);
        }
        self.judge(now);
        self.commit();
        self.settle(now);
    }

    /// Does what the licence machine asked for. Whether contacts are open follows from the licence;
    /// opening them again needs a key and is the contacts lane's.
    pub(super) fn settle(&mut self, now: Now) {
        for consequence in std::mem::take(&mut self.run.consequences) {
            match consequence {
                Consequence::HideContacts => self.run.exports_unwanted = true,
                Consequence::ShowContacts | Consequence::SyncContacts => {
                    self.run.sync_wanted = true;
                }
                Consequence::FetchPolicy => self.run.check_wanted = true,
                Consequence::BeginErase => self.begin_erase(now),
            }
        }
        if !self.licence.licence.contacts_readable() {
            self.close_contacts();
        }
        if self.mode == Mode::Alive && std::mem::take(&mut self.run.exports_unwanted) {
            self.run.effects.push(("exports".to_owned(), Effect::RemoveExports));
            self.commit();
        }
    }

    /// Forgets the contacts' key and closes every reader.
    pub(super) fn close_contacts(&mut self) {
        self.directory.close();
        if let Some(contacts) = self.contacts.take() {
            self.run.contacts_closed = true;
            contacts.lock().expect("a flow panicked").lock();
        }
    }
}
