//! Which nodes lead to scalars that contain a word: most of a manifest needn't be walked.

use super::tree::{Document, NodeId, NodeMap, NodeSet};
use memchr::memmem;

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
        let mut aliases: NodeMap<Vec<NodeId>> = NodeMap::default();
        for (alias, of) in doc.aliases() {
            aliases.entry(of).or_default().push(alias);
        }
        let mut scalars = scalars_at(doc, &hits);
        let alike: Vec<_> = scalars.iter().filter_map(|node| aliases.get(node)).collect();
        scalars.extend(alike.into_iter().flatten());
        Self { marked: marked(doc, &scalars, &aliases), scalars, aliases }
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

/// The scalars whose decoded values reach over one of some places in the document's values.
fn scalars_at(doc: &Document, hits: &[usize]) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut hits = hits.iter().peekable();
    if hits.peek().is_none() {
        return found;
    }
    for (node, value) in doc.scalars() {
        let mut is_hit = false;
        while hits.next_if(|&&hit| hit < value.end).is_some() {
            is_hit = true;
        }
        if is_hit {
            found.push(node);
        }
        if hits.peek().is_none() {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;
    use crate::yaml::parse;

    fn marked(text: &str) -> Vec<String> {
        let doc = parse(text, Span::new(0, text.len())).unwrap().remove(0);
        let marks = Marks::of(&doc, &["kubelet", "\\"]);
        let scalars = doc.scalars().filter(|&(node, _)| marks.lead_from(node));
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
        let all = doc.scalars().map(|(node, _)| node).collect();
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
}
