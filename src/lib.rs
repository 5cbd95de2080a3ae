//! Rewrites Kubernetes CSI manifests for a kubelet whose root directory isn't
//! `/var/lib/kubelet`, and touches no other byte.
//!
//! Data flows one way; each stage has one type to hand on:
//!
//! ```text
//! bytes → Source → Documents → Objects → Sites → Decisions → Changes → Edits → verified output
//!         source    yaml        model     sites   decide      plan      plan    relocate
//! ```
//!
//! Everything but [`run`] and [`files`] is pure. Rules see nodes of documents and never byte
//! offsets; [`plan`] is the one place that turns nodes into bytes. What is known about kubelets
//! and drivers is data, in [`knowledge`].

mod by_hand;
pub mod check;
pub mod cli;
mod commands;
pub mod decide;
pub mod diff;
pub mod emit;
pub mod error;
pub mod explain;
pub mod files;
pub mod finding;
pub mod helm;
pub mod invocation;
pub mod knowledge;
pub mod krm;
pub mod kubepath;
pub mod model;
mod parallel;
pub mod plan;
pub mod relocate;
pub mod render;
pub mod report;
pub mod roots;
pub mod run;
pub mod sites;
pub mod source;
mod stream;
pub mod symptoms;
mod talk;
mod usage;
mod verify;
pub mod words;
pub mod yaml;

pub use relocate::{Options, Relocation, relocate};
