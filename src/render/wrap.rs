//! Text in lines of a width, for languages with and without spaces between words.

use std::ops::Range;
use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_linebreak::linebreaks;
use unicode_width::UnicodeWidthChar as _;

/// A text in lines no wider than `width` columns where its words allow that; `first` begins the
/// first line and `other` all others.
pub(super) fn wrap(text: &str, width: usize, first: &str, other: &str) -> String {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(other)
        .break_words(false)
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::fill(text, options)
}

/// A longer command in backticks may be torn apart.
const LONGEST_CODE: usize = 60;

/// The pieces between which a line may end: behind spaces, and beside Chinese characters where
/// Unicode's rules allow it. Those rules would also break paths and flags, which have to stay whole
/// to be copied, as has what stands in backticks.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let is_wide = |c: Option<char>| c.is_some_and(|c| c.width() == Some(2));
    let beside_wide = linebreaks(line).filter(|&(at, _)| {
        let (before, after) = line.split_at_checked(at).unwrap_or((line, ""));
        is_wide(before.chars().next_back()) || is_wide(after.chars().next())
    });
    let spaces = line.match_indices(' ').map(|(at, _)| at + 1);
    let runs = spaces.filter(|&at| line.get(at..).is_some_and(|after| !after.starts_with(' ')));
    let code = code(line);
    let is_code = |at: usize| code.iter().any(|code| code.start < at && at < code.end);
    let mut ends: Vec<usize> = beside_wide.map(|(at, _)| at).chain(runs).collect();
    ends.retain(|&at| !is_code(at));
    ends.push(line.len());
    ends.sort_unstable();
    ends.dedup();
    let mut start = 0;
    Box::new(ends.into_iter().filter_map(move |end| {
        let word = line.get(start..end).filter(|word| !word.is_empty())?;
        start = end;
        Some(Word::from(word))
    }))
}

/// The parts of a line in backticks, with these.
fn code(line: &str) -> Vec<Range<usize>> {
    let ticks: Vec<usize> = line.match_indices('`').map(|(at, _)| at).collect();
    let pairs = ticks.chunks_exact(2).filter_map(|pair| match pair {
        [start, end] => Some(*start..end + 1),
        _ => None,
    });
    pairs.filter(|code| code.len() <= LONGEST_CODE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use textwrap::core::display_width;

    #[test]
    fn paths_and_flags_stay_whole() {
        let text = "look at --kubelet-registration-path=/data/kubelet/plugins/x/csi.sock again";
        let lines = wrap(text, 30, "- ", "  ");
        assert_eq!(
            lines,
            "- look at\n  --kubelet-registration-path=/data/kubelet/plugins/x/csi.sock\n  again"
        );
    }

    #[test]
    fn chinese_is_broken_between_characters_and_never_before_a_full_stop() {
        let text =
            "驱动把卷挂载到只有它自己能看到的地方。节点上的 Pod 能启动，但写入的数据会丢失。";
        let lines = wrap(text, 20, "", "");
        for line in lines.lines() {
            assert!(display_width(line) <= 20, "{line}");
            assert!(!line.starts_with(['。', '，']), "{line}");
        }
        // A space at which a line ends isn't written.
        assert_eq!(lines.replace(['\n', ' '], ""), text.replace(' ', ""));
    }

    #[test]
    fn what_stands_in_backticks_stays_whole() {
        let lines = wrap("then run `ls -d /var/lib` or the like on it", 14, "", "");
        assert_eq!(lines, "then run\n`ls -d /var/lib`\nor the like on\nit");
        let long = format!("`{}`", "word ".repeat(20));
        assert!(wrap(&long, 40, "", "").lines().count() > 2);
        assert_eq!(wrap("a ` b c d", 5, "", ""), "a ` b\nc d");
    }

    #[test]
    fn every_word_is_there() {
        let text = "one two  three — four… 五六 seven";
        let lines = wrap(text, 9, "", "");
        let letters = |text: &str| text.replace([' ', '\n'], "");
        assert_eq!(letters(&lines), letters(text));
    }
}
