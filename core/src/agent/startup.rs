//! The first lane: gets the keys, loads what is stored, and lets the other lanes begin.
use super::ctx::Ctx;
use super::state::Mode;
use crate::flow::Flow;
use crate::secret::Secret;
use crate::store::new_data_key;
use crate::time::SECOND_MS;
use crate::vault::{AccessClass, Alias, Purpose, VaultAnswer, VaultFailure, VaultOp};

/// How long a busy key store is left alone.
const BUSY_PAUSE_MS: i64 = 2 * SECOND_MS;

/// What became of an attempt to get the keys.
enum Keys {
    Ready,
    /// Try again after the next event.
    NotNow,
    /// Try again in a moment.
    Busy,
    /// They are gone for good: the phone was restored from a backup, or the key store was reset.
    Gone,
}

/// Runs once for each agent.
pub(super) async fn start(ctx: Ctx) {
    loop {
        if ctx.state().mode == Mode::Starting {
            while !unlocked(&ctx).await {}
            let now = ctx.flow.now();
            ctx.state().load(now);
        }
        let now = ctx.flow.now();
        let mut state = ctx.state();
        state.open_for_business(now);
        if state.ready {
            break;
        }
    }
    ctx.flow.signal();
}

/// One attempt; `false` to try again.
async fn unlocked(ctx: &Ctx) -> bool {
    let seen = ctx.flow.signals_seen();
    match get_keys(ctx).await {
        Keys::Ready => return true,
        Keys::NotNow => ctx.flow.next_signal(seen, None).await,
        Keys::Busy => {
            let until = ctx.flow.now().elapsed.plus_ms(BUSY_PAUSE_MS);
            ctx.flow.next_signal(seen, Some(until)).await;
        }
        Keys::Gone => ctx.state().forget_quietly(),
    }
    false
}

async fn get_keys(ctx: &Ctx) -> Keys {
    let opened = ctx.state().open_store();
    let (wrapped, profile) = match opened {
        Ok(opened) => opened,
        Err(_) => return Keys::NotNow,
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
            Ok(_) | Err(VaultFailure::Denied | VaultFailure::Lost | VaultFailure::Unsupported) => {
                return Keys::Gone;
            }
            Err(VaultFailure::Locked) => return Keys::NotNow,
            Err(VaultFailure::Busy) => return Keys::Busy,
        }
    }
    match ctx.state().with_store(|store| store.unlock(&keys)) {
        Ok(()) => Keys::Ready,
        Err(_) => Keys::Gone,
    }
}

/// A new agent file gets its data key.
async fn first_key(ctx: &Ctx) -> Keys {
    // The number does not need to be durable before: nothing is sealed yet, and `Create` replaces a
    // key of that name that a killed process left behind.
    let number = match ctx.state().with_store(|s| s.last_number(Purpose::Service)) {
        Ok(number) => number + 1,
        Err(_) => return Keys::NotNow,
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
            if added.is_ok() { Keys::Ready } else { Keys::NotNow }
        }
        Err(VaultFailure::Busy) => Keys::Busy,
        Err(_) => Keys::NotNow,
    }
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
