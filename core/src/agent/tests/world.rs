//! A phone and its company: what the stories are told with. Nothing leaves this process, and the
//! clock is made up.
use std::cell::{Ref, RefCell, RefMut};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::{Value, json};

use super::vault::MemoryVault;
use crate::activation::Evidence;
use crate::agent::Event;
use crate::agent::handset::Handset;
use crate::contacts::directory::Page;
use crate::contacts::sync::tests::server::Server as Book;
use crate::effect::{Effect, EffectOutcome};
use crate::flow::simulation::{Broken, Plan, Wire};
use crate::http::{Answer, Failure, Request};
use crate::jose::tests::{Reply, START};
use crate::licence::Phase;
use crate::management::tests::{Company, ISSUER};
use crate::secret::Secret;
use crate::time::HOUR_MS;

/// How many people a company has.
pub(super) const PEOPLE: usize = 6;
pub(super) const USERNAME: &str = "phones-of-acme";
pub(super) const PASSWORD: &str = "correct horse battery staple";
/// Where a company without a management server keeps its people.
pub(super) const BOOK: &str = "https://books.example/u/book/";

pub(super) type Shared<T> = Rc<RefCell<T>>;

/// Everything that can be reached from the phone.
#[derive(Clone, Default)]
struct Internet {
    companies: Shared<Vec<Shared<Company>>>,
    /// An address book behind no management server, at [`BOOK`].
    book: Shared<Option<Book>>,
}

impl Internet {
    fn exchange(&self, request: &Request) -> Result<Answer, Broken> {
        let origin = request.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        for company in self.companies.borrow().iter() {
            let mut company = company.borrow_mut();
            if origin == company.issuer {
                return company.answer(request).into();
            }
            if company.book_url().starts_with(&format!("{origin}/")) {
                return company.answer_book(request).into();
            }
        }
        match self.book.borrow_mut().as_mut() {
            Some(book) if BOOK.starts_with(&origin) => {
                let Answer { head, body } = book.answer(request);
                Reply::Answer(head, body).into()
            }
            _ => Err(Failure::NameNotFound.into()),
        }
    }
}

/// See the module.
pub(super) struct Story {
    pub(super) phone: Handset,
    pub(super) keys: Shared<MemoryVault>,
    company: Shared<Company>,
    internet: Internet,
    folder: tempfile::TempDir,
    seed: u64,
}

impl Story {
    /// A phone that was never started, and a company with a licence for everybody.
    pub(super) fn begin() -> Self {
        let company = Rc::new(RefCell::new(company(ISSUER, PEOPLE)));
        let internet = Internet::default();
        internet.companies.borrow_mut().push(company.clone());
        let (folder, keys) = (scratch(), MemoryVault::shared());
        let phone = phone(folder.path(), "phone", &internet, &keys, 1);
        Self { phone, keys, company, internet, folder, seed: 1 }
    }

    /// The same, and the phone is in order.
    pub(super) fn active() -> Self {
        Self::active_with(json!({}))
    }

    /// The same with more settings from the MDM.
    pub(super) fn active_with(more: Value) -> Self {
        let mut story = Self::begin();
        let managed = story.managed(more);
        story.phone.launch(&managed);
        story.phone.run(HOUR_MS);
        story.assert_in_order();
        story
    }

    pub(super) fn company(&self) -> RefMut<'_, Company> {
        self.company.borrow_mut()
    }

    pub(super) fn seen(&self) -> Ref<'_, Company> {
        self.company.borrow()
    }

    /// Another company that the phone can reach.
    pub(super) fn opens_a_company(&mut self, issuer: &str, people: usize) -> Shared<Company> {
        let other = Rc::new(RefCell::new(company(issuer, people)));
        self.internet.companies.borrow_mut().push(other.clone());
        self.set_clocks();
        other
    }

    /// An address book behind no management server, at [`BOOK`].
    pub(super) fn opens_a_book(&mut self, book: Book) {
        *self.internet.book.borrow_mut() = Some(book);
    }

    pub(super) fn book(&self) -> RefMut<'_, Book> {
        RefMut::map(self.internet.book.borrow_mut(), |book| book.as_mut().expect("a book"))
    }

    fn set_clocks(&mut self) {
        let companies = self.internet.companies.clone();
        self.phone.keep_time_with(move |true_ms| set_clocks(&companies, true_ms));
    }

    /// Another phone, with the time of the first.
    pub(super) fn another_phone(&mut self) -> Handset {
        self.seed += 1;
        let (keys, name) = (MemoryVault::shared(), format!("phone-{}", self.seed));
        let mut other = phone(self.folder.path(), &name, &self.internet, &keys, self.seed);
        other.true_ms = self.phone.true_ms;
        other
    }

    /// What an MDM hands to a phone of this company, with `more` in it.
    pub(super) fn managed(&self, more: Value) -> Value {
        managed(&self.seen(), more)
    }

    /// The files of the phone, without those that SQLite keeps beside its own.
    pub(super) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.profile()).expect("the profile");
        let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
        names.sort();
        names
    }

    /// The folder of the profile.
    pub(super) fn profile(&self) -> PathBuf {
        self.folder.path().join("phone/default")
    }

    /// The names of everybody in the company's book.
    pub(super) fn staff(&self) -> Vec<String> {
        self.seen().book.people()
    }

    /// The phone is active, nothing is held back, and everybody is there.
    #[track_caller]
    pub(super) fn assert_in_order(&mut self) {
        assert_eq!(self.phone.phase(), Phase::Active, "{:?}", self.phone.problems());
        assert_eq!(self.phone.agent().status().licence.holds, []);
        assert_eq!(people(&mut self.phone), self.staff());
        assert_eq!(self.phone.problems(), [""; 0]);
    }

    /// The phone asks now, and has its answer.
    pub(super) fn checks(&mut self) {
        self.phone.handle(Event::CheckNow);
        self.phone.run(HOUR_MS);
    }

    /// The process ends, and the app is started again.
    pub(super) fn restarts(&mut self, managed: &Value) {
        self.phone.launch(managed);
        self.phone.run(HOUR_MS);
    }
}

fn company(issuer: &str, people: usize) -> Company {
    let mut company = Company::new(issuer);
    company.lets_in(&[("username", USERNAME), ("password", PASSWORD)], 10);
    for index in 0..people {
        hires(&mut company.book, index);
    }
    company
}

/// Somebody more stands in the book.
pub(super) fn hires(book: &mut Book, index: usize) {
    book.puts_card(
        &format!("{index:03}.vcf"),
        &format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{index:03}\r\nFN:{}\r\n\
             EMAIL:person-{index:03}@acme.example\r\nTEL;TYPE=CELL:{}\r\nEND:VCARD\r\n",
            name(index),
            number(index)
        ),
    );
}

/// Somebody's name: no two begin alike.
pub(super) fn name(index: usize) -> String {
    const NAMES: [&str; 8] = [
        "Ada Bok",
        "Erik Fors",
        "Greta Holm",
        "Ines Jung",
        "Karl Lund",
        "Maja Nord",
        "Olof Palm",
        "Ruth Stein",
    ];
    NAMES[index].to_owned()
}

pub(super) fn number(index: usize) -> String {
    format!("+491711200{index:04}")
}

/// What an MDM hands to a phone of `company`, with `more` in it.
pub(super) fn managed(company: &Company, more: Value) -> Value {
    let mut managed = json!({
        "server_url": company.issuer,
        "license_username": USERNAME,
        "license_password": PASSWORD,
        "default_region": "DE",
    });
    managed.as_object_mut().unwrap().extend(more.as_object().expect("settings").clone());
    managed
}

fn phone(
    folder: &Path,
    name: &str,
    internet: &Internet,
    keys: &Shared<MemoryVault>,
    seed: u64,
) -> Handset {
    let net = {
        let internet = internet.clone();
        move |request: &Request| internet.exchange(request)
    };
    let mut phone = Handset::new(folder.join(name), net, keys.clone(), seed, START.0);
    let companies = internet.companies.clone();
    phone.keep_time_with(move |true_ms| set_clocks(&companies, true_ms));
    phone
}

fn set_clocks(companies: &Shared<Vec<Shared<Company>>>, true_ms: i64) {
    for company in companies.borrow().iter() {
        company.borrow_mut().now_s = true_ms.div_euclid(1_000);
    }
}

/// A folder that goes away by itself: in memory where the machine has such a place.
pub(super) fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a temporary folder")
}

/// The names of everybody on the phone, sorted.
pub(super) fn people(phone: &mut Handset) -> Vec<String> {
    let everybody = phone.agent().directory().contacts(Page::ALL).unwrap_or_default();
    let mut names: Vec<String> =
        everybody.into_iter().map(|contact| contact.record.name.display).collect();
    names.sort();
    names
}

/// The person types a user name and a password.
pub(super) fn typed(server: &str, username: &str, password: &str) -> Event {
    let (username, password) = (Secret::from(username), Secret::from(password));
    let evidence = Evidence::Credentials { username, password };
    Event::Activate { server_url: Some(server.to_owned()), evidence }
}

/// Nobody is there.
pub(super) fn no_network() -> Plan<'static> {
    Plan { request: Box::new(|_, _| Wire::RequestLost(Failure::NameNotFound)), ..Plan::default() }
}

/// Requests to addresses that end in `path` get what `instead` makes; all others go through.
pub(super) fn at(path: &'static str, mut instead: impl FnMut() -> Wire + 'static) -> Plan<'static> {
    let request = move |_: usize, request: &Request| {
        if request.url.ends_with(path) { instead() } else { Wire::Through }
    };
    Plan { request: Box::new(request), ..Plan::default() }
}

/// How often the phone asked for what begins so (method and path).
pub(super) fn asked(phone: &Handset, what: &str) -> usize {
    phone.asked.iter().filter(|(_, asked)| asked.starts_with(what)).count()
}

/// Every effect that is handed out from now on; each is done.
pub(super) fn effects(phone: &mut Handset) -> Shared<Vec<Effect>> {
    let seen = Shared::<Vec<Effect>>::default();
    let noted = seen.clone();
    phone.plan.effect = Box::new(move |_, effect| {
        noted.borrow_mut().push(effect.clone());
        EffectOutcome::Done
    });
    seen
}

/// The titles of the notifications among `effects`, in order.
pub(super) fn notified(effects: &Shared<Vec<Effect>>) -> Vec<String> {
    let effects = effects.borrow();
    let titles = effects.iter().filter_map(|effect| match effect {
        Effect::Notify { title, .. } => Some(title.clone()),
        _ => None,
    });
    titles.collect()
}
