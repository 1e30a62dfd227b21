//! Compares what the phone believes with what the server has: nothing counted twice, nothing that
//! was acknowledged lost.
//!
//! Exactly, for a phone that was activated once and stayed in order: one device and one seat; one
//! activation; a chain of compliance changes that tells no change twice; a last sync that counts as
//! many contacts as there are people, and never more added than that (a sync that broke off says
//! nothing of what it had added); at most one heartbeat for each look at the server; and the events
//! that the phone's history says were sent are the events that the server has, claim for claim, both
//! ways.
use std::collections::{BTreeMap, BTreeSet};

use muster_e2e::simulated::{Handset, Office};
use serde_json::Value;

/// Both sides.
pub(crate) struct Ledger {
    pub(crate) devices: Vec<Value>,
    pub(crate) seats_taken: i64,
    pub(crate) at_server: Vec<Value>,
    /// Looks at the server that may have brought an answer.
    pub(crate) looks: usize,
    pub(crate) people: Vec<String>,
    /// `reports`, `outbox`, and the addresses of the contacts, as the phone shows them.
    pub(crate) sent: Vec<Value>,
    pub(crate) outbox: Value,
    pub(crate) contacts: Vec<String>,
}

impl Ledger {
    pub(crate) fn of(office: &Office, phone: &mut Handset) -> Self {
        let looks = phone.asked.iter().filter(|(_, what)| what == "GET /policy").count();
        Self {
            devices: office.devices(),
            seats_taken: office.seats_taken(),
            at_server: office.events(),
            looks,
            people: office.addresses(),
            sent: phone.agent().reports(),
            outbox: serde_json::to_value(phone.agent().status().outbox).unwrap(),
            contacts: phone.addresses(),
        }
    }

    /// The events of one kind at the server, each with its payload.
    fn events(&self, kind: &str) -> Vec<&Value> {
        let all = self.at_server.iter().filter_map(|event| event["claims"]["events"].as_object());
        all.flatten().filter(|(uri, _)| uri.ends_with(kind)).map(|(_, payload)| payload).collect()
    }

    /// Everything that does not add up.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut check = |right: bool, what: String| {
            if !right {
                mistakes.push(what);
            }
        };
        let states: Vec<&Value> = self.devices.iter().map(|d| &d["state"]).collect();
        check(states == ["active"], format!("devices: {states:?}"));
        check(self.seats_taken == 1, format!("seats taken: {}", self.seats_taken));

        let activations = self.events("/activation").len();
        check(activations == 1, format!("doubled or lost: {activations} activations"));
        let heartbeats = self.events("/heartbeat").len();
        check(
            (1..=self.looks).contains(&heartbeats),
            format!("doubled or lost: {heartbeats} heartbeats for {} looks", self.looks),
        );
        let changes = self.events("/device-compliance-change");
        check(!changes.is_empty(), "lost: no compliance".to_owned());
        let mut status = None;
        for change in changes {
            let (from, to) = (&change["previous_status"], &change["current_status"]);
            let first = status.is_none();
            check(first || status == Some(from), format!("a gap in the compliance: {change}"));
            check(first || from != to, format!("doubled: {change}"));
            status = Some(to);
        }
        let synced = self.events("/contacts-synced");
        let sum = |name: &str| synced.iter().filter_map(|s| s[name].as_u64()).sum::<u64>() as usize;
        let (added, people) = (sum("added"), self.people.len());
        check(added <= people, format!("doubled: {added} contacts added of {people}"));
        let count = synced.last().and_then(|last| last["contacts"].as_u64()).unwrap_or_default();
        check(count as usize == people, format!("lost: {count} contacts synced of {people}"));

        let mut ours = BTreeMap::new();
        for report in &self.sent {
            let claims = &report["claims"];
            let before = ours.insert(claims["jti"].to_string(), claims);
            check(before.is_none(), format!("sent twice: {}", claims["jti"]));
        }
        let mut theirs = BTreeSet::new();
        for event in &self.at_server {
            let jti = event["claims"]["jti"].to_string();
            match ours.get(&jti) {
                None => check(false, format!("the phone forgot {:?}", event["types"])),
                Some(claims) => check(
                    **claims == event["claims"],
                    format!("other claims than were sent: {:?}", event["types"]),
                ),
            }
            check(theirs.insert(jti.clone()), format!("stored twice: {jti}"));
        }
        for (jti, claims) in &ours {
            check(theirs.contains(jti), format!("lost: {:?}", claims["events"]));
        }
        for (what, count) in self.outbox.as_object().into_iter().flatten() {
            check(count == 0, format!("outbox: {count} {what}"));
        }
        check(
            self.contacts == self.people,
            format!("contacts: {} of {}", self.contacts.len(), self.people.len()),
        );
        mistakes
    }
}
