//! Rewrites Kubernetes CSI manifests for a kubelet whose root directory isn't `/var/lib/kubelet`,
//! and says whether manifests fit a root and what would break.
//!
//! A kubelet keeps its state below `--root-dir`, and a CSI driver's manifest names that directory
//! in a dozen places. [`rewrite`](rewrite()) moves those that follow the root, all of them
//! together, and leaves those that don't; no other byte is touched. [`check`](check()) resolves
//! each pod's mounts and asks what the kubelet, the registrar and the driver will ask.
//!
//! ```
//! use csi_relocate::{Options, Root, Source, rewrite};
//!
//! # let bytes = b"kind: Pod\nspec:\n  containers: []\n  volumes:\n  - name: x\n    \
//! #     hostPath: {path: /var/lib/kubelet/plugins_registry}\n".to_vec();
//! // let bytes = std::fs::read("csi-example-node.yaml")?;
//! let sources = [Source::from_bytes("csi-example-node.yaml", bytes)?];
//! let rewritten = rewrite(&sources, &Options::new(Root::parse("/data/kubelet")?))?;
//!
//! for site in rewritten.sites() {
//!     println!("{} {:?} {}: {}", site.at, site.fate, site.path, site.reason);
//! }
//! for finding in rewritten.findings() {
//!     eprintln!("{finding}\n  {}", finding.help);
//! }
//! assert!(rewritten.text().contains("path: /data/kubelet/plugins_registry"));
//! # assert_eq!(rewritten.sites().len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it promises
//!
//! - Everything outside of the edits comes out as it went in: comments, quotes, order, line
//!   endings.
//! - A result has been read again before it is returned. It means the input with the planned
//!   changes, and a second rewrite of it changes nothing.
//! - Nothing is guessed. An ambiguous root, or a scalar whose uses disagree, stays as it is, and a
//!   [`Finding`] says so. So do findings about what would break.
//! - Nothing is read or written but what is passed: no file, no environment, no network. A large
//!   input is worked on by several threads of rayon's global pool.
//!
//! # Errors
//!
//! A function that can fail returns [`Error`], and nothing else then: there is no half of a
//! result. What is wrong with the input has a place and says what to do about it:
//!
//! ```
//! use csi_relocate::{Error, Options, Root, Source, rewrite};
//!
//! let sources = [Source::new("values.yaml", "kubeletDir: [/var/lib/kubelet")];
//! match rewrite(&sources, &Options::new(Root::parse("/data/kubelet")?)) {
//!     Err(Error::Unreadable(problems)) => {
//!         assert_eq!((problems[0].name.as_str(), problems[0].at.line), ("values.yaml", 1));
//!     }
//!     other => panic!("{other:?}"),
//! }
//! # Ok::<(), csi_relocate::RootError>(())
//! ```
//!
//! [`Error::Fault`] is a mistake of this crate and not the caller's.
//!
//! # What stays the same from version to version
//!
//! Versions are 0.x: a minor version (0.2) may change functions and types, and a patch version
//! (0.1.1) may not. The ids of rules and symptoms stay, as programs store them. Messages are for
//! people, and their wording changes in any version; so does what is found, as rules become
//! better. Modules that this page doesn't list are for the project's own tests.

mod api;

pub use api::{
    Accepted, Check, Driver, Error, Finding, Position, Rewrite, Site, Symptom, Unreadable, check,
    distribution_root, explain_symptom, find_driver, rewrite,
};
pub use check::Against;
pub use explain::Fate;
pub use finding::{Rule, Severity};
pub use knowledge::driver::Relocatable;
pub use kubepath::{Root, RootError, WindowsRoot, WindowsRootError};
pub use relocate::Options;
pub use source::Source;

// The rooms of the house, which docs/architecture.md draws. Those that are `pub` are so for the
// program, the project's own tests, benchmarks and fuzz targets, without any promise: they may
// change in every version.
mod by_hand;
#[doc(hidden)]
pub mod check;
mod cli;
mod commands;
#[doc(hidden)]
pub mod decide;
#[doc(hidden)]
pub mod diff;
#[doc(hidden)]
pub mod emit;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod explain;
mod files;
#[doc(hidden)]
pub mod finding;
#[doc(hidden)]
pub mod helm;
mod invocation;
#[doc(hidden)]
pub mod knowledge;
#[doc(hidden)]
pub mod krm;
#[doc(hidden)]
pub mod kubepath;
mod model;
mod near;
mod parallel;
#[doc(hidden)]
pub mod plan;
#[doc(hidden)]
pub mod relocate;
#[doc(hidden)]
pub mod render;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod roots;
#[doc(hidden)]
pub mod run;
#[doc(hidden)]
pub mod sites;
#[doc(hidden)]
pub mod source;
mod stream;
mod suppress;
#[doc(hidden)]
pub mod symptoms;
mod talk;
mod text;
mod usage;
mod verify;
#[doc(hidden)]
pub mod words;
#[doc(hidden)]
pub mod yaml;
