//! Input that is meant to do harm, or looks like it: each run ends in time, with a message and the
//! right exit code, and no file is harmed. Runs that are killed or interrupted, full disks and
//! read-only file systems are in `tests/faults.rs`.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;
#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/growth.rs"]
mod growth;
#[path = "hostile/network.rs"]
mod network;
#[path = "hostile/shapes.rs"]
mod shapes;
#[path = "hostile/streams.rs"]
mod streams;
#[path = "hostile/watch.rs"]
mod watch;
