//! Stories, told through the public programs against real servers on this machine.
mod activation;
mod clock;
mod company;
mod imposter;
mod languages;
mod offline;
mod shapes;
mod standalone;
mod ways;
