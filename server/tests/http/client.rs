//! A phone and an admin in a few lines: own keys, own proofs, nothing from the server's code.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_server::admin::{Actor, Call};
use muster_server::clock::SetClock;
use muster_server::ids::UnixTime;
use muster_server::{Config, Running, Server};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use serde_json::{Value, json};

pub(crate) const NOW: i64 = 1_800_000_000;
/// Verifier and challenge of RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().to_vec()
}

/// A server on a clock of ours, with one organisation of three people.
pub(crate) struct World {
    pub(crate) server: Running,
    pub(crate) clock: Arc<SetClock>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let clock = Arc::new(SetClock::new(UnixTime(NOW)));
        let server = Server::start(Config { clock: clock.clone(), ..config }).unwrap();
        let world = Self { server, clock };
        world.admin("POST", "tenants", json!({"id": "acme", "name": "Acme AG"}));
        for (first, last) in [("Anna", "Müller"), ("Bert", "Meier"), ("Clara", "O'Neill")] {
            world.acme(
                "POST",
                "people",
                json!({
                    "first_name": first, "last_name": last, "mobile": "+49 151 1234",
                    "email": format!("{}@acme.example", first.to_lowercase()),
                }),
            );
        }
        world.acme("PUT", "passcode", json!({"passcode": "open sesame"}));
        world.acme("PUT", "organization-code", json!({"code": "ACME-PUBLIC"}));
        world.licence("shared", None, None);
        world
    }

    pub(crate) fn try_admin(
        &self,
        who: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> (u16, Value) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let segments: Vec<&str> = path.split('/').collect();
        let mut call = Call::new(method, &segments, body);
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            call = call.with(name, value);
        }
        match self.server.admin().handle(&Actor(who.to_owned()), &call) {
            Ok(answer) => answer,
            Err(refusal) => (refusal.status(), json!(refusal.to_string())),
        }
    }

    pub(crate) fn admin(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.try_admin("ada", method, path, body);
        assert!(status < 300, "{method} {path}: {status} {answer}");
        answer
    }

    /// An admin call inside the organisation.
    pub(crate) fn acme(&self, method: &str, path: &str, body: Value) -> Value {
        self.admin(method, &format!("tenants/acme/{path}"), body)
    }

    pub(crate) fn licence(&self, username: &str, seats: Option<i64>, person: Option<&str>) {
        self.acme(
            "POST",
            "licences",
            json!({"username": username, "password": "pw", "seats": seats, "person": person}),
        );
    }

    /// A new link; its code.
    pub(crate) fn link(&self, person: Option<&str>) -> String {
        let link = self.acme("POST", "links", json!({ "person": person }));
        let url = link["url"].as_str().unwrap();
        url.split_once("&c=").unwrap().1.split('&').next().unwrap().to_owned()
    }

    pub(crate) fn device(&self, phone: &Phone<'_>) -> Value {
        self.acme("GET", &format!("devices/{}", phone.name), Value::Null)
    }

    pub(crate) fn phone(&self) -> Phone<'_> {
        Phone::new(self)
    }

    /// A phone that is in, by the shared licence.
    pub(crate) fn active_phone(&self) -> Phone<'_> {
        let phone = self.phone();
        phone.activate(&[("username", "shared"), ("password", "pw")]);
        phone
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// `error`, or `reason` where there is one.
    pub(crate) fn reason(&self) -> String {
        let body = self.json();
        let reason = body.get("reason").or(body.get("error")).or(body.get("err"));
        reason.and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

/// One plain HTTP exchange.
pub(crate) fn fetch(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_redirects(0)
        .build()
        .into();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = agent.run(request.body(body.into()).unwrap()).unwrap();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()))
        .collect();
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap();
    Answer { status, headers, body }
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

/// Tokens of an activation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) answer: Value,
}

/// A phone: a key, and what the server told it.
pub(crate) struct Phone<'w> {
    pub(crate) world: &'w World,
    pub(crate) base: String,
    pair: EcdsaKeyPair,
    pub(crate) name: String,
    pub(crate) nonce: RefCell<Option<String>>,
    pub(crate) tokens: RefCell<Tokens>,
    pub(crate) device: RefCell<Value>,
    count: Cell<u32>,
}

impl<'w> Phone<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        let random = SystemRandom::new();
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random)
                .unwrap();
        let mut phone = Self {
            world,
            base: world.server.url().to_owned(),
            pair,
            name: String::new(),
            nonce: RefCell::new(None),
            tokens: RefCell::default(),
            device: RefCell::new(json!({"platform": "android", "model": "Pixel 8"})),
            count: Cell::new(0),
        };
        let jwk = phone.jwk();
        let canonical =
            format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, jwk["x"], jwk["y"]);
        phone.name = b64(sha256(canonical.as_bytes()));
        phone
    }

    /// A phone with MDM ids.
    pub(crate) fn managed(self, device_id: &str) -> Self {
        *self.device.borrow_mut() = json!({"platform": "ios", "device_id": device_id});
        self
    }

    pub(crate) fn jwk(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "x": b64(&point[1..33]), "y": b64(&point[33..])})
    }

    pub(crate) fn sign(&self, header: &Value, payload: &Value) -> String {
        let input = format!("{}.{}", b64(header.to_string()), b64(payload.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
        format!("{input}.{}", b64(signature))
    }

    pub(crate) fn now(&self) -> i64 {
        muster_server::clock::Clock::now(&*self.world.clock).0
    }

    pub(crate) fn next(&self) -> u32 {
        self.count.set(self.count.get() + 1);
        self.count.get()
    }

    /// The claims of a proof as they should be.
    pub(crate) fn claims(&self, method: &str, url: &str, access: Option<&str>) -> Value {
        let mut claims = json!({
            "htm": method, "htu": url, "iat": self.now(), "jti": format!("p{}", self.next()),
        });
        if let Some(nonce) = &*self.nonce.borrow() {
            claims["nonce"] = json!(nonce);
        }
        if let Some(access) = access {
            claims["ath"] = json!(b64(sha256(access.as_bytes())));
        }
        claims
    }

    pub(crate) fn proof(&self, claims: &Value) -> String {
        self.sign(&json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk()}), claims)
    }

    pub(crate) fn at(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    /// A request with proof, once; the nonce of the answer is kept.
    pub(crate) fn once(
        &self,
        method: &str,
        path: &str,
        access: Option<&str>,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let url = self.at(path);
        let bare = url.split(['?', '#']).next().unwrap_or_default().to_owned();
        let proof = self.proof(&self.claims(method, &bare, access));
        let mut all = vec![("dpop", proof.as_str())];
        let authorization = access.map(|token| format!("DPoP {token}"));
        if let Some(authorization) = &authorization {
            all.push(("authorization", authorization));
        }
        all.extend(headers);
        let answer = fetch(method, &url, &all, body);
        if let Some(nonce) = answer.header("dpop-nonce") {
            *self.nonce.borrow_mut() = Some(nonce.to_owned());
        }
        answer
    }

    /// A request with proof, repeated when a fresh nonce is asked for.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        access: Option<&str>,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let answer = self.once(method, path, access, headers, body);
        if answer.text_or_empty().contains("use_dpop_nonce")
            || answer.header("www-authenticate").is_some_and(|v| v.contains("use_dpop_nonce"))
        {
            return self.once(method, path, access, headers, body);
        }
        answer
    }

    pub(crate) fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, None, &kind, &form(pairs))
    }

    pub(crate) fn challenge(&self, evidence: &[(&str, &str)]) -> Answer {
        let device = self.device.borrow().to_string();
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", "muster"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("device", device.as_str()),
        ];
        pairs.extend(evidence);
        self.post("/oauth/challenge", &pairs)
    }

    pub(crate) fn code(&self, evidence: &[(&str, &str)]) -> String {
        let answer = self.challenge(evidence);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["authorization_code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn redeem(&self, code: &str) -> Answer {
        self.post(
            "/oauth/token",
            &[
                ("grant_type", "authorization_code"),
                ("client_id", "muster"),
                ("code", code),
                ("code_verifier", VERIFIER),
            ],
        )
    }

    pub(crate) fn refresh(&self) -> Answer {
        let refresh = self.tokens.borrow().refresh.clone();
        self.post(
            "/oauth/token",
            &[
                ("grant_type", "refresh_token"),
                ("client_id", "muster"),
                ("refresh_token", &refresh),
            ],
        )
    }

    pub(crate) fn keep(&self, answer: &Answer) {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer = answer.json();
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        *self.tokens.borrow_mut() =
            Tokens { access: text("access_token"), refresh: text("refresh_token"), answer };
    }

    pub(crate) fn activate(&self, evidence: &[(&str, &str)]) {
        let code = self.code(evidence);
        self.keep(&self.redeem(&code));
    }

    /// A request with access token and proof.
    pub(crate) fn resource(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let access = self.tokens.borrow().access.clone();
        self.send(method, path, Some(&access), headers, body)
    }

    /// The policy, verified with the key of the token answer.
    pub(crate) fn policy(&self) -> Value {
        let answer = self.resource("GET", "/policy", &[], b"");
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.verified(&answer.text(), "muster-policy+jwt")
    }

    pub(crate) fn verified(&self, jws: &str, typ: &str) -> Value {
        let keys = self.tokens.borrow().answer["muster_policy_jwks"].clone();
        verified(jws, typ, &keys["keys"][0])
    }

    pub(crate) fn status(&self) -> Value {
        let answer = self.post("/status", &[("nonce", "n-0"), ("tenant", "acme")]);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let keys = fetch("GET", &self.at("/oauth/jwks?tenant=acme"), &[], "").json();
        let status = verified(&answer.text(), "muster-status+jwt", &keys["keys"][0]);
        assert_eq!(status["nonce"], "n-0");
        assert_eq!(status["sub"], self.name.as_str());
        assert_eq!(status["aud"], "acme");
        status
    }

    pub(crate) fn state(&self) -> String {
        self.status()["state"].as_str().unwrap().to_owned()
    }

    /// The claims of an event as they should be.
    pub(crate) fn event(&self, jti: &str, kind: &str, body: Value) -> Value {
        json!({
            "iss": format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{}", self.name),
            "jti": jti, "iat": self.now(), "aud": self.world.server.url(),
            "events": {kind: body},
        })
    }

    pub(crate) fn set(&self, claims: &Value) -> String {
        self.sign(&json!({"typ": "secevent+jwt", "alg": "ES256", "kid": self.name}), claims)
    }

    pub(crate) fn push(&self, claims: &Value) -> Answer {
        self.push_raw(&self.set(claims))
    }

    pub(crate) fn push_raw(&self, set: &str) -> Answer {
        let kind = [("content-type", "application/secevent+jwt")];
        self.resource("POST", "/events", &kind, set.as_bytes())
    }

    /// Without token and proof.
    pub(crate) fn push_bare(&self, claims: &Value) -> Answer {
        let kind = [("content-type", "application/secevent+jwt")];
        fetch("POST", &self.at("/events"), &kind, self.set(claims))
    }
}

impl Answer {
    fn text_or_empty(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Checks a JWS of the server and reads its payload.
pub(crate) fn verified(jws: &str, typ: &str, key: &Value) -> Value {
    let unb64 = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let parts: Vec<&str> = jws.split('.').collect();
    let header: Value = serde_json::from_slice(&unb64(parts[0])).unwrap();
    assert_eq!((&header["typ"], &header["alg"]), (&json!(typ), &json!("Ed25519")));
    assert_eq!(header["kid"], key["kid"]);
    let public = unb64(key["x"].as_str().unwrap());
    let input = format!("{}.{}", parts[0], parts[1]);
    UnparsedPublicKey::new(&ED25519, public).verify(input.as_bytes(), &unb64(parts[2])).unwrap();
    serde_json::from_slice(&unb64(parts[1])).unwrap()
}
