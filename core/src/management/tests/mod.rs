mod discovery;
mod faults;
mod keys;
mod refresh;
mod servers;
mod status;
