//! The first lane: gets the keys, loads what is stored, and lets the other lanes begin.
mod load;

use super::ctx::Ctx;
use super::state::{Mode, State, Timer};
use crate::flow::Flow;
use crate::messages::{Area, Code, Problem};
use crate::secret::Secret;
use crate::store::{StoreError, new_data_key};
use crate::time::{MINUTE_MS, Now, SECOND_MS};
use crate::vault::{AccessClass, Alias, Purpose, VaultAnswer, VaultFailure, VaultOp};

/// How long a busy key store is left alone; each further time twice as long.
const BUSY_PAUSE_MS: i64 = 2 * SECOND_MS;
/// Doublings after which the pause stays: about four minutes, so that a key store that is broken
/// costs no battery.
const BUSY_DOUBLINGS: u32 = 7;

/// How long a file that can't be read or written is left alone.
const DISK_PAUSE_MS: i64 = MINUTE_MS;

/// What tells the problem of a missing key from others of the store.
const KEYS: &str = "keys";

/// What became of an attempt to get the keys.
enum Keys {
    Ready,
    /// Try again after the next event.
    NotNow,
    /// Try again in a moment.
    Busy,
    /// The file can't be read or written now: full, or at fault.
    Disk,
    /// They are gone for good: the phone was restored from a backup, or the key store was reset.
    Gone,
}

/// Runs once for each start.
pub(super) async fn start(ctx: Ctx) {
    loop {
        if ctx.state().mode == Mode::Starting {
            while !(unlocked(&ctx).await && loaded(&ctx).await) {}
        }
        let now = ctx.flow.now();
        let mut state = ctx.state();
        state.started(now);
        if state.ready {
            break;
        }
    }
    ctx.flow.signal();
}

/// One attempt to get the keys; `false` to try again.
async fn unlocked(ctx: &Ctx) -> bool {
    let seen = ctx.flow.signals_seen();
    let keys = get_keys(ctx).await;
    let now = ctx.flow.now();
    let until = {
        let mut state = ctx.state();
        match keys {
            Keys::Ready => {
                state.timers.clear(&Timer::Keys);
                return true;
            }
            Keys::NotNow => None,
            Keys::Gone if state.forget_quietly() => return false,
            // A disk that can't be read says nothing about what is on it.
            Keys::Disk | Keys::Gone => Some(state.pause_start(DISK_PAUSE_MS, now)),
            Keys::Busy => {
                let doublings = state.timers.failures(&Timer::Keys).min(BUSY_DOUBLINGS);
                Some(state.pause_start(BUSY_PAUSE_MS << doublings, now))
            }
        }
    };
    ctx.flow.next_signal(seen, until).await;
    false
}

/// One attempt to read what is stored; `false` to try again.
async fn loaded(ctx: &Ctx) -> bool {
    let seen = ctx.flow.signals_seen();
    let now = ctx.flow.now();
    let until = {
        let mut state = ctx.state();
        if state.load(now) {
            return true;
        }
        state.pause_start(DISK_PAUSE_MS, now)
    };
    ctx.flow.next_signal(seen, Some(until)).await;
    false
}

impl State {
    fn pause_start(&mut self, pause_ms: i64, now: Now) -> crate::time::ElapsedMs {
        self.timers.fail(Timer::Keys, pause_ms, now);
        now.elapsed.plus_ms(pause_ms)
    }
}

async fn get_keys(ctx: &Ctx) -> Keys {
    let opened = ctx.state().open_store();
    let (wrapped, profile) = match opened {
        Ok(opened) => opened,
        Err(_) => return Keys::Disk,
    };
    if wrapped.is_empty() {
        return first_key(ctx).await;
    }
    let mut keys = Vec::new();
    for key in wrapped {
        let alias =
            Alias { profile: profile.clone(), purpose: Purpose::Service, number: key.wrapping };
        match ctx.flow.vault(VaultOp::Unwrap { alias, wrapped: key.wrapped }).await {
            Ok(VaultAnswer::Unwrapped { plaintext }) => keys.push((key.number, plaintext)),
            Err(VaultFailure::Lost) => return Keys::Gone,
            // Whatever else is the matter, the key may be there: nothing is thrown away.
            Err(failure) => return later(ctx, failure),
            Ok(_) => return later(ctx, VaultFailure::Unsupported),
        }
    }
    let unlocked = ctx.state().with_store(|store| store.unlock(&keys));
    match unlocked {
        Ok(()) => ready(ctx),
        // The vault has a key of this name that is not the file's.
        Err(StoreError::WrongKey) => Keys::Gone,
        Err(_) => Keys::Disk,
    }
}

/// A new agent file gets its data key.
async fn first_key(ctx: &Ctx) -> Keys {
    // The number does not need to be durable before: nothing is sealed yet, and `Create` replaces a
    // key of that name that a killed process left behind.
    let number = match ctx.state().with_store(|s| s.last_number(Purpose::Service)) {
        Ok(number) => number + 1,
        Err(_) => return Keys::Disk,
    };
    match wrapped_data_key(&ctx.flow, ctx.alias(Purpose::Service, number)).await {
        Ok((key, wrapped)) => {
            let added = ctx.state().with_store(|store| {
                store.add_key(Vec::new(), number, wrapped, key)?;
                store.transaction(|tx| {
                    tx.issue_number(Purpose::Service)?;
                    tx.set_in_force(Purpose::Service, Some(number))
                })
            });
            if added.is_ok() { ready(ctx) } else { Keys::Disk }
        }
        Err(failure) => later(ctx, failure),
    }
}

/// The key store gives no key now: says so, in words, until it does.
fn later(ctx: &Ctx, failure: VaultFailure) -> Keys {
    ctx.state().run.fail(KEYS, Problem::new(Area::Store, Code::of_vault(failure)));
    if failure == VaultFailure::Busy { Keys::Busy } else { Keys::NotNow }
}

fn ready(ctx: &Ctx) -> Keys {
    ctx.state().run.settled(Area::Store, KEYS);
    Keys::Ready
}

/// Makes a wrapping key under `alias` and a random data key wrapped by it.
pub(super) async fn wrapped_data_key(
    flow: &Flow,
    alias: Alias,
) -> Result<(Secret<Vec<u8>>, Vec<u8>), VaultFailure> {
    let access = AccessClass::AfterFirstUnlock;
    let create = VaultOp::Create { alias: alias.clone(), access, attestation_challenge: None };
    flow.vault(create).await?;
    let mut random = |out: &mut [u8]| flow.fill_random(out);
    let key = new_data_key(&mut random);
    match flow.vault(VaultOp::Wrap { alias, plaintext: key.clone() }).await? {
        VaultAnswer::Wrapped { wrapped } => Ok((key, wrapped)),
        _ => Err(VaultFailure::Unsupported),
    }
}
