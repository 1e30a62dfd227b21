use serde_json::{Value, json};

use super::{Phone, Reply, START, device_key};
use crate::http::{Failure, Head, Method, Request};
use crate::jose::*;
use crate::secret::Secret;
use crate::vault::VaultFailure;

const URL: &str = "https://muster.example/token?x=1#y";

fn proof_of(request: &Request) -> (Value, Value) {
    let proof = request.headers.iter().find(|(name, _)| name == "DPoP").unwrap();
    let token = Unverified::parse(&proof.1, 4_000).unwrap();
    let claims = token.verify(device_key().public(), "dpop+jwt").unwrap();
    (token.header().member("jwk").unwrap().clone(), serde_json::from_slice(&claims).unwrap())
}

fn fetch(
    phone: &mut Phone,
    memory: &ServerMemory,
    token: Option<&Secret<String>>,
    server: impl FnMut(&Request) -> Reply,
) -> Result<crate::http::Answer, SendError> {
    let (flow, key) = (phone.flow.clone(), device_key());
    let prover = Prover { key: &key, memory, access_token: token };
    phone.run(prover.fetch(&flow, Request::new(Method::Post, URL), 1_000), server)
}

#[test]
fn a_proof_says_what_rfc_9449_wants() {
    let mut phone = Phone::new();
    let token = Secret::from("the-token");
    let answer = fetch(&mut phone, &ServerMemory::default(), Some(&token), |request| {
        let (jwk, claims) = proof_of(request);
        assert_eq!(jwk, device_key().public().to_jwk());
        assert_eq!(claims["htm"], "POST");
        assert_eq!(claims["htu"], "https://muster.example/token");
        assert_eq!(claims["iat"], START.as_seconds());
        assert_eq!(claims["ath"], ath(&Secret::from("the-token")));
        assert_eq!(claims["jti"].as_str().unwrap().len(), 22);
        assert_eq!(claims.get("nonce"), None);
        assert!(request.headers.contains(&("Authorization".into(), "DPoP the-token".into())));
        Reply::json(200, &json!({}))
    });
    assert_eq!(answer.unwrap().head.status, 200);
}

#[test]
fn a_wanted_nonce_is_given_once_and_remembered() {
    let as_wants = |nonce: &str| {
        Reply::json(400, &json!({ "error": "use_dpop_nonce" })).with("DPoP-Nonce", nonce)
    };
    let rs_wants = |nonce: &str| {
        let challenge = r#"DPoP error="use_dpop_nonce", error_description="x""#;
        Reply::new(401, "text/plain", "")
            .with("WWW-Authenticate", challenge)
            .with("DPoP-Nonce", nonce)
    };
    for wants in [&as_wants as &dyn Fn(&str) -> Reply, &rs_wants] {
        let (mut phone, memory) = (Phone::new(), ServerMemory::default());
        let mut seen = Vec::new();
        let answer = fetch(&mut phone, &memory, None, |request| {
            let (_, claims) = proof_of(request);
            seen.push((claims["nonce"].clone(), claims["jti"].clone()));
            match seen.len() {
                1 => wants("first"),
                _ => Reply::json(200, &json!({})).with("DPoP-Nonce", "second"),
            }
        });
        assert_eq!(answer.unwrap().head.status, 200);
        assert_eq!((&seen[0].0, &seen[1].0), (&Value::Null, &json!("first")));
        assert_ne!(seen[0].1, seen[1].1, "each proof has its own name");
        assert_eq!(memory.nonce("https://muster.example").as_deref(), Some("second"));
        assert_eq!(memory.nonce("https://other.example"), None);

        // A server that is never content gets two requests, not more.
        let mut count = 0;
        let answer = fetch(&mut phone, &memory, None, |_| {
            count += 1;
            wants("again")
        });
        assert!(matches!(answer.unwrap().head.status, 400 | 401));
        assert_eq!(count, 2);
    }
}

#[test]
fn a_wish_for_a_nonce_without_a_nonce_is_an_ordinary_answer() {
    let (mut phone, memory) = (Phone::new(), ServerMemory::default());
    let mut count = 0;
    fetch(&mut phone, &memory, None, |_| {
        count += 1;
        Reply::json(400, &json!({ "error": "use_dpop_nonce" })).with("DPoP-Nonce", "no\"nonce")
    })
    .unwrap();
    assert_eq!(count, 1);
}

#[test]
fn a_wrong_clock_is_corrected_in_proofs_by_the_date_of_the_server() {
    let (mut phone, memory) = (Phone::new(), ServerMemory::default());
    // The phone is a year behind.
    let date = "Thu, 14 Nov 2024 22:13:20 GMT";
    let mut times = Vec::new();
    let answer = fetch(&mut phone, &memory, None, |request| {
        times.push(proof_of(request).1["iat"].as_i64().unwrap());
        match times.len() {
            1 => Reply::json(400, &json!({ "error": "invalid_dpop_proof" })).with("Date", date),
            _ => Reply::json(200, &json!({})).with("Date", date),
        }
    });
    assert_eq!(answer.unwrap().head.status, 200);
    assert_eq!(times, [START.as_seconds(), START.as_seconds() + 366 * 86_400]);

    // With a clock that is right, a refused proof is not sent again.
    let (mut phone, memory) = (Phone::new(), ServerMemory::default());
    let mut count = 0;
    fetch(&mut phone, &memory, None, |_| {
        count += 1;
        let date = "Tue, 14 Nov 2023 22:13:25 GMT";
        Reply::json(400, &json!({ "error": "invalid_dpop_proof" })).with("Date", date)
    })
    .unwrap();
    assert_eq!(count, 1);
}

#[test]
fn failures_before_and_during_a_request_stay_apart() {
    let (mut phone, memory) = (Phone::new(), ServerMemory::default());
    let lost = fetch(&mut phone, &memory, None, |_| Reply::Fail(Failure::TimedOut));
    assert_eq!(lost, Err(SendError::Failure(Failure::TimedOut)));
    phone.vault.failure = Some(VaultFailure::Lost);
    let unsigned = fetch(&mut phone, &memory, None, |_| panic!("nothing may be sent"));
    assert_eq!(unsigned, Err(SendError::Sign(SignError::Vault(VaultFailure::Lost))));
}

#[test]
fn streams_get_their_nonce_too() {
    let (mut phone, memory, key) = (Phone::new(), ServerMemory::default(), device_key());
    let flow = phone.flow.clone();
    let prover = Prover { key: &key, memory: &memory, access_token: None };
    let mut count = 0;
    let body = phone.run(
        async {
            let mut opened = prover.open(&flow, Request::new(Method::Report, URL)).await?;
            Ok::<_, SendError>(opened.body.chunk().await?)
        },
        |_| {
            count += 1;
            match count {
                1 => Reply::new(401, "text/plain", "no")
                    .with("www-authenticate", r#"DPoP error="use_dpop_nonce""#)
                    .with("dpop-nonce", "n"),
                _ => Reply::new(207, "application/xml", "<x/>"),
            }
        },
    );
    assert_eq!(body.unwrap().as_deref(), Some(&b"<x/>"[..]));
    assert_eq!(count, 2);
}

#[test]
fn only_so_many_origins_are_remembered() {
    let memory = ServerMemory::default();
    let head = Head { status: 200, headers: vec![("DPoP-Nonce".into(), "n".into())] };
    for i in 0..100 {
        memory.learn(&format!("https://{i}.example"), &head, START);
    }
    assert!(memory.nonce("https://31.example").is_some());
    assert!(memory.nonce("https://32.example").is_none());
}
