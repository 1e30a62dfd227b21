//! Reading the search index in, beside readers and writer.
use std::sync::Arc;

use super::{Directory, DirectoryError, Epoch, Missed, Slot, lock, read};
use crate::contacts::record::ContactRecord;
use crate::contacts::search::{Change, Index, IndexBuilder};
use crate::store::{ContactId, ContactsReader};

impl Directory {
    /// The index as it is now, read in if nobody has searched yet.
    pub(super) fn index(&self) -> Result<(Arc<Index>, Epoch), DirectoryError> {
        if let Some(ready) = self.ready()? {
            return Ok(ready);
        }
        let _turn = lock(&self.shared.loading);
        // Somebody else may have read it in meanwhile.
        if let Some(ready) = self.ready()? {
            return Ok(ready);
        }
        let (reader, epoch) = {
            let mut state = self.state();
            state.slot = Slot::Loading(Missed::Nothing);
            (state.reader.clone().ok_or(DirectoryError::Locked)?, Epoch(state.epoch))
        };
        let loaded = self.load(&reader, epoch);
        if loaded.is_err() {
            let mut state = self.state();
            if state.epoch == epoch.0 {
                state.slot = Slot::Unloaded;
            }
        }
        Ok((loaded?, epoch))
    }

    fn ready(&self) -> Result<Option<(Arc<Index>, Epoch)>, DirectoryError> {
        let state = self.state();
        if state.reader.is_none() {
            return Err(DirectoryError::Locked);
        }
        match &state.slot {
            Slot::Ready(index) => Ok(Some((index.clone(), Epoch(state.epoch)))),
            _ => Ok(None),
        }
    }

    fn load(&self, reader: &ContactsReader, epoch: Epoch) -> Result<Arc<Index>, DirectoryError> {
        // A connection of its own, or a caller look-up would wait until everything is read.
        let reader = reader.another()?;
        let index = whole(&reader)?;
        self.settle(index, &reader, epoch)
    }

    /// Publishes a fresh index as soon as nothing is left that changed while it was made.
    pub(super) fn settle(
        &self,
        mut index: Index,
        reader: &ContactsReader,
        epoch: Epoch,
    ) -> Result<Arc<Index>, DirectoryError> {
        loop {
            let missed = {
                let mut state = self.state();
                if state.epoch != epoch.0 {
                    return Err(DirectoryError::Locked);
                }
                match &mut state.slot {
                    Slot::Loading(Missed::Nothing) => {
                        let index = Arc::new(index);
                        state.slot = Slot::Ready(index.clone());
                        return Ok(index);
                    }
                    Slot::Loading(missed) => std::mem::take(missed),
                    // Only whoever holds `loading` leaves this state, but for an epoch's end.
                    _ => return Err(DirectoryError::Locked),
                }
            };
            match missed {
                Missed::Nothing => {}
                Missed::Some(ids) => {
                    let ids: Vec<ContactId> = ids.into_iter().collect();
                    index = index.changed(&changes(reader, &ids)?);
                }
                Missed::Everything => index = whole(reader)?,
            }
        }
    }
}

/// An index of everything there is.
pub(super) fn whole(reader: &ContactsReader) -> Result<Index, DirectoryError> {
    let mut builder = IndexBuilder::default();
    reader.for_each_record(|id, bytes| match ContactRecord::decode(bytes) {
        Ok(record) => builder.add(id, &record),
        Err(error) => log::warn!("{error}"),
    })?;
    Ok(builder.finish())
}

/// What became of `ids`.
pub(super) fn changes(
    reader: &ContactsReader,
    ids: &[ContactId],
) -> Result<Vec<Change>, DirectoryError> {
    ids.iter().map(|id| Ok(Change { id: *id, record: read(reader, *id)? })).collect()
}
