//! The patterns of the table, compiled: one pass looks for all needles at once, and only a line
//! with a needle meets regular expressions.

use super::table::{Side, Symptom};
use aho_corasick::{AhoCorasick, AhoCorasickKind, Input};
use regex::Regex;

/// A coloured line may have an escape sequence in the middle of a needle, so each is looked at.
const COLOUR: &str = "\u{1b}[";

/// All patterns of all symptoms.
#[derive(Debug)]
pub(super) struct Matcher {
    /// Finds needles; the number it tells is an index into `patterns_of_needle`.
    needles: AhoCorasick,
    /// The patterns behind each needle, as indices into `patterns`.
    patterns_of_needle: Vec<Vec<usize>>,
    /// In the order of the table.
    patterns: Vec<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    symptom: usize,
    is_answer: bool,
    regex: Option<Regex>,
    names: Option<Side>,
}

/// A pattern that matched a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit<'l> {
    /// Which symptom, as an index into the table.
    pub(super) symptom: usize,
    /// The line takes the symptom back.
    pub(super) is_answer: bool,
    /// The path that the pattern captured.
    pub(super) path: Option<&'l str>,
    /// The driver's name, where the pattern captures one.
    pub(super) driver: Option<&'l str>,
    /// Whose root the path tells.
    pub(super) names: Option<Side>,
}

impl Matcher {
    /// Compiles the patterns; what is wrong with one, if any is.
    pub(super) fn new(symptoms: &[Symptom]) -> Result<Self, String> {
        let mut needles: Vec<&str> = vec![COLOUR];
        let mut patterns_of_needle: Vec<Vec<usize>> = vec![Vec::new()];
        let mut patterns = Vec::new();
        for (index, symptom) in symptoms.iter().enumerate() {
            for (is_answer, pattern) in symptom.all_patterns() {
                let regex = pattern.expanded().map(|text| Regex::new(&text)).transpose();
                let regex = regex.map_err(|error| format!("{}: {error}", symptom.id))?;
                let known = needles.iter().position(|needle| *needle == pattern.needle);
                match known.and_then(|at| patterns_of_needle.get_mut(at)) {
                    Some(behind) => behind.push(patterns.len()),
                    None => {
                        needles.push(&pattern.needle);
                        patterns_of_needle.push(vec![patterns.len()]);
                    }
                }
                let names = pattern.names;
                patterns.push(Compiled { symptom: index, is_answer, regex, names });
            }
        }
        let needles = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(&needles)
            .map_err(|error| error.to_string())?;
        Ok(Self { needles, patterns_of_needle, patterns })
    }

    /// Where, from `at` on, the next line stands that is worth a look: a byte inside of it.
    pub(super) fn next_needle(&self, block: &[u8], at: usize) -> Option<usize> {
        // The byte before the end: a needle never spans lines.
        let found = self.needles.find(Input::new(block).range(at..))?;
        found.end().checked_sub(1)
    }

    /// What a line shows, in the order of the table; a symptom once, by its first pattern.
    pub(super) fn hits<'l>(&self, line: &'l str) -> Vec<Hit<'l>> {
        let mut candidates: Vec<usize> = self
            .needles
            .find_overlapping_iter(line)
            .filter_map(|found| self.patterns_of_needle.get(found.pattern().as_usize()))
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut hits: Vec<Hit<'l>> = Vec::new();
        for pattern in candidates.into_iter().filter_map(|index| self.patterns.get(index)) {
            let is_known = |hit: &Hit<'_>| hit.symptom == pattern.symptom;
            if hits.last().is_some_and(is_known) {
                continue;
            }
            hits.extend(pattern.hit(line));
        }
        hits
    }
}

impl Compiled {
    fn hit<'l>(&self, line: &'l str) -> Option<Hit<'l>> {
        let mut hit = Hit {
            symptom: self.symptom,
            is_answer: self.is_answer,
            path: None,
            driver: None,
            names: self.names,
        };
        if let Some(regex) = &self.regex {
            // Captures cost more than a match: a pattern without any is only asked whether.
            if regex.captures_len() == 1 {
                return regex.is_match(line).then_some(hit);
            }
            let captures = regex.captures(line)?;
            hit.path = captures.name("path").map(|found| found.as_str());
            hit.driver = captures.name("driver").map(|found| found.as_str());
        }
        Some(hit)
    }
}
