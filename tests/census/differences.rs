//! Where the program differs from `sed 's#/var/lib/kubelet#/data/kubelet#g'`.

use super::File;
use super::occurrence::Class;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What plain replacement looks for.
const PLAIN: &str = "/var/lib/kubelet";

/// The kinds of differences; groups name them by index.
const PARTS: [&str; 5] = [
    "Plain replacement changes it, the program knows it and keeps it",
    "Plain replacement changes a part of another path",
    "Plain replacement changes a comment",
    "The program moves it, plain replacement doesn't find it",
    "The program writes it, plain replacement doesn't",
];

/// How much is shown of a long word.
const SHOWN: usize = 120;

/// Every difference, by what the program does and why.
pub(super) fn listed(files: &[File]) -> String {
    let mut groups: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
    for file in files {
        let text = file.input.text();
        for found in &file.occurrences {
            let plain = text[..found.span.end].ends_with(PLAIN);
            let moved = matches!(found.class, Class::Moved(_));
            let group = match (&found.class, plain) {
                (Class::Kept(reason), true) => (0, format!("{reason}, {}", found.space)),
                (Class::AnotherPath(path), true) => (1, format!("a part of {path}")),
                (Class::Comment, true) => (2, "a comment of the YAML".to_owned()),
                (Class::Moved(reason), false) => (3, format!("{reason}, {}", found.space)),
                _ => continue,
            };
            assert_ne!(plain, moved, "{}", file.place(found.span.start));
            let gap = if found.field.is_empty() { "" } else { "  " };
            let line = format!(
                "{}{gap}{}  {}",
                file.place(found.span.start),
                found.field,
                word(text, found.span.start)
            );
            groups.entry(group).or_default().push(line);
        }
        for &mount in &file.inserted {
            let group = (4, "mountPropagation: Bidirectional".to_owned());
            groups.entry(group).or_default().push(file.place(mount));
        }
    }
    let mut text = String::new();
    for (part, title) in (0..).zip(PARTS) {
        let own = || groups.iter().filter(|((own, _), _)| *own == part);
        let count: usize = own().map(|(_, lines)| lines.len()).sum();
        writeln!(text, "== {title}: {count}\n").unwrap();
        for ((_, group), lines) in own() {
            writeln!(text, "{group}: {}", lines.len()).unwrap();
            for line in lines {
                writeln!(text, "  {line}").unwrap();
            }
            text.push('\n');
        }
    }
    text
}

/// The word around a spelling. The manifests belong to others: a word shows what the path is
/// for, and nobody's lines are copied.
fn word(text: &str, at: usize) -> String {
    let is_end = |c: char| c.is_whitespace();
    let before = &text[..at];
    let start = before
        .rfind(is_end)
        .map_or(0, |space| space + before[space..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..].find(is_end).map_or(text.len(), |length| at + length);
    let word: Vec<char> = text[start..end].chars().collect();
    if word.len() <= SHOWN {
        return word.into_iter().collect();
    }
    // The root stands in the middle of what is shown.
    let root = text[start..at].chars().count();
    let first = root.saturating_sub(SHOWN / 2).min(word.len() - SHOWN);
    let shown: String = word[first..first + SHOWN].iter().collect();
    let (left, right) = (first > 0, first + SHOWN < word.len());
    format!("{}{shown}{}", if left { "…" } else { "" }, if right { "…" } else { "" })
}
