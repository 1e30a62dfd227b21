mod folding;
mod properties;
mod vectors;
