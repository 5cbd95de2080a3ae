//! Finding a root inside a longer text: an argument, a URL, a script.

use super::{AbsPath, PathSet};
use lead::{Lead, Open, leading_slashes};
use std::cmp::Reverse;
use std::ops::Range;

mod lead;

pub(super) use lead::may_end_before_drive;

/// The longest path that Linux takes, in bytes: what is longer isn't read to its end.
///
/// Source: `PATH_MAX` in linux/limits.h.
pub(super) const LONGEST_PATH: usize = 4096;

/// One place in a text where a path begins with one of the roots looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Which of the roots it is.
    pub root: usize,
    /// The bytes of the root's components, without the slash before the first one: the slashes
    /// of `unix:/`, `unix://` (two and no third), `unix:///` and `//` all stay as they are.
    pub root_range: Range<usize>,
    /// The bytes of the whole path, from its first slash to its end.
    pub path_range: Range<usize>,
    /// What follows the root, cleaned; `$(VAR)` and `${VAR}` count as text.
    pub rest: String,
    /// The path is spelled inside what looks like a pattern: a regular expression or a glob.
    pub in_pattern: bool,
}

/// Every place in `text` where a path begins with one of `roots`, in order, without overlaps.
///
/// Where two roots begin at the same byte the longer one wins, so that a root that lies below
/// another is told from it. A path that leaves the root by `..` isn't found.
#[must_use]
pub fn find_tokens(text: &str, roots: &PathSet) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let open = Open::default();
    // Before a first component stands a slash, or the `|` or `(` of alternatives.
    for before in memchr::memchr3_iter(b'/', b'|', b'(', text.as_bytes()) {
        let start = before + 1;
        let rest = text.get(start..).unwrap_or("");
        if !roots.may_begin(rest) {
            continue;
        }
        let Some(lead) = leading_slashes(text, start, &open) else { continue };
        let split = |rest| split_component(rest, lead.escaped);
        for (index, root) in roots.beginning(rest, split) {
            let Some(end) = match_path(text, start, root, lead.escaped) else {
                continue;
            };
            if let Some(token) = finish(text, index, lead, start..end) {
                end_before(text, &mut tokens, lead.start);
                tokens.push(token);
            }
        }
    }
    tokens.sort_by_key(|token| (token.root_range.start, Reverse(token.root_range.end)));
    tokens.dedup_by(|later, earlier| later.root_range.start < earlier.root_range.end);
    tokens
}

/// Ends paths that were found where another one begins: `/var/lib/kubelet/a=/var/lib/kubelet/b` are
/// two, and each byte of a text is a part of one path only.
fn end_before(text: &str, tokens: &mut [Token], start: usize) {
    for token in tokens.iter_mut().rev().take_while(|token| token.path_range.end > start) {
        // None where the one root stands inside of the other.
        if let Some(rest) = rest_of(text, token.root_range.end..start) {
            token.path_range.end = start;
            token.rest = rest;
        }
    }
}

/// The first component of a path and what follows the slashes behind it.
fn split_component(path: &str, escaped: bool) -> Option<(&str, &str)> {
    if escaped {
        return path.split_once(r"\/");
    }
    let (name, rest) = path.split_once('/')?;
    Some((name, rest.trim_start_matches('/')))
}

/// Every absolute path in `text`, cleaned, with the bytes it stands in.
#[must_use]
pub fn find_paths(text: &str) -> Vec<(Range<usize>, AbsPath)> {
    let mut paths = Vec::new();
    let open = Open::default();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|tail| tail.find('/')) {
        let slash = from + at;
        let first = slash
            + text.get(slash..).map_or(0, |tail| tail.len() - tail.trim_start_matches('/').len());
        let end = path_end(text, first);
        from = end.max(first);
        if end == first {
            continue;
        }
        let lead = leading_slashes(text, first, &open).filter(|lead| !lead.escaped);
        let Some(lead) = lead else { continue };
        if let Some(path) = text.get(first..end).and_then(|rest| AbsPath::default().join_text(rest))
        {
            paths.push((lead.start..end, path));
        }
    }
    paths
}

fn finish(text: &str, root: usize, lead: Lead, root_range: Range<usize>) -> Option<Token> {
    // Whatever follows the root without a slash is no part of the path: `kubelet=ro`, `kubelet#`.
    let goes_on = text.get(root_range.end..)?.starts_with('/');
    let end = if goes_on { path_end(text, root_range.end) } else { root_range.end };
    let rest = rest_of(text, root_range.end..end)?;
    let relative = lead.start == root_range.start;
    // `/var/lib/kubelet*` and `/var/lib/kubelet$X` may name more than the root.
    let tail = text.get(root_range.end..)?;
    let open = tail.starts_with(['*', '?', '$', '%', '{', '.']) && !ends_a_sentence(tail);
    let in_pattern = lead.escaped || relative || open || looks_like_regex(text, lead.start, end);
    Some(Token { root, root_range, path_range: lead.start..end, rest, in_pattern })
}

/// What follows a root, cleaned; `None` where a `..` leaves the root.
fn rest_of(text: &str, range: Range<usize>) -> Option<String> {
    // It shows here, because nothing stands for the root.
    let below = AbsPath::default().walk(text.get(range)?.split('/').map(name_of))?;
    Some(below.into_rest())
}

/// The name in a component, without a wildcard, an option or a full stop behind it.
fn name_of(component: &str) -> &str {
    if component == "." || component == ".." {
        return component;
    }
    let end = component.find(['*', '?', '=', '#', '!']).unwrap_or(component.len());
    component.get(..end).unwrap_or(component).trim_end_matches('.')
}

/// The end of a path whose components stand at `start`, separated by one or more slashes.
fn match_path(text: &str, start: usize, path: &AbsPath, escaped: bool) -> Option<usize> {
    let mut at = start;
    for (index, component) in path.components().enumerate() {
        if index > 0 {
            let tail = text.get(at..)?;
            let name = match escaped {
                true => tail.strip_prefix(r"\/")?,
                false => tail.trim_start_matches('/'),
            };
            if name.len() == tail.len() {
                return None;
            }
            at += tail.len() - name.len();
        }
        text.get(at..)?.starts_with(component).then_some(())?;
        at += component.len();
    }
    match text.get(at..)?.chars().next() {
        Some('.') if ends_a_sentence(text.get(at..)?) => Some(at),
        Some('\\') if escaped => Some(at),
        // A pattern of which the root is the beginning, and what JSON inside of JSON writes.
        Some('.') if is_any_of(text, at + 1, &['*', '+', '?']) => Some(at),
        Some('\\') if is_any_of(text, at + 1, &['"', 'n', 't']) => Some(at),
        Some(next) if joins_after(next) => None,
        _ => Some(at),
    }
}

/// Whether a text begins with a full stop that ends a sentence, and is no part of a name.
fn ends_a_sentence(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|rest| rest.chars().next().is_none_or(char::is_whitespace))
}

fn is_any_of(text: &str, at: usize, signs: &[char]) -> bool {
    text.get(at..).is_some_and(|tail| tail.starts_with(signs))
}

/// As much of a text from `at` on as a path can be long.
pub(crate) fn path_at(text: &str, at: usize) -> &str {
    text.get(at..text.floor_char_boundary(at.saturating_add(LONGEST_PATH))).unwrap_or_default()
}

/// Where the path ends whose text goes on at `at`; `$(VAR)` and `${VAR}` belong to it.
pub(crate) fn path_end(text: &str, at: usize) -> usize {
    let tail = path_at(text, at);
    let mut closing: Option<char> = None;
    let mut previous = '\0';
    for (offset, character) in tail.char_indices() {
        match closing {
            Some(close) if character == close => closing = None,
            Some(_) if character.is_whitespace() => return at + offset,
            Some(_) => {}
            None if previous == '$' && character == '(' => closing = Some(')'),
            None if previous == '$' && character == '{' => closing = Some('}'),
            None if ends_a_path(character) => return at + offset,
            None => {}
        }
        previous = character;
    }
    at + tail.len()
}

fn ends_a_path(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '"' | '\''
                | '`'
                | ':'
                | ','
                | ';'
                | '|'
                | '&'
                | '<'
                | '>'
                | '('
                | ')'
                | '['
                | ']'
                | '{'
                | '}'
                | '\\'
        )
}

/// Characters that, after a root, make it a part of a longer name: `/var/lib/kubelet-foo`.
fn joins_after(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | '~' | '+' | '@' | '\\')
}

/// Whether a path is spelled in a pattern: a regular expression, a glob, or a substitution.
fn looks_like_regex(text: &str, lead: usize, end: usize) -> bool {
    let before = text.get(..lead).and_then(|head| head.chars().next_back());
    let path = text.get(lead..end).unwrap_or("");
    let after = text.get(end..).unwrap_or("");
    matches!(before, Some('^' | '*' | '%' | '@'))
        || is_replaced(text, lead)
        || path.contains("/.*")
        || path.contains(".+")
        || ["($|", "(/|", "[^"].iter().any(|sign| after.starts_with(sign))
}

/// Whether a path is in what sed looks for: `s|/var/lib/kubelet|$ROOT|`, or behind other words in it, where
/// the line says that it is sed's. The sign is another one than begins a path or a value elsewhere.
fn is_replaced(text: &str, lead: usize) -> bool {
    let from = text.ceil_char_boundary(lead.saturating_sub(LONGEST_PATTERN));
    let head = text.get(from..lead).unwrap_or_default();
    let head = head.rsplit('\n').next().unwrap_or_default();
    let after = text.get(lead..).unwrap_or_default();
    head.match_indices('s').any(|(at, _)| {
        let (before, pattern) = (head.get(..at).unwrap_or_default(), head.get(at + 1..));
        let mut words = pattern.unwrap_or_default().chars();
        let Some(sign) = words.next().filter(|sign| is_divider(*sign)) else { return false };
        let is_direct = words.as_str().is_empty();
        !before.ends_with(|c: char| c.is_alphanumeric() || "_-$./".contains(c))
            && (is_direct || before.contains("sed") && !words.as_str().contains(sign))
            && after.matches(sign).nth(1).is_some()
    })
}

/// How far before a path the expression that it is in is looked for, in bytes.
const LONGEST_PATTERN: usize = 256;

/// Whether a sign divides what sed looks for from what it puts there.
fn is_divider(sign: char) -> bool {
    sign.is_ascii_punctuation() && !"=:\"'".contains(sign)
}

#[cfg(test)]
mod tests;
