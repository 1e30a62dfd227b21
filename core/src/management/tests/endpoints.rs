//! What the company's servers answer.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::company::{ACCESS, Company, Enrolled, Issued, REFRESH, Standing};
use super::merge;
use crate::http::{Answer, Request};
use crate::jose::tests::{Reply, device_key};
use crate::jose::{PublicKey, Unverified, sha256_base64url};

/// How far a proof's `iat` may be off, and how long a nonce lives at least, in seconds.
const IAT_S: i64 = 300;
const NONCE_S: i64 = 150;
/// Seconds that an access token, a policy and a status last.
const ACCESS_S: i64 = 600;
const POLICY_S: i64 = 7 * 86_400;
const STATUS_S: i64 = 300;

type Form = BTreeMap<String, String>;

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

fn invalid_grant() -> Reply {
    Reply::json(400, &json!({ "error": "invalid_grant" }))
}

fn denied(reason: &str) -> Reply {
    Reply::json(403, &json!({ "error": "access_denied", "reason": reason }))
}

fn refused_event(err: &str) -> Reply {
    Reply::json(400, &json!({ "err": err, "description": "made up" }))
}

impl Company {
    /// `now` as a server writes it.
    pub(super) fn date(&self) -> String {
        let now = jiff::Timestamp::from_second(self.now_s).expect("a moment");
        now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    pub(super) fn handle(&mut self, request: &Request, path: &str, number: usize) -> Reply {
        let open = match path {
            "/.well-known/oauth-authorization-server" | "/jwks" => true,
            "/events" => header(request, "DPoP").is_none(),
            _ => false,
        };
        let key = match self.check_proof(request) {
            _ if open => None,
            Ok(key) => Some(key),
            Err(refusal) => return refusal,
        };
        let form = self.forms[number].clone();
        match (path, key) {
            ("/.well-known/oauth-authorization-server", _) => self.describe(),
            ("/jwks", _) => {
                let key = self.signer.public().to_jwk();
                let set = self.jwks.clone().unwrap_or(json!({ "keys": [key] }));
                Reply::new(200, "application/jwk-set+json", set.to_string())
            }
            ("/challenge", Some(key)) => self.challenge(&form, &key),
            ("/token", Some(key)) => self.token(&form, &key),
            ("/revoke", Some(_)) => self.revoke(&form),
            ("/status", Some(key)) => self.status(&form, &key),
            ("/policy", Some(key)) => self.policy(request, &key),
            ("/events", key) => self.event(request, key.as_ref()),
            other => panic!("unexpected: {other:?}"),
        }
    }

    /// The key that proved itself, or what the server has against the proof.
    fn check_proof(&self, request: &Request) -> Result<PublicKey, Reply> {
        let Some(proof) = header(request, "DPoP") else { return Err(denied("no proof")) };
        let token = Unverified::parse(proof, 4_000).unwrap();
        let jwk = token.header().member("jwk").and_then(Value::as_object).expect("a key");
        let key = PublicKey::from_jwk(jwk).unwrap();
        if !self.strict {
            assert_eq!(&key, device_key().public());
        }
        let claims = token.verify(&key, "dpop+jwt").unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["htm"], request.method.as_str());
        assert_eq!(claims["htu"], request.url);
        if let Some(token) = bearer(request) {
            assert_eq!(claims["ath"], sha256_base64url(token));
        }
        let refusal = |error: &str| {
            let reply = Reply::json(400, &json!({ "error": error }));
            let reply = match bearer(request) {
                Some(_) => Reply::new(401, "text/plain", "")
                    .with("WWW-Authenticate", &format!("DPoP error=\"{error}\"")),
                None => reply,
            };
            reply.with("DPoP-Nonce", &self.nonce())
        };
        if self.wants_nonce && claims["nonce"] != self.nonce() {
            return Err(refusal("use_dpop_nonce"));
        }
        let iat = claims["iat"].as_i64().unwrap();
        if self.strict && (iat - self.now_s).abs() > IAT_S {
            return Err(refusal("invalid_dpop_proof").with("Date", &self.date()));
        }
        Ok(key)
    }

    fn nonce(&self) -> String {
        format!("nonce-{}", self.now_s.div_euclid(NONCE_S))
    }

    fn describe(&self) -> Reply {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let mut metadata = json!({
            "issuer": self.issuer,
            "authorization_challenge_endpoint": at("/challenge"),
            "token_endpoint": at("/token"),
            "authorization_endpoint": at("/authorize"),
            "revocation_endpoint": at("/revoke"),
            "muster_policy_endpoint": at("/policy"),
            "muster_status_endpoint": at("/status"),
            "muster_events_endpoint": at("/events"),
            "muster_contacts_url": format!("{}/books/", self.dav()),
            "muster_jwks_uri": at("/jwks"),
            "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ["ES256"],
        });
        merge(&mut metadata, &self.metadata);
        Reply::json(200, &metadata)
    }

    fn challenge(&mut self, form: &Form, key: &PublicKey) -> Reply {
        assert_eq!(form["response_type"], "code");
        assert_eq!(form["client_id"], "muster");
        assert_eq!(form["code_challenge_method"], "S256");
        let facts: Value = serde_json::from_str(&form["device"]).unwrap();
        assert!(facts.is_object());
        if let Some(reply) = self.challenge.clone() {
            return reply;
        }
        if self.strict
            && let Err(reason) = self.admit(form, key, facts)
        {
            return denied(reason);
        }
        self.issued += 1;
        let code = format!("code-{}", self.issued);
        let device = key.thumbprint().to_string();
        // The same phone voids the code before.
        self.codes.retain(|_, (_, of)| *of != device);
        self.codes.insert(code.clone(), (form["code_challenge"].clone(), device));
        Reply::json(200, &json!({ "authorization_code": code }))
    }

    /// Lets a phone in, or says why not.
    fn admit(&mut self, form: &Form, key: &PublicKey, facts: Value) -> Result<(), &'static str> {
        let fits = |shown: &[(&'static str, String)]| {
            shown.iter().all(|(name, value)| form.get(*name) == Some(value))
        };
        let index = self.accounts.iter().position(|account| fits(&account.shown));
        let index = index.ok_or("unknown_credentials")?;
        let account = self.accounts[index].clone();
        if let Some(reason) = account.denied {
            return Err(reason);
        }
        let name = key.thumbprint().to_string();
        let before = self.enrolled.get(&name).map(|phone| phone.standing);
        match before {
            Some(Standing::Revoked) => return Err("revoked"),
            Some(Standing::Erased) => panic!("a key that was erased came back"),
            _ => {}
        }
        if account.once && self.enrolled.iter().any(|(n, p)| p.account == index && *n != name) {
            return Err("code_used");
        }
        // The same phone with another key takes its own seat.
        let id = facts["device_id"].as_str();
        for (other, phone) in &mut self.enrolled {
            let same = id.is_some() && phone.facts["device_id"].as_str() == id;
            if same && phone.account == index && *other != name && phone.may_use_tokens() {
                phone.standing = Standing::Replaced;
                phone.forget_tokens();
            }
        }
        let seated = matches!(before, Some(Standing::Pending | Standing::Active))
            && self.enrolled[&name].account == index;
        if !seated && self.seats_taken(index) >= account.seats {
            return Err("seats_exhausted");
        }
        let standing = match before {
            Some(standing @ (Standing::Active | Standing::Retiring)) => standing,
            _ => Standing::Pending,
        };
        let fresh = Enrolled::new(key.clone(), facts, index, standing);
        let entry = self.enrolled.entry(name).or_insert_with(|| fresh.clone());
        let policy = entry.policy.take();
        let orders = std::mem::take(&mut entry.orders);
        *entry = Enrolled { policy, orders, ..fresh };
        Ok(())
    }

    /// Lets a browser sign-in begin that ends with `code`.
    pub(crate) fn allow_code(&mut self, code: &str, challenge: &str) {
        let device = device_key().thumbprint().to_string();
        self.codes.insert(code.to_owned(), (challenge.to_owned(), device));
    }

    fn token(&mut self, form: &Form, key: &PublicKey) -> Reply {
        let device = key.thumbprint().to_string();
        match form["grant_type"].as_str() {
            "authorization_code" => {
                let (challenge, of) = self.codes.remove(&form["code"]).unwrap_or_default();
                if challenge != sha256_base64url(&form["code_verifier"]) || of != device {
                    return invalid_grant();
                }
            }
            "refresh_token" => {
                let known = self.enrolled.get(&device).and_then(|phone| phone.refresh.as_ref());
                if known != Some(&form["refresh_token"]) {
                    return invalid_grant();
                }
            }
            other => panic!("unexpected: {other}"),
        }
        self.issued += 1;
        let (number, now_s, strict) = (self.issued, self.now_s, self.strict);
        let Some(phone) = self.enrolled.get_mut(&device).filter(|p| p.may_use_tokens()) else {
            return invalid_grant();
        };
        if phone.standing == Standing::Pending {
            phone.standing = Standing::Active;
        }
        let access = if strict { format!("{ACCESS}-{number}") } else { ACCESS.to_owned() };
        let fresh = if strict { format!("{REFRESH}-{number}") } else { REFRESH.to_owned() };
        let refresh = phone.refresh.get_or_insert(fresh).clone();
        phone.access.push((access.clone(), now_s + ACCESS_S));
        let mut answer = json!({
            "access_token": access,
            "token_type": "DPoP",
            "expires_in": ACCESS_S,
            "refresh_token": refresh,
            "muster_tenant": "t1",
            "muster_device": device,
            "muster_policy_jwks": { "keys": [self.signer.public().to_jwk()] },
        });
        merge(&mut answer, &self.token);
        Reply::json(200, &answer)
    }

    /// RFC 7009: always 200, so that nobody learns which tokens exist.
    fn revoke(&mut self, form: &Form) -> Reply {
        for phone in self.enrolled.values_mut().filter(|_| self.strict) {
            if phone.refresh.as_ref() == form.get("token") {
                phone.forget_tokens();
                phone.standing = Standing::SignedOut;
            }
        }
        Reply::new(200, "text/plain", "")
    }

    fn status(&self, form: &Form, key: &PublicKey) -> Reply {
        use Standing::{Active, Erased, Pending, Replaced, Retiring, Revoked, SignedOut};
        let device = key.thumbprint().to_string();
        let phone = self.enrolled.get(&device);
        let state = match phone.map(|phone| phone.standing) {
            None => "unknown_device",
            Some(Revoked) => "revoked",
            Some(Retiring | Erased) => "wipe",
            Some(SignedOut | Replaced) => "reauthenticate",
            Some(Active) if phone.is_some_and(|p| p.refresh.is_some()) => "active",
            Some(Active | Pending) => "reactivate",
        };
        let mut claims = json!({
            "iss": self.issuer,
            "aud": "t1",
            "sub": device,
            "nonce": form["nonce"],
            "iat": self.now_s,
            "exp": self.now_s + STATUS_S,
            "state": state,
        });
        merge(&mut claims, &self.status);
        let token = self.signer.sign("muster-status+jwt", &self.header, &claims);
        Reply::new(200, "application/jwt", token)
    }

    /// The phone whose access token and key stand behind `request`.
    fn session(&self, request: &Request, key: &PublicKey) -> Option<String> {
        let (token, device) = (bearer(request)?, key.thumbprint().to_string());
        let phone = self.enrolled.get(&device).filter(|phone| phone.may_use_tokens())?;
        let fresh = |(known, end): &(String, i64)| known == token && self.now_s < *end;
        phone.access.iter().any(fresh).then_some(device)
    }

    fn policy(&mut self, request: &Request, key: &PublicKey) -> Reply {
        let Some(device) = self.session(request, key) else {
            return Reply::json(401, &json!({}));
        };
        let (token, etag) = match self.policy.clone() {
            Some(fixed) => fixed,
            None => self.current_policy(&device),
        };
        if header(request, "If-None-Match") == Some(&etag) {
            return Reply::new(304, "text/plain", "");
        }
        Reply::new(200, "application/jwt", token).with("ETag", &etag)
    }

    /// Equal numbers mean equal bytes, so a policy is signed anew only when it says something else
    /// or half of its life is over.
    fn current_policy(&mut self, device: &str) -> (String, String) {
        let mut content = self.profile.clone();
        let now_s = self.now_s;
        let orders = &self.enrolled[device].orders;
        let open = orders.iter().filter(|order| order["exp"].as_i64().is_some_and(|e| e > now_s));
        content["commands"] = open.cloned().collect();
        let before = self.enrolled[device].policy.clone();
        let kept = before
            .as_ref()
            .filter(|issued| issued.content == content && now_s < issued.issued_s + POLICY_S / 2);
        if let Some(issued) = kept {
            return (issued.compact.clone(), format!("\"{}\"", issued.seq));
        }
        let seq = before.map_or(0, |issued| issued.seq) + 1;
        let mut claims = content.clone();
        let about = json!({
            "iss": self.issuer, "aud": "t1", "sub": device, "seq": seq,
            "iat": now_s, "exp": now_s + POLICY_S,
        });
        merge(&mut claims, &about);
        let compact = self.signer.sign("muster-policy+jwt", &self.header, &claims);
        let issued = Issued { seq, content, compact: compact.clone(), issued_s: now_s };
        self.enrolled.get_mut(device).expect("it is there").policy = Some(issued);
        (compact, format!("\"{seq}\""))
    }

    fn event(&mut self, request: &Request, key: Option<&PublicKey>) -> Reply {
        assert_eq!(header(request, "Content-Type"), Some("application/secevent+jwt"));
        let body = String::from_utf8(request.body.clone()).unwrap();
        self.pushed = Some((body.clone(), header(request, "Authorization").is_some()));
        if let Some(reply) = self.events.clone() {
            return reply;
        }
        let accepted = Reply::new(202, "text/plain", "");
        if !self.strict {
            return accepted;
        }
        let token = Unverified::parse(&body, 64_000).unwrap();
        let device = token.header().kid().expect("kid").to_owned();
        let Some(phone) = self.enrolled.get(&device) else {
            return refused_event("invalid_issuer");
        };
        let claims = token.verify(&phone.key, "secevent+jwt").expect("signed by its device");
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["iss"], phone.key.thumbprint().to_urn());
        if claims["aud"] != *self.issuer {
            return refused_event("invalid_audience");
        }
        let events = claims["events"].as_object().expect("events").clone();
        let receipt = events.values().all(|event| event["kind"] == "erase");
        let session = key.and_then(|key| self.session(request, key));
        if session != Some(device.clone()) && !receipt {
            return Reply::json(401, &json!({ "err": "authentication_failed" }));
        }
        if let Some(known) = self.told.iter().find(|known| known["jti"] == claims["jti"]) {
            let same = *known == claims;
            return if same { accepted } else { refused_event("invalid_request") };
        }
        self.told.push(claims);
        let phone = self.enrolled.get_mut(&device).expect("it is there");
        for event in events.values() {
            phone.orders.retain(|order| order["jti"] != event["command_jti"]);
            if event["kind"] == "erase" && event["outcome"] == "done" {
                phone.orders.clear();
                phone.forget_tokens();
                if phone.standing != Standing::Revoked {
                    phone.standing = Standing::Erased;
                }
            }
        }
        accepted
    }

    /// Handles a request to the address book, behind the same tokens and proofs.
    pub(crate) fn answer_book(&mut self, request: &Request) -> Reply {
        let refused =
            || Reply::new(401, "text/plain", "").with("WWW-Authenticate", "DPoP algs=\"ES256\"");
        if header(request, "DPoP").is_none() {
            return refused();
        }
        let key = match self.check_proof(request) {
            Ok(key) => key,
            Err(refusal) => return refusal,
        };
        if self.session(request, &key).is_none() {
            return refused();
        }
        let Answer { head, body } = self.book.answer(request);
        Reply::Answer(head, body)
    }
}

fn bearer(request: &Request) -> Option<&str> {
    header(request, "Authorization")?.strip_prefix("DPoP ")
}
