//! Contacts for screens, caller ID and providers.
use std::sync::Arc;

use muster_core::contacts::directory::Page;

use crate::error::{BadInput, MusterError};
use crate::guard::Shared;
use crate::map::{CallerResult, Contact, SearchHit};

/// The people on the phone. Use it from any thread: it never waits for the agent or for a sync.
///
/// Every method answers `Locked` while there is nothing to be read.
#[derive(uniffi::Object)]
pub struct MusterDirectory {
    shared: Arc<Shared>,
}

impl MusterDirectory {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

#[uniffi::export]
impl MusterDirectory {
    /// The best 50 contacts for what was typed: each word is the beginning of a word in name,
    /// organisation, department, position or e-mail address, or a part of a number. The first search
    /// takes longer, because it reads the contacts in.
    pub fn search(&self, typed: String) -> Result<Vec<SearchHit>, MusterError> {
        self.shared.with_directory(|directory| {
            Ok(directory.search(&typed)?.into_iter().map(SearchHit::from).collect())
        })
    }

    /// A contact by its id. `NotFound` if there is none (any more).
    pub fn contact(&self, id: String) -> Result<Contact, MusterError> {
        self.shared.with_directory(|directory| Ok(directory.contact(&id)?.into()))
    }

    /// The bytes of a contact's photo: JPEG, PNG or whatever image format the card had. `NotFound`
    /// if there is none.
    pub fn photo(&self, id: String) -> Result<Vec<u8>, MusterError> {
        self.shared.with_directory(|directory| Ok(directory.photo(&id)?))
    }

    /// At most `limit` contacts by name, after the first `offset`.
    pub fn contacts(&self, offset: i64, limit: i64) -> Result<Vec<Contact>, MusterError> {
        let number = |n: i64| usize::try_from(n).map_err(|_| BadInput::Negative);
        let page = Page { offset: number(offset)?, limit: number(limit)? };
        self.shared.with_directory(|directory| {
            Ok(directory.contacts(page)?.into_iter().map(Contact::from).collect())
        })
    }

    /// Who calls from `number`, in whatever form the phone gives it. Fast also just after a start.
    pub fn look_up_caller(&self, number: String) -> Result<CallerResult, MusterError> {
        self.shared.with_directory(|directory| Ok(directory.look_up_caller(&number)?))
    }

    /// How many contacts there are.
    pub fn count(&self) -> Result<i64, MusterError> {
        self.shared
            .with_directory(|directory| Ok(i64::try_from(directory.count()?).unwrap_or(i64::MAX)))
    }
}
