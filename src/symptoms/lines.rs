//! Reading lines, however long they are.
//!
//! Most lines are short and are looked at as a whole. A long one is often a log by itself, exported
//! as one array of JSON or as one quoted text, so it is cut where records seem to end. Where
//! nothing tells, it is looked at through windows that overlap, and what ends in a part that was
//! seen before isn't counted again.

use super::counts::Counts;
use super::origin::Origins;
use super::{Symptoms, spelling};

/// A line is looked at as a whole up to here. The longest lines that programs write about volumes
/// have some thousand bytes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// How far a window reaches to both sides of a needle.
const REACH: usize = MAX_LINE_BYTES / 2;

/// What two windows share, so that nothing is cut in both.
const OVERLAP: usize = 8 * 1024;

/// Where one record ends and the next begins: two objects of an array, or a line break in quotes;
/// and how many bytes belong to the first one.
const CUTS: [(&[u8], usize); 3] = [(b"},{", 2), (b"}, {", 2), (b"\\n", 2)];

/// What some lines show. The first one is a `part` of a long one where its beginning was looked at
/// before; that is told apart from what was seen of it.
pub(super) fn scan(symptoms: &Symptoms, lines: &[u8], part: Option<Part>) -> Counts {
    let mut counts = Counts::new(symptoms.symptoms.len());
    let newlines =
        |bytes: Option<&[u8]>| memchr::memchr_iter(b'\n', bytes.unwrap_or_default()).count() as u64;
    let mut cursor = Cursor::new(lines, part);
    // Lines are counted up to the last place where their number was asked for.
    let (mut counted, mut number) = (0, 0);
    while let Some(needle) = symptoms.matcher.next_needle(lines, cursor.at) {
        let (start, seen, end) = cursor.window(needle);
        let text = lines.get(start..end).unwrap_or_default();
        let (plain, seen) = spelling::plain_after(text, seen);
        for hit in symptoms.matcher.hits(&plain, seen) {
            let origins: &Origins = &symptoms.origins;
            let origin = if hit.has_answers { origins.of(&plain) } else { "" };
            counts.record(&hit, &plain, origin, || {
                number += newlines(lines.get(counted..start));
                counted = counted.max(start);
                (number + 1, symptoms.matcher.place(hit.symptom, &plain))
            });
        }
    }
    counts.lines = number + newlines(lines.get(counted..));
    counts
}

/// What was done with a long line already.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    /// So many bytes at the beginning of what is left were looked at.
    pub(super) seen: usize,
}

/// How many bytes at the end of an unfinished line have to be kept when all of it was looked at.
pub(super) fn kept(line: &[u8]) -> usize {
    line.len().min(REACH)
}

/// Where the last record of an unfinished line begins, if that is near its end.
pub(super) fn last_record(line: &[u8]) -> Option<usize> {
    cut_before(line, line.len().saturating_sub(REACH), line.len())
}

/// Where in some lines the search for needles stands.
struct Cursor<'l> {
    lines: &'l [u8],
    /// Everything before was looked at.
    seen: usize,
    /// The search goes on here.
    at: usize,
    /// The beginning of the line, or of the record.
    floor: usize,
    /// The end of the line that was looked at last.
    line_end: usize,
    /// This line is looked at in parts.
    is_long: bool,
    /// So is the first one.
    first_is_long: bool,
}

impl<'l> Cursor<'l> {
    fn new(lines: &'l [u8], part: Option<Part>) -> Self {
        let (seen, first_is_long) = (part.unwrap_or_default().seen, part.is_some());
        Self { lines, seen, at: 0, floor: 0, line_end: 0, is_long: false, first_is_long }
    }

    /// What is to be looked at around a needle: the line, or a part of it; the number in the middle
    /// tells how much of it was seen before.
    fn window(&mut self, needle: usize) -> (usize, usize, usize) {
        let bytes = |from: usize, to: usize| self.lines.get(from..to).unwrap_or_default();
        if needle >= self.line_end {
            let from = self.at.max(self.line_end);
            let start = memchr::memrchr(b'\n', bytes(from, needle));
            let end = memchr::memchr(b'\n', bytes(needle, self.lines.len()));
            self.floor = start.map_or(from, |found| from + found + 1);
            self.line_end = end.map_or(self.lines.len(), |found| needle + found);
            self.is_long = self.line_end - self.floor > MAX_LINE_BYTES
                || (self.first_is_long && self.floor == 0);
        }
        if !self.is_long {
            self.at = self.line_end;
            return (self.floor, 0, self.line_end);
        }
        let low = self.floor.max(needle.saturating_sub(REACH));
        let high = self.line_end.min(needle.saturating_add(REACH));
        let start = cut_before(self.lines, low, needle).unwrap_or(low);
        let cut = cut_after(self.lines, needle, high);
        let end = cut.unwrap_or(high);
        let seen = self.seen.saturating_sub(start);
        self.seen = self.seen.max(end);
        if cut.is_some() || end == self.line_end {
            self.floor = end;
            self.at = end;
        } else {
            self.at = end - OVERLAP;
        }
        (start, seen, end)
    }
}

/// The last place between two where a record begins.
fn cut_before(bytes: &[u8], low: usize, high: usize) -> Option<usize> {
    let part = bytes.get(low..high).unwrap_or_default();
    let mut places = memchr::memrchr2_iter(b'}', b'\\', part);
    places.find_map(|at| cut_at(bytes, low + at).filter(|cut| *cut <= high))
}

/// The first place between two where a record ends.
fn cut_after(bytes: &[u8], low: usize, high: usize) -> Option<usize> {
    let part = bytes.get(low..high).unwrap_or_default();
    let mut places = memchr::memchr2_iter(b'}', b'\\', part);
    places.find_map(|at| cut_at(bytes, low + at).filter(|cut| *cut <= high))
}

/// Where the next record begins, if this one ends at this byte.
fn cut_at(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    CUTS.iter().find(|(cut, _)| rest.starts_with(cut)).map(|(_, own)| at + own)
}
