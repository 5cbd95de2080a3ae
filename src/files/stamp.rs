//! Whether a file is still what it was.

use std::fs::Metadata;
use std::time::SystemTime;

/// What changes when somebody writes into a file, or puts another one in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    length: u64,
    /// `None` where the file system has no such times.
    modified: Option<SystemTime>,
    /// The device and the number on it.
    #[cfg(unix)]
    inode: (u64, u64),
}

impl Stamp {
    /// The stamp of a file of which this is known.
    #[must_use]
    pub(crate) fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            inode: (metadata.dev(), metadata.ino()),
        }
    }
}
