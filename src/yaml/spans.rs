//! From the parser's marks to the exact bytes of a node.

use super::error::ParseError;
use super::node::Style;
use super::{is_blank, is_break};
use crate::source::Span;

/// Where the node itself begins: the parser lets it begin at its anchor or tag.
///
/// No content can begin with `&` or `!`, so the bytes alone tell. Between a property and the
/// content there may be line breaks and comments.
pub(super) fn skip_properties(text: &str, event: Span) -> usize {
    if !matches!(text.as_bytes().get(event.start), Some(b'&' | b'!')) {
        return event.start.min(text.len());
    }
    let mut rest = text.get(event.start..).unwrap_or_default();
    while rest.starts_with(['&', '!']) {
        let verbatim = rest.starts_with("!<");
        rest = if verbatim {
            rest.split_once('>').map_or("", |(_, after)| after)
        } else if rest.starts_with('!') {
            rest.trim_start_matches(|c| !is_blank(c) && !is_break(c))
        } else {
            rest.trim_start_matches('&')
                .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        };
        loop {
            rest = rest.trim_start_matches(|c| is_blank(c) || is_break(c));
            if !rest.starts_with('#') {
                break;
            }
            rest = rest.trim_start_matches(|c| !is_break(c));
        }
    }
    text.len() - rest.len()
}

/// Holds a scalar's bytes (`raw`, at `span`) against what the parser says it is. A wrong span
/// would damage the user's file; better no result than that.
pub(super) fn check_scalar(
    raw: &str,
    span: Span,
    value: &str,
    style: Style,
    multiline: bool,
) -> Result<(), ParseError> {
    let quoted = |quote: char| raw.len() >= 2 && raw.starts_with(quote) && raw.ends_with(quote);
    let right = match style {
        Style::Plain => !raw.is_empty() && (multiline || raw == value),
        Style::SingleQuoted => quoted('\''),
        Style::DoubleQuoted => quoted('"'),
        Style::Literal => raw.starts_with('|'),
        Style::Folded => raw.starts_with('>'),
    };
    if right { Ok(()) } else { Err(misplaced(span)) }
}

/// The error for a span that doesn't hold what it should.
pub(super) fn misplaced(span: Span) -> ParseError {
    ParseError::internal(span.start, "a node isn't where the parser says it is")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> &str {
        text.get(skip_properties(text, Span::new(0, text.len()))..).unwrap()
    }

    #[test]
    fn properties_are_skipped() {
        for text in [
            "x y",
            "&a x y",
            "!t x y",
            "&a-b_1 !!str x y",
            "!<tag:x,2000:a b> &a x y",
            "&a # c\n  # d\r\n x y",
            "! x y",
            "!\n x y",
        ] {
            assert_eq!(content(text), "x y");
        }
        assert_eq!(content("&a\"x\""), "\"x\"");
        assert_eq!(content("&a"), "");
    }

    #[test]
    fn a_wrong_span_is_an_error() {
        let check = |raw, style| check_scalar(raw, Span::default(), "v", style, false).is_ok();
        assert!(check("v", Style::Plain) && !check("w", Style::Plain));
        assert!(check("\"v\"", Style::DoubleQuoted) && !check("\"", Style::DoubleQuoted));
        assert!(check("'v'", Style::SingleQuoted) && !check("'v", Style::SingleQuoted));
        assert!(check("|\n v", Style::Literal) && !check("\n v", Style::Folded));
    }
}
