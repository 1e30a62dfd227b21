//! What must hold whatever breaks: kills, lost answers, key stores that fail, clocks that jump.
mod answers;
mod kill;
mod ledger;
mod secrets;
