use serde_json::{Map, Value, json};

use super::{Phone, Signer, alias, device_key, point};
use crate::jose::der::raw_from_der;
use crate::jose::*;
use crate::secret::Secret;
use crate::vault::{SignatureForm, VaultAnswer, VaultFailure};

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

// --- known answers ---

#[test]
fn rfc_7638_and_8037_and_9449_thumbprints() {
    let check = |jwk: Value, thumbprint: &str| {
        let key = PublicKey::from_jwk(&object(jwk.clone())).unwrap();
        assert_eq!(key.thumbprint().to_string(), thumbprint);
        assert_eq!(key.to_jwk(), jwk);
        assert_eq!(thumbprint.parse(), Ok(key.thumbprint()));
    };
    // RFC 8037 A.3.
    check(
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    );
    // RFC 9449 §4.1 and §6.1.
    check(
        json!({
            "kty": "EC",
            "crv": "P-256",
            "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        }),
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
    );
    // RFC 7638 §3.1 has an RSA key, which is not supported; its hash is made the same way.
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_\
             BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_\
             FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-\
             bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    assert_eq!(
        sha256_base64url(&format!(r#"{{"e":"AQAB","kty":"RSA","n":"{n}"}}"#)),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
    );
}

#[test]
fn rfc_7515_es256_example() {
    let compact = "eyJhbGciOiJFUzI1NiJ9\
        .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
        .DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let token = Unverified::parse(compact, 1_000).unwrap();
    let payload = token.verify_signature(device_key().public()).unwrap();
    assert_eq!(parse_object(&payload).unwrap()["iss"], "joe");
}

#[test]
fn rfc_8037_ed25519_example() {
    let compact = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc\
        .hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let key = PublicKey::from_jwk(&object(jwk)).unwrap();
    let payload = Unverified::parse(compact, 1_000).unwrap().verify_signature(&key);
    assert_eq!(payload.as_deref(), Ok(&b"Example of Ed25519 signing"[..]));
}

#[test]
fn rfc_9449_access_token_hash() {
    let token = Secret::from("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
    assert_eq!(ath(&token), "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
}

// --- reading ---

#[test]
fn base64url_has_one_form_only() {
    for (bytes, text) in [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v")] {
        assert_eq!(encode_base64url(bytes), text);
        assert_eq!(decode_base64url(text).as_deref(), Some(bytes));
    }
    for bad in ["Z", "Zg==", "Zh", "Zm9", "Zm9v\n", "Zm+v", "Zm/v", "Z g", "Zm9vZ", "ü"] {
        assert_eq!(decode_base64url(bad), None, "{bad}");
    }
}

#[test]
fn json_that_could_be_read_in_two_ways_is_refused() {
    assert_eq!(parse_value(br#" {"a":[1,-2,3.5,null,true,"x"]} "#).unwrap()["a"][2], 3.5);
    for bad in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":{"b":1,"b":1}}"#,
        r#"[{"a":1,"\u0061":2}]"#,
        r#"{"a":1}x"#,
        r#"{"a":1"#,
        "",
        "NaN",
        "1e999",
        "\u{feff}{}",
    ] {
        assert_eq!(parse_value(bad.as_bytes()), Err(NotStrictJson), "{bad}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(parse_value(deep.as_bytes()), Err(NotStrictJson));
    assert_eq!(parse_object(b"[]"), Err(NotStrictJson));
}

#[test]
fn only_supported_keys_in_their_right_form() {
    let x = encode_base64url(&[1; 32]);
    let check = |jwk: Value, expect: KeyError| {
        assert_eq!(PublicKey::from_jwk(&object(jwk)), Err(expect));
    };
    check(json!({ "kty": "RSA", "n": x, "e": "AQAB" }), KeyError::Unsupported);
    check(json!({ "kty": "EC", "crv": "P-384", "x": x, "y": x }), KeyError::Unsupported);
    check(json!({ "kty": "OKP", "crv": "X25519", "x": x }), KeyError::Unsupported);
    check(json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "use": "enc" }), KeyError::Unsupported);
    check(json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "alg": "ES256" }), KeyError::Unsupported);
    check(json!({ "kty": "OKP", "crv": "Ed25519", "x": "AAAA" }), KeyError::Malformed);
    check(json!({ "kty": "EC", "crv": "P-256", "x": x }), KeyError::Malformed);
    check(json!({ "x": x }), KeyError::Malformed);

    let good = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
    let set = json!({ "keys": [{ "kty": "RSA", "n": "AQAB", "e": "AQAB" }, good] });
    assert_eq!(parse_key_set(&set).unwrap(), [PublicKey::Ed25519([1; 32])]);
    assert_eq!(parse_key_set(&json!({ "keys": [1] })), Err(KeyError::Malformed));
    assert_eq!(parse_key_set(&json!({ "keys": vec![good; 501] })), Err(KeyError::TooMany));
    assert_eq!(parse_key_set(&json!([])), Err(KeyError::Malformed));
}

#[test]
fn a_signed_token_has_to_be_beyond_doubt() {
    let signer = Signer::new(1);
    let check = |compact: &str, expect: Result<&[u8], JwsError>| {
        let verified = Unverified::parse(compact, 500)
            .and_then(|token| token.verify(&signer.public(), "muster-policy+jwt"));
        assert_eq!(verified.as_deref().map_err(|e| *e), expect, "{compact}");
    };
    let sign = |header: &str| signer.sign_raw(header, "{}");
    let good = sign(r#"{"alg":"Ed25519","typ":"muster-policy+jwt"}"#);
    check(&good, Ok(b"{}"));
    check(&sign(r#"{"alg":"EdDSA","typ":"muster-policy+jwt"}"#), Ok(b"{}"));
    check(&sign(r#"{"alg":"EdDSA","typ":"application/Muster-Policy+JWT"}"#), Ok(b"{}"));

    use JwsError::*;
    check(&sign(r#"{"alg":"EdDSA","typ":"muster-status+jwt"}"#), Err(WrongType));
    check(&sign(r#"{"alg":"EdDSA"}"#), Err(WrongType));
    check(&sign(r#"{"alg":"none","typ":"muster-policy+jwt"}"#), Err(WrongAlgorithm));
    check(&sign(r#"{"alg":"ES256","typ":"muster-policy+jwt"}"#), Err(WrongAlgorithm));
    check(&sign(r#"{"alg":"HS256","typ":"muster-policy+jwt"}"#), Err(WrongAlgorithm));
    check(&sign(r#"{"typ":"muster-policy+jwt"}"#), Err(WrongAlgorithm));
    check(&sign(r#"{"alg":"EdDSA","alg":"EdDSA","typ":"muster-policy+jwt"}"#), Err(Malformed));
    check(&sign(r#"{"alg":"EdDSA","typ":"muster-policy+jwt","crit":["b64"]}"#), Err(Critical));
    check(&sign(r#"{"alg":"EdDSA","typ":"muster-policy+jwt","b64":false}"#), Err(Critical));
    check(&sign("[]"), Err(Malformed));

    let (input, signature) = good.rsplit_once('.').unwrap();
    check(input, Err(Malformed));
    check(&format!("{input}."), Err(Malformed));
    check(&format!("{input}.{}", encode_base64url(&[0; 64])), Err(BadSignature));
    check(&format!("{input}.{}", encode_base64url(&[0; 63])), Err(Malformed));
    check(&format!("{good}."), Err(Malformed));
    check(&format!("{good} "), Err(Malformed));
    check(&format!("{}.e30_.{signature}", input.split('.').next().unwrap()), Err(BadSignature));
    check(&"a".repeat(501), Err(TooLong));
    let other = Signer::new(2).sign_raw(r#"{"alg":"EdDSA","typ":"muster-policy+jwt"}"#, "{}");
    check(&other, Err(BadSignature));
}

// --- signing ---

#[test]
fn signatures_from_the_vault_verify_in_both_forms() {
    for form in [SignatureForm::Der, SignatureForm::Raw] {
        let mut phone = Phone::new();
        phone.vault.form = form;
        let flow = phone.flow.clone();
        // Often enough that r and s of every length come up.
        for i in 0..50 {
            let header = json!({ "alg": "ES256", "typ": "test" });
            let payload = json!({ "i": i });
            let signed = phone.run_offline(sign_es256(&flow, &alias(), &header, &payload)).unwrap();
            let token = Unverified::parse(&signed, 1_000).unwrap();
            let verified = token.verify(device_key().public(), "test").unwrap();
            assert_eq!(verified, payload.to_string().as_bytes());
        }
    }
}

#[test]
fn a_vault_that_answers_nonsense_is_not_believed() {
    let check = |answer: VaultAnswer| {
        let mut phone = Phone::new();
        phone.vault.signature = Some(answer);
        let flow = phone.flow.clone();
        let signed = phone.run_offline(sign_es256(&flow, &alias(), &json!({}), &json!({})));
        assert_eq!(signed, Err(SignError::Malformed));
    };
    let signature = |form, bytes| VaultAnswer::Signature { form, bytes };
    check(signature(SignatureForm::Raw, vec![1; 63]));
    check(signature(SignatureForm::Raw, vec![]));
    // 64 bytes that say they are DER are not taken as raw.
    check(signature(SignatureForm::Der, vec![1; 64]));
    check(VaultAnswer::Destroyed);

    let mut phone = Phone::new();
    phone.vault.failure = Some(VaultFailure::Locked);
    let flow = phone.flow.clone();
    let created = phone.run_offline(DeviceKey::create(&flow, alias()));
    assert_eq!(created, Err(SignError::Vault(VaultFailure::Locked)));
}

#[test]
fn a_device_key_is_made_and_named_by_its_thumbprint() {
    let mut phone = Phone::new();
    let flow = phone.flow.clone();
    let key = phone.run_offline(DeviceKey::create(&flow, alias())).unwrap();
    assert_eq!(key, device_key());
    assert_eq!(key.thumbprint(), &key.public().thumbprint());
    let mut compressed = point();
    compressed[0] = 2;
    for bad in [&compressed[..], &point()[..64], &[]] {
        assert!(DeviceKey::new(alias(), bad).is_err());
    }
}

#[test]
fn der_signatures_have_one_form_only() {
    let check = |hex: &str, expect: Option<(u8, u8)>| {
        let der: Vec<u8> = hex.split(' ').map(|b| u8::from_str_radix(b, 16).unwrap()).collect();
        let raw = raw_from_der(&der).map(|raw| (raw[31], raw[63]));
        assert_eq!(raw, expect, "{hex}");
    };
    check("30 06 02 01 01 02 01 02", Some((1, 2)));
    check("30 07 02 02 00 80 02 01 02", Some((0x80, 2)));
    check("30 07 02 02 00 01 02 01 02", None); // a zero too many
    check("30 06 02 01 80 02 01 02", None); // negative
    check("30 06 02 01 00 02 01 02", None); // zero
    check("30 05 02 00 02 01 02", None);
    check("30 07 02 01 01 02 01 02", None); // wrong length
    check("30 81 06 02 01 01 02 01 02", None); // long form
    check("30 06 02 01 01 02 01 02 00", None); // something behind
    check("30 07 02 01 01 02 01 02 00", None);
    check("31 06 02 01 01 02 01 02", None);
    check("30 06 03 01 01 02 01 02", None);
    check("30 03 02 05 01", None);
    let mut too_long = vec![0x30, 38, 0x02, 33];
    too_long.extend([1; 33]);
    too_long.extend([0x02, 1, 1]);
    assert_eq!(raw_from_der(&too_long), None);
}
