//! The whole list of a book: addresses and ETags, compared with what is stored.
use super::book::{Run, plain_etag};
use super::error::BookError;
use super::session::{Session, refusal};
use super::state::Way;
use crate::contacts::dav::{Collection, Depth, HrefError, Item, Props, list_members};

impl Run<'_> {
    /// Compares the whole book, fetches what is new or changed, removes what is gone.
    /// `may_skip`: not if the server's own sign says that nothing changed.
    pub(super) async fn by_listing(&mut self, may_skip: bool) -> Result<(), BookError> {
        if may_skip && self.state.ctag.is_some() && self.ctag().await? == self.state.ctag {
            return Ok(());
        }
        let mut unseen = self.shelf.known()?;
        let request = list_members(self.collection.url().as_str(), Depth::One);
        let reached = self.session.open(request).await?;
        if !reached.head.is_success() {
            return Err(refusal(&reached.head));
        }
        self.collection = Collection::new(reached.url.clone());
        let mut own = Props::default();
        let mut complete = true;
        let mut answer = Session::answer(reached);
        while let Some(items) = answer.next(&mut self.session).await? {
            for item in items {
                let Item::Response(response) = item else { continue };
                if response.status == Some(507) {
                    complete = false;
                    continue;
                }
                if self.collection.member(&response.href) == Err(HrefError::Collection) {
                    own = response.props;
                    continue;
                }
                let Some(href) = self.member(&response.href)? else { continue };
                if response.props.is_collection || matches!(response.status, Some(404 | 410)) {
                    continue;
                }
                let etag = plain_etag(response.props.etag);
                let (href_hash, etag_hash) = self.shelf.hashes(&href.key, &etag)?;
                let known = unseen.remove(&href_hash);
                if etag.is_empty() || known != Some(etag_hash) {
                    self.wanted.add(&href.path);
                }
            }
        }
        let under_way = self.state.under_way;
        self.fetch_wanted().await?;
        if complete {
            self.sweep(unseen).await?;
            self.state.sweep_owed = false;
            if self.state.way == Way::List {
                self.state.ctag = own.ctag.or(own.sync_token);
            }
        }
        self.state.under_way = under_way.filter(|_| !complete);
        self.store()
    }

    /// The server's sign for the state of the book.
    async fn ctag(&mut self) -> Result<Option<String>, BookError> {
        let request = list_members(self.collection.url().as_str(), Depth::Zero);
        let reached = self.session.open(request).await?;
        if !reached.head.is_success() {
            return Err(refusal(&reached.head));
        }
        let mut found = None;
        let mut answer = Session::answer(reached);
        while let Some(items) = answer.next(&mut self.session).await? {
            for item in items {
                if let Item::Response(response) = item {
                    found = response.props.ctag.or(response.props.sync_token).or(found);
                }
            }
        }
        Ok(found)
    }
}
