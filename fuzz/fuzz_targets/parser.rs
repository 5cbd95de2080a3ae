#![no_main]

use csi_relocate_fuzz::{checks, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|data: &[u8]| checks::parser::check(data));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::lines(data, size, max_size, seed).unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
});
