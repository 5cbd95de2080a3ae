//! Patches that are written as a text: what in them only says what the patched manifest has.

use crate::model::describes_base;
use crate::source::Span;
use crate::yaml::{Document, Node, NodeId, chunks, parse};

/// The bytes of a text in which it says what it patches, if it is a patch.
#[derive(Default)]
pub(super) struct Base {
    spans: Vec<Span>,
}

impl Base {
    pub(super) fn of(text: &str) -> Self {
        let mut base = Self::default();
        // Few texts are patches, and most of those have neither.
        let is_test = || ["test", "value"].iter().all(|word| text.contains(word));
        if !text.contains("$patch") && !is_test() {
            return base;
        }
        for chunk in chunks(text) {
            // What isn't YAML is a text of another kind.
            let Ok(docs) = parse(text, chunk) else { return Self::default() };
            for doc in &docs {
                base.read(doc, doc.root());
            }
        }
        base
    }

    fn read(&mut self, doc: &Document, node: Option<NodeId>) {
        let Some(node) = node.filter(|&node| !doc.is_alias(node)) else { return };
        match doc.node(node) {
            Node::Scalar { .. } => {}
            Node::Sequence(items) => items.iter().for_each(|&item| self.read(doc, Some(item))),
            Node::Mapping(_) if describes_base(doc, node) => self.spans.push(doc.span(node)),
            Node::Mapping(entries) => {
                entries.iter().for_each(|&(_, value)| self.read(doc, Some(value)));
            }
        }
    }

    /// Whether a byte is one of them.
    pub(super) fn has(&self, at: usize) -> bool {
        let before = self.spans.partition_point(|span| span.start <= at);
        let span = before.checked_sub(1).and_then(|last| self.spans.get(last));
        span.is_some_and(|span| at < span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words `OLD` of a text that are of the base, by their numbers.
    fn of_base(text: &str) -> Vec<usize> {
        let base = Base::of(text);
        let words = text.match_indices("OLD").enumerate();
        words.filter(|(_, (at, _))| base.has(*at)).map(|(number, _)| number).collect()
    }

    #[test]
    fn what_is_tested_or_taken_away_is_of_the_base() {
        let operations = "\
- op: test
  path: /a/OLD
  value: OLD
- {op: replace, path: /a, value: OLD}
- {op: test, path: /b, value: {c: [OLD]}}
";
        assert_eq!(of_base(operations), [0, 1, 3]);
        let merged = "a:\n- b: OLD\n  $patch: delete\n- b: OLD\n---\n$patch: delete\nc: OLD\n";
        assert_eq!(of_base(merged), [0, 2]);
        let json =
            r#"[{"op":"test","path":"/a","value":"OLD"},{"op":"add","path":"/a","value":"OLD"}]"#;
        assert_eq!(of_base(json), [0]);
    }

    #[test]
    fn other_texts_have_nothing_of_a_base() {
        for text in [
            "test the value OLD",
            "op: test\nvalue: OLD\n",
            "[op: test, path: /a, value: OLD",
            "- $patch: replace\n- a: OLD\n",
            "a: {op: testing, path: /a, value: OLD}\n",
        ] {
            assert!(of_base(text).is_empty(), "{text}");
        }
    }
}
