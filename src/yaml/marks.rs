//! Which nodes lead to scalars that contain a word: most of a manifest needn't be walked.

use super::tree::{Document, NodeId};
use memchr::memmem;

/// The scalars of a document in which one of some words stands, and all that they lie in.
#[derive(Debug)]
pub struct Marks {
    /// By the nodes' positions; `None` where every node may lead to one.
    marked: Option<Vec<bool>>,
    /// How many of the nodes are such scalars themselves.
    scalars: usize,
}

impl Marks {
    /// Looks for words in the decoded values. A scalar may be marked that has none of them, never
    /// the other way round.
    #[must_use]
    pub fn of(doc: &Document, words: &[&str]) -> Self {
        if doc.has_aliases() {
            // What leads to a scalar isn't only what it is written in.
            return Self { marked: None, scalars: usize::MAX };
        }
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
        let (mut marked, mut scalars) = (Vec::new(), 0);
        if !hits.is_empty() {
            hits.sort_unstable();
            marked.resize(doc.len(), false);
            scalars = mark(doc, &hits, &mut marked);
        }
        Self { marked: Some(marked), scalars }
    }

    /// Whether a node is such a scalar, or one lies in it.
    #[must_use]
    pub fn lead_from(&self, node: NodeId) -> bool {
        let Some(marked) = &self.marked else { return true };
        node.index().and_then(|at| marked.get(at)).is_some_and(|&marked| marked)
    }

    /// How many such scalars there are in the whole document, keys included; more than there can be
    /// where that isn't known.
    #[must_use]
    pub fn count(&self) -> usize {
        self.scalars
    }
}

fn mark(doc: &Document, hits: &[usize], marked: &mut [bool]) -> usize {
    let mut hits = hits.iter().peekable();
    let mut count = 0;
    for (node, value) in doc.scalars() {
        let mut is_hit = false;
        while hits.next_if(|&&hit| hit < value.end).is_some() {
            is_hit = true;
        }
        let mut at = Some(node).filter(|_| is_hit);
        count += usize::from(is_hit);
        while let Some(node) = at {
            let Some(slot) = node.index().and_then(|at| marked.get_mut(at)) else { break };
            if std::mem::replace(slot, true) {
                break;
            }
            at = doc.parent(node);
        }
        if hits.peek().is_none() {
            break;
        }
    }
    count
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
        assert_eq!((marks.count(), Marks::of(&doc, &["nothing"]).count()), (4, 0));
    }

    #[test]
    fn where_aliases_are_everything_is_marked() {
        assert_eq!(marked("a: &a x\nb: *a\n").len(), 3);
    }
}
