//! Why there is no answer.

use super::Position;
use super::told::position;
use crate::error::RelocateError;
use crate::source::{Source, Span};
use crate::{error, text};
use std::fmt;

/// Why there is no answer. Nothing was rewritten then, not even a part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Sources that are no manifests: not text, not YAML, or a template.
    Unreadable(Vec<Unreadable>),
    /// The root asked for lies above one that the manifests may be written for, so that a path
    /// below it could belong to either.
    Roots(String),
    /// A mistake of this crate. The result was not what was planned, and is withheld. Please
    /// report it, with the manifest.
    Fault(String),
}

/// A source that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// The name of the source.
    pub name: String,
    /// Where; its `source` is the place of the source among those that were passed.
    pub at: Position,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(sources) => {
                let lines: Vec<String> = sources.iter().map(Unreadable::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            Self::Roots(message) | Self::Fault(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; {}", self.name, self.at, self.message, self.help)
    }
}

impl Unreadable {
    fn of(source: &Source, index: usize, problem: &error::Unreadable) -> Self {
        let end = problem.offset;
        Self {
            name: source.name().to_owned(),
            at: position(source, index, Span::new(problem.offset, end)),
            message: problem.message.clone(),
            help: problem.help.clone(),
        }
    }
}

impl Error {
    /// Why the sources were refused.
    pub(super) fn of(error: RelocateError, sources: &[Source]) -> Self {
        match error {
            RelocateError::Unreadable(problems) => {
                let problems = problems.iter().filter_map(|(index, problem)| {
                    Some(Unreadable::of(sources.get(*index)?, *index, problem))
                });
                Self::Unreadable(problems.collect())
            }
            RelocateError::Roots(error) => Self::Roots(error.to_string()),
            RelocateError::Fault(fault) => Self::Fault(fault.to_string()),
        }
    }
}

impl Source {
    /// A source called `name` that holds what was read from somewhere.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when the bytes aren't UTF-8 text: a binary file, or UTF-16.
    ///
    /// ```
    /// use csi_relocate::{Error, Source};
    ///
    /// let Err(Error::Unreadable(problems)) = Source::from_bytes("a.tgz", b"\x1f\x8b\x00".to_vec()) else {
    ///     panic!("an archive was taken for a manifest");
    /// };
    /// assert!(problems[0].message.contains("binary file"));
    /// assert_eq!(problems[0].at.bytes, 2..2);
    /// ```
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        text::text(name, bytes).map_err(|not_text| {
            let mut unreadable = Unreadable::of(&not_text.shown, 0, &not_text.unreadable);
            unreadable.at.bytes = not_text.at..not_text.at;
            Error::Unreadable(vec![unreadable])
        })
    }
}
