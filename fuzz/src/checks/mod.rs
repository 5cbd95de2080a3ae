//! One check for each fuzz target: it takes any bytes, and panics where a promise is broken.
//!
//! No fuzzer is needed to run them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

pub mod filter;
pub mod krm;
pub mod meaning;
pub mod parser;
pub mod paths;
pub mod symptom;

/// The check of a target, by its name.
pub fn of(target: &str) -> Option<fn(&[u8])> {
    Some(match target {
        "parser" => parser::check,
        "filter" => filter::check,
        "paths" => paths::check,
        "krm" => krm::check,
        "symptom" => symptom::check,
        _ => return None,
    })
}

/// A number that hangs on all bytes (FNV-1a), for choices that have to be the same in every run.
fn digest(data: &[u8]) -> u64 {
    data.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
