pub(crate) mod cases;
mod folding;
mod properties;
mod vectors;
