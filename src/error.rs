//! What can go wrong, and whose fault it is.

use crate::roots::RootsError;
use std::fmt;

/// A mistake of this program: nothing is written, and the user can't mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What was found to be wrong.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is a mistake of csi-relocate, not yours: {}", self.message)
    }
}

impl std::error::Error for Fault {}

/// An input that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong, in plain words.
    pub message: String,
    /// Where, as a byte offset into the source.
    pub offset: usize,
    /// The way out.
    pub help: String,
}

/// Why nothing came out.
#[derive(Debug)]
pub enum RelocateError {
    /// Sources that can't be read, by their index.
    Unreadable(Vec<(usize, Unreadable)>),
    /// The roots can't be used together.
    Roots(RootsError),
    /// The program is at fault.
    Fault(Fault),
}

impl fmt::Display for RelocateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(sources) => {
                let messages: Vec<&str> =
                    sources.iter().map(|(_, unreadable)| unreadable.message.as_str()).collect();
                f.write_str(&messages.join("; "))
            }
            Self::Roots(error) => error.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for RelocateError {}

impl From<Vec<(usize, Unreadable)>> for RelocateError {
    fn from(sources: Vec<(usize, Unreadable)>) -> Self {
        Self::Unreadable(sources)
    }
}

impl From<RootsError> for RelocateError {
    fn from(error: RootsError) -> Self {
        Self::Roots(error)
    }
}

impl From<Fault> for RelocateError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
