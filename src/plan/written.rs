//! How something new is written among what is there: in its neighbours' quotes and indentation.

use crate::decide::Value;
use crate::source::Span;
use crate::yaml::{Document, Node, NodeId, Style, is_break, line_before, spell};

/// How the values and keys of a new node are written.
#[derive(Clone, Copy)]
pub(super) struct Hand {
    /// The style of its keys.
    pub(super) keys: Style,
    /// The style of its values.
    pub(super) values: Style,
}

impl Hand {
    /// The hand of a neighbourhood: `near` is a node in it, `like` a value that shows its quotes.
    pub(super) fn of(doc: &Document, near: NodeId, like: Option<NodeId>) -> Self {
        let keys = key_style(doc, near);
        let values = like.map_or(Style::Plain, |node| style(doc, node));
        // Quoted keys in brackets mean JSON, where every string is quoted.
        let is_json = keys == Style::DoubleQuoted && (doc.in_flow(near) || doc.is_flow(near));
        Self { keys, values: if is_json { Style::DoubleQuoted } else { values } }
    }

    pub(super) fn key(self, key: &str, in_flow: bool) -> String {
        spell(key, self.keys, in_flow)
    }

    pub(super) fn scalar(self, text: &str, in_flow: bool) -> String {
        spell(text, self.values, in_flow)
    }

    /// A value on one line, in brackets if it's a collection.
    pub(super) fn flow(self, value: &Value) -> String {
        match value {
            Value::Scalar(text) => self.scalar(text, true),
            Value::Mapping(entries) => {
                let entries = entries.iter().map(|(key, value)| self.flow_entry(key, value));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{}]", items.join(", "))
            }
        }
    }

    /// A key with its value, for a mapping in brackets.
    pub(super) fn flow_entry(self, key: &str, value: &Value) -> String {
        format!("{}: {}", self.key(key, true), self.flow(value))
    }

    /// A key with its value as lines of a block, without indentation; lists lie `step` columns
    /// further in than their keys.
    pub(super) fn block_entry(self, key: &str, value: &Value, step: usize) -> Vec<String> {
        let key = self.key(key, false);
        match value {
            Value::Scalar(text) => vec![format!("{key}: {}", self.scalar(text, false))],
            Value::Mapping(_) => {
                let mut lines = vec![format!("{key}:")];
                lines.extend(self.block(value, step).iter().map(|line| format!("  {line}")));
                lines
            }
            Value::List(_) => {
                let mut lines = vec![format!("{key}:")];
                let indent = " ".repeat(step);
                lines.extend(self.block(value, step).iter().map(|line| format!("{indent}{line}")));
                lines
            }
        }
    }

    /// A value as lines of a block, without indentation.
    pub(super) fn block(self, value: &Value, step: usize) -> Vec<String> {
        match value {
            Value::Scalar(text) => vec![self.scalar(text, false)],
            Value::Mapping(entries) => {
                entries.iter().flat_map(|(key, value)| self.block_entry(key, value, step)).collect()
            }
            Value::List(items) => {
                items.iter().flat_map(|item| self.block_item(item, step)).collect()
            }
        }
    }

    /// An item of a list as lines of a block.
    pub(super) fn block_item(self, item: &Value, step: usize) -> Vec<String> {
        let lines = self.block(item, step).into_iter().enumerate();
        lines.map(|(at, line)| format!("{}{line}", if at == 0 { "- " } else { "  " })).collect()
    }
}

/// The style of the keys around a node: its own mapping's, or the next one outwards.
fn key_style(doc: &Document, near: NodeId) -> Style {
    let own = |node| doc.entries(node).iter().find(|(key, _)| doc.str(*key) != Some("<<"));
    doc.holders(near).find_map(own).map_or(Style::Plain, |(key, _)| style(doc, *key))
}

fn style(doc: &Document, node: NodeId) -> Style {
    match doc.node(node) {
        Node::Scalar { style, .. } => style,
        Node::Sequence(_) | Node::Mapping(_) => Style::Plain,
    }
}

/// How many columns the lists in this neighbourhood lie further in than their keys.
pub(super) fn list_step(doc: &Document, text: &str, near: NodeId) -> usize {
    let step = |node| {
        doc.entries(node).iter().find_map(|&(key, value)| {
            let is_block =
                !doc.items(value).is_empty() && !doc.is_alias(value) && !doc.is_flow(value);
            let list = is_block.then(|| column(text, doc.span(value).start))?;
            list.checked_sub(column(text, doc.span(key).start))
        })
    };
    doc.holders(near).find_map(step).unwrap_or(2)
}

/// What stands before a node in its line, without an anchor and a tag of its own.
pub(crate) fn without_properties(before: &str) -> &str {
    let words = before.split_inclusive([' ', '\t']);
    let own = words.take_while(|word| !word.starts_with(['&', '!']));
    before.get(..own.map(str::len).sum()).unwrap_or(before)
}

/// The column in which an entry or a list begins that has its first node at a byte: an anchor or a
/// tag before a key, and the mark of an explicit key, belong to the entry.
pub(super) fn column(text: &str, at: usize) -> usize {
    let lead = line_before(text, at).trim_start_matches('\u{feff}');
    let mut rest = lead.trim_start_matches(' ');
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start_matches(' ');
    }
    lead.len() - rest.len()
}

/// Where the line of a node's last byte ends.
pub(super) fn line_end(text: &str, span: Span) -> usize {
    let after = text.get(span.end..).unwrap_or("");
    span.end + after.find(is_break).unwrap_or(after.len())
}

/// The line break that is in use at `at`, or else in the text before it.
pub(super) fn line_break(text: &str, at: usize) -> &'static str {
    let here = text.get(at..).unwrap_or("");
    let before = text.get(..at).unwrap_or("");
    let crlf = if here.is_empty() { before.contains("\r\n") } else { here.starts_with("\r\n") };
    if crlf { "\r\n" } else { "\n" }
}
