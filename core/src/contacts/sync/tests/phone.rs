//! A phone that keeps a book: the shell's side of the flow, with faults on the wire.
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use super::server::{BOOK, Server};
use crate::contacts::card::Filter;
use crate::contacts::phone::Region;
use crate::contacts::record::ContactRecord;
use crate::contacts::sync::{
    BookAuth, BookError, BookReport, BookSource, Check, SourceReport, Summary, SyncEnv, summary,
    sync_source, withdraw_all_but,
};
use crate::flow::shell::{Flows, Shell as _};
use crate::flow::simulation::{
    Break, Broken, Ended, Part, Patience, Simulation, Vault, Wire as OnTheWay,
};
use crate::flow::{Flow, Mailbox};
use crate::http::{Answer, Request};
use crate::ids::ProfileId;
use crate::random::Random;
use crate::store::{ContactId, ContactsStore, ProfileDir, new_data_key};
use crate::time::Now;
use crate::vault::{VaultOp, VaultOutcome};

/// What happens to answers on their way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire {
    /// Bytes in one piece.
    pub(super) piece: usize,
    /// Bytes of all answers together after which the fault strikes.
    pub(super) fault_after: usize,
    /// What strikes.
    pub(super) fault: Break,
    /// Milliseconds before the first byte of an answer.
    pub(super) silence_ms: i64,
}

impl Default for Wire {
    fn default() -> Self {
        Self { piece: 64 * 1024, fault_after: usize::MAX, fault: Break::Cut, silence_ms: 0 }
    }
}

impl Wire {
    pub(super) fn in_pieces(piece: usize) -> Self {
        Self { piece, ..Self::default() }
    }

    pub(super) fn fault(fault: Break, fault_after: usize, piece: usize) -> Self {
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
        let mut flows = Flows::over(Mailbox::new(random(), self.now));
        let slot = Arc::new(Mutex::new(None));
        let result = slot.clone();
        let work = flow_of(flows.flow());
        flows.lanes.start("contacts", async move {
            let outcome = work.await;
            *result.lock().unwrap() = Some(outcome);
        });

        let (wire, received) = (self.wire, Cell::new(0));
        let left = || wire.fault_after - received.get();
        let arrived = &mut self.arrived;
        let net = |request: &Request| -> Result<Answer, Broken> {
            let answer = answer(request);
            let bytes = answer.body.len().min(left());
            received.set(received.get() + bytes);
            for card in whole_cards(&answer.body[..bytes]) {
                *arrived.entry(card).or_default() += 1;
            }
            Ok(answer)
        };
        let mut shell = Simulation::new(net, NoKeys, self.now.wall.0);
        shell.elapsed_ms = self.now.elapsed.0;
        shell.plan.piece = wire.piece;
        shell.plan.latency_ms = wire.silence_ms;
        shell.plan.request = Box::new(|_, _| OnTheWay::Broken(Part::Bytes(left()), wire.fault));
        let ended = shell.drive(&mut flows, Patience::Endless, |_, _| true);
        self.now = shell.now();
        drop(shell);
        self.received = received.get();
        if ended == Ended::Killed {
            drop(flows);
            self.restarts();
            return None;
        }
        let outcome = slot.lock().unwrap().take();
        Some(outcome.expect("the flow waits for nothing"))
    }
}

/// The UIDs of the cards that stand whole in a piece of an answer.
fn whole_cards(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let cards = text.split("BEGIN:VCARD").skip(1).filter(|card| card.contains("END:VCARD"));
    let uids = cards.filter_map(|card| card.lines().find_map(|line| line.strip_prefix("UID:")));
    uids.map(|uid| uid.trim_end_matches("&#13;").to_owned()).collect()
}

/// Flows of the address books use no key.
struct NoKeys;

impl Vault for NoKeys {
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        panic!("no keys here: {op:?}")
    }
}
