//! Fetching cards by address: many at once where the server can, one by one where it can't.
use std::collections::BTreeMap;

use super::book::{BookSync, plain_etag};
use super::error::BookError;
use super::session::{Session, refusal};
use super::state::UnderWay;
use crate::contacts::card::{self, SkipReason};
use crate::contacts::dav::{Href, Item, multiget};
use crate::http::{Method, Request, Timeouts};
use crate::limits;

/// Addresses still to fetch: one text and where each ends in it, because there can be 500,000.
#[derive(Default)]
pub(super) struct Wanted {
    text: String,
    ends: Vec<usize>,
    /// The server refuses `addressbook-multiget` as such.
    one_by_one: bool,
    /// It has answered one.
    answers: bool,
}

impl Wanted {
    /// Adds a path.
    pub(super) fn add(&mut self, path: &str) {
        self.text.push_str(path);
        self.ends.push(self.text.len());
    }

    /// Takes the last few.
    fn take(&mut self, most: usize) -> Vec<String> {
        let first = self.ends.len().saturating_sub(most);
        let start_of = |index: usize| index.checked_sub(1).map_or(0, |i| self.ends[i]);
        let taken: Vec<String> =
            (first..self.ends.len()).map(|i| self.text[start_of(i)..self.ends[i]].into()).collect();
        let rest = start_of(first);
        self.text.truncate(rest);
        self.ends.truncate(first);
        taken
    }
}

impl BookSync<'_> {
    /// Fetches everything wanted; stores as it goes.
    pub(super) async fn fetch_wanted(&mut self) -> Result<(), BookError> {
        loop {
            let paths = self.wanted.take(limits::MULTIGET_HREFS);
            if paths.is_empty() {
                return Ok(());
            }
            // From here on rows are stored that no token covers.
            if self.state.under_way.is_none() {
                self.state.under_way = Some(UnderWay::Fetch);
            }
            self.fetch(paths).await?;
            self.flow.yield_now().await;
        }
    }

    /// Fetches `paths`. When the server refuses them together, halves are tried: there are servers
    /// that fail as a whole for one address.
    async fn fetch(&mut self, paths: Vec<String>) -> Result<(), BookError> {
        let mut batches = vec![paths];
        let mut halved = false;
        while let Some(mut batch) = batches.pop() {
            if batch.len() == 1 && halved || self.wanted.one_by_one {
                for path in &batch {
                    self.fetch_one(path).await?;
                }
                continue;
            }
            match self.fetch_batch(&batch).await? {
                Batched::Missing(paths) => {
                    self.wanted.answers = true;
                    for path in &paths {
                        self.fetch_one(path).await?;
                    }
                }
                Batched::Refused if batch.len() <= 2 && !self.wanted.answers => {
                    self.wanted.one_by_one = true;
                    batches.push(batch);
                }
                Batched::Refused => {
                    halved = true;
                    let half = batch.split_off(batch.len() / 2);
                    batches.extend([half, batch].into_iter().filter(|b| !b.is_empty()));
                }
            }
        }
        Ok(())
    }

    async fn fetch_batch(&mut self, paths: &[String]) -> Result<Batched, BookError> {
        let mut asked: BTreeMap<String, &String> = BTreeMap::new();
        for path in paths {
            if let Ok(href) = self.collection.member(path) {
                asked.insert(href.key, path);
            }
        }
        let url = self.collection.url().as_str();
        let request = multiget(url, asked.values().map(|path| path.as_str()));
        let reached = self.session.open(request).await?;
        if !reached.head.is_success() {
            return match reached.head.status {
                401 | 429 | 503 => Err(refusal(&reached.head)),
                _ => Ok(Batched::Refused),
            };
        }
        let mut alone = Vec::new();
        let mut answer = Session::answer(reached);
        while let Some(items) = answer.next(&mut self.session).await? {
            for item in items {
                let Item::Response(response) = item else { continue };
                let Some(href) = self.member(&response.href)? else { continue };
                // What was not asked for is not taken.
                let Some(path) = asked.remove(&href.key) else { continue };
                match (response.props.card, response.status) {
                    (Some(text), _) => self.take_card(href, plain_etag(response.props.etag), text),
                    // Gone since it was listed; the next sync says so.
                    (None, Some(404 | 410)) => {}
                    (None, _) => alone.push(path.clone()),
                }
                self.store_if_full()?;
            }
        }
        alone.extend(asked.into_values().cloned());
        Ok(Batched::Missing(alone))
    }

    /// Fetches one card by itself.
    async fn fetch_one(&mut self, path: &str) -> Result<(), BookError> {
        let href = self.collection.member(path);
        let (Ok(Href { key, .. }), Some(url)) = (href, self.collection.url_of(path)) else {
            self.report.skipped.unresolved += 1;
            return Ok(());
        };
        let request = Request::new(Method::Get, url).timeouts(Timeouts::BOOK);
        let mut reached = self.session.open(request).await?;
        match reached.head.status {
            200 => {}
            404 | 410 => return Ok(()),
            401 | 429 | 503 => return Err(refusal(&reached.head)),
            _ => {
                self.report.skipped.unresolved += 1;
                return Ok(());
            }
        }
        let etag = plain_etag(reached.head.header("ETag").map(str::to_owned));
        let body = self.session.whole(&mut reached.body, limits::CARD_BYTES).await?;
        let read = match body {
            Some(body) => card::read(&body, self.region()),
            None => Err(SkipReason::TooLarge),
        };
        self.take_read(Href { key, path: path.to_owned() }, etag, read);
        self.store_if_full()
    }
}

/// What came of asking for several cards.
enum Batched {
    /// An answer, but for these.
    Missing(Vec<String>),
    /// None at all.
    Refused,
}
