//! Reading a whole log: how often each symptom is seen, where first, and what the lines tell.
//!
//! Nothing of the log is kept but the first line of each symptom and a limited number of names,
//! so the size of the log doesn't matter.

use super::counts::Counts;
use super::decode::{Decoder, Unreadable};
use super::group::Group;
use super::lines::Part;
use super::table::Symptom;
use super::{Symptoms, lines};
use crate::parallel;
use std::cmp::Reverse;

/// As much as a caller should bring at once, if it can: enough work for several processors.
pub const BLOCK_BYTES: usize = 8 * 1024 * 1024;

/// The part of a block that one processor reads at a time.
const PIECE_BYTES: usize = 512 * 1024;

/// So much of a line is waited for before it is read without its end.
const UNFINISHED_BYTES: usize = 1024 * 1024;

/// The reader of a log: feed it bytes as they come, then ask what they showed.
#[derive(Debug)]
pub struct Tally<'s> {
    symptoms: &'s Symptoms,
    decoder: Decoder,
    /// The beginning of a line whose end hasn't come yet, or what is kept of it.
    unfinished: Vec<u8>,
    /// What was done with it already, where it is a long one.
    part: Option<Part>,
    /// A line was begun, even if nothing of it is kept.
    is_begun: bool,
    found: Counts,
}

impl<'s> Tally<'s> {
    /// A reader that has read nothing.
    #[must_use]
    pub fn new(symptoms: &'s Symptoms) -> Self {
        Self {
            symptoms,
            decoder: Decoder::new(),
            unfinished: Vec::new(),
            part: None,
            is_begun: false,
            found: Counts::new(symptoms.symptoms.len()),
        }
    }

    /// Reads the next bytes of the log; lines may be cut anywhere. UTF-16 is read like UTF-8.
    pub fn feed(&mut self, block: &[u8]) {
        let text = self.decoder.decode(block);
        self.read(&text);
    }

    /// What the log is, when it isn't text: packed by some program, for example. Nothing is found
    /// in such a log.
    #[must_use]
    pub fn unreadable(&self) -> Option<Unreadable> {
        self.decoder.unreadable()
    }

    /// How many lines were read, the last one too where it has no end.
    #[must_use]
    pub fn lines(&self) -> u64 {
        let pending = self.decoder.pending();
        let ends = memchr::memchr_iter(b'\n', pending).count() as u64;
        // UTF-16 has a zero after the line break.
        let open = pending.iter().rev().find(|byte| **byte != 0).is_some_and(|byte| *byte != b'\n');
        let open = open || (pending.is_empty() && self.is_begun);
        self.found.lines + ends + u64::from(open)
    }

    /// What the log showed, the most harmful first; among equals what a manifest can mend, then
    /// the more frequent.
    #[must_use]
    pub fn finish(mut self) -> Vec<Group<'s>> {
        let rest = self.decoder.rest();
        self.read(&rest);
        if self.is_begun {
            self.end_line(b"\n");
        }
        let mut groups = self.found.groups(&self.symptoms.symptoms);
        groups.sort_by_key(|group| {
            let Symptom { harm, path_problem, .. } = group.symptom;
            (*harm, !path_problem, Reverse(group.count), group.first_line)
        });
        groups
    }

    fn read(&mut self, text: &[u8]) {
        let Some(first) = memchr::memchr(b'\n', text) else {
            return self.keep(text);
        };
        let mut rest = text;
        if self.is_begun {
            let (end_of_line, others) = text.split_at(first + 1);
            self.end_line(end_of_line);
            rest = others;
        }
        let end = memchr::memrchr(b'\n', rest).map_or(0, |at| at + 1);
        let (whole, tail) = rest.split_at(end);
        let pieces = pieces(whole);
        let symptoms = self.symptoms;
        for found in parallel::map(&pieces, whole.len(), |piece| lines::scan(symptoms, piece, None))
        {
            self.found.append(found);
        }
        self.keep(tail);
    }

    /// Keeps the beginning of a line until more of it comes; what can't change any more is read.
    fn keep(&mut self, bytes: &[u8]) {
        self.unfinished.extend_from_slice(bytes);
        self.is_begun |= !bytes.is_empty();
        if self.unfinished.len() < UNFINISHED_BYTES {
            return;
        }
        let cut = lines::last_record(&self.unfinished);
        let done = cut.unwrap_or(self.unfinished.len());
        let text = self.unfinished.get(..done).unwrap_or_default();
        let found = lines::scan(self.symptoms, text, Some(self.part.unwrap_or_default()));
        // Without a place to cut at, the last part is looked at again together with what follows.
        let kept = if cut.is_some() { 0 } else { lines::kept(text) };
        self.found.append(found);
        self.unfinished.drain(..done - kept);
        self.part = Some(Part { seen: kept });
    }

    fn end_line(&mut self, bytes: &[u8]) {
        let mut line = std::mem::take(&mut self.unfinished);
        line.extend_from_slice(bytes);
        let part = self.part.take();
        self.is_begun = false;
        self.found.append(lines::scan(self.symptoms, &line, part));
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
