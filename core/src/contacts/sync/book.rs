//! One run for one book: which way to go, what comes of each card, when to store.
use std::collections::BTreeMap;

use url::Url;

use super::error::{BadAnswer, BookError};
use super::fetch::Wanted;
use super::passed::Passed;
use super::session::{Reached, Session, refusal};
use super::shelf::{Pending, Shelf};
use super::state::{BookState, UnderWay, Way, made_with};
use super::{BookReport, Check, SyncEnv};
use crate::contacts::card::{self, Filter, SkipReason};
use crate::contacts::dav::{
    CardText, Collection, Condition, Href, HrefError, Item, Response, sync_collection,
};
use crate::contacts::phone::{Region, caller_keys};
use crate::flow::Flow;
use crate::http::{Failure, origin_of};
use crate::limits;
use crate::store::{EtagHash, HrefHash};

/// Members known before a complete listing, less those that it has named.
pub(super) type Unseen = BTreeMap<HrefHash, EtagHash>;

/// A run for one book.
pub(super) struct Run<'a> {
    pub(super) flow: &'a Flow,
    region: Option<Region>,
    filter: &'a Filter,
    pub(super) session: Session<'a>,
    pub(super) shelf: Shelf<'a>,
    pub(super) collection: Collection,
    pub(super) state: BookState,
    pub(super) report: BookReport,
    pub(super) wanted: Wanted,
    /// Rows of a run that was cut are stored: what is there with the same ETag need not be fetched.
    resumed: bool,
    members: usize,
}

/// What came of asking for changes.
enum Told {
    /// They are stored.
    Everything,
    /// The server does not know the token any more.
    UnknownToken,
    /// The server has no sync reports.
    NoReports,
}

/// What a report with a token told besides the changes.
#[derive(Default)]
struct Hints {
    live: u64,
    gone: u64,
    /// Named as changed, though the ETag is the one that is known.
    same: u64,
}

/// Keeps the book at `url` and says what happened.
pub(super) async fn keep<'a>(
    env: &'a mut SyncEnv<'_>,
    session: Session<'a>,
    key: String,
    url: Url,
    check: Check,
) -> Result<BookReport, BookError> {
    let (flow, region, filter) = (env.flow, env.region, env.filter);
    let shelf = Shelf::open(env, key)?;
    let mut run = Run {
        flow,
        region,
        filter,
        session,
        state: shelf.stored().clone(),
        shelf,
        collection: Collection::new(url),
        report: BookReport::default(),
        wanted: Wanted::default(),
        resumed: false,
        members: 0,
    };
    let outcome = run.steps(check).await;
    if outcome.is_err() && !matches!(outcome, Err(BookError::Store(_))) {
        // A run that did not finish what an earlier one began leaves that to the next.
        if run.resumed && run.state.under_way.is_none() {
            run.state.under_way = Some(UnderWay::Fetch);
        }
        // What arrived complete is kept, whatever came after it.
        run.store()?;
    }
    run.report.requests = run.session.requests;
    run.report.bytes = run.session.bytes;
    run.report.unchanged = !run.shelf.wrote();
    outcome.map(|()| run.report)
}

impl Run<'_> {
    async fn steps(&mut self, check: Check) -> Result<(), BookError> {
        self.begin()?;
        let mut asked_without_token = false;
        while self.state.way != Way::List {
            let had_token = self.state.token.is_some();
            match self.by_report().await? {
                Told::Everything => break,
                Told::UnknownToken if had_token => self.state.token = None,
                // There is no token that it would know.
                Told::UnknownToken => self.state.way = Way::List,
                Told::NoReports if had_token && !asked_without_token => {
                    asked_without_token = true;
                    self.state.token = None;
                }
                Told::NoReports => {
                    self.state.way = Way::List;
                    self.state.token = None;
                }
            }
        }
        if self.state.way == Way::List {
            self.by_listing(check == Check::Changes && !self.state.sweep_owed).await
        } else if self.state.sweep_owed || check == Check::Everything {
            self.by_listing(false).await
        } else {
            Ok(())
        }
    }

    /// Looks at how the last run ended, and at what the stored contacts were made with.
    fn begin(&mut self) -> Result<(), BookError> {
        if let Some(under_way) = self.state.under_way.take() {
            self.resumed = true;
            if under_way == UnderWay::Inline {
                self.state.cuts += 1;
            }
        }
        if self.state.cuts >= 2 && self.state.way == Way::Inline {
            self.state.way = Way::Fetch;
        }
        let made_with = made_with(self.filter, self.region);
        if self.state.made_with != made_with {
            self.state.made_with = made_with;
            self.state.token = None;
            self.state.ctag = None;
            // Once only: what this run and the next ones store is made anew.
            self.shelf.forget_etags(&self.state)?;
        }
        Ok(())
    }

    /// Asks for what changed since the token, or for everything.
    async fn by_report(&mut self) -> Result<Told, BookError> {
        let whole = self.state.token.is_none();
        let mut unseen = if whole { self.shelf.known()? } else { Unseen::new() };
        let must_sweep = !unseen.is_empty();
        if must_sweep {
            // Should this run not come to its end, the next one knows.
            self.state.sweep_owed = true;
        }
        let mut hints = Hints::default();
        loop {
            let token = self.state.token.clone();
            let inline = self.state.way == Way::Inline && !self.resumed;
            let request = sync_collection(self.collection.url().as_str(), token.as_deref(), inline);
            let mut reached = match self.session.open(request).await {
                Ok(reached) => reached,
                Err(error) => return Err(self.cut(error, inline && whole)),
            };
            if !reached.head.is_success() {
                return self.refused(&mut reached, token.is_some()).await;
            }
            self.collection = moved(&self.collection, &reached);
            let page = self.read_page(reached, whole, inline, &mut unseen, &mut hints).await;
            let page = match page {
                Ok(page) => page,
                Err(error) => return Err(self.cut(error, inline)),
            };
            if page.unknown_token {
                return Ok(if token.is_some() { Told::UnknownToken } else { Told::NoReports });
            }
            // A report without a token can't be built upon.
            let Some(new_token) = page.token else { return Ok(Told::NoReports) };
            if inline && page.refused_cards > 0 && page.cards == 0 {
                self.state.way = Way::Fetch;
            }
            self.fetch_wanted().await?;
            if page.more && token.as_ref() == Some(&new_token) {
                return Err(BookError::BadAnswer(BadAnswer::EndlessPages));
            }
            let changed_token = token.as_ref() != Some(&new_token);
            if !whole && !page.more {
                self.judge(&hints, changed_token)?;
            }
            if inline && !self.shelf.is_empty() {
                self.state.cuts = 0;
            }
            self.state.token = Some(new_token);
            self.state.under_way = None;
            if !page.more {
                break;
            }
            self.store()?;
            self.flow.breathe().await;
        }
        if whole {
            self.sweep(unseen).await?;
            self.state.sweep_owed = false;
        }
        self.store()?;
        Ok(Told::Everything)
    }

    /// Servers answer a token that they have forgotten with everything they have, or with nothing:
    /// then nobody says what is gone, and a listing has to tell.
    fn judge(&mut self, hints: &Hints, changed_token: bool) -> Result<(), BookError> {
        let nothing = hints.live + hints.gone == 0;
        if self.resumed || (nothing && !changed_token) {
            return Ok(());
        }
        let known = self.shelf.known_count()?;
        if known > 0 && (nothing || (hints.same > 0 && hints.same * 2 >= known)) {
            self.state.sweep_owed = true;
        }
        Ok(())
    }

    async fn refused(&mut self, reached: &mut Reached, had_token: bool) -> Result<Told, BookError> {
        let conditions = self.session.conditions(reached).await?;
        if conditions.contains(&Condition::ValidSyncToken) {
            return Ok(Told::UnknownToken);
        }
        if conditions.contains(&Condition::SupportedReport) {
            self.state.token = None;
            return Ok(Told::NoReports);
        }
        match reached.head.status {
            400 | 405 | 406 | 409 | 411..=422 | 501 | 507 => Ok(Told::NoReports),
            // The report is not there, or the book is not: a listing tells which.
            404 if !had_token => Ok(Told::NoReports),
            _ => Err(refusal(&reached.head)),
        }
    }

    async fn read_page(
        &mut self,
        reached: Reached,
        whole: bool,
        inline: bool,
        unseen: &mut Unseen,
        hints: &mut Hints,
    ) -> Result<Page, BookError> {
        let mut page = Page::default();
        let mut answer = Session::answer(reached);
        while let Some(items) = answer.next(&mut self.session).await? {
            for item in items {
                match item {
                    Item::SyncToken(token) => page.token = Some(token).filter(|t| !t.is_empty()),
                    Item::Condition(Condition::ValidSyncToken) => page.unknown_token = true,
                    Item::Condition(_) => {}
                    Item::Response(response) if response.status == Some(507) => page.more = true,
                    Item::Response(response) => {
                        self.read_member(response, whole, &mut page, unseen, hints)?;
                    }
                }
                if self.shelf.is_full() {
                    let under_way = if inline { UnderWay::Inline } else { UnderWay::Fetch };
                    self.state.under_way = Some(under_way);
                }
                self.store_if_full()?;
            }
        }
        Ok(page)
    }

    fn read_member(
        &mut self,
        response: Response,
        whole: bool,
        page: &mut Page,
        unseen: &mut Unseen,
        hints: &mut Hints,
    ) -> Result<(), BookError> {
        let Some(href) = self.member(&response.href)? else { return Ok(()) };
        if matches!(response.status, Some(404 | 410)) && !response.has_properties {
            hints.gone += 1;
            self.shelf.add(Pending::Remove { href: href.key });
            return Ok(());
        }
        if response.props.is_collection {
            return Ok(());
        }
        hints.live += 1;
        let etag = plain_etag(response.props.etag);
        // A server may name a member as changed under an ETag that it had before; only a listing or
        // a run that was cut names what is known already.
        let may_be_known = whole || self.resumed;
        let is_known = !etag.is_empty() && self.is_known(&href.key, &etag, whole, unseen)?;
        hints.same += u64::from(is_known);
        match response.props.card {
            Some(text) => {
                page.cards += 1;
                self.take_card(href, etag, text);
            }
            None => {
                page.refused_cards += 1;
                if !(is_known && may_be_known) {
                    self.wanted.add(&href.path);
                }
            }
        }
        Ok(())
    }

    fn is_known(
        &self,
        href: &str,
        etag: &str,
        whole: bool,
        unseen: &mut Unseen,
    ) -> Result<bool, BookError> {
        if !whole {
            return self.shelf.has(href, etag);
        }
        if unseen.is_empty() {
            return Ok(false);
        }
        let (href, etag) = self.shelf.hashes(href, etag)?;
        Ok(unseen.remove(&href) == Some(etag))
    }

    /// Reads an address in an answer; `None` for what is no member.
    pub(super) fn member(&mut self, text: &str) -> Result<Option<Href>, BookError> {
        self.members += 1;
        if self.members > 4 * limits::BOOK_CARDS {
            return Err(BookError::TooLarge { limit: "BOOK_CARDS" });
        }
        match self.collection.member(text) {
            Ok(href) if href.path.len() <= limits::HREF_BYTES => Ok(Some(href)),
            Err(HrefError::Collection) => Ok(None),
            _ => {
                self.report.skipped.foreign += 1;
                Ok(None)
            }
        }
    }

    /// Makes a contact of a card, or notes why not.
    pub(super) fn take_card(&mut self, href: Href, etag: String, text: CardText) {
        let read = match &text {
            CardText::Text(text) => card::read(text.as_bytes(), self.region),
            CardText::TooLarge => Err(SkipReason::TooLarge),
        };
        self.take_read(href, etag, read);
    }

    /// The same for a card that was read.
    pub(super) fn take_read(
        &mut self,
        href: Href,
        etag: String,
        read: Result<card::Card, SkipReason>,
    ) {
        let mut card = match read {
            Ok(card) => card,
            Err(reason) => {
                let skipped = &mut self.report.skipped;
                match reason {
                    SkipReason::TooLarge => skipped.too_large += 1,
                    SkipReason::Unparsable => skipped.unparsable += 1,
                    SkipReason::Nameless => skipped.nameless += 1,
                    SkipReason::Group => {}
                }
                let reason = Passed::Skipped(reason).into();
                return self.shelf.add(Pending::Pass { href: href.key, etag, reason });
            }
        };
        if !self.filter.accepts(&card.record) {
            self.report.filtered += 1;
            return self.shelf.add(Pending::Pass {
                href: href.key,
                etag,
                reason: Passed::Filtered.into(),
            });
        }
        self.report.photos_dropped += u64::from(card.photo_dropped);
        let record = &mut card.record;
        if record.uid.is_empty() {
            record.uid.clone_from(&href.key);
        }
        if record.photo_url.as_ref().is_some_and(|url| !self.is_own_origin(url)) {
            record.photo_url = None;
        }
        let mut keys: Vec<String> = record
            .phones
            .iter()
            .flat_map(|phone| caller_keys(phone.e164.as_ref().unwrap_or(&phone.number)))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        self.shelf.add(Pending::Put {
            href: href.key,
            etag,
            record: record.encode(),
            photo: card.photo.map(|photo| photo.bytes),
            caller_keys: keys,
        });
    }

    pub(super) fn region(&self) -> Option<Region> {
        self.region
    }

    fn is_own_origin(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| origin_of(&url) == origin_of(self.collection.url()))
    }

    /// Removes what a complete listing did not name.
    pub(super) async fn sweep(&mut self, unseen: Unseen) -> Result<(), BookError> {
        for href in unseen.into_keys() {
            self.shelf.add(Pending::Sweep { href });
            if self.shelf.is_full() {
                self.store()?;
                self.flow.breathe().await;
            }
        }
        Ok(())
    }

    /// Stores what is pending if it is much.
    pub(super) fn store_if_full(&mut self) -> Result<(), BookError> {
        if self.shelf.is_full() { self.store() } else { Ok(()) }
    }

    /// Stores what is pending and the state.
    pub(super) fn store(&mut self) -> Result<(), BookError> {
        self.shelf.flush(&self.state, &mut self.report)
    }

    /// Notes that an answer with cards in it was cut, so that the next run asks for less at once.
    fn cut(&mut self, error: BookError, counts: bool) -> BookError {
        let is_cut = matches!(
            error,
            BookError::Cancelled | BookError::Unreachable(Failure::Cut | Failure::TimedOut)
        );
        if is_cut && (counts && (self.state.token.is_none() || !self.shelf.is_empty())) {
            self.state.under_way = Some(UnderWay::Inline);
        } else if self.state.under_way.is_none() && !self.shelf.is_empty() {
            self.state.under_way = Some(UnderWay::Fetch);
        }
        error
    }
}

/// What one answer held besides members.
#[derive(Default)]
struct Page {
    token: Option<String>,
    /// The server has more than it put in this answer (RFC 6578 §3.6).
    more: bool,
    unknown_token: bool,
    cards: u64,
    refused_cards: u64,
}

/// The collection under the address that answered in the end.
fn moved(collection: &Collection, reached: &Reached) -> Collection {
    match reached.url == *collection.url() {
        true => collection.clone(),
        false => Collection::new(reached.url.clone()),
    }
}

/// An ETag without the mark of a weak one: what matters is whether it is another (RFC 9110 §8.8.3).
pub(super) fn plain_etag(etag: Option<String>) -> String {
    let etag = etag.unwrap_or_default();
    match etag.strip_prefix("W/") {
        Some(strong) => strong.to_owned(),
        None => etag,
    }
}
