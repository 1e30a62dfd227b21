//! Stops the phone at a chosen place, so that a test can kill a process that is known to be there.
//!
//! Steps that want something done are counted from 0. `MUSTER_DEVICE_STOP_AT=7` stops before step 7
//! is done; `7+0` after it is done and before the agent hears of it; `7+512` when the agent has 512
//! bytes of its answer, or when the answer ends before that.
use std::str::FromStr;

use muster_core::flow::shell::Arrival;
use muster_core::step::{Step, StepId};

/// See the module.
#[derive(Debug)]
pub struct Trap {
    step: u64,
    bytes: Option<usize>,
    counted: u64,
    watched: Option<StepId>,
    sprung: bool,
}

impl FromStr for Trap {
    type Err = std::num::ParseIntError;

    fn from_str(place: &str) -> Result<Self, Self::Err> {
        let (step, bytes) = match place.split_once('+') {
            Some((step, bytes)) => (step, Some(bytes.parse()?)),
            None => (place, None),
        };
        let step = step.parse()?;
        Ok(Self { step, bytes, counted: 0, watched: None, sprung: false })
    }
}

impl Trap {
    /// A step is about to be done.
    pub fn before(&mut self, step: &Step) {
        if matches!(step, Step::Wait { .. } | Step::Idle) {
            return;
        }
        let here = self.counted == self.step;
        self.counted += 1;
        match (here, self.bytes, step) {
            (false, ..) => {}
            (true, None, _) => self.stop(),
            (true, Some(_), Step::Send { id, .. }) => self.watched = Some(*id),
            (true, Some(_), _) => self.sprung = true,
        }
    }

    /// What was to be done before the stop is done.
    pub fn after(&self) {
        if self.sprung {
            self.stop();
        }
    }

    /// An arrival is about to be handed over; gives what of it may be.
    pub fn pass(&mut self, id: StepId, arrival: Arrival) -> Arrival {
        let (true, Some(left)) = (self.watched == Some(id), self.bytes) else { return arrival };
        match arrival {
            Arrival::Head(_) if left > 0 => arrival,
            Arrival::Body(mut chunk) if left > 0 => {
                chunk.truncate(left);
                self.bytes = Some(left - chunk.len());
                self.sprung = left == chunk.len();
                Arrival::Body(chunk)
            }
            _ => self.stop(),
        }
    }

    /// Says so and stays here until the process is killed.
    fn stop(&self) -> ! {
        eprintln!("muster-device: at step {}", self.step);
        loop {
            std::thread::park();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_step_and_perhaps_a_number_of_bytes() {
        let check = |place: &str, expect: Option<(u64, Option<usize>)>| {
            let parsed = place.parse::<Trap>().ok();
            assert_eq!(parsed.map(|trap| (trap.step, trap.bytes)), expect, "{place}");
        };
        check("7", Some((7, None)));
        check("7+0", Some((7, Some(0))));
        check("0+512", Some((0, Some(512))));
        for wrong in ["", "+", "7+", "+7", "x", "-1"] {
            check(wrong, None);
        }
    }

    #[test]
    fn an_answer_is_handed_over_up_to_its_byte() {
        let mut trap: Trap = "1+10".parse().unwrap();
        trap.before(&Step::Idle);
        trap.before(&Step::Cancel { id: StepId(1) });
        let request =
            muster_core::http::Request::new(muster_core::http::Method::Get, "https://a.example/");
        trap.before(&Step::Send { id: StepId(2), request });
        let handed = |trap: &mut Trap, id: i64, bytes: usize| match trap
            .pass(StepId(id), Arrival::Body(vec![0; bytes]))
        {
            Arrival::Body(chunk) => chunk.len(),
            _ => 0,
        };
        assert_eq!(handed(&mut trap, 1, 50), 50, "another answer");
        assert_eq!(handed(&mut trap, 2, 6), 6);
        assert!(!trap.sprung);
        assert_eq!(handed(&mut trap, 2, 6), 4);
        assert!(trap.sprung);
    }
}
