//! dav
