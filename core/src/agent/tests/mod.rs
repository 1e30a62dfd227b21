//! What is promised of the agent's own state.
mod durable;
