//! Text of a manifest, made harmless for a terminal and for the log of a CI run.

use std::fmt::Write as _;

/// Stands for a character that isn't shown.
const HIDDEN: char = '\u{fffd}';

/// The text on one line, with nothing in it that a terminal or a CI runner would obey.
///
/// Control characters, line breaks, marks that turn the direction of writing and characters without
/// a width become `U+FFFD`, a tab becomes a space. `::` at the start and `##[`, `##vso[` or
/// `##teamcity[` anywhere lose a character, so that they are no command. As many characters come
/// out as go in.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut leading = true;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let second = before == Some(c);
        let shown = match c {
            '\t' => ' ',
            c if is_hidden(c) => HIDDEN,
            ':' if second && leading => HIDDEN,
            '#' if second && opens_command(text, at) => HIDDEN,
            c => c,
        };
        // A runner skips white space before `::`.
        leading = leading && (shown.is_whitespace() || (c == ':' && !second));
        before = Some(c);
        out.push(shown);
    }
    out
}

/// JSON in which every character can be seen, and that a CI runner doesn't read as a command. Its
/// meaning stays the same.
pub(super) fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut before = None;
    let mut units = [0; 2];
    for (at, c) in json.char_indices() {
        // The only control characters that are left are the line breaks between the values.
        let hidden = is_hidden(c) && !c.is_ascii_control() || c == '\u{7f}';
        if hidden || (c == '#' && before == Some('#') && opens_command(json, at)) {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
        before = Some(c);
    }
    out
}

/// Whether the second `#` of `##[` or `##name[` stands at this offset.
fn opens_command(text: &str, at: usize) -> bool {
    let rest = text.get(at + 1..).unwrap_or_default();
    rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('[')
}

/// Control characters and what Unicode says is ignored when text is shown, with the line and
/// paragraph separators.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A message that a viewer of SARIF shows as it stands: `[text](link)` would be a link, and `{0}` would be
/// replaced. Braces are doubled only where there is such a number, since few viewers undo it.
pub(super) fn literal(text: &str) -> String {
    let text = text.replace("](", "] (");
    let mut pieces = text.split('{').skip(1).filter_map(|piece| piece.split_once('}'));
    if pieces.any(|(inside, _)| inside.bytes().all(|b| b.is_ascii_digit()) && !inside.is_empty()) {
        return text.replace('{', "{{").replace('}', "}}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_terminal_obeys_is_gone() {
        assert_eq!(
            plain("a\u{1b}[31mb\u{9b}2J\u{7}\u{7f}"),
            "a\u{fffd}[31mb\u{fffd}2J\u{fffd}\u{fffd}"
        );
        assert_eq!(plain("a\r\nb\tc\u{85}"), "a\u{fffd}\u{fffd}b c\u{fffd}");
        let marks = "\u{202a}\u{202e}\u{2066}\u{2069}\u{200e}\u{200f}\u{2028}\u{2029}\u{200b}\u{feff}\u{61c}";
        assert!(plain(marks).chars().all(|c| c == HIDDEN), "{:?}", plain(marks));
        assert_eq!(plain("größe 大 é"), "größe 大 é");
    }

    #[test]
    fn what_a_runner_obeys_is_gone() {
        assert_eq!(plain("::error::x"), ":\u{fffd}error::x");
        assert_eq!(plain(" \t\u{a0}::stop-commands::x"), "  \u{a0}:\u{fffd}stop-commands::x");
        assert_eq!(plain(":::add-mask::x"), ":\u{fffd}:add-mask::x");
        assert_eq!(plain("a ##[error]x"), "a #\u{fffd}[error]x");
        assert_eq!(plain("###[group]"), "##\u{fffd}[group]");
        assert_eq!(plain("##vso[task.x]"), "#\u{fffd}vso[task.x]");
        assert_eq!(plain("#\u{200b}#[x]"), "#\u{fffd}#[x]");
        for harmless in ["a::b", ": :", "## heading [x]", "#[x]", ":", "a: ::", ""] {
            assert_eq!(plain(harmless), harmless);
        }
    }

    #[test]
    fn json_keeps_its_meaning() {
        let text = "\u{7f}\u{9b}\u{202e}\u{e0041}ä##[error]##x ::y\n";
        let json = serde_json::to_string_pretty(&vec![text]).unwrap();
        let shown = visible(&json);
        assert_eq!(serde_json::from_str::<Vec<String>>(&shown).unwrap(), [text]);
        assert!(shown.contains(r"\u007f\u009b\u202e\udb40\udc41ä#\u0023[error]##x"), "{shown}");
        assert_eq!(shown.lines().count(), 3);
    }

    #[test]
    fn messages_hold_no_links_and_no_placeholders() {
        assert_eq!(literal("[x](https://example.com)"), "[x] (https://example.com)");
        assert_eq!(literal("${A} {0}"), "${{A}} {{0}}");
        assert_eq!(literal("${A} {} a[0]"), "${A} {} a[0]");
    }

    proptest! {
        #[test]
        fn nothing_gets_through(text in "[:# \\[\\]a\\x00-\\x1f\u{80}-\u{9f}\u{200b}-\u{202e}]{0,24}|\\PC*") {
            let shown = plain(&text);
            prop_assert_eq!(shown.chars().count(), text.chars().count());
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert!(!shown.trim_start().starts_with("::"));
            prop_assert!(!shown.contains("##["));
            prop_assert_eq!(plain(&shown), shown.clone(), "a second time changes nothing");
        }
    }
}
