//! Two readers of YAML, held against each other: what the quick one reads is what the parser reads.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::{manifests, shared};
use csi_relocate::source::Span;
use csi_relocate::yaml::{chunks, list_items, parse_fully, parse_item, parse_list, parse_quickly};

/// Signs that mean something to a reader of YAML.
const SIGNS: [&str; 40] = [
    " ", "  ", "\n", "\n\n", ":", ": ", "- ", "-", "#", " #", "\"", "'", "|", "|-", "|+", ">", "[",
    "]", "{", "}", ",", "&a ", "*a", "!t ", "? ", "%", "@", "`", "\t", "\r\n", "\\", "\\n",
    "---\n", "...\n", "<<: ", "\u{e9}", "\u{85}", "\u{feff}", "a", "0",
];

/// Numbers from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// A text with something put in, taken out, or said twice.
    fn mutated(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..=self.below(3) {
            let at = self.place(&text);
            match self.below(4) {
                0 | 1 => text.insert_str(at, SIGNS[self.below(SIGNS.len())]),
                2 => {
                    let end = text[at..]
                        .char_indices()
                        .nth(1 + self.below(3))
                        .map_or(text.len(), |(len, _)| at + len);
                    text.replace_range(at..end, "");
                }
                _ => {
                    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
                    let end = text[at..].find('\n').map_or(text.len(), |len| at + len + 1);
                    let copy = format!("{}{}", " ".repeat(self.below(3)), &text[line..end]);
                    text.insert_str(line, &copy);
                }
            }
        }
        text
    }
}

/// Whether the quick reader read the chunk.
#[track_caller]
fn agree(text: &str, chunk: Span) -> bool {
    let Some(quick) = parse_quickly(text, chunk) else { return false };
    let full = parse_fully(text, chunk);
    assert_eq!(full.as_deref(), Ok(&[quick][..]), "{:?}", &text[chunk.as_range()]);
    true
}

/// Whether a list was read by its items.
#[track_caller]
fn agree_on_list(text: &str) -> bool {
    let whole = Span::new(0, text.len());
    let items = list_items(text, whole, |_| true);
    let by_items = parse_list(text, whole, &items, |items| {
        items.iter().map(|item| parse_item(text, item)).collect()
    });
    let Some(by_items) = by_items else { return false };
    assert_eq!(parse_fully(text, whole), Ok(by_items), "{text:?}");
    true
}

fn texts(test: &str) -> Vec<String> {
    let Some(shared) = shared(test) else { return Vec::new() };
    let files = manifests(&shared);
    files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

#[test]
fn of_real_manifests_both_read_the_same() {
    let (mut quick, mut all) = (0, 0);
    for text in texts("of_real_manifests_both_read_the_same") {
        for chunk in chunks(&text) {
            all += chunk.len();
            quick += if agree(&text, chunk) { chunk.len() } else { 0 };
        }
    }
    println!("{quick} of {all} bytes are read quickly");
    assert!(quick * 4 >= all * 3, "only {quick} of {all} bytes are read quickly");
}

#[test]
fn of_manifests_with_mistakes_both_read_the_same() {
    let rounds: usize =
        std::env::var("READERS_ROUNDS").ok().and_then(|s| s.parse().ok()).unwrap_or(10);
    let mut numbers = Numbers(20_261_122);
    let (mut read, mut lists, mut all) = (0, 0, 0);
    for text in texts("of_manifests_with_mistakes_both_read_the_same") {
        for chunk in chunks(&text).into_iter().filter(|chunk| chunk.len() < 4000) {
            for _ in 0..rounds {
                let mutated = numbers.mutated(&text[chunk.as_range()]);
                for chunk in chunks(&mutated) {
                    all += 1;
                    read += usize::from(agree(&mutated, chunk));
                }
                let item = mutated.trim_start_matches("---\n").replace('\n', "\n  ");
                let list = format!("kind: List\nitems:\n- a: b\n- {item}\n- c: d\n");
                lists += usize::from(agree_on_list(&list));
            }
        }
    }
    println!("of {all} documents {read} are read quickly, {lists} as items of a list");
    assert!(all == 0 || read * 4 > all && lists * 4 > all, "only {read} and {lists} of {all}");
}
