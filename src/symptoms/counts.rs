//! Counting what lines show, in memory that doesn't grow with the log.

use super::driver::driver_of;
use super::group::{Group, RootSeen, SHOWN_BYTES};
use super::matcher::Hit;
use super::names::Names;
use super::spelling;
use super::table::{Side, Symptom};
use crate::kubepath::Root;
use std::collections::{BTreeMap, BTreeSet};

/// How many pods or nodes are told apart whose lines may still be answered. What others say after
/// them isn't counted: with so many that wait, a few more tell nothing.
const MAX_ORIGINS: usize = 1000;

/// What was seen in some lines of a log.
#[derive(Debug)]
pub(super) struct Counts {
    /// How many lines they are.
    pub(super) lines: u64,
    seen: Vec<Seen>,
}

/// What was seen of one symptom.
#[derive(Debug, Default)]
struct Seen {
    /// By where the lines come from; without a name where nothing can take them back.
    entries: BTreeMap<String, Entry>,
    /// Whose lines took back what was seen before these lines.
    answered: BTreeSet<String>,
}

#[derive(Debug)]
struct Entry {
    count: u64,
    first_line: u64,
    text: String,
    drivers: Names<String>,
    roots: Names<(Root, Side)>,
}

impl Counts {
    /// Nothing seen yet, of so many symptoms.
    pub(super) fn new(symptoms: usize) -> Self {
        Self { lines: 0, seen: std::iter::repeat_with(Seen::default).take(symptoms).collect() }
    }

    /// Counts a line that shows a symptom. `origin` is the pod or node that the line comes from;
    /// `first` tells the line's number, which takes counting, and where its words stand.
    pub(super) fn record(
        &mut self,
        hit: &Hit<'_>,
        line: &str,
        origin: &str,
        first: impl FnOnce() -> (u64, usize),
    ) {
        let Some(seen) = self.seen.get_mut(hit.symptom) else { return };
        if hit.is_answer {
            seen.entries.remove(origin);
            if !seen.answered.contains(origin) {
                seen.answered.insert(origin.to_owned());
            }
            return;
        }
        if !seen.entries.contains_key(origin) {
            let (number, place) = first();
            let text = spelling::shown_around(line, place, SHOWN_BYTES);
            seen.entries.insert(origin.to_owned(), Entry::new(number, text));
        }
        let Some(entry) = seen.entries.get_mut(origin) else { return };
        entry.count += 1;
        if let Some(driver) = driver_of(hit, line) {
            entry.drivers.add(driver);
        }
        for root in &hit.roots {
            entry.roots.add(root);
        }
    }

    /// Adds what was seen in the lines that follow.
    pub(super) fn append(&mut self, next: Self) {
        for (seen, next) in self.seen.iter_mut().zip(next.seen) {
            for origin in &next.answered {
                seen.entries.remove(origin);
            }
            for (origin, mut entry) in next.entries {
                entry.first_line += self.lines;
                let has_room = seen.entries.len() < MAX_ORIGINS;
                match seen.entries.get_mut(&origin) {
                    Some(first) => first.append(entry),
                    None if has_room => {
                        // Its names are bounded like those of what follows.
                        let mut first =
                            Entry::new(entry.first_line, std::mem::take(&mut entry.text));
                        first.append(entry);
                        seen.entries.insert(origin, first);
                    }
                    None => {}
                }
            }
        }
        self.lines += next.lines;
    }

    /// The counts as they are told, in the order of the table.
    pub(super) fn groups(self, symptoms: &[Symptom]) -> Vec<Group<'_>> {
        symptoms
            .iter()
            .zip(self.seen)
            .filter_map(|(symptom, seen)| Some(seen.entry()?.group(symptom)))
            .collect()
    }
}

impl Seen {
    /// All origins together, in the order in which they came.
    fn entry(self) -> Option<Entry> {
        let mut entries: Vec<Entry> = self.entries.into_values().collect();
        entries.sort_by_key(|entry| entry.first_line);
        entries.into_iter().reduce(|mut first, next| {
            first.append(next);
            first
        })
    }
}

impl Entry {
    fn new(first_line: u64, text: String) -> Self {
        Self { count: 0, first_line, text, drivers: Names::new(), roots: Names::new() }
    }

    fn append(&mut self, next: Self) {
        self.count += next.count;
        self.drivers.append(next.drivers);
        self.roots.append(next.roots);
    }

    fn group(self, symptom: &Symptom) -> Group<'_> {
        let (drivers, more_drivers) = self.drivers.told();
        let (roots, more_roots) = self.roots.told();
        let seen = |((root, side), count)| RootSeen { root, side, count };
        Group {
            symptom,
            count: self.count,
            first_line: self.first_line,
            text: self.text,
            drivers,
            more_drivers,
            roots: roots.into_iter().map(seen).collect(),
            more_roots,
            is_guess: false,
        }
    }
}
