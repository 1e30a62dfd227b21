mod change;
mod properties;
mod vectors;
