//! Counting what lines show, in memory that doesn't grow with the log.

use super::matcher::Hit;
use super::table::{Side, Symptom};
use super::tally::{Group, RootSeen};
use super::{root, spelling};
use crate::kubepath::Root;

/// How much of a line is kept to be shown.
pub(super) const SHOWN_BYTES: usize = 4096;

/// How many different drivers, and roots, are kept for a symptom; what comes later isn't listed.
const MAX_NAMES: usize = 100;

/// What was seen in some lines of a log.
#[derive(Debug)]
pub(super) struct Counts {
    /// How many lines they are.
    pub(super) lines: u64,
    /// For each symptom.
    pub(super) entries: Vec<Option<Entry>>,
    /// For each symptom: a line took back what was seen of it before these lines.
    answered: Vec<bool>,
}

/// What was seen of one symptom.
#[derive(Debug)]
pub(super) struct Entry {
    count: u64,
    first_line: u64,
    text: String,
    drivers: Vec<(String, u64)>,
    roots: Vec<((Root, Side), u64)>,
}

impl Counts {
    /// Nothing seen yet, of so many symptoms.
    pub(super) fn new(symptoms: usize) -> Self {
        let entries = std::iter::repeat_with(|| None).take(symptoms).collect();
        Self { lines: 0, entries, answered: vec![false; symptoms] }
    }

    /// Counts a line that shows a symptom; `number` tells the line's number, which takes counting.
    pub(super) fn record(&mut self, hit: &Hit<'_>, line: &str, number: impl FnOnce() -> u64) {
        let Some(slot) = self.entries.get_mut(hit.symptom) else { return };
        if hit.is_answer {
            *slot = None;
            if let Some(answered) = self.answered.get_mut(hit.symptom) {
                *answered = true;
            }
            return;
        }
        let entry = slot.get_or_insert_with(|| Entry {
            count: 0,
            first_line: number(),
            text: spelling::shown(line, SHOWN_BYTES),
            drivers: Vec::new(),
            roots: Vec::new(),
        });
        entry.count += 1;
        if let Some(driver) = root::driver_of(hit, line) {
            match entry.drivers.iter_mut().find(|(known, _)| known == driver) {
                Some((_, count)) => *count += 1,
                None => add(&mut entry.drivers, driver.to_owned(), 1),
            }
        }
        if let Some(root) = root::root_and_side(hit) {
            add(&mut entry.roots, root, 1);
        }
    }

    /// Adds what was seen in the lines that follow.
    pub(super) fn append(&mut self, next: Self) {
        let answered = self.answered.iter_mut().zip(next.answered);
        for ((slot, entry), (was, is)) in self.entries.iter_mut().zip(next.entries).zip(answered) {
            if is {
                *slot = None;
                *was = true;
            }
            let Some(mut entry) = entry else { continue };
            entry.first_line += self.lines;
            match slot {
                Some(first) => first.append(entry),
                None => *slot = Some(entry),
            }
        }
        self.lines += next.lines;
    }
}

impl Entry {
    fn append(&mut self, next: Self) {
        self.count += next.count;
        next.drivers.into_iter().for_each(|(name, count)| add(&mut self.drivers, name, count));
        next.roots.into_iter().for_each(|(root, count)| add(&mut self.roots, root, count));
    }

    /// The count as it is told.
    pub(super) fn group(mut self, symptom: &Symptom) -> Group<'_> {
        // Stable: names that are seen equally often stay in the order in which they came.
        self.drivers.sort_by_key(|(_, count)| u64::MAX - count);
        self.roots.sort_by_key(|(_, count)| u64::MAX - count);
        let seen = |((root, side), count)| RootSeen { root, side, count };
        Group {
            symptom,
            count: self.count,
            first_line: self.first_line,
            text: self.text,
            drivers: self.drivers,
            roots: self.roots.into_iter().map(seen).collect(),
        }
    }
}

/// Counts a name; beyond the limit only those that are known already.
fn add<T: PartialEq>(names: &mut Vec<(T, u64)>, name: T, count: u64) {
    if let Some((_, known)) = names.iter_mut().find(|(known, _)| *known == name) {
        *known += count;
    } else if names.len() < MAX_NAMES {
        names.push((name, count));
    }
}
