//! Values of charts in objects that install charts: which of them are the kubelet's root, the table of
//! charts knows.

use super::Passage;
use crate::knowledge::{ChartRow, ChartTable, Knowledge, Release};
use crate::kubepath::AbsPath;
use crate::model::{Object, below, leaves};
use crate::roots::Roots;
use crate::yaml::{Document, NodeId, chunks, parse};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The values of a document's charts that are the kubelet's root, or a directory below it.
#[derive(Default)]
pub(super) struct Releases {
    /// By scalar and by where they begin: bytes of its value up to there, and what they are.
    roots: HashMap<NodeId, BTreeMap<usize, (usize, Passage)>>,
}

impl Releases {
    pub(super) fn of(
        doc: &Document,
        objects: &[Object],
        roots: &Roots,
        knowledge: &Knowledge,
    ) -> Self {
        let mut found = Self::default();
        for object in objects {
            for release in knowledge.kinds().releases(&object.name) {
                let Some(at) = object.at(doc, release.at) else { continue };
                let items = doc.items(at);
                let own = std::slice::from_ref(&at);
                for &installed in if items.is_empty() { own } else { items } {
                    found.add(doc, installed, release, roots);
                }
            }
        }
        found
    }

    /// What stands at a byte of a scalar's value.
    pub(super) fn passage(&self, node: NodeId, at: usize) -> Option<Passage> {
        let (_, &(end, passage)) = self.roots.get(&node)?.range(..=at).next_back()?;
        (at < end).then_some(passage)
    }

    fn add(&mut self, doc: &Document, installed: NodeId, release: &Release, roots: &Roots) {
        let text = |field: &str| below(doc, installed, field).and_then(|node| doc.str(node));
        let chart =
            text(release.chart).and_then(|chart| chart.trim_end_matches('/').rsplit('/').next());
        let Some((chart, table)) = chart.zip(ChartTable::shared()) else { return };
        let rows = table.of_chart(chart, text(release.version));
        if rows.is_empty() {
            return;
        }
        let values = values(doc, installed, release);
        let mut by_key: HashMap<&str, Vec<&Value>> = HashMap::new();
        for value in &values {
            by_key.entry(&value.key).or_default().push(value);
        }
        // What is set twice may count in either form.
        let is_set = |row: &ChartRow, key: &str| {
            by_key.get(key).is_some_and(|set| set.iter().all(|value| value.is_root(row, roots)))
        };
        for (key, set) in &by_key {
            let mut own = rows.iter().filter(|row| row.value(key).is_some()).peekable();
            if own.peek().is_none() {
                continue;
            }
            let moves_all = own.all(|row| row.moves_all(|key| is_set(row, key)));
            let passage = if moves_all { Passage::HostField } else { Passage::PartOfChart };
            for value in set {
                let Some(node) = value.node else { continue };
                let Range { start, end } = value.range;
                self.roots.entry(node).or_default().insert(start, (end, passage));
            }
        }
    }
}

/// A value of a chart.
struct Value {
    /// Its key, with dots.
    key: String,
    /// What it is.
    text: String,
    /// The scalar that it is, or that it's a part of; `None` where that has other uses.
    node: Option<NodeId>,
    /// Bytes of that scalar's value.
    range: Range<usize>,
}

impl Value {
    /// Whether it is a kubelet's root, or what the row's value at this key has below it, and nothing else.
    fn is_root(&self, row: &ChartRow, roots: &Roots) -> bool {
        let located = AbsPath::parse(&self.text);
        let located = located.as_ref().and_then(|path| roots.locate(path));
        let below = row.value(&self.key).map(|value| value.below.as_str());
        self.node.is_some() && located.is_some_and(|(_, rest)| below == Some(rest))
    }
}

/// All values that an installation sets.
fn values(doc: &Document, installed: NodeId, release: &Release) -> Vec<Value> {
    let mut found = Vec::new();
    let at = |fields: &'static [&'static str]| {
        fields.iter().filter_map(move |field| below(doc, installed, field))
    };
    let own =
        |node: NodeId| Some(node).filter(|node| !doc.is_alias(*node) && !doc.is_shared(*node));
    let whole = |key: String, node: NodeId| {
        let text = doc.str(node)?.to_owned();
        Some(Value { key, range: 0..text.len(), text, node: own(node) })
    };
    for values in at(release.values) {
        leaves(doc, values, &mut |key, node| found.extend(whole(key, node)));
    }
    for set in at(release.sets) {
        let entries = doc.entries(set).iter();
        found.extend(entries.filter_map(|&(key, node)| whole(doc.str(key)?.to_owned(), node)));
    }
    for list in at(release.parameters) {
        let named = doc.items(list).iter().filter_map(|&item| {
            let name = doc.get(item, "name").and_then(|name| doc.str(name))?;
            whole(name.to_owned(), doc.get(item, "value")?)
        });
        found.extend(named);
    }
    for node in at(release.texts) {
        let Some(text) = doc.str(node) else { continue };
        // Helm reads the first document; comments before its `---` are none.
        let mut read = chunks(text).into_iter().map(|chunk| parse(text, chunk));
        let first = read.find(|docs| !docs.as_ref().is_ok_and(Vec::is_empty)).and_then(Result::ok);
        for inner in first.into_iter().flatten().take(1) {
            let Some(root) = inner.root() else { continue };
            leaves(&inner, root, &mut |key, value| {
                let is_own = !inner.is_alias(value) && !inner.is_shared(value);
                let (node, range) = (own(node).filter(|_| is_own), inner.span(value).as_range());
                let text = inner.str(value).unwrap_or_default().to_owned();
                found.push(Value { key, text, node, range });
            });
        }
    }
    found
}
