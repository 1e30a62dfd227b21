//! A company in this process: its management server, its address book, and what an admin does.
//!
//! It speaks the protocol of docs/protocol.md as the reference server does: evidence, seats, tokens
//! bound to keys, a signed policy and a signed status, orders, events. A test may put something
//! else in place of any answer.
use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::contacts::sync::tests::server::{Server as Book, Ways};
use crate::http::Request;
use crate::jose::PublicKey;
use crate::jose::tests::{Reply, START, Signer, device_key};

pub(crate) const ISSUER: &str = "https://muster.example";
pub(crate) const REFRESH: &str = "canary-refresh";
pub(crate) const ACCESS: &str = "canary-access";

/// The company.
pub(crate) struct Company {
    /// Every request to the management server, as method and path.
    pub(crate) log: Vec<String>,
    /// Forms as they came, by the number of the request.
    pub(crate) forms: Vec<BTreeMap<String, String>>,
    /// Put in place of the answer to the request of this number. The request is handled all the
    /// same: it is the answer that gets lost.
    pub(crate) instead: BTreeMap<usize, Reply>,
    /// Demand a nonce in every proof.
    pub(crate) wants_nonce: bool,
    /// What the challenge endpoint answers, if not a code.
    pub(crate) challenge: Option<Reply>,
    /// What the events endpoint answers, if not 202.
    pub(crate) events: Option<Reply>,
    /// Changes to the token answer.
    pub(crate) token: Value,
    /// Changes to the metadata.
    pub(crate) metadata: Value,
    /// Changes to the claims of the status.
    pub(crate) status: Value,
    /// The policy token and its entity tag, if not what follows from `profile`.
    pub(crate) policy: Option<(String, String)>,
    /// Signs policy and status.
    pub(crate) signer: Signer,
    /// What the key set holds, if not the signer's key.
    pub(crate) jwks: Option<Value>,
    /// More members of the header of signed answers.
    pub(crate) header: Value,
    /// The last pushed event token and whether an access token came with it.
    pub(crate) pushed: Option<(String, bool)>,

    /// `https://` and its host.
    pub(crate) issuer: String,
    /// Seconds since 1970.
    pub(crate) now_s: i64,
    /// Whether everything is checked. If not, whoever comes is let in and every event is taken.
    pub(super) strict: bool,
    /// What is shown to be let in.
    pub(super) accounts: Vec<Account>,
    /// What the policy says, without orders, times and number.
    pub(crate) profile: Value,
    /// The phones, by the thumbprint of their key.
    pub(super) enrolled: BTreeMap<String, Enrolled>,
    /// Codes that wait to be redeemed: PKCE challenge and phone.
    pub(super) codes: BTreeMap<String, (String, String)>,
    /// The claims of all events, in order of arrival.
    pub(crate) told: Vec<Value>,
    /// The address book, behind the same tokens.
    pub(crate) book: Book,
    pub(super) issued: usize,
}

/// Something that lets phones in.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// The parameters of the challenge that must be as they are here.
    pub(super) shown: Vec<(&'static str, String)>,
    /// How many phones it lets in.
    pub(crate) seats: usize,
    /// Why nobody is let in by it any more, as the server says it.
    pub(crate) denied: Option<&'static str>,
    /// Whether it works for one phone, once.
    pub(super) once: bool,
}

/// Where a phone stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    /// Let in, and its tokens not fetched yet.
    Pending,
    Active,
    /// To be erased.
    Retiring,
    Erased,
    Revoked,
    /// Another phone took its seat.
    Replaced,
    SignedOut,
}

/// A phone, as the server knows it.
#[derive(Clone, Debug)]
pub(crate) struct Enrolled {
    pub(super) key: PublicKey,
    /// What it says about itself.
    pub(crate) facts: Value,
    /// Which account let it in.
    pub(super) account: usize,
    pub(crate) standing: Standing,
    pub(super) refresh: Option<String>,
    /// Access tokens, and the second at which each ends.
    pub(super) access: Vec<(String, i64)>,
    /// Orders that were not acknowledged yet, as the policy shows them.
    pub(crate) orders: Vec<Value>,
    pub(super) policy: Option<Issued>,
}

/// A policy that was signed.
#[derive(Clone, Debug)]
pub(super) struct Issued {
    pub(super) seq: i64,
    pub(super) content: Value,
    pub(super) compact: String,
    pub(super) issued_s: i64,
}

/// A week: how long an order stands.
const ORDER_S: i64 = 7 * 86_400;

impl Company {
    /// A company that knows the one phone of the tests of flows, lets everybody in, and checks
    /// proofs and forms only.
    pub(crate) fn open_house() -> Self {
        let mut company = Self::new(ISSUER);
        company.strict = false;
        company.wants_nonce = false;
        let enrolled = Enrolled {
            refresh: Some(REFRESH.to_owned()),
            access: vec![(ACCESS.to_owned(), i64::MAX)],
            ..Enrolled::new(device_key().public().clone(), json!({}), 0, Standing::Active)
        };
        company.enrolled.insert(device_key().thumbprint().to_string(), enrolled);
        company
    }

    /// A company at `issuer` that lets nobody in yet and has nobody in its book.
    pub(crate) fn new(issuer: &str) -> Self {
        let mut company = Self {
            log: Vec::new(),
            forms: Vec::new(),
            instead: BTreeMap::new(),
            wants_nonce: true,
            challenge: None,
            events: None,
            token: json!({}),
            metadata: json!({}),
            status: json!({}),
            policy: None,
            signer: Signer::new(1),
            jwks: None,
            header: json!({}),
            pushed: None,
            issuer: issuer.to_owned(),
            now_s: START.as_seconds(),
            strict: true,
            accounts: Vec::new(),
            profile: json!({
                "next_check_s": 86_400,
                "organization": { "name": "Acme AG", "support": { "phone": "+49302312500" } },
                "settings": {},
                "rules": [],
                "licence": { "offline_grace_s": 14 * 86_400 },
            }),
            enrolled: BTreeMap::new(),
            codes: BTreeMap::new(),
            told: Vec::new(),
            book: Book::new(Ways::default()),
            issued: 0,
        };
        let url = company.book_url();
        company.profile["contacts"] =
            json!({ "books": [{ "url": url, "name": "Staff", "auth": "dpop" }] });
        company
    }

    /// The origin of the address book.
    pub(super) fn dav(&self) -> String {
        self.issuer.replace("https://", "https://dav.").replace("dav.muster.example", "dav.example")
    }

    pub(crate) fn book_url(&self) -> String {
        format!("{}/u/book/", self.dav())
    }

    /// Handles a request to the management server.
    pub(crate) fn answer(&mut self, request: &Request) -> Reply {
        let number = self.log.len();
        let path = request.url.strip_prefix(&self.issuer).expect("only this server").to_owned();
        self.log.push(format!("{} {path}", request.method.as_str()));
        let form = form_urlencoded::parse(&request.body).into_owned().collect();
        self.forms.push(form);
        let reply = self.handle(request, &path, number);
        let reply = if self.strict { reply.with("Date", &self.date()) } else { reply };
        self.instead.remove(&number).unwrap_or(reply)
    }

    /// Starts the log anew.
    pub(crate) fn forget(&mut self) {
        self.log.clear();
        self.forms.clear();
    }

    // --- what an admin does ---

    /// Lets phones in that show this.
    pub(crate) fn lets_in(&mut self, shown: &[(&'static str, &str)], seats: usize) -> usize {
        let shown = shown.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.accounts.push(Account { shown, seats, denied: None, once: false });
        self.accounts.len() - 1
    }

    /// A new activation link.
    pub(crate) fn link(&mut self) -> String {
        self.issued += 1;
        let code = format!("link-code-{:022}", self.issued);
        let index = self.lets_in(&[("activation_code", &code)], 1);
        self.accounts[index].once = true;
        let host = self.issuer.trim_start_matches("https://");
        let key = self.signer.public().thumbprint();
        format!("https://link.muster.dev/a#v=1&c={code}&s={host}&k={key}")
    }

    pub(crate) fn account(&mut self, index: usize) -> &mut Account {
        &mut self.accounts[index]
    }

    /// Sets what a setting is for everybody; null takes the layers below away.
    pub(crate) fn sets(&mut self, key: &str, value: Value) {
        self.profile["settings"][key] = value;
    }

    /// A rule: the signal must be as `rule` says.
    pub(crate) fn rules(&mut self, rule: Value) {
        let rules = self.profile["rules"].as_array_mut().expect("a list");
        rules.retain(|other| other["id"] != rule["id"]);
        rules.push(rule);
    }

    /// Names of the phones that are in use.
    pub(crate) fn active(&self) -> Vec<String> {
        let active = self.enrolled.iter().filter(|(_, p)| p.standing == Standing::Active);
        active.map(|(name, _)| name.clone()).collect()
    }

    /// The one phone that was ever let in.
    #[track_caller]
    pub(crate) fn only_phone(&mut self) -> &mut Enrolled {
        assert_eq!(self.enrolled.len(), 1, "{:?}", self.enrolled.keys());
        self.enrolled.values_mut().next().expect("one")
    }

    /// Where every phone stands.
    pub(crate) fn standings(&self) -> Vec<Standing> {
        self.enrolled.values().map(|phone| phone.standing).collect()
    }

    /// Orders the phone that is in use to do something; the name of the order.
    #[track_caller]
    pub(crate) fn orders(&mut self, kind: &str, more: &Value) -> String {
        self.issued += 1;
        let jti = format!("order-{}", self.issued);
        let mut order = json!({ "jti": jti, "kind": kind, "exp": self.now_s + ORDER_S });
        super::merge(&mut order, more);
        let names = self.active();
        assert_eq!(names.len(), 1, "{names:?}");
        let phone = self.enrolled.get_mut(&names[0]).expect("it is there");
        phone.orders.push(order);
        if kind == "erase" {
            phone.standing = Standing::Retiring;
        }
        jti
    }

    /// Every phone is shut out at once.
    pub(crate) fn revokes(&mut self) {
        for phone in self.enrolled.values_mut() {
            phone.standing = Standing::Revoked;
            phone.forget_tokens();
        }
        for account in &mut self.accounts {
            account.denied = Some("revoked");
        }
    }

    /// Tokens are void and nothing else: so does a server that lost some of its data.
    pub(crate) fn voids_tokens(&mut self) {
        self.enrolled.values_mut().for_each(Enrolled::forget_tokens);
    }

    /// How many phones use the account.
    pub(crate) fn seats_taken(&self, account: usize) -> usize {
        let takes = |phone: &&Enrolled| {
            phone.account == account
                && matches!(phone.standing, Standing::Pending | Standing::Active)
        };
        self.enrolled.values().filter(takes).count()
    }

    // --- what the phones told ---

    /// What events of a kind said, in order of arrival. `kind` is the last word of the type.
    pub(crate) fn heard(&self, kind: &str) -> Vec<Value> {
        let events = self.told.iter().filter_map(|claims| claims["events"].as_object());
        let events = events.flatten().filter(|(uri, _)| uri.rsplit('/').next() == Some(kind));
        events.map(|(_, said)| said.clone()).collect()
    }

    /// How often the management server was asked for `what` (method and path).
    pub(crate) fn asked(&self, what: &str) -> usize {
        self.log.iter().filter(|asked| *asked == what).count()
    }
}

impl Enrolled {
    pub(super) fn new(key: PublicKey, facts: Value, account: usize, standing: Standing) -> Self {
        Self {
            key,
            facts,
            account,
            standing,
            refresh: None,
            access: Vec::new(),
            orders: Vec::new(),
            policy: None,
        }
    }

    pub(super) fn forget_tokens(&mut self) {
        self.refresh = None;
        self.access.clear();
    }

    /// The newest policy that was signed for it.
    pub(crate) fn policy_in_force(&self) -> Option<String> {
        self.policy.as_ref().map(|issued| issued.compact.clone())
    }

    pub(super) fn may_use_tokens(&self) -> bool {
        use Standing::{Active, Pending, Retiring};
        matches!(self.standing, Pending | Active | Retiring)
    }
}
