//! Ends every change: judge, commit, and do what follows.
use super::state::{Mode, State};
use crate::effect::Effect;
use crate::licence::Consequence;
use crate::time::Now;

impl State {
    /// Judges, makes everything durable, and does what follows from it. `false` if the store refused.
    pub(super) fn conclude(&mut self, now: Now) -> bool {
        if self.mode == Mode::Alive {
            for event in self.assess(now).events {
                self.licence_event(event, now);
            }
            self.evaluate(now);
        }
        let erase_ordered = self.take_consequences();
        let stored = self.commit(now);
        // Whatever the store says: nobody reads what may not be read any more.
        if !self.stored.licence.contacts_readable() {
            self.close_contacts();
        }
        if erase_ordered && self.mode == Mode::Alive {
            self.begin_erase(now);
        }
        stored
    }

    /// Turns what the licence machine asked for into what lanes and effects do. Whether contacts are
    /// open follows from the licence; opening them again needs a key and is the contacts lane's.
    /// `true` if an erase is to begin.
    fn take_consequences(&mut self) -> bool {
        let mut erase = false;
        for consequence in std::mem::take(&mut self.run.consequences) {
            match consequence {
                Consequence::HideContacts if self.mode == Mode::Alive => {
                    self.queue_effect("exports".to_owned(), Effect::RemoveExports);
                }
                Consequence::HideContacts => {}
                Consequence::ShowContacts | Consequence::SyncContacts => {
                    self.run.sync_wanted = true;
                }
                Consequence::FetchPolicy => self.run.check_wanted = true,
                Consequence::BeginErase => erase = true,
            }
        }
        erase
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
