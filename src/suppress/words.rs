//! The words of a suppression.

use crate::finding::Rule;
use crate::near::nearest;
use crate::words::{Message, message};
use std::ops::Range;

/// The words that choose which form of a suppression is shown.
const IN_COMMENT: &str = "comment";
const IN_ANNOTATION: &str = "annotation";

/// One rule that a suppression names, or what is wrong with it.
pub(super) struct Claim {
    /// The bytes that it is about; empty for all.
    pub(super) range: Range<usize>,
    /// The rule and the reason.
    pub(super) said: Result<(Rule, String), Message>,
}

/// What a comment claims by what follows `csi-relocate`; nothing when it only speaks of it.
pub(super) fn comment(rest: &str) -> Vec<Claim> {
    let malformed = |what: &str| vec![malformed(0..0, what, IN_COMMENT)];
    let Some(after) = rest.strip_prefix(':') else {
        let is_meant = rest
            .trim_start()
            .strip_prefix("ignore")
            .is_some_and(|rest| rest.trim_start().starts_with('['));
        return if is_meant { malformed("colon") } else { Vec::new() };
    };
    let Some(after) = after.trim_start().strip_prefix("ignore") else {
        return malformed("other");
    };
    let Some(list) = after.trim_start().strip_prefix('[') else {
        return malformed("id");
    };
    let Some((ids, reason)) = list.split_once(']') else {
        return malformed("bracket");
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
        found.push(malformed(0..0, "unnamed", IN_ANNOTATION));
    }
    found
}

/// One claim for each id of a list that begins at `start`.
fn claims(ids: &str, start: usize, reason: &str, how: &str) -> Vec<Claim> {
    let reason =
        reason.trim_start_matches(|c: char| c.is_whitespace() || ":-–—".contains(c)).trim();
    if !reason.contains(char::is_alphanumeric) {
        let range = trimmed(ids, start);
        return vec![match ids.trim() {
            "" => malformed(range, "empty", how),
            ids => {
                let problem = message!("unused-suppression-reason", ids = ids, form = how);
                Claim { range, said: Err(problem) }
            }
        }];
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

fn rule(id: &str, how: &str) -> Result<Rule, Message> {
    match Rule::of(id) {
        Some(Rule::UnusedSuppression) => Err(message!("unused-suppression-refused", id = id)),
        Some(rule) => Ok(rule),
        None if id.is_empty() => Err(problem("no-rule", how)),
        None => {
            let near = nearest(id, Rule::ALL.into_iter().map(Rule::id));
            let nearest = near.first().copied().unwrap_or("none");
            Err(message!("unused-suppression-unknown", id = id, nearest = nearest))
        }
    }
}

fn malformed(range: Range<usize>, what: &str, how: &str) -> Claim {
    Claim { range, said: Err(problem(what, how)) }
}

/// What is wrong with a suppression, and how one is written.
fn problem(what: &str, how: &str) -> Message {
    message!("unused-suppression-malformed", problem = what, form = how)
}

/// The bytes of a text that begins at `start`, without white space around it.
fn trimmed(text: &str, start: usize) -> Range<usize> {
    let start = start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}
