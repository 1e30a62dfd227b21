//! Stories of whole agents are told in `tests/e2e`, through the library and a made-up clock; here is
//! what can be said without a server.
