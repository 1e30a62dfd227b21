//! A phone that runs single flows against a company.
use serde_json::Value;

use super::company::{Company, ISSUER};
use crate::jose::tests::{Phone, device_key};
use crate::jose::{DeviceKey, ServerMemory};
use crate::management::{Metadata, Server, ServerUrl, discover};

/// Sets the members of `changes`; null removes one.
pub(crate) fn merge(into: &mut Value, changes: &Value) {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            into.as_object_mut().unwrap().remove(name);
        } else {
            into[name] = value.clone();
        }
    }
}

/// What a test keeps between flows.
pub(crate) struct World {
    pub(crate) phone: Phone,
    pub(crate) server: Company,
    pub(crate) key: DeviceKey,
    pub(crate) memory: ServerMemory,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            phone: Phone::new(),
            server: Company::open_house(),
            key: device_key(),
            memory: ServerMemory::default(),
        }
    }

    pub(crate) fn metadata(&mut self) -> Metadata {
        let flow = self.phone.flow.clone();
        let url = ServerUrl::parse(ISSUER).unwrap();
        let mut quiet = Company::open_house();
        quiet.metadata = self.server.metadata.clone();
        self.phone.run(discover(&flow, &url), |r| quiet.answer(r)).unwrap()
    }

    /// Runs one flow against the server.
    pub(crate) fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&crate::flow::Flow, &Server<'_>) -> T,
    ) -> T {
        let metadata = self.metadata();
        self.run_with(&metadata, work)
    }

    pub(crate) fn run_with<T>(
        &mut self,
        metadata: &Metadata,
        work: impl AsyncFnOnce(&crate::flow::Flow, &Server<'_>) -> T,
    ) -> T {
        let flow = self.phone.flow.clone();
        let (key, memory) = (self.key.clone(), self.memory.clone());
        let server = Server { metadata, key: &key, memory: &memory, client_id: "muster" };
        self.phone.run(work(&flow, &server), |request| self.server.answer(request))
    }
}
