#![no_main]

use csi_relocate_fuzz::checks;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| checks::symptom::check(data));
