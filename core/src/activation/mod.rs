//! Links, evidence, OAuth: how a phone gets in.
