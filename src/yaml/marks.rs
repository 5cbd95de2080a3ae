//! Which nodes lead to scalars that contain a word: most of a manifest needn't be walked.

use super::node::{NodeId, NodeMap, NodeSet};
use super::tree::Document;
use crate::parallel;
use memchr::memmem;
use std::ops::Range;

/// The scalars of a document in which one of some words stands, the aliases of them, and all that
/// one of these is found in, written there or by an alias.
#[derive(Debug)]
pub struct Marks {
    /// By the nodes' positions; nothing where none is marked.
    marked: Vec<bool>,
    /// The scalars and their aliases.
    scalars: Vec<NodeId>,
    /// The aliases of each node that has any.
    aliases: NodeMap<Vec<NodeId>>,
}

impl Marks {
    /// Looks for words in the decoded values. A scalar may be marked that has none of them, never
    /// the other way round.
    #[must_use]
    pub fn of(doc: &Document, words: &[&str]) -> Self {
        let mut hits: Vec<usize> = Vec::new();
        for word in words {
            let finder = memmem::Finder::new(word);
            let mut from = 0;
            // Matches may overlap: one may reach from the end of a value into the next one.
            while let Some(at) =
                doc.values.as_bytes().get(from..).and_then(|rest| finder.find(rest))
            {
                hits.push(from + at);
                from += at + 1;
            }
        }
        hits.sort_unstable();
        let nodes: Vec<Range<usize>> = (0..doc.len())
            .step_by(STRETCH)
            .map(|from| from..doc.len().min(from + STRETCH))
            .collect();
        let bytes = doc.span_of_document().len();
        let looked = parallel::map(&nodes, bytes, |nodes| Looked::at(nodes, doc, &hits));
        let mut aliases: NodeMap<Vec<NodeId>> = NodeMap::default();
        let mut scalars = Vec::new();
        for mut looked in looked {
            scalars.append(&mut looked.scalars);
            for (alias, of) in looked.aliases {
                aliases.entry(of).or_default().push(alias);
            }
        }
        let alike: Vec<_> = scalars.iter().filter_map(|node| aliases.get(node)).collect();
        scalars.extend(alike.into_iter().flatten());
        Self { marked: marked(doc, &scalars, &aliases), scalars, aliases }
    }

    /// Nothing is marked.
    #[must_use]
    pub fn none() -> Self {
        Self { marked: Vec::new(), scalars: Vec::new(), aliases: NodeMap::default() }
    }

    /// What is marked when these scalars, and aliases of them, are left out.
    #[must_use]
    pub fn without(mut self, doc: &Document, seen: &NodeSet) -> Self {
        self.scalars.retain(|node| !seen.contains(node));
        Self { marked: marked(doc, &self.scalars, &self.aliases), ..self }
    }

    /// Whether a node is such a scalar, or one is found in it.
    #[must_use]
    pub fn lead_from(&self, node: NodeId) -> bool {
        node.index().and_then(|at| self.marked.get(at)).is_some_and(|&marked| marked)
    }

    /// Whether there is no such scalar in the whole document, keys included.
    #[must_use]
    pub fn are_none(&self) -> bool {
        self.scalars.is_empty()
    }
}

/// Which nodes are these scalars, or what an alias among them stands for, or lead to one.
fn marked(doc: &Document, scalars: &[NodeId], aliases: &NodeMap<Vec<NodeId>>) -> Vec<bool> {
    let mut marked = Vec::new();
    if scalars.is_empty() {
        return marked;
    }
    marked.resize(doc.len(), false);
    let mut mark = |node: NodeId| {
        let slot = node.index().and_then(|at| marked.get_mut(at));
        slot.is_some_and(|slot| !std::mem::replace(slot, true))
    };
    let mut left = scalars.to_vec();
    while let Some(node) = left.pop() {
        let mut at = Some(node);
        while let Some(node) = at.filter(|&node| mark(node)) {
            left.extend(aliases.get(&node).into_iter().flatten());
            at = doc.parent(node);
        }
    }
    // Who comes by an alias asks for the scalar itself; to where that is written nothing leads.
    for &node in scalars {
        mark(doc.resolve(node));
    }
    marked
}

/// So many nodes are looked at by one processor.
const STRETCH: usize = 64 * 1024;

/// What was seen of some nodes.
struct Looked {
    /// The scalars in whose decoded values a hit begins.
    scalars: Vec<NodeId>,
    /// Each alias with what it stands for.
    aliases: Vec<(NodeId, NodeId)>,
}

impl Looked {
    /// `hits` are places in the document's values, in order.
    fn at(nodes: &Range<usize>, doc: &Document, hits: &[usize]) -> Self {
        let mut scalars = Vec::new();
        let mut values = doc.scalars(nodes.clone()).peekable();
        let start = values.peek().map_or(0, |(_, value)| value.start);
        let own = hits.partition_point(|&hit| hit < start);
        let mut hits = hits.iter().skip(own).peekable();
        for (node, value) in values {
            let mut is_hit = false;
            while hits.next_if(|&&hit| hit < value.end).is_some() {
                is_hit = true;
            }
            if is_hit {
                scalars.push(node);
            }
            if hits.peek().is_none() {
                break;
            }
        }
        // Most documents have none.
        let aliased = if doc.has_aliases() { nodes.clone() } else { 0..0 };
        Self { scalars, aliases: doc.aliases(aliased).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;
    use crate::yaml::parse;

    fn marked(text: &str) -> Vec<String> {
        let doc = parse(text, Span::new(0, text.len())).unwrap().remove(0);
        let marks = Marks::of(&doc, &["kubelet", "\\"]);
        let scalars = doc.scalars(0..doc.len()).filter(|&(node, _)| marks.lead_from(node));
        scalars.map(|(node, _)| doc.path(node)).collect()
    }

    #[test]
    fn scalars_with_a_word_are_marked_and_what_leads_to_them() {
        let text = "a: {b: [x, /kubelet/y, 'z\\']}\nc: \"k\\x75belet\"\nkube: let\nd: kubelet\n";
        assert_eq!(marked(text), ["a.b[1]", "a.b[2]", "c", "kube", "d"]);
        let doc = parse(text, Span::new(0, text.len())).unwrap().remove(0);
        let marks = Marks::of(&doc, &["kubelet"]);
        let root = doc.root().unwrap();
        let a = doc.get(root, "a").unwrap();
        let b = doc.get(a, "b").unwrap();
        assert!([root, a, b].into_iter().all(|node| marks.lead_from(node)));
        assert!(!marks.are_none() && Marks::of(&doc, &["nothing"]).are_none());
    }

    #[test]
    fn what_was_seen_is_left_out_with_all_that_leads_to_nothing_else() {
        let text = "a: {b: [x, /kubelet/y], c: kubelet}\nkubelet: {d: /kubelet}\n";
        let doc = parse(text, Span::new(0, text.len())).unwrap().remove(0);
        let root = doc.root().unwrap();
        let a = doc.get(root, "a").unwrap();
        let b = doc.get(a, "b").unwrap();
        let d = doc.get(root, "kubelet").unwrap();
        let seen = [doc.items(b)[1], doc.get(d, "d").unwrap()].into_iter().collect();
        let left = Marks::of(&doc, &["kubelet"]).without(&doc, &seen);
        let is_left = |node: NodeId| left.lead_from(node);
        assert_eq!([root, a, b, d].map(is_left), [true, true, false, false]);
        let all = doc.scalars(0..doc.len()).map(|(node, _)| node).collect();
        assert!(Marks::of(&doc, &["kubelet"]).without(&doc, &all).are_none());
    }

    #[test]
    fn an_alias_leads_to_what_it_stands_for_however_often_it_is_used() {
        let text = "\
a: &a {b: &b /kubelet, c: x}
d: {e: *b}
f: [&f {g: *a}, y]
h: *f
i: &i {c: x}
j: *i
";
        let doc = parse(text, Span::new(0, text.len())).unwrap().remove(0);
        let root = doc.root().unwrap();
        let led = |marks: &Marks| {
            let entries = doc.entries(root).iter().filter(|&&(_, value)| marks.lead_from(value));
            entries.map(|&(key, _)| doc.str(key).unwrap()).collect::<String>()
        };
        let marks = Marks::of(&doc, &["kubelet"]);
        assert_eq!(led(&marks), "adfh");
        let at = |key: &str, inner: &str| {
            doc.get_unresolved(doc.get(root, key).unwrap(), inner).unwrap()
        };
        // What is seen in its place isn't seen where an alias stands for it.
        let left = marks.without(&doc, &[at("a", "b")].into_iter().collect());
        assert_eq!(led(&left), "d");
        assert!(left.lead_from(at("a", "b")) && left.lead_from(at("d", "e")));
        let left = left.without(&doc, &[at("d", "e")].into_iter().collect());
        assert!(left.are_none() && led(&left).is_empty());
    }

    #[test]
    fn in_a_large_document_every_stretch_is_looked_at() {
        let places = [0, STRETCH - 2, STRETCH - 1, STRETCH, 2 * STRETCH, 2 * STRETCH + 9];
        let word = |at| if places.contains(&at) { "kubelet-of-a-node" } else { "word-that-isn't" };
        let words: Vec<_> = (0..2 * STRETCH + 10).map(word).collect();
        let text = format!("- {}\n", words.join("\n- "));
        let doc = parse(&text, Span::new(0, text.len())).unwrap().remove(0);
        let marks = Marks::of(&doc, &["kubelet"]);
        let items = doc.items(doc.root().unwrap()).iter().enumerate();
        let led: Vec<_> = items.filter(|(_, item)| marks.lead_from(**item)).collect();
        assert_eq!(led.into_iter().map(|(at, _)| at).collect::<Vec<_>>(), places);
    }
}
