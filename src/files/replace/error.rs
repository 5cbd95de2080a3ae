//! Why files weren't written, and what to do about it.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

/// Why files weren't written.
///
/// Each says all there is to say, with what the system said; so none has a `source()`, which would
/// be said twice.
#[derive(Debug)]
pub(crate) enum WriteError {
    /// There is something else than a file, or two files are meant to be one below the other.
    NotAFile(PathBuf),
    /// Nobody may write the file.
    ReadOnly(PathBuf),
    /// Somebody else has written the file since it was read.
    Changed(PathBuf),
    /// A link that leads nowhere.
    DeadLink(PathBuf),
    /// Two writes have one file as their target.
    Twice {
        /// The second.
        target: PathBuf,
        /// The first.
        other: PathBuf,
    },
    /// A file can't be written.
    File {
        /// Which.
        target: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or a folder can't be made.
    Folder {
        /// Where.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Writing couldn't begin.
    Start(io::Error),
    /// Not all files could be put in place.
    Unfinished {
        /// The first that couldn't.
        target: PathBuf,
        /// How many are in place.
        replaced: usize,
        /// How many there are.
        of: usize,
        /// What the system said.
        source: io::Error,
    },
}

impl WriteError {
    /// How many files are in place all the same.
    #[cfg(test)]
    #[must_use]
    pub(crate) fn replaced(&self) -> usize {
        match self {
            Self::Unfinished { replaced, .. } => *replaced,
            _ => 0,
        }
    }

    /// What to do, where it is known.
    fn advice(&self) -> Option<&'static str> {
        let source = match self {
            Self::ReadOnly(_) if cfg!(unix) => return Some("chmod u+w it first"),
            Self::Changed(_) => return Some("run it again"),
            Self::File { source, .. }
            | Self::Folder { source, .. }
            | Self::Unfinished { source, .. } => source,
            _ => return None,
        };
        match source.kind() {
            ErrorKind::StorageFull => Some("free some space first"),
            ErrorKind::QuotaExceeded => Some("your share of the disk is used up"),
            ErrorKind::ReadOnlyFilesystem => Some("remount it for writing, or write elsewhere"),
            ErrorKind::PermissionDenied if matches!(self, Self::Folder { .. }) => {
                Some("every file is replaced as a whole, so its folder has to be writable")
            }
            ErrorKind::ResourceBusy => {
                Some("a file that is mounted by itself can't be replaced; mount its folder")
            }
            _ => None,
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAFile(target) => write!(f, "{} is not a regular file", target.display()),
            Self::ReadOnly(target) => write!(f, "{} is read-only", target.display()),
            Self::Changed(target) => {
                write!(
                    f,
                    "{} has been changed by somebody else since it was read",
                    target.display()
                )
            }
            Self::DeadLink(target) => {
                write!(f, "{} is a link to a file that doesn't exist", target.display())
            }
            Self::Twice { target, other } => {
                write!(f, "{} would be written twice", target.display())?;
                if target != other {
                    write!(f, ", also as {}", other.display())?;
                }
                Ok(())
            }
            Self::File { target, source } => {
                write!(f, "can't write {}: {source}", target.display())
            }
            Self::Folder { folder, source } => {
                write!(f, "can't make a file in {}: {source}", folder.display())
            }
            Self::Start(source) => write!(f, "can't start to write: {source}"),
            Self::Unfinished { target, source, .. } => {
                write!(f, "can't replace {}: {source}", target.display())
            }
        }?;
        if let Some(advice) = self.advice() {
            write!(f, "; {advice}")?;
        }
        match self {
            Self::Unfinished { replaced: replaced @ 1.., of, .. } => {
                write!(f, "; {replaced} of {of} files were replaced; run it again to finish")
            }
            _ => write!(f, "; nothing was changed"),
        }
    }
}

impl std::error::Error for WriteError {}
