//! Compares what the phone believes with what its company has, for a phone that was activated once
//! and stayed in order: nothing counted twice, nothing that was acknowledged lost.
use std::collections::BTreeMap;

use super::world::{Story, people};
use crate::management::tests::Standing;

impl Story {
    /// Everything that does not add up.
    pub(super) fn mistakes(&mut self) -> Vec<String> {
        let sent = self.phone.agent().reports();
        let outbox = self.phone.agent().status().outbox;
        let here = people(&mut self.phone);
        let company = self.seen();
        let mut mistakes = Vec::new();
        let mut check = |right: bool, what: String| {
            if !right {
                mistakes.push(what);
            }
        };
        let standings = company.standings();
        check(standings == [Standing::Active], format!("phones: {standings:?}"));
        check(company.seats_taken(0) == 1, format!("seats: {}", company.seats_taken(0)));
        let activations = company.heard("activation").len();
        check(activations == 1, format!("doubled or lost: {activations} activations"));
        let (heartbeats, looks) = (company.heard("heartbeat").len(), company.asked("GET /policy"));
        check(
            (1..=looks).contains(&heartbeats),
            format!("doubled or lost: {heartbeats} heartbeats for {looks} looks"),
        );
        let mut status = None;
        for change in company.heard("device-compliance-change") {
            let (from, to) = (&change["previous_status"], &change["current_status"]);
            let first = status.is_none();
            check(first || status.as_ref() == Some(from), format!("a gap: {change}"));
            check(first || from != to, format!("doubled: {change}"));
            status = Some(to.clone());
        }
        check(status.is_some(), "lost: no compliance".to_owned());
        let synced = company.heard("contacts-synced");
        let added: u64 = synced.iter().filter_map(|synced| synced["added"].as_u64()).sum();
        let staff = company.book.people();
        check(added as usize <= staff.len(), format!("doubled: {added} contacts added"));

        let mut ours = BTreeMap::new();
        for report in &sent {
            let claims = &report["claims"];
            let before = ours.insert(claims["jti"].to_string(), claims);
            check(before.is_none(), format!("sent twice: {}", claims["jti"]));
        }
        for told in &company.told {
            let known = ours.remove(&told["jti"].to_string());
            check(known == Some(told), format!("the phone forgot {}", told["events"]));
        }
        check(ours.is_empty(), format!("lost: {ours:?}"));
        let left = outbox.pending + outbox.held + outbox.quarantined + outbox.dropped;
        check(left == 0, format!("left behind: {outbox:?}"));
        check(here == staff, format!("contacts: {} of {}", here.len(), staff.len()));
        mistakes
    }

    #[track_caller]
    pub(super) fn assert_nothing_lost(&mut self, case: &str) {
        let mistakes = self.mistakes();
        assert!(mistakes.is_empty(), "{case}: {mistakes:#?}\n{:#?}", self.phone.asked);
    }
}

/// The ledger can find what it looks for.
mod control {
    use super::Story;
    use crate::agent::Event;
    use crate::flow::simulation::Wire;
    use crate::time::HOUR_MS;
    use crate::vault::Purpose;

    #[test]
    fn an_event_that_is_lost_after_its_acknowledgement_is_seen() {
        let mut story = Story::begin();
        let managed = story.managed(serde_json::json!({}));
        story.phone.launch(&managed);
        let mut events = 0;
        story.phone.plan.request = Box::new(move |_, request| {
            events += i32::from(request.url.ends_with("/events"));
            let second = request.url.ends_with("/events") && events == 2;
            if second { Wire::answer(202, &[], "") } else { Wire::Through }
        });
        story.phone.run(HOUR_MS);
        let mistakes = story.mistakes();
        assert!(mistakes.iter().any(|mistake| mistake.starts_with("lost: ")), "{mistakes:#?}");
    }

    #[test]
    fn a_phone_that_forgets_its_key_is_seen_to_take_a_second_seat() {
        let mut story = Story::begin();
        let managed = story.managed(serde_json::json!({}));
        story.phone.launch(&managed);
        let (mut first, keys) = (true, story.keys.clone());
        story.phone.plan.request = Box::new(move |_, request| {
            if !request.url.ends_with("/token") || !std::mem::take(&mut first) {
                return Wire::Through;
            }
            keys.borrow_mut().lose(Purpose::Device);
            Wire::AnswerLost
        });
        story.phone.run(HOUR_MS);
        story.phone.handle(Event::CheckNow);
        story.phone.run(HOUR_MS);
        let mistakes = story.mistakes();
        let seen = |what: &str| mistakes.iter().any(|mistake| mistake.starts_with(what));
        assert!(seen("phones: ") && seen("seats: 2"), "{mistakes:#?}");
    }
}
