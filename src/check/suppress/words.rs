//! The words of a suppression.

use crate::finding::Rule;
use std::ops::Range;

/// An id further from a rule's than this, in letters, isn't mistaken for it.
const NEAR: usize = 3;

const IN_COMMENT: &str = "write: # csi-relocate: ignore[rule-id] the reason";
const IN_ANNOTATION: &str =
    "write: csi-relocate/ignore: \"rule-id: the reason\", and no semicolon in the reason";

/// One rule that a suppression names, or what is wrong with it.
pub(super) struct Claim {
    /// The bytes that it is about; empty for all.
    pub(super) range: Range<usize>,
    /// The rule and the reason.
    pub(super) said: Result<(Rule, String), Problem>,
}

/// Why a suppression doesn't count.
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) help: String,
}

/// What a comment claims by what follows `csi-relocate`; nothing when it only speaks of it.
pub(super) fn comment(rest: &str) -> Vec<Claim> {
    let malformed = |what: &str| vec![problem(0..0, what.to_owned(), IN_COMMENT)];
    let Some(after) = rest.strip_prefix(':') else {
        let is_meant = rest
            .trim_start()
            .strip_prefix("ignore")
            .is_some_and(|rest| rest.trim_start().starts_with('['));
        return if is_meant { malformed("this suppression lacks a colon") } else { Vec::new() };
    };
    let Some(after) = after.trim_start().strip_prefix("ignore") else {
        return malformed("this comment isn't understood");
    };
    let Some(list) = after.trim_start().strip_prefix('[') else {
        return malformed("this suppression lacks the rule's id in brackets");
    };
    let Some((ids, reason)) = list.split_once(']') else {
        return malformed("this suppression's bracket isn't closed");
    };
    claims(ids, rest.len() - list.len(), reason, IN_COMMENT)
}

/// What an annotation claims by its value; `None` when that isn't text.
pub(super) fn annotation(value: Option<&str>) -> Vec<Claim> {
    let mut found = Vec::new();
    let mut start = 0;
    for entry in value.unwrap_or_default().split([';', '\n']) {
        if !entry.trim().is_empty() {
            let (ids, reason) = entry.split_once(':').unwrap_or((entry, ""));
            found.extend(claims(ids, start, reason, IN_ANNOTATION));
        }
        start += entry.len() + 1;
    }
    if found.is_empty() {
        found.push(problem(0..0, "this annotation names no rule".to_owned(), IN_ANNOTATION));
    }
    found
}

/// One claim for each id of a list that begins at `start`.
fn claims(ids: &str, start: usize, reason: &str, how: &str) -> Vec<Claim> {
    let reason =
        reason.trim_start_matches(|c: char| c.is_whitespace() || ":-–—".contains(c)).trim();
    if !reason.contains(char::is_alphanumeric) {
        let message = match ids.trim() {
            "" => "this suppression names no rule and no reason".to_owned(),
            ids => format!("the suppression of {ids} has no reason, and so doesn't count"),
        };
        return vec![problem(trimmed(ids, start), message, how)];
    }
    let mut found: Vec<Claim> = Vec::new();
    let mut known = Vec::new();
    let mut start = start;
    for id in ids.split(',') {
        let range = trimmed(id, start);
        start += id.len() + 1;
        match rule(id.trim(), how) {
            Ok(rule) if known.contains(&rule) => {}
            Ok(rule) => {
                known.push(rule);
                found.push(Claim { range, said: Ok((rule, reason.to_owned())) });
            }
            Err(problem) => found.push(Claim { range, said: Err(problem) }),
        }
    }
    found
}

fn rule(id: &str, how: &str) -> Result<Rule, Problem> {
    let wrong = |message: String, help: &str| Err(Problem { message, help: help.to_owned() });
    match Rule::ALL.into_iter().find(|rule| rule.id() == id) {
        Some(Rule::UnusedSuppression) => wrong(
            format!("{id} can't be suppressed"),
            "mend or remove the suppression that it is about",
        ),
        Some(rule) => Ok(rule),
        None if id.is_empty() => wrong("this suppression names no rule".to_owned(), how),
        None => {
            let distance = |rule: &Rule| strsim::damerau_levenshtein(id, rule.id());
            // The comparison takes as long as the id is.
            let near = Rule::ALL.into_iter().filter(|rule| id.len() <= rule.id().len() + NEAR);
            let nearest = near.min_by_key(distance).filter(|rule| distance(rule) <= NEAR);
            let help = nearest.map_or_else(
                || "a finding shows its rule's id in brackets".to_owned(),
                |rule| format!("did you mean {}?", rule.id()),
            );
            wrong(format!("no rule is called {id}; this suppression doesn't count"), &help)
        }
    }
}

fn problem(range: Range<usize>, message: String, help: &str) -> Claim {
    Claim { range, said: Err(Problem { message, help: help.to_owned() }) }
}

/// The bytes of a text that begins at `start`, without white space around it.
fn trimmed(text: &str, start: usize) -> Range<usize> {
    let start = start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}
