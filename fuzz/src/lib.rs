//! What the fuzz targets share: the checks, which `tests/fuzz_finds.rs` runs as well, and a
//! mutator that knows lines.

#![forbid(unsafe_code)]

pub mod checks;
pub mod mutate;
