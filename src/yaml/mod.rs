//! A lossless view of YAML: a tree whose nodes know the exact bytes they were written in.
//!
//! Nothing here writes YAML. A text is split into `chunks`, each is `parse`d into
//! [`Document`]s, and an [`Alignment`] and [`encode`] say which bytes of a scalar to replace by what;
//! all other bytes stay as they are. What is accepted is what `kubectl` accepts, which is neither
//! YAML 1.1 nor 1.2 to the letter: duplicate keys are fine, keys that aren't scalars are not.

mod align;
mod block;
mod branch;
mod budget;
mod build;
mod chunk;
mod error;
mod events;
mod graft;
mod items;
mod json;
mod marks;
mod node;
mod parse;
mod piece;
mod quick;
mod quiet;
mod scalar;
mod scan;
mod spans;
mod tree;

pub use branch::Branch;
pub use chunk::chunks;
pub use error::{ParseError, ParseErrorKind};
pub use items::{Item, list_items, parse_item, parse_list};
pub use marks::Marks;
pub use node::{Node, NodeId, NodeMap, NodeSet, Style};
pub use parse::{parse, parse_fully, parse_quickly};
pub use scalar::{Alignment, encode, raw_span, spell};
pub use tree::Document;

/// Whether YAML 1.1, and so `kubectl`, sees a line break in this character.
pub(crate) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What stands before a byte in its line. Where an indentation is told from it, a line is what YAML
/// takes for one, not what an editor shows.
pub(crate) fn line_before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or_default().rsplit(is_break).next().unwrap_or_default()
}

/// Whether YAML sees white space inside a line in this character.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// Whether YAML allows this character in a stream, escapes aside.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests_parse;
#[cfg(test)]
mod tests_scalar;
#[cfg(test)]
mod tests_tree;
