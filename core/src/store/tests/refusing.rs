//! An agent file that can't be written.
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use rusqlite::Connection;

/// Somebody else holds the agent file: every write of the agent is refused, as on a full disk.
#[derive(Clone, Default)]
pub(crate) struct FullDisk {
    holder: Rc<RefCell<Option<Connection>>>,
}

impl FullDisk {
    /// From now on, if the file is there. `profile` is the profile's folder.
    pub(crate) fn refuse(&self, profile: &Path) {
        let file = profile.join("agent.db");
        if self.refuses() || !file.exists() {
            return;
        }
        let connection = Connection::open(file).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        *self.holder.borrow_mut() = Some(connection);
    }

    pub(crate) fn refuses(&self) -> bool {
        self.holder.borrow().is_some()
    }

    /// There is room again.
    pub(crate) fn recover(&self) {
        *self.holder.borrow_mut() = None;
    }
}
