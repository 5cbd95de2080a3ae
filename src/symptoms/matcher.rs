//! The patterns of the table, compiled: one pass looks for all needles at once, and only a line
//! with a needle meets regular expressions.

use super::root::Layout;
use super::table::{Side, Symptom};
use crate::kubepath::Root;
use aho_corasick::{AhoCorasick, AhoCorasickKind, Input};
use regex::{Captures, Regex};

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
    layout: Layout,
}

#[derive(Debug)]
struct Compiled {
    symptom: usize,
    needle: String,
    is_answer: bool,
    has_answers: bool,
    regex: Option<Regex>,
    names: Option<Side>,
    rooted: bool,
}

/// A pattern that matched a line.
#[derive(Clone, Debug)]
pub(super) struct Hit<'l> {
    /// Which symptom, as an index into the table.
    pub(super) symptom: usize,
    /// The line takes the symptom back.
    pub(super) is_answer: bool,
    /// A line that follows may take the symptom back.
    pub(super) has_answers: bool,
    /// The path that the pattern captured.
    pub(super) path: Option<&'l str>,
    /// The driver's name, where the pattern captures one.
    pub(super) driver: Option<&'l str>,
    /// The kubelet root that the path lies below, and whose it is; or those that the line calls
    /// roots.
    pub(super) roots: Vec<(Root, Side)>,
}

impl Matcher {
    /// Compiles the patterns; what is wrong with one, if any is.
    pub(super) fn new(symptoms: &[Symptom], layout: Layout) -> Result<Self, String> {
        let mut needles: Vec<&str> = vec![COLOUR];
        let mut patterns_of_needle: Vec<Vec<usize>> = vec![Vec::new()];
        let mut patterns = Vec::new();
        for (index, symptom) in symptoms.iter().enumerate() {
            for (is_answer, pattern) in symptom.all_patterns() {
                let regex = pattern.regex.as_deref().map(Regex::new).transpose();
                let regex = regex.map_err(|error| format!("{}: {error}", symptom.id))?;
                let known = needles.iter().position(|needle| *needle == pattern.needle);
                let needle = known.unwrap_or(needles.len());
                match patterns_of_needle.get_mut(needle) {
                    Some(behind) => behind.push(patterns.len()),
                    None => {
                        needles.push(&pattern.needle);
                        patterns_of_needle.push(vec![patterns.len()]);
                    }
                }
                patterns.push(Compiled {
                    symptom: index,
                    needle: pattern.needle.clone(),
                    is_answer,
                    has_answers: symptom.takes_a_log(),
                    regex,
                    names: pattern.names,
                    rooted: pattern.rooted,
                });
            }
        }
        let needles = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(&needles)
            .map_err(|error| error.to_string())?;
        Ok(Self { needles, patterns_of_needle, patterns, layout })
    }

    /// What is known about kubelets' directories.
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Where, from `at` on, the next line stands that is worth a look: a byte inside of it.
    pub(super) fn next_needle(&self, block: &[u8], at: usize) -> Option<usize> {
        // The byte before the end: a needle never spans lines.
        let found = self.needles.find(Input::new(block).range(at..))?;
        found.end().checked_sub(1)
    }

    /// The symptoms that have a needle in a text.
    pub(super) fn symptoms_with_needle(&self, text: &str) -> Vec<usize> {
        let candidates = self.candidates(text, 0);
        candidates.iter().map(|pattern| pattern.symptom).collect()
    }

    /// What a line shows, in the order of the table; a symptom once, by its first pattern. What
    /// ends in the first `seen` bytes was found before.
    pub(super) fn hits<'l>(&self, line: &'l str, seen: usize) -> Vec<Hit<'l>> {
        let mut hits: Vec<Hit<'l>> = Vec::new();
        for pattern in self.candidates(line, seen) {
            let is_known = |hit: &Hit<'_>| hit.symptom == pattern.symptom;
            if hits.last().is_some_and(is_known) {
                continue;
            }
            hits.extend(pattern.hit(line, seen, &self.layout));
        }
        hits
    }

    /// Where in a line that shows a symptom the words stand that tell it.
    pub(super) fn place(&self, symptom: usize, line: &str) -> usize {
        let patterns = self.patterns.iter().filter(|pattern| pattern.symptom == symptom);
        patterns.filter_map(|pattern| pattern.place(line)).min().unwrap_or(0)
    }

    /// The patterns whose needle is in a line, in the order of the table.
    fn candidates(&self, line: &str, seen: usize) -> Vec<&Compiled> {
        let mut candidates: Vec<usize> = Vec::new();
        for found in self.needles.find_overlapping_iter(line) {
            let behind = self.patterns_of_needle.get(found.pattern().as_usize());
            let behind = behind.into_iter().flatten().copied();
            // A needle that is a whole pattern was found before; another may be the beginning of
            // something that goes on.
            candidates.extend(behind.filter(|index| {
                let pattern = self.patterns.get(*index);
                found.end() > seen || pattern.is_some_and(|pattern| pattern.regex.is_some())
            }));
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates.into_iter().filter_map(|index| self.patterns.get(index)).collect()
    }
}

impl Compiled {
    fn hit<'l>(&self, line: &'l str, seen: usize, layout: &Layout) -> Option<Hit<'l>> {
        let Some(regex) = &self.regex else { return Some(self.bare()) };
        // Captures cost more than a match: a pattern without any is only asked whether.
        if regex.captures_len() == 1 {
            let is_new = |found: regex::Match<'_>| found.end() > seen;
            let found =
                if seen == 0 { regex.is_match(line) } else { regex.find_iter(line).any(is_new) };
            return found.then(|| self.bare());
        }
        if !self.rooted && seen == 0 {
            return self.captured(&regex.captures(line)?, line, 0, layout);
        }
        regex.captures_iter(line).find_map(|captures| self.captured(&captures, line, seen, layout))
    }

    fn place(&self, line: &str) -> Option<usize> {
        match &self.regex {
            Some(regex) => regex.find(line).map(|found| found.start()),
            None => line.find(&self.needle),
        }
    }

    fn bare<'l>(&self) -> Hit<'l> {
        let Self { symptom, is_answer, has_answers, .. } = *self;
        Hit { symptom, is_answer, has_answers, path: None, driver: None, roots: Vec::new() }
    }

    fn captured<'l>(
        &self,
        captures: &Captures<'l>,
        line: &'l str,
        seen: usize,
        layout: &Layout,
    ) -> Option<Hit<'l>> {
        if seen > 0 && captures.get(0).is_some_and(|found| found.end() <= seen) {
            return None;
        }
        if captures.name("above").is_some_and(|found| layout.holds_no_root(found.as_str())) {
            return None;
        }
        let mut hit = self.bare();
        hit.path = captures.name("path").map(|found| found.as_str());
        hit.driver = captures.name("driver").map(|found| found.as_str());
        if self.names.is_some() || self.rooted {
            let root = hit.path.and_then(|path| layout.root_of(path, line));
            if self.rooted && root.is_none() {
                return None;
            }
            hit.roots.extend(root.zip(self.names));
        }
        for (name, side) in [("kubelet", Side::Kubelets), ("manifest", Side::Manifest)] {
            let root = captures.name(name).map(|found| found.as_str().trim_end_matches('/'));
            hit.roots.extend(root.and_then(|root| Root::parse(root).ok()).zip(Some(side)));
        }
        Some(hit)
    }
}
