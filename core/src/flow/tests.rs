use std::sync::{Arc, Mutex};

use super::{Flow, Lanes, Mailbox};
use crate::http::{Failure, Head, Method, Request};
use crate::step::{Step, StepId};
use crate::time::{ElapsedMs, Now};

type Shared<T> = Arc<Mutex<T>>;

fn at(elapsed: i64) -> Now {
    Now { elapsed: ElapsedMs(elapsed), ..Now::default() }
}

fn setup() -> (Shared<Mailbox>, Flow, Lanes) {
    let mailbox = Arc::new(Mutex::new(Mailbox::new(Box::new(|out: &mut [u8]| out.fill(7)), at(0))));
    (mailbox.clone(), Flow::on(&mailbox), Lanes::default())
}

fn poll(mailbox: &Shared<Mailbox>, lanes: &mut Lanes, now: i64) -> Step {
    mailbox.lock().unwrap().begin_call(at(now));
    lanes.run(mailbox);
    mailbox.lock().unwrap().next_step()
}

fn get() -> Request {
    Request::new(Method::Get, "https://muster.example/")
}

fn ok() -> Head {
    Head { status: 200, headers: vec![] }
}

/// Starts one fetch and returns where its result appears.
fn start_fetch(
    flow: &Flow,
    lanes: &mut Lanes,
    limit: usize,
) -> Shared<Option<Result<Vec<u8>, Failure>>> {
    let result = Arc::new(Mutex::new(None));
    let (flow, slot) = (flow.clone(), result.clone());
    lanes.start("test", async move {
        let answer = flow.fetch(get(), limit).await.map(|a| a.body);
        *slot.lock().unwrap() = Some(answer);
    });
    result
}

#[test]
fn an_answer_in_pieces_becomes_one_body() {
    let (mailbox, flow, mut lanes) = setup();
    let result = start_fetch(&flow, &mut lanes, 100);
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Send { id: StepId(1), request: get() });
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Idle);
    mailbox.lock().unwrap().on_head(StepId(1), ok());
    for piece in ["ab", "", "c"] {
        mailbox.lock().unwrap().on_body(StepId(1), piece.into());
        assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Idle);
    }
    mailbox.lock().unwrap().on_end(StepId(1), Ok(()));
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Idle);
    assert_eq!(result.lock().unwrap().take(), Some(Ok(b"abc".to_vec())));
}

#[test]
fn too_long_an_answer_is_given_up() {
    let (mailbox, flow, mut lanes) = setup();
    let result = start_fetch(&flow, &mut lanes, 3);
    poll(&mailbox, &mut lanes, 0);
    mailbox.lock().unwrap().on_head(StepId(1), ok());
    mailbox.lock().unwrap().on_body(StepId(1), b"abcd".to_vec());
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Cancel { id: StepId(1) });
    assert_eq!(result.lock().unwrap().take(), Some(Err(Failure::TooLarge)));
}

#[test]
fn too_many_header_fields_end_the_request() {
    let (mailbox, flow, mut lanes) = setup();
    let result = start_fetch(&flow, &mut lanes, 3);
    poll(&mailbox, &mut lanes, 0);
    let headers = vec![("a".to_owned(), "b".to_owned()); 101];
    mailbox.lock().unwrap().on_head(StepId(1), Head { status: 200, headers });
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Cancel { id: StepId(1) });
    assert_eq!(result.lock().unwrap().take(), Some(Err(Failure::TooLarge)));
}

#[test]
fn a_closing_window_cancels_and_starts_nothing_before_the_next() {
    let (mailbox, flow, mut lanes) = setup();
    let first = start_fetch(&flow, &mut lanes, 3);
    poll(&mailbox, &mut lanes, 0);
    mailbox.lock().unwrap().close_window();
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Cancel { id: StepId(1) });
    assert_eq!(first.lock().unwrap().take(), Some(Err(Failure::Cancelled)));

    start_fetch(&flow, &mut lanes, 3);
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Idle);
    mailbox.lock().unwrap().open_window(1_000);
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Send { id: StepId(2), request: get() });
    // The window ends by itself when its time is over.
    assert_eq!(poll(&mailbox, &mut lanes, 1_000), Step::Cancel { id: StepId(2) });
}

#[test]
fn a_lane_that_stops_gives_its_request_up_and_late_answers_are_ignored() {
    let (mailbox, flow, mut lanes) = setup();
    let result = start_fetch(&flow, &mut lanes, 3);
    poll(&mailbox, &mut lanes, 0);
    mailbox.lock().unwrap().on_head(StepId(1), ok());
    poll(&mailbox, &mut lanes, 0);
    lanes.stop("test");
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Cancel { id: StepId(1) });
    mailbox.lock().unwrap().on_body(StepId(1), b"abc".to_vec());
    mailbox.lock().unwrap().on_end(StepId(1), Ok(()));
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Idle);
    assert_eq!(*result.lock().unwrap(), None);
}

#[test]
fn http_is_never_sent_to_other_machines() {
    let (mailbox, flow, mut lanes) = setup();
    let result = Arc::new(Mutex::new(None));
    let slot = result.clone();
    lanes.start("test", async move {
        let answer = flow.fetch(Request::new(Method::Get, "http://muster.example/"), 9).await;
        *slot.lock().unwrap() = Some(answer);
    });
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Idle);
    assert_eq!(result.lock().unwrap().take(), Some(Err(Failure::Insecure)));
}

#[test]
fn sleepers_wait_for_the_earliest_moment_and_signals_wake_them() {
    let (mailbox, flow, mut lanes) = setup();
    let order = Arc::new(Mutex::new(Vec::new()));
    for (name, moment) in [("late", 50), ("early", 20)] {
        let (flow, order) = (flow.clone(), order.clone());
        lanes.start(name, async move {
            let moment = ElapsedMs(moment);
            while flow.now().elapsed < moment {
                let seen = flow.signals_seen();
                flow.next_signal(seen, Some(moment)).await;
            }
            order.lock().unwrap().push(name);
        });
    }
    let (waiting, log) = (flow.clone(), order.clone());
    lanes.start("signal", async move {
        let seen = waiting.signals_seen();
        waiting.next_signal(seen, Some(ElapsedMs(1_000))).await;
        log.lock().unwrap().push("signal");
    });
    assert_eq!(poll(&mailbox, &mut lanes, 0), Step::Wait { until: ElapsedMs(20) });
    assert_eq!(poll(&mailbox, &mut lanes, 20), Step::Wait { until: ElapsedMs(50) });
    flow.signal();
    assert_eq!(poll(&mailbox, &mut lanes, 30), Step::Wait { until: ElapsedMs(50) });
    assert_eq!(poll(&mailbox, &mut lanes, 60), Step::Idle);
    assert_eq!(*order.lock().unwrap(), ["early", "signal", "late"]);
}
