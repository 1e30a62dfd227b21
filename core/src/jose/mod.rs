//! JWS, JWK thumbprints and DPoP proofs.
