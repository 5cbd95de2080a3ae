//! Findings and places, as other programs take them.

use crate::finding::{self, Place, Rule, Severity};
use crate::source::{Source, Span};
use crate::words::Catalogue;
use std::fmt;
use std::ops::Range;

/// A place in one of the sources that were passed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Position {
    /// The source, by its index among those that were passed.
    pub source: usize,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The bytes of the source.
    pub bytes: Range<usize>,
}

/// Line and column, as editors and compilers write them.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

pub(super) fn position(source: &Source, index: usize, span: Span) -> Position {
    let at = source.line_col(span.start);
    Position { source: index, line: at.line, column: at.column, bytes: span.as_range() }
}

/// Something a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What kind it is; its id stays the same from version to version.
    pub rule: Rule,
    /// How much harm follows.
    pub severity: Severity,
    /// What is there and what breaks, in English. The wording may change.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The object that it stands in, such as `DaemonSet csi-nfs-node`.
    pub object: Option<String>,
    /// Where, the main place first.
    pub at: Vec<Position>,
}

/// `line:column: severity[rule]: message`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.at.first() {
            write!(f, "{at}: ")?;
        }
        write!(f, "{}[{}]: {}", self.severity, self.rule.id(), self.message)
    }
}

/// A finding that somebody accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// What was found.
    pub finding: Finding,
    /// Why it is accepted.
    pub reason: String,
}

impl Finding {
    /// A finding in words; `at` says where a place of it is.
    pub(super) fn told(
        found: &finding::Finding,
        object: Option<String>,
        words: &Catalogue,
        at: impl Fn(&Place) -> Option<Position>,
    ) -> Self {
        Self {
            rule: found.rule,
            severity: found.severity,
            message: words.say(&found.message),
            help: words.help(&found.message),
            object,
            at: found.places.iter().filter_map(at).collect(),
        }
    }
}
