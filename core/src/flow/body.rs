//! The body of an answer, piece by piece.
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use super::{Mailbox, abandon};
use crate::http::Failure;
use crate::step::StepId;

/// A body that is still coming. Dropping it gives the request up.
pub struct Body {
    mailbox: Arc<Mutex<Mailbox>>,
    id: StepId,
}

impl Body {
    pub(crate) fn new(mailbox: Arc<Mutex<Mailbox>>, id: StepId) -> Self {
        Self { mailbox, id }
    }

    /// The next piece; `None` at the end of a complete answer.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        poll_fn(|_| {
            let mut mailbox = self.mailbox.lock().expect("a flow panicked");
            match mailbox.take_chunk(self.id) {
                Some(piece) => Poll::Ready(piece),
                None => Poll::Pending,
            }
        })
        .await
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        abandon(&self.mailbox, self.id);
    }
}
