//! A first run, an order and an erase that something breaks into: a kill at each step, an answer
//! that is lost, a window that closes.
use serde_json::json;

use super::world::{Story, asked, at};
use crate::agent::Event;
use crate::flow::simulation::{Ended, Kill, Plan, Wire};
use crate::licence::Phase;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

#[test]
fn a_kill_at_every_step_of_a_first_run_costs_nothing() {
    for step in 0.. {
        let mut story = Story::begin();
        let managed = story.managed(json!({}));
        story.phone.plan.kill = Some(Kill::Before(step));
        story.phone.launch(&managed);
        let ended = story.phone.run(MINUTE_MS);
        story.phone.plan = Plan::default();
        story.phone.launch(&managed);
        story.checks();
        story.assert_in_order();
        story.assert_nothing_lost(&format!("killed before step {step}"));
        if ended == Ended::Over {
            assert!(step > 30, "a first run has more steps than {step}");
            return;
        }
    }
}

#[test]
fn an_answer_lost_at_every_request_of_a_first_run_takes_no_second_seat() {
    for index in 0.. {
        let mut story = Story::begin();
        let managed = story.managed(json!({}));
        story.phone.plan.request =
            Box::new(move |i, _| if i == index { Wire::AnswerLost } else { Wire::Through });
        story.phone.launch(&managed);
        story.phone.run(HOUR_MS);
        let reached = story.phone.counts.requests > index;
        story.checks();
        story.assert_in_order();
        story.assert_nothing_lost(&format!("an answer lost at request {index}"));
        if !reached {
            assert!(index > 8, "a first run needs more requests than {index}");
            return;
        }
    }
}

#[test]
fn a_kill_at_every_step_of_an_erase_ends_in_an_erased_phone() {
    for step in 0.. {
        let mut story = Story::active();
        let managed = story.managed(json!({}));
        let order = story.company().orders("erase", &json!({ "cause": "lost" }));
        story.phone.counts = Default::default();
        story.phone.plan.kill = Some(Kill::Before(step));
        story.phone.handle(Event::CheckNow);
        let ended = story.phone.run(HOUR_MS);
        story.phone.plan = Plan::default();
        story.phone.launch(&managed);
        story.checks();
        let case = format!("killed before step {step}: {:?}", story.phone.asked);
        assert_eq!((story.phone.phase(), story.phone.contacts()), (Phase::Erased, 0), "{case}");
        assert_eq!(story.files(), ["lock", "marker.json"], "{case}");
        let receipts = story.seen().heard("command-acknowledged");
        assert_eq!(receipts.len(), 1, "{case}");
        assert_eq!(receipts[0]["command_jti"], order, "{case}");
        if ended == Ended::Over {
            assert!(step > 6, "an erase has more steps than {step}");
            return;
        }
    }
}

#[test]
fn an_order_is_carried_out_once_wherever_the_process_ends() {
    for step in 0.. {
        let mut story = Story::active();
        let managed = story.managed(json!({}));
        let order = story.company().orders("lock", &json!({}));
        story.phone.counts = Default::default();
        story.phone.plan.kill = Some(Kill::After(step));
        story.phone.handle(Event::CheckNow);
        let ended = story.phone.run(MINUTE_MS);
        story.phone.plan = Plan::default();
        story.phone.launch(&managed);
        story.checks();
        let told = story.seen().heard("command-acknowledged");
        assert_eq!(told.len(), 1, "killed after step {step}: {told:?}");
        assert_eq!((&told[0]["command_jti"], &told[0]["outcome"]), (&json!(order), &json!("done")));
        assert_eq!(story.company().only_phone().orders.len(), 0);
        if ended == Ended::Over {
            assert!(step > 3, "a check has more steps than {step}");
            return;
        }
    }
}

#[test]
fn a_window_that_closes_at_every_request_loses_nothing() {
    for index in 0.. {
        let mut story = Story::begin();
        let managed = story.managed(json!({}));
        story.phone.plan.request =
            Box::new(move |i, _| if i == index { Wire::WINDOW_CLOSES } else { Wire::Through });
        story.phone.launch(&managed);
        story.phone.run(HOUR_MS);
        let reached = story.phone.counts.requests > index;
        assert!(story.phone.counts.cancelled >= usize::from(reached), "request {index}");
        story.checks();
        story.assert_in_order();
        story.assert_nothing_lost(&format!("a window that closes at request {index}"));
        if !reached {
            assert!(index > 8, "a first run needs more requests than {index}");
            return;
        }
    }
}

/// The window closes while a token is on its way: that says nothing about the login.
#[test]
fn a_window_that_closes_is_no_refused_login() {
    let mut story = Story::active();
    let mut closed = false;
    story.phone.plan = at("/token", move || {
        let first = !std::mem::replace(&mut closed, true);
        if first { Wire::WINDOW_CLOSES } else { Wire::Through }
    });
    story.phone.asked.clear();
    for _ in 0..32 {
        story.phone.run(15 * MINUTE_MS);
        assert_eq!(story.phone.problems(), [""; 0]);
    }
    let (tokens, syncs) = (asked(&story.phone, "POST /token"), asked(&story.phone, "REPORT"));
    assert!(tokens > 1 && syncs > 0, "{:?}", story.phone.asked);
}

#[test]
fn a_window_that_is_over_sends_nothing_more() {
    let mut story = Story::active();
    story.phone.handle(Event::Window { ms: 30 * SECOND_MS });
    story.phone.run(MINUTE_MS);
    story.phone.asked.clear();
    story.phone.run(2 * DAY_MS);
    assert_eq!(story.phone.asked, [], "the shell could not send it");
    story.phone.handle(Event::WindowUnbounded);
    story.phone.run(HOUR_MS);
    assert!(asked(&story.phone, "GET /policy") > 0, "what was due comes then");
    story.assert_in_order();
}
