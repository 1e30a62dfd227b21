use proptest::prelude::*;
use serde_json::{Value, json};

use super::Signer;
use crate::jose::der::raw_from_der;
use crate::jose::*;

proptest! {
    #[test]
    fn base64url_round_trips(bytes: Vec<u8>) {
        prop_assert_eq!(decode_base64url(&encode_base64url(&bytes)), Some(bytes));
    }

    #[test]
    fn what_decodes_is_canonical(text in "[A-Za-z0-9_-]{0,20}") {
        if let Some(bytes) = decode_base64url(&text) {
            prop_assert_eq!(encode_base64url(&bytes), text);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes: Vec<u8>, text in ".{0,80}") {
        let _ = raw_from_der(&bytes);
        let _ = parse_value(&bytes);
        let _ = decode_base64url(&text);
        let _ = text.parse::<Thumbprint>();
        let _ = Unverified::parse(&text, 1_000);
        let token = format!("{}.{}.{}", encode_base64url(&bytes), text, encode_base64url(&bytes));
        let _ = Unverified::parse(&token, 10_000);
    }

    #[test]
    fn a_token_changed_anywhere_does_not_verify(at in 0_usize..200, with in "[A-Za-z0-9_.-]") {
        let signer = Signer::new(1);
        let good = signer.sign("t", &json!({}), &json!({ "seq": 1, "text": "something longer" }));
        let at = at % good.len();
        let mut changed = good.clone();
        changed.replace_range(at..=at, &with);
        if changed != good {
            let verified = Unverified::parse(&changed, 1_000)
                .and_then(|token| token.verify(&signer.public(), "t"));
            prop_assert!(verified.is_err());
        }
    }

    #[test]
    fn strict_json_agrees_with_serde_json(text in r#"[\{\}\[\]",:a0 .-]{0,20}"#) {
        if let Ok(value) = parse_value(text.as_bytes()) {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
        }
    }
}
