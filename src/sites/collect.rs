//! All sites of a document.

use super::collector::Collector;
use super::{Site, Speech, elsewhere};
use crate::knowledge::Knowledge;
use crate::model::Object;
use crate::parallel;
use crate::roots::Roots;
use crate::yaml::{Document, Marks, NodeSet};

/// Of more words than these, only the first characters are looked for.
const MANY: usize = 64;

/// Every site of a document, object by object: fields of pods first, then everything else.
#[must_use]
pub fn collect(
    index: usize,
    doc: &Document,
    objects: &[Object],
    roots: &Roots,
    knowledge: &Knowledge,
) -> Vec<Site> {
    let speech = Speech::plain(roots);
    // A scalar is worth a closer look that has the last component of a root, however a container
    // spells that, or a backslash as in Windows paths; most have neither.
    let mut words = roots.needles();
    words.push("\\");
    if words.len() > MANY {
        // Each word costs a look at the whole document; one too many scalars costs little.
        let first = |word: &'_ str| word.chars().next().map_or(0, char::len_utf8);
        words = words.iter().filter_map(|word| word.get(..first(word))).collect();
        words.dedup();
    }
    let marks = Marks::of(doc, &words);
    let bytes = doc.span_of_document().len();
    let in_pods = parallel::stretches(objects, bytes, |first, objects| {
        let mut collector = Collector::new(index, roots, &marks);
        for (number, object) in (first..).zip(objects) {
            collector.collect_object(number, object, &speech);
        }
        // All of them lie there until the last one is done.
        collector.sites.shrink_to_fit();
        (collector.sites, collector.seen)
    });
    let mut seen = NodeSet::default();
    let mut sites = Vec::with_capacity(in_pods.iter().map(|(sites, _)| sites.len()).sum());
    for (mut own, own_seen) in in_pods {
        sites.append(&mut own);
        seen.extend(own_seen);
    }
    let left = marks.without(doc, &seen);
    let mut collector = Collector::new(index, roots, &left);
    (collector.seen, collector.sites) = (seen, sites);
    elsewhere::collect(doc, objects, &speech, &words, knowledge, &mut collector);
    collector.sites
}
