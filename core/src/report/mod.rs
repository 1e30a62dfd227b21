//! Security event tokens and what becomes of them.
