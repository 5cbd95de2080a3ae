//! What the library offers to other programs: thin functions over the rooms that do the work, with
//! types that own what they say. Only a [`Rewrite`] borrows its sources, whose text it gives back.

mod error;
mod known;
mod rewrite;
mod tables;
mod told;
mod verdict;

pub use error::{Error, Unreadable};
pub use known::{Driver, Symptom, distribution_root, explain_symptom, find_driver};
pub use rewrite::{Rewrite, Site, rewrite};
pub use told::{Accepted, Finding, Position};
pub use verdict::{Check, check};
