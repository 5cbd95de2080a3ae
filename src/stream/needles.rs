//! Which texts are worth parsing: a scan of their bytes that never passes over a site.
//!
//! A site spells a root, so its decoded value has the root's last component ([`Roots::needles`]) as
//! a component of a path: after a slash, a backslash, or the `|` or `(` of alternatives, and before
//! something that can't continue a name. Only as part of a `subPath` it may stand alone, and then
//! the text has that word. What YAML decodes is spelled in the text as it is, but for escapes in
//! double quotes: a text with an escape that can hide a letter or a line break inside a word is
//! parsed, and so is one in which a word's slash may be written `\/`.
//!
//! [`Roots::needles`]: crate::roots::Roots::needles

use aho_corasick::{AhoCorasick, packed};
use memchr::{memchr, memchr_iter, memmem};
use std::ops::Range;

/// What follows the backslash in ways to write a character that hide part of a word.
const ESCAPES: [u8; 5] = *b"xuU\n\r";

/// Where a component may stand that isn't behind a slash.
const RELATIVE: &[u8] = b"subPath";

/// More names than these aren't looked for; the searcher takes 128 words in all.
const MANY: usize = 64;

/// Words that are looked for in one pass.
pub(crate) struct Needles<'a> {
    searcher: Searcher,
    /// Last components of roots, which count as components of paths only.
    names: Vec<&'a str>,
    /// What counts anywhere.
    words: Vec<&'a str>,
    /// Whether a word has a slash, which may be escaped.
    has_slash: bool,
    /// Whether a word counts only where it isn't a part of a longer name.
    are_whole: bool,
}

/// Looks for all words in one pass.
enum Searcher {
    Packed(packed::Searcher),
    /// Where the processor has no instructions for that, or there are very many words.
    Any(AhoCorasick),
    /// There are more than any searcher takes: every text is worth parsing.
    None,
}

impl<'a> Needles<'a> {
    pub(super) fn new(names: &[&'a str], words: &[&'a str]) -> Self {
        let all = || names.iter().chain(words);
        let searcher = match packed::Searcher::new(all()) {
            Some(packed) => Searcher::Packed(packed),
            None => AhoCorasick::new(all()).map_or(Searcher::None, Searcher::Any),
        };
        Self {
            searcher,
            names: names.to_vec(),
            words: words.to_vec(),
            has_slash: words.iter().any(|word| word.contains('/')),
            are_whole: false,
        }
    }

    /// Names of objects, which don't count as parts of longer ones.
    pub(super) fn of_objects(names: &[&'a str]) -> Self {
        Self { are_whole: true, ..Self::new(&[], names) }
    }

    /// Whether something of what is looked for may be in a text. Of very many roots nothing is looked
    /// for one by one: the text is worth parsing then.
    pub(super) fn may_be_in(&self, text: &[u8]) -> bool {
        self.names.len() > MANY || self.is_in(text) || self.may_be_escaped(text)
    }

    fn is_in(&self, text: &[u8]) -> bool {
        let searcher = match &self.searcher {
            Searcher::Packed(searcher) => searcher,
            Searcher::Any(searcher) => {
                let mut found = searcher.find_overlapping_iter(text);
                return found.any(|found| {
                    match found.pattern().as_usize().checked_sub(self.names.len()) {
                        Some(_) => self.word_counts(text, found.range()),
                        None => self.counts(text, found.start()),
                    }
                });
            }
            Searcher::None => return true,
        };
        let mut from = 0;
        while let Some(found) = text.get(from..).and_then(|rest| searcher.find(rest)) {
            let start = from + found.start();
            if self.counts(text, start) {
                return true;
            }
            from = start + 1;
        }
        false
    }

    /// Whether a name or a word that begins here counts.
    fn counts(&self, text: &[u8], start: usize) -> bool {
        let (before, rest) = text.split_at_checked(start).unwrap_or((text, &[]));
        let is_here = |word: &&str| rest.starts_with(word.as_bytes());
        let mut words = self.words.iter().copied().filter(is_here);
        words.any(|word| self.word_counts(text, start..start + word.len()))
            || self.names.iter().any(|name| {
                let after = rest.strip_prefix(name.as_bytes());
                after.is_some_and(|after| !goes_on(after) && is_component(before, text))
            })
    }

    fn word_counts(&self, text: &[u8], word: Range<usize>) -> bool {
        let is_part = |byte: Option<&u8>| {
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
        };
        let before = word.start.checked_sub(1).and_then(|at| text.get(at));
        !self.are_whole || !(is_part(before) || is_part(text.get(word.end)))
    }

    fn may_be_escaped(&self, text: &[u8]) -> bool {
        // Only in double quotes a backslash hides anything.
        let Some(quoted) = memchr(b'"', text).and_then(|at| text.get(at..)) else { return false };
        memchr_iter(b'\\', quoted).any(|at| {
            quoted
                .get(at + 1)
                .is_some_and(|next| ESCAPES.contains(next) || (*next == b'/' && self.has_slash))
        })
    }
}

/// Whether a name goes on, so that it isn't the one that was looked for.
fn goes_on(after: &[u8]) -> bool {
    let joins = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    match after {
        [b'.', next, ..] => joins(next),
        [next, ..] => joins(next),
        [] => false,
    }
}

/// Whether a name is a component of a path, by what stands before it.
fn is_component(before: &[u8], text: &[u8]) -> bool {
    match before.last() {
        Some(b'/' | b'\\' | b'|' | b'(') => true,
        Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') => false,
        _ => memmem::find(text, RELATIVE).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        Needles::new(&["kubelet"], &["rook/ceph"]).may_be_in(text.as_bytes())
    }

    #[test]
    fn a_name_counts_as_a_component_and_a_word_anywhere() {
        for text in [
            "path: /var/lib/kubelet",
            "path: /var//lib/./kubelet/",
            "see /var/lib/kubelet.",
            "see /var/lib/kubelet. And",
            r"C:\var\lib\kubelet\plugins",
            r"s/\/var\/lib\/kubelet/x/",
            "^/(dev|kubelet)$",
            "subPath: kubelet/pods",
            "kubelet: x\nsubPathExpr: y",
            "image: quay.io/rook/ceph:v1",
            "my-kubelet /kubelet-x /kubelet",
            r#"a: "/var/lib/\x6bubelet""#,
            "a: \"/var/lib/kube\\\n  let\"",
            r#""rook\/ceph""#,
        ] {
            assert!(found(text), "{text}");
        }
        for text in [
            "name: kubelet",
            "k8s-app: kubelet",
            "see the kubelet.",
            "/etc/kubelet.conf /usr/bin/kubelet_start /kubelet-config",
            "a: \"line\\n\" # \\y",
            "test a && \\\n  test b",
            "a: 'b\\x6b'",
            "",
        ] {
            assert!(!found(text), "{text}");
        }
        let needles = Needles::new(&["kubelet"], &[]);
        assert!(!needles.may_be_in(br#""a\/b""#), "no word has a slash");
    }

    #[test]
    fn very_many_words_are_found_as_few_are() {
        let words: Vec<String> = (0..1000).map(|number| format!("map-{number}.")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let needles = Needles::new(&["kubelet", "map-7"], &words);
        for text in ["name: map-0.", "name: map-999.", "path: /kubelet", "my-kubelet /a/map-7"] {
            assert!(needles.may_be_in(text.as_bytes()), "{text}");
        }
        for text in ["name: map-1000", "my-kubelet", "kubelet", "a-map-7 /map-77", ""] {
            assert!(!needles.may_be_in(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn the_name_of_an_object_is_no_part_of_a_longer_one() {
        let many: Vec<String> = (0..1000).map(|number| format!("n{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).chain(["config", "a"]).collect();
        for names in [&["config", "a"][..], &many] {
            let needles = Needles::of_objects(names);
            for text in
                ["name: config\n", "{name: config}", "my-config 'config'", "config", "\"a\""]
            {
                assert!(needles.may_be_in(text.as_bytes()), "{text}");
            }
            for text in ["my-config", "config-volume configs", "config.yaml", "b.config", ""] {
                assert!(!needles.may_be_in(text.as_bytes()), "{text}");
            }
        }
    }

    #[test]
    fn a_name_that_does_not_count_hides_no_word() {
        let needles = Needles::new(&["rook", "k"], &["rook/ceph", "okay"]);
        assert!(needles.may_be_in(b"x: rook/ceph"));
        assert!(needles.may_be_in(b"x: okay"));
        assert!(!needles.may_be_in(b"x: rook"));
    }
}
