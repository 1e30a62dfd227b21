use serde_json::{Value, json};

use crate::jose::JwsError;
use crate::jose::tests::Signer;
use crate::management::tests::ISSUER;
use crate::management::{PolicyKeys, TenantId, TrustError, TrustOrigin, Trusted};

const TYPE: &str = "muster-policy+jwt";

fn tenant() -> TenantId {
    TenantId::new("t1").unwrap()
}

fn first_use(signer: &Signer) -> PolicyKeys {
    PolicyKeys::at_activation(&[signer.public()], &[], None).unwrap()
}

/// An entry of `next_keys`: `from` hands over to `to`.
fn handover(from: &Signer, to: &[&Signer]) -> Value {
    let keys: Vec<Value> = to.iter().map(|s| s.public().to_jwk()).collect();
    let claims = json!({ "iss": ISSUER, "aud": "t1", "keys": { "keys": keys } });
    from.sign("muster-keys+jwt", &json!({}), &claims).into()
}

fn verify(keys: &PolicyKeys, signer: &Signer, chain: &[Value]) -> Result<Trusted, TrustError> {
    let more = if chain.is_empty() { json!({}) } else { json!({ "next_keys": chain }) };
    let token = signer.sign(TYPE, &more, &json!({ "seq": 1 }));
    keys.verify(&token, 10_000, TYPE, ISSUER, &tenant())
}

#[test]
fn a_chain_leads_from_any_key_in_it_to_the_newest() {
    let [a, b, c] = [1, 2, 3].map(Signer::new);
    let chain = [handover(&a, &[&b]), handover(&b, &[&c])];
    for start in [&a, &b] {
        let rotated = verify(&first_use(start), &c, &chain).unwrap().rotated.unwrap();
        assert_eq!(rotated.origin(), TrustOrigin::FirstUse);
        // A rotated-out key is refused from now on; so is a chain that starts before our time.
        assert_eq!(verify(&rotated, &b, &[]), Err(TrustError::UnknownKey));
        assert_eq!(verify(&rotated, &b, &chain), Err(TrustError::UnknownKey));
        assert_eq!(verify(&rotated, &c, &chain).unwrap().rotated, None);
    }
}

#[test]
fn a_chain_with_a_gap_or_from_strangers_leads_nowhere() {
    let [a, b, c] = [1, 2, 3].map(Signer::new);
    let keys = first_use(&a);
    assert_eq!(verify(&keys, &c, &[handover(&b, &[&c])]), Err(TrustError::UnknownKey));
    assert_eq!(verify(&keys, &c, &[handover(&c, &[&c])]), Err(TrustError::UnknownKey));
    // In the wrong order.
    let chain = [handover(&b, &[&c]), handover(&a, &[&b])];
    assert_eq!(verify(&keys, &c, &chain), Err(TrustError::UnknownKey));
    // An old policy in the new chain's clothes: its own key is rotated out by it.
    assert_eq!(verify(&keys, &a, &[handover(&a, &[&b])]), Err(TrustError::UnknownKey));
}

#[test]
fn a_chain_that_our_key_signed_must_be_in_order() {
    let [a, b] = [1, 2].map(Signer::new);
    let keys = first_use(&a);
    let signed = |claims: Value| Value::from(a.sign("muster-keys+jwt", &json!({}), &claims));
    let set = json!({ "keys": [b.public().to_jwk()] });
    for claims in [
        json!({ "iss": "https://evil.example", "aud": "t1", "keys": set }),
        json!({ "iss": ISSUER, "aud": "t2", "keys": set }),
        json!({ "iss": ISSUER, "aud": "t1" }),
        json!({ "iss": ISSUER, "aud": "t1", "keys": { "keys": [] } }),
        json!({ "iss": ISSUER, "aud": "t1", "keys": [1] }),
    ] {
        assert_eq!(verify(&keys, &b, &[signed(claims)]), Err(TrustError::BadChain));
    }
    assert_eq!(verify(&keys, &a, &[json!(7)]), Err(TrustError::BadChain));
    assert_eq!(verify(&keys, &a, &[json!("x")]), Err(TrustError::Jws(JwsError::Malformed)));
    let long = vec![handover(&a, &[&a]); 51];
    let more = json!({ "next_keys": long });
    let token = a.sign(TYPE, &more, &json!({}));
    let verdict = keys.verify(&token, 1_000_000, TYPE, ISSUER, &tenant());
    assert_eq!(verdict, Err(TrustError::BadChain));
    // A policy that our key signed is no handover.
    let policy = a.sign(TYPE, &json!({}), &json!({ "iss": ISSUER, "aud": "t1", "keys": set }));
    assert_eq!(verify(&keys, &b, &[policy.into()]), Err(TrustError::UnknownKey));
}

#[test]
fn the_list_of_the_configuration_always_wins() {
    let [a, b, c] = [1, 2, 3].map(Signer::new);
    let name = |s: &Signer| s.public().thumbprint();
    let keys = first_use(&a);
    // An empty list says nothing.
    assert_eq!(keys.with_mdm(&[]), keys);

    let mut pinned = keys.with_mdm(&[name(&b)]);
    assert_eq!(pinned.origin(), TrustOrigin::Mdm);
    assert_eq!(verify(&pinned, &a, &[]), Err(TrustError::UnknownKey), "no longer on the list");
    assert_eq!(verify(&pinned, &b, &[]), Err(TrustError::UnknownKey), "on it, but never seen");
    pinned.learn(&[a.public(), b.public(), c.public()]);
    assert!(verify(&pinned, &b, &[]).is_ok());
    assert_eq!(verify(&pinned, &c, &[]), Err(TrustError::UnknownKey), "learning widens nothing");

    // A rotation brings only keys that are on the list.
    let both = keys.with_mdm(&[name(&a), name(&b)]);
    assert!(verify(&both, &b, &[handover(&a, &[&b])]).unwrap().rotated.is_some());
    assert_eq!(verify(&both, &c, &[handover(&a, &[&c])]), Err(TrustError::UnknownKey));

    // When the list goes away, what it pinned stays.
    assert_eq!(pinned.with_mdm(&[]), pinned);
}

#[test]
fn without_a_key_name_every_known_key_is_tried() {
    let [a, b] = [1, 2].map(Signer::new);
    let keys = PolicyKeys::at_activation(&[a.public(), b.public()], &[], None).unwrap();
    let token = b.sign(TYPE, &json!({ "kid": null }), &json!({}));
    assert!(keys.verify(&token, 10_000, TYPE, ISSUER, &tenant()).is_ok());
    let wrong = token.replace('.', ".e30");
    assert!(keys.verify(&wrong, 10_000, TYPE, ISSUER, &tenant()).is_err());
    assert!(PolicyKeys::at_activation(&[], &[], None).is_none());
}
