//! What `check` has to say of each thing that goes wrong.

use super::kubelet::Broken;
use csi_relocate::finding::Severity;

/// What a verdict has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Told {
    /// No error.
    Fine,
    /// Anything: something is wrong, and the manifest doesn't tell it for sure.
    Anything,
    /// A warning or an error.
    Warning,
    /// An error.
    Error,
}

/// The least that `check` says of a thing, and why that is less than an error.
pub(crate) const HARMS: [(Broken, Told, &str); 24] = [
    (Broken::TwoMounts, Told::Error, ""),
    (Broken::Unprivileged, Told::Error, ""),
    (
        Broken::RefusedElsewhere,
        Told::Anything,
        "the API server says so, and no root has to do with it",
    ),
    (Broken::NotWatched, Told::Error, ""),
    (Broken::UnknownProgram, Told::Anything, "it may work in the node's own files"),
    (Broken::NotDialled, Told::Error, ""),
    (
        Broken::Bare,
        Told::Anything,
        "a process of a Windows node has no mounts, and in a patch they may stand elsewhere",
    ),
    (Broken::NotMade, Told::Error, ""),
    (Broken::OtherName, Told::Anything, "a socket of another name may be for something else"),
    (
        Broken::OneNotDialled,
        Told::Anything,
        "one program that is several drivers may put each one's name into the path",
    ),
    (Broken::TooLong, Told::Error, ""),
    (Broken::PodsNotThere, Told::Error, ""),
    (Broken::NoPods, Told::Anything, "a driver that mounts nothing of the kind may not need it"),
    (Broken::PodsNotShared, Told::Error, ""),
    (Broken::PodsReadOnly, Told::Error, ""),
    (Broken::Covers, Told::Error, ""),
    (Broken::StagingNotThere, Told::Warning, "a driver with the directory may never stage"),
    (Broken::StagingNotShared, Told::Warning, "a driver with the directory may never stage"),
    (Broken::StagingReadOnly, Told::Warning, "a driver with the directory may never stage"),
    (Broken::DevicePlugins, Told::Error, ""),
    (Broken::Missing, Told::Warning, "the directory of another root may be there"),
    (Broken::Blind, Told::Warning, "what a container that is no driver does without isn't told"),
    (Broken::Dangling, Told::Warning, "a setting may be one that nobody reads"),
    (Broken::OfThirdRoot, Told::Anything, "one directory, such as /var/log/pods, is no evidence"),
];

/// What has to be said of all that goes wrong.
pub(crate) fn expected(broken: &[Broken]) -> Told {
    let told = |what: &Broken| HARMS.iter().find(|row| row.0 == *what).map(|row| row.1);
    broken.iter().filter_map(told).max().unwrap_or(Told::Fine)
}

/// Whether the worst finding is what is expected.
pub(crate) fn says(worst: Option<Severity>, expected: Told) -> bool {
    match expected {
        Told::Anything => true,
        Told::Fine => worst != Some(Severity::Error),
        Told::Warning => worst >= Some(Severity::Warning),
        Told::Error => worst == Some(Severity::Error),
    }
}
