//! A management server in a few lines: checks every proof and form, and answers as the protocol
//! says, unless a test puts something else in place of an answer.
pub(crate) mod faults;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Metadata, Server, ServerUrl, discover};
use crate::http::Request;
use crate::jose::testing::{Phone, Reply, START, Signer, device_key};
use crate::jose::{DeviceKey, ServerMemory, Unverified, sha256_base64url};

pub(crate) const ISSUER: &str = "https://muster.example";
pub(crate) const REFRESH: &str = "canary-refresh";
pub(crate) const ACCESS: &str = "canary-access";

pub(crate) struct FakeServer {
    /// Every request, as method and path.
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
    /// The policy token and its entity tag.
    pub(crate) policy: Option<(String, String)>,
    /// Signs policy and status.
    pub(crate) signer: Signer,
    /// What the key set holds, if not the signer's key.
    pub(crate) jwks: Option<Value>,
    /// More members of the header of signed answers.
    pub(crate) header: Value,
    /// The last pushed event token and whether an access token came with it.
    pub(crate) pushed: Option<(String, bool)>,
    challenges: BTreeMap<String, String>,
    codes: usize,
}

impl FakeServer {
    pub(crate) fn new() -> Self {
        Self {
            log: Vec::new(),
            forms: Vec::new(),
            instead: BTreeMap::new(),
            wants_nonce: false,
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
            challenges: BTreeMap::new(),
            codes: 0,
        }
    }

    pub(crate) fn answer(&mut self, request: &Request) -> Reply {
        let number = self.log.len();
        let path = request.url.strip_prefix(ISSUER).expect("only this server").to_owned();
        self.log.push(format!("{} {path}", request.method.as_str()));
        let form = form_urlencoded::parse(&request.body).into_owned().collect();
        self.forms.push(form);
        let reply = self.handle(request, &path, number);
        self.instead.remove(&number).unwrap_or(reply)
    }

    /// Starts the log anew.
    pub(crate) fn forget(&mut self) {
        self.log.clear();
        self.forms.clear();
    }

    fn handle(&mut self, request: &Request, path: &str, number: usize) -> Reply {
        let proven = !matches!(
            path,
            "/.well-known/oauth-authorization-server" | "/jwks" | "/events" if header(request, "DPoP").is_none()
        );
        if proven && let Some(refusal) = self.check_proof(request) {
            return refusal;
        }
        let form = self.forms[number].clone();
        match path {
            "/.well-known/oauth-authorization-server" => self.describe(),
            "/challenge" => self.challenge(&form),
            "/token" => self.token(&form),
            "/revoke" => Reply::new(200, "text/plain", ""),
            "/status" => self.status(&form),
            "/policy" => self.policy(request),
            "/jwks" => {
                let key = self.signer.public().to_jwk();
                let set = self.jwks.clone().unwrap_or(json!({ "keys": [key] }));
                Reply::new(200, "application/jwk-set+json", set.to_string())
            }
            "/events" => {
                assert_eq!(header(request, "Content-Type"), Some("application/secevent+jwt"));
                let body = String::from_utf8(request.body.clone()).unwrap();
                self.pushed = Some((body, header(request, "Authorization").is_some()));
                self.events.clone().unwrap_or(Reply::new(202, "text/plain", ""))
            }
            other => panic!("unexpected: {other}"),
        }
    }

    fn check_proof(&self, request: &Request) -> Option<Reply> {
        let proof = header(request, "DPoP").expect("a proof");
        let token = Unverified::parse(proof, 4_000).unwrap();
        let claims = token.verify(device_key().public(), "dpop+jwt").unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["htm"], request.method.as_str());
        assert_eq!(claims["htu"], request.url);
        if !self.wants_nonce || claims["nonce"] == "the-nonce" {
            return None;
        }
        let refusal = Reply::json(400, &json!({ "error": "use_dpop_nonce" }));
        Some(refusal.with("DPoP-Nonce", "the-nonce"))
    }

    fn describe(&self) -> Reply {
        let at = |path: &str| format!("{ISSUER}{path}");
        let mut metadata = json!({
            "issuer": ISSUER,
            "authorization_challenge_endpoint": at("/challenge"),
            "token_endpoint": at("/token"),
            "authorization_endpoint": at("/authorize"),
            "revocation_endpoint": at("/revoke"),
            "muster_policy_endpoint": at("/policy"),
            "muster_status_endpoint": at("/status"),
            "muster_events_endpoint": at("/events"),
            "muster_contacts_url": "https://dav.example/books/",
            "muster_jwks_uri": at("/jwks"),
            "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ["ES256"],
        });
        merge(&mut metadata, &self.metadata);
        Reply::json(200, &metadata)
    }

    fn challenge(&mut self, form: &BTreeMap<String, String>) -> Reply {
        assert_eq!(form["response_type"], "code");
        assert_eq!(form["client_id"], "muster");
        assert_eq!(form["code_challenge_method"], "S256");
        assert!(serde_json::from_str::<Value>(&form["device"]).unwrap().is_object());
        if let Some(reply) = self.challenge.clone() {
            return reply;
        }
        self.codes += 1;
        let code = format!("code-{}", self.codes);
        // The same evidence voids the code before.
        self.challenges = [(code.clone(), form["code_challenge"].clone())].into();
        Reply::json(200, &json!({ "authorization_code": code }))
    }

    /// Lets a browser sign-in begin that ends with `code`.
    pub(crate) fn allow_code(&mut self, code: &str, challenge: &str) {
        self.challenges.insert(code.to_owned(), challenge.to_owned());
    }

    fn token(&mut self, form: &BTreeMap<String, String>) -> Reply {
        let refusal = Reply::json(400, &json!({ "error": "invalid_grant" }));
        match form["grant_type"].as_str() {
            "authorization_code" => {
                let challenge = self.challenges.remove(&form["code"]);
                if challenge != Some(sha256_base64url(&form["code_verifier"])) {
                    return refusal;
                }
            }
            "refresh_token" if form["refresh_token"] != REFRESH => return refusal,
            "refresh_token" => {}
            other => panic!("unexpected: {other}"),
        }
        let mut answer = json!({
            "access_token": ACCESS,
            "token_type": "DPoP",
            "expires_in": 600,
            "refresh_token": REFRESH,
            "muster_tenant": "t1",
            "muster_device": device_key().thumbprint().to_string(),
            "muster_policy_jwks": { "keys": [self.signer.public().to_jwk()] },
        });
        merge(&mut answer, &self.token);
        Reply::json(200, &answer)
    }

    fn status(&self, form: &BTreeMap<String, String>) -> Reply {
        let mut claims = json!({
            "iss": ISSUER,
            "aud": "t1",
            "sub": device_key().thumbprint().to_string(),
            "nonce": form["nonce"],
            "iat": START.as_seconds(),
            "exp": START.as_seconds() + 300,
            "state": "active",
        });
        merge(&mut claims, &self.status);
        let token = self.signer.sign("muster-status+jwt", &self.header, &claims);
        Reply::new(200, "application/jwt", token)
    }

    fn policy(&self, request: &Request) -> Reply {
        if header(request, "Authorization") != Some(&format!("DPoP {ACCESS}")) {
            return Reply::json(401, &json!({}));
        }
        let (token, etag) = self.policy.clone().expect("a policy");
        if header(request, "If-None-Match") == Some(&etag) {
            return Reply::new(304, "text/plain", "");
        }
        Reply::new(200, "application/jwt", token).with("ETag", &etag)
    }
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

/// Sets the members of `changes`; null removes one.
pub(crate) fn merge(into: &mut Value, changes: &Value) {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            into.as_object_mut().unwrap().remove(name);
        } else {
            into[name] = value.clone();
        }
    }
}

/// What a test keeps between flows.
pub(crate) struct World {
    pub(crate) phone: Phone,
    pub(crate) server: FakeServer,
    pub(crate) key: DeviceKey,
    pub(crate) memory: ServerMemory,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            phone: Phone::new(),
            server: FakeServer::new(),
            key: device_key(),
            memory: ServerMemory::default(),
        }
    }

    pub(crate) fn metadata(&mut self) -> Metadata {
        let flow = self.phone.flow.clone();
        let url = ServerUrl::parse(ISSUER).unwrap();
        let mut quiet = FakeServer::new();
        quiet.metadata = self.server.metadata.clone();
        self.phone.run(discover(&flow, &url), |r| quiet.answer(r)).unwrap()
    }

    /// Runs one flow against the server.
    pub(crate) fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&crate::flow::Flow, &Server<'_>) -> T,
    ) -> T {
        let metadata = self.metadata();
        self.run_with(&metadata, work)
    }

    pub(crate) fn run_with<T>(
        &mut self,
        metadata: &Metadata,
        work: impl AsyncFnOnce(&crate::flow::Flow, &Server<'_>) -> T,
    ) -> T {
        let flow = self.phone.flow.clone();
        let (key, memory) = (self.key.clone(), self.memory.clone());
        let server = Server { metadata, key: &key, memory: &memory, client_id: "muster" };
        self.phone.run(work(&flow, &server), |request| self.server.answer(request))
    }
}
