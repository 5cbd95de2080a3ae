//! Reading a whole log: how often each symptom is seen, where first, and what the lines tell.
//!
//! Nothing of the log is kept but the first line of each symptom and a limited number of names,
//! so the size of the log doesn't matter.

use super::counts::{Counts, SHOWN_BYTES};
use super::table::{Side, Symptom};
use super::{Symptoms, spelling};
use crate::kubepath::Root;
use crate::parallel;
use std::cmp::Reverse;

/// As much as a caller should bring at once, if it can: enough work for several processors.
pub const BLOCK_BYTES: usize = 8 * 1024 * 1024;

/// The part of a block that one processor reads at a time.
const PIECE_BYTES: usize = 512 * 1024;

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
    /// The drivers that the lines name, with how many do, most often first.
    pub drivers: Vec<(String, u64)>,
    /// The kubelet roots that the lines' paths lie below, most often first.
    pub roots: Vec<RootSeen>,
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
        let text = spelling::shown(text, SHOWN_BYTES);
        Self { symptom, count: 1, first_line: 1, text, drivers: Vec::new(), roots: Vec::new() }
    }
}

/// The reader of a log: feed it bytes as they come, then ask what they showed.
#[derive(Debug)]
pub struct Tally<'s> {
    symptoms: &'s Symptoms,
    /// The beginning of a line whose end hasn't come yet, up to the limit.
    unfinished: Vec<u8>,
    found: Counts,
}

impl<'s> Tally<'s> {
    /// A reader that has read nothing.
    #[must_use]
    pub fn new(symptoms: &'s Symptoms) -> Self {
        let found = Counts::new(symptoms.symptoms.len());
        Self { symptoms, unfinished: Vec::new(), found }
    }

    /// Reads the next bytes of the log; lines may be cut anywhere.
    pub fn feed(&mut self, block: &[u8]) {
        let Some(first) = memchr::memchr(b'\n', block) else {
            return self.keep(block);
        };
        let mut rest = block;
        if !self.unfinished.is_empty() {
            let (end_of_line, others) = block.split_at(first + 1);
            self.keep(end_of_line);
            self.read_unfinished();
            rest = others;
        }
        let end = memchr::memrchr(b'\n', rest).map_or(0, |at| at + 1);
        let (lines, tail) = rest.split_at(end);
        let pieces = pieces(lines);
        let symptoms = self.symptoms;
        for found in parallel::map(&pieces, lines.len(), |piece| scan(symptoms, piece)) {
            self.found.append(found);
        }
        self.keep(tail);
    }

    /// How many lines were read, the last one too where it has no end.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.found.lines + u64::from(!self.unfinished.is_empty())
    }

    /// What the log showed, the most harmful first; among equals what a manifest can mend, then
    /// the more frequent.
    #[must_use]
    pub fn finish(mut self) -> Vec<Group<'s>> {
        if !self.unfinished.is_empty() {
            self.read_unfinished();
        }
        let counts = self.symptoms.symptoms.iter().zip(self.found.entries);
        let mut groups: Vec<Group<'s>> =
            counts.filter_map(|(symptom, entry)| Some(entry?.group(symptom))).collect();
        groups.sort_by_key(|group| {
            let Symptom { harm, path_problem, .. } = group.symptom;
            (*harm, !path_problem, Reverse(group.count), group.first_line)
        });
        groups
    }

    /// Keeps the beginning of a line, as much of it as will be looked at.
    fn keep(&mut self, bytes: &[u8]) {
        let room = spelling::MAX_LINE_BYTES.saturating_sub(self.unfinished.len());
        self.unfinished.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    fn read_unfinished(&mut self) {
        let mut line = std::mem::take(&mut self.unfinished);
        // A line that was cut has lost its end; each counts as one.
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        self.found.append(scan(self.symptoms, &line));
    }
}

/// Whole lines, cut into pieces of whole lines.
fn pieces(mut lines: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while !lines.is_empty() {
        let from = lines.get(PIECE_BYTES..).unwrap_or_default();
        let end = memchr::memchr(b'\n', from).map_or(lines.len(), |at| PIECE_BYTES + at + 1);
        let (piece, rest) = lines.split_at(end);
        pieces.push(piece);
        lines = rest;
    }
    pieces
}

/// What some whole lines show.
fn scan(symptoms: &Symptoms, lines: &[u8]) -> Counts {
    let mut counts = Counts::new(symptoms.symptoms.len());
    let newlines =
        |bytes: Option<&[u8]>| memchr::memchr_iter(b'\n', bytes.unwrap_or_default()).count() as u64;
    let mut at = 0;
    // Lines are counted up to the last place where their number was asked for.
    let (mut counted, mut number) = (0, 0);
    while let Some(needle) = symptoms.matcher.next_needle(lines, at) {
        let before = lines.get(at..needle).unwrap_or_default();
        let start = memchr::memrchr(b'\n', before).map_or(at, |found| at + found + 1);
        let after = lines.get(needle..).unwrap_or_default();
        let end = memchr::memchr(b'\n', after).map_or(lines.len(), |found| needle + found);
        let plain = spelling::plain(lines.get(start..end).unwrap_or_default());
        for hit in symptoms.matcher.hits(&plain) {
            counts.record(&hit, &plain, || {
                number += newlines(lines.get(counted..start));
                counted = start;
                number + 1
            });
        }
        at = end;
    }
    counts.lines = number + newlines(lines.get(counted..));
    counts
}
