//! Commands of the policy, each carried out once.
use super::super::ctx::Ctx;
use super::super::state::{Operation, State};
use crate::licence::LicenceEvent;
use crate::policy::{Command, CommandKind};
use crate::report::CommandOutcome;
use crate::time::Now;

/// Carries out the oldest open command. Its receipt is stored with the fact that it is done.
pub(super) fn carry_out_next(ctx: &Ctx) {
    ctx.change(|state, now| {
        let open = state.with_store(|store| store.open_commands());
        match open.map(|open| open.into_iter().next()) {
            Ok(Some(stored)) => match Command::from_bytes(&stored.bytes) {
                Some(command) => state.carry_out(&command, now),
                // One that another version of the app took in and this one can't read.
                None => state.work.push(Operation::FinishCommand(stored.jti)),
            },
            Ok(None) => {}
            Err(_) => state.pause_store(now),
        }
    });
}

impl State {
    /// Whether a command of a policy was not carried out yet.
    pub(super) fn has_open_command(&self) -> bool {
        self.store.as_ref().is_some_and(|s| s.open_commands().is_ok_and(|open| !open.is_empty()))
    }

    fn carry_out(&mut self, command: &Command, now: Now) {
        let expired = self.stored.time.at(now) > command.expires_at;
        let outcome = match (&command.kind, expired) {
            (_, true) => CommandOutcome::Expired,
            (CommandKind::Unknown(_), _) => CommandOutcome::Unsupported,
            (CommandKind::Sync, _) => {
                self.run.sync_wanted = true;
                CommandOutcome::Done
            }
            (CommandKind::Lock, _) => {
                self.stored.lock_message = command.message.clone();
                self.licence_event(LicenceEvent::LockOrdered, now);
                CommandOutcome::Done
            }
            (CommandKind::Unlock, _) => {
                self.stored.lock_message = None;
                self.licence_event(LicenceEvent::UnlockOrdered, now);
                CommandOutcome::Done
            }
            (CommandKind::Erase(cause), _) => {
                // Its receipt is made from the tombstone, when everything is gone.
                self.stored.erase_command = Some(command.jti.clone());
                return self.licence_event(LicenceEvent::EraseOrdered(*cause), now);
            }
        };
        self.report_command(&command.jti, &command.kind, outcome, now);
        self.work.push(Operation::FinishCommand(command.jti.clone()));
    }
}
