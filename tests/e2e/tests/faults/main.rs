//! What must hold whatever breaks: kills, lost answers, key stores that fail, clocks that jump.
mod answers;
mod determinism;
mod kill;
mod ledger;
mod secrets;
mod simulation;
