//! Stories, told through the public programs against real servers on this machine.
mod activation;
mod imposter;
mod shapes;
mod standalone;
mod ways;
