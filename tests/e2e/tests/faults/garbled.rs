//! Answers that are nearly right: a byte changed, cut, doubled, another status, another number. No
//! answer makes the phone panic, spin or erase anything, and with good answers it is in order again.
use std::cell::Cell;
use std::rc::Rc;

use muster_core::agent::Event;
use muster_core::http::{Answer, Head, Request};
use muster_core::licence::Phase;
use muster_core::random::Random;
use muster_core::time::DAY_MS;
use muster_device::vault::FileVault;
use muster_e2e::simulated::{Broken, Net, Office, Sockets, handset_of, scratch, seeded, time_of};

const PEOPLE: usize = 12;
/// Each takes some seconds; 0 to 39 have been tried.
const SEEDS: [u64; 6] = [0, 3, 7, 18, 22, 31];
/// Requests in three days, however bad the answers are: retries come ever more rarely.
const MANY: usize = 1_500;

/// The real network, but for what it does to every third answer.
struct Garbler {
    inner: Sockets,
    random: Box<dyn Random>,
    on: Rc<Cell<bool>>,
}

impl Garbler {
    fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % end.max(1) as u64) as usize
    }

    fn garble(&mut self, head: &mut Head, body: &mut Vec<u8>) {
        let at = self.below(body.len());
        match self.below(9) {
            0 if !body.is_empty() => body[at] = self.below(256) as u8,
            1 => body.truncate(at),
            2 => body.extend_from_within(at..),
            3 => {
                head.status =
                    [200, 204, 207, 301, 304, 400, 401, 403, 404, 409, 500, 507][self.below(12)]
            }
            4 => head.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type")),
            5 => {
                for (_, value) in &mut head.headers {
                    value.push_str("\u{7f}, 99999999999999999999");
                }
            }
            6 => self.number(body),
            7 => body.clear(),
            _ => body.splice(at..at, [0xff, 0x00, b'<', b'"']).for_each(drop),
        }
    }

    /// Another number in place of one of those in the body.
    fn number(&mut self, body: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(body).into_owned();
        let digits: Vec<usize> =
            text.match_indices(|c: char| c.is_ascii_digit()).map(|d| d.0).collect();
        if digits.is_empty() {
            return;
        }
        let start = digits[self.below(digits.len())];
        let rest = &text[start..];
        let end = start + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let other = ["-1", "0", "9223372036854775807", "1e400", "18446744073709551616", "null"];
        let other = other[self.below(other.len())];
        *body = format!("{}{other}{}", &text[..start], &text[end..]).into_bytes();
    }
}

impl Net for Garbler {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Broken> {
        let mut answer = self.inner.exchange(request)?;
        if self.on.get() && self.below(3) == 0 {
            self.garble(&mut answer.head, &mut answer.body);
        }
        Ok(answer)
    }
}

#[test]
fn answers_that_are_nearly_right() {
    for seed in SEEDS {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        let on = Rc::new(Cell::new(true));
        let random = Box::new(seeded(seed, 1_000));
        let net = Garbler { inner: Sockets::default(), random, on: on.clone() };
        let vault = FileVault::new(&folder.path().join("vault"));
        let mut phone = handset_of(folder.path(), net, vault, seed);
        phone.keep_time_with(time_of(&office));
        let mut managed = office.managed();
        managed["device_id"] = serde_json::json!("udid-4711");
        for _ in 0..3 {
            phone.launch(&managed);
            phone.handle(Event::CheckNow);
            phone.run(DAY_MS);
            let phase = phone.phase();
            assert!(!matches!(phase, Phase::Erasing | Phase::Erased), "seed {seed}: {phase:?}");
        }
        assert!(phone.counts.requests < MANY, "seed {seed}: {:?}", phone.counts);
        on.set(false);
        phone.launch(&managed);
        phone.handle(Event::CheckNow);
        // Long enough that everything is compared once.
        phone.run(9 * DAY_MS);
        assert_eq!(phone.phase(), Phase::Active, "seed {seed}: {:?}", phone.problems());
        assert_eq!(phone.problems(), [""; 0], "seed {seed}");
        assert_eq!(phone.contacts(), PEOPLE as i64, "seed {seed}");
        assert_eq!(office.seats_taken(), 1, "seed {seed}");
    }
}
