//! The program; see the library for what it does.

use std::process::ExitCode;

/// The static programs for Linux don't take memory from the allocator of their C library.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    csi_relocate::run::run(std::env::args_os())
}
