//! What a log tells of one symptom.

use super::spelling;
use super::table::{Side, Symptom};
use crate::kubepath::Root;

/// How much of a line is kept to be shown.
pub(super) const SHOWN_BYTES: usize = 4096;

/// A symptom and all the lines that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<'s> {
    /// What it is.
    pub symptom: &'s Symptom,
    /// How many lines show it.
    pub count: u64,
    /// The first line that does, counted from 1.
    pub first_line: u64,
    /// That line's text, unquoted, without colours and control characters.
    pub text: String,
    /// The drivers that the lines name, with how many do, the most frequent first.
    pub drivers: Vec<(String, u64)>,
    /// How many drivers the lines name besides. Beyond some thousand different ones, each line that
    /// names another counts.
    pub more_drivers: u64,
    /// The kubelet roots that the lines' paths lie below, the most frequent first.
    pub roots: Vec<RootSeen>,
    /// How many roots there are besides, counted like the drivers.
    pub more_roots: u64,
    pub(super) is_guess: bool,
}

/// A kubelet root that lines give away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootSeen {
    /// The root.
    pub root: Root,
    /// Whose it is.
    pub side: Side,
    /// How many lines have a path below it.
    pub count: u64,
}

impl<'s> Group<'s> {
    /// A symptom that somebody described in words.
    pub(super) fn said(symptom: &'s Symptom, text: &str) -> Self {
        Self {
            symptom,
            count: 1,
            first_line: 1,
            text: spelling::shown(text, SHOWN_BYTES),
            drivers: Vec::new(),
            more_drivers: 0,
            roots: Vec::new(),
            more_roots: 0,
            is_guess: true,
        }
    }

    /// Whether it is told by a person's words, which may mean something else, and not by what a
    /// program said.
    #[must_use]
    pub fn is_guess(&self) -> bool {
        self.is_guess
    }
}
