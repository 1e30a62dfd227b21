//! A phone that keeps a book: the shell's side of the flow, with faults on the wire.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use super::server::{Answer, BOOK, Server};
use crate::contacts::card::Filter;
use crate::contacts::phone::Region;
use crate::contacts::record::ContactRecord;
use crate::contacts::sync::{
    BookAuth, BookError, BookReport, BookSource, Check, SourceReport, Summary, SyncEnv, summary,
    sync_source, withdraw_all_but,
};
use crate::flow::{Flow, Lanes, Mailbox};
use crate::http::{Failure, Request};
use crate::ids::ProfileId;
use crate::random::Random;
use crate::step::{Step, StepId};
use crate::store::{ContactId, ContactsStore, ProfileDir, new_data_key};
use crate::time::{ElapsedMs, Now};

/// What happens to answers on their way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire {
    /// Bytes in one piece.
    pub(super) piece: usize,
    /// Bytes of all answers together after which the fault strikes.
    pub(super) fault_after: usize,
    /// What strikes.
    pub(super) fault: Fault,
    /// Milliseconds before the first byte of an answer.
    pub(super) silence_ms: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// The connection breaks.
    Cut,
    /// The connection just ends, which looks like the end of the answer.
    EarlyEnd,
    /// The agent's window closes.
    WindowCloses,
    /// The process is killed.
    Kill,
}

impl Default for Wire {
    fn default() -> Self {
        Self { piece: 64 * 1024, fault_after: usize::MAX, fault: Fault::Cut, silence_ms: 0 }
    }
}

impl Wire {
    pub(super) fn in_pieces(piece: usize) -> Self {
        Self { piece, ..Self::default() }
    }

    pub(super) fn fault(fault: Fault, fault_after: usize, piece: usize) -> Self {
        Self { piece, fault_after, fault, ..Self::default() }
    }
}

fn random() -> Box<dyn Random> {
    let mut state = 1u64;
    Box::new(move |out: &mut [u8]| {
        for byte in out {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = (state >> 33) as u8;
        }
    })
}

pub(super) struct Phone {
    dir: TempDir,
    store: Option<Arc<Mutex<ContactsStore>>>,
    key: crate::secret::Secret<Vec<u8>>,
    now: Now,
    pub(super) filter: Filter,
    pub(super) region: Option<Region>,
    pub(super) wire: Wire,
    pub(super) source: BookSource,
    /// Contacts that listeners were told of.
    pub(super) told: Arc<Mutex<Vec<ContactId>>>,
    /// Bytes of answers in the last run.
    pub(super) received: usize,
    /// How often each card arrived whole.
    pub(super) arrived: BTreeMap<String, u32>,
}

/// How a run ended.
pub(super) type Outcome = Result<SourceReport, BookError>;

impl Phone {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = new_data_key(&mut *random());
        let phone = Self {
            store: None,
            key,
            dir,
            now: Now::default(),
            filter: Filter::default(),
            region: Region::new("DE"),
            wire: Wire::default(),
            source: BookSource { url: BOOK.to_owned(), name: None, auth: BookAuth::None },
            told: Arc::default(),
            received: 0,
            arrived: BTreeMap::new(),
        };
        let profile = phone.profile();
        let key = phone.key.clone();
        let store = ContactsStore::create(&profile, 1, "t", vec![1], key, random()).unwrap();
        Self { store: Some(Arc::new(Mutex::new(store))), ..phone }
    }

    fn profile(&self) -> ProfileDir {
        let id = ProfileId::new(ProfileId::DEFAULT).unwrap();
        ProfileDir::lock(self.dir.path(), &id).unwrap()
    }

    /// A new process on the same files.
    pub(super) fn restarts(&mut self) {
        self.store = None;
        let mut store = ContactsStore::open(&self.profile(), 1, random()).unwrap();
        store.unlock("t", self.key.clone()).unwrap();
        self.store = Some(Arc::new(Mutex::new(store)));
    }

    fn store(&self) -> &Arc<Mutex<ContactsStore>> {
        self.store.as_ref().unwrap()
    }

    pub(super) fn writes(&self) -> u64 {
        self.store().lock().unwrap().writes()
    }

    pub(super) fn summary(&self) -> Summary {
        summary(&self.store().lock().unwrap()).unwrap()
    }

    pub(super) fn records(&self) -> Vec<ContactRecord> {
        let reader = self.store().lock().unwrap().reader().unwrap();
        let mut records = Vec::new();
        reader.for_each_record(|_, r| records.push(ContactRecord::decode(r).unwrap())).unwrap();
        records
    }

    /// The names of all contacts, in order.
    pub(super) fn people(&self) -> Vec<String> {
        let mut people: Vec<String> = self.records().into_iter().map(|r| r.name.display).collect();
        people.sort();
        people
    }

    pub(super) fn caller(&self, key: &str) -> usize {
        let reader = self.store().lock().unwrap().reader().unwrap();
        reader.ids_by_caller_key(key, 9).unwrap().len()
    }

    /// Syncs, and expects the one book to be kept.
    pub(super) fn syncs(&mut self, server: &mut Server) -> BookReport {
        let report = self.tries(server, Check::Changes).expect("a run").expect("a source");
        assert_eq!(report.books.len(), 1);
        report.books[0].result.unwrap_or_else(|e| panic!("{e:?}: {:#?}", server.log))
    }

    /// Syncs, and expects the one book to fail.
    pub(super) fn fails(&mut self, server: &mut Server) -> BookError {
        match self.tries(server, Check::Changes).expect("a run") {
            Ok(report) => report.books[0].result.expect_err("a failure"),
            Err(error) => error,
        }
    }

    /// One run; `None` if it was killed, and the phone is restarted then.
    pub(super) fn tries(&mut self, server: &mut Server, check: Check) -> Option<Outcome> {
        self.runs(|request| server.answer(request), check)
    }

    /// The same with answers from anywhere.
    pub(super) fn runs(
        &mut self,
        answer: impl FnMut(&Request) -> Answer,
        check: Check,
    ) -> Option<Outcome> {
        let (filter, region, source) = (self.filter.clone(), self.region, self.source.clone());
        let (store, told) = (self.store().clone(), self.told.clone());
        self.drives(answer, move |flow| async move {
            let mut on_change = |ids: &[ContactId]| told.lock().unwrap().extend_from_slice(ids);
            let mut env = SyncEnv {
                flow: &flow,
                store: &store,
                region,
                filter: &filter,
                on_change: &mut on_change,
            };
            sync_source(&mut env, &source, check).await
        })
    }

    /// Withdraws every source but these.
    pub(super) fn keeps_only(&mut self, keep: Vec<BookSource>) -> u64 {
        let store = self.store().clone();
        let nobody = |_: &Request| -> Answer { panic!("nothing to ask") };
        self.drives(nobody, move |flow| async move {
            withdraw_all_but(&flow, &store, &mut |_| {}, &keep).await
        })
        .unwrap()
        .unwrap()
    }

    /// Plays the shell for one flow.
    fn drives<T, F>(
        &mut self,
        mut answer: impl FnMut(&Request) -> Answer,
        flow_of: impl FnOnce(Flow) -> F,
    ) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let mailbox = Arc::new(Mutex::new(Mailbox::new(random(), self.now)));
        let mut lanes = Lanes::default();
        let slot = Arc::new(Mutex::new(None));
        let result = slot.clone();
        let work = flow_of(Flow::on(&mailbox));
        lanes.start("contacts", async move {
            let outcome = work.await;
            *result.lock().unwrap() = Some(outcome);
        });
        self.received = 0;
        loop {
            let step = self.polls(&mailbox, &mut lanes);
            if let Some(outcome) = slot.lock().unwrap().take() {
                return Some(outcome);
            }
            match step {
                Step::Send { id, request } => {
                    let answer = answer(&request);
                    if self.delivers(&mailbox, &mut lanes, id, answer) == Fate::Killed {
                        drop(lanes);
                        self.restarts();
                        return None;
                    }
                }
                Step::Wait { until } => self.now.elapsed = self.now.elapsed.max(until),
                Step::Cancel { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn polls(&mut self, mailbox: &Arc<Mutex<Mailbox>>, lanes: &mut Lanes) -> Step {
        mailbox.lock().unwrap().begin_call(self.now);
        lanes.run(mailbox);
        mailbox.lock().unwrap().next_step()
    }

    fn delivers(
        &mut self,
        mailbox: &Arc<Mutex<Mailbox>>,
        lanes: &mut Lanes,
        id: StepId,
        answer: Answer,
    ) -> Fate {
        let before = self.received;
        let fate = self.delivers_pieces(mailbox, lanes, id, &answer);
        let arrived = answer.body.len().min(self.received - before);
        for card in String::from_utf8_lossy(&answer.body[..arrived]).split("BEGIN:VCARD").skip(1) {
            let uid = card.lines().find_map(|line| line.strip_prefix("UID:"));
            if let (Some(uid), true) = (uid, card.contains("END:VCARD")) {
                let uid = uid.trim_end_matches("&#13;").to_owned();
                *self.arrived.entry(uid).or_default() += 1;
            }
        }
        fate
    }

    fn delivers_pieces(
        &mut self,
        mailbox: &Arc<Mutex<Mailbox>>,
        lanes: &mut Lanes,
        id: StepId,
        answer: &Answer,
    ) -> Fate {
        self.now.elapsed = ElapsedMs(self.now.elapsed.0 + self.wire.silence_ms);
        mailbox.lock().unwrap().on_head(id, answer.head.clone());
        for piece in answer.body.chunks(self.wire.piece) {
            if self.received >= self.wire.fault_after {
                match self.wire.fault {
                    Fault::Kill => return Fate::Killed,
                    Fault::Cut => mailbox.lock().unwrap().on_end(id, Err(Failure::Cut)),
                    Fault::EarlyEnd => mailbox.lock().unwrap().on_end(id, Ok(())),
                    Fault::WindowCloses => mailbox.lock().unwrap().close_window(),
                }
                return Fate::Delivered;
            }
            self.received += piece.len();
            mailbox.lock().unwrap().on_body(id, piece.to_vec());
            // The flow takes each piece before the next one comes, and may have other wishes.
            while let Step::Wait { .. } = self.polls(mailbox, lanes) {}
        }
        mailbox.lock().unwrap().on_end(id, Ok(()));
        Fate::Delivered
    }
}

#[derive(PartialEq, Eq)]
enum Fate {
    Delivered,
    Killed,
}
