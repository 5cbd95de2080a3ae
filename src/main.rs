//! The program; see the library for what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    csi_relocate::run::run(std::env::args_os())
}
