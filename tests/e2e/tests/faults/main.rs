//! What must hold whatever breaks: kills, lost answers, key stores and disks that fail.
mod answers;
mod crossings;
mod determinism;
mod garbled;
mod kill;
mod ledger;
mod secrets;
mod simulation;
mod storage;
