//! How the values of two streams differ, and whether that is what was planned.

use crate::common::TO;
use csi_relocate::decide::{Action, Added, Spot, Value as Written};
use csi_relocate::relocate::Relocation;
use csi_relocate::yaml::{Document, NodeId};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The root that the manifests are written for.
const FROM: &str = "/var/lib/kubelet";

/// Where alone a path goes back to the old root.
const GOES_BACK: &str = "/device-plugins";

/// Byte ranges of a string, and what takes their place.
type Replaced = BTreeMap<(usize, usize), String>;

/// What differs between two values.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    /// Strings that changed: what they were and what they are.
    pub(crate) changed: BTreeSet<(String, String)>,
    /// How many mounts gained `mountPropagation: Bidirectional`.
    pub(crate) inserted: usize,
    /// How many settings were written where nothing was.
    pub(crate) settings: usize,
    /// Everything else, in words: nothing of it is ever planned.
    pub(crate) wrong: Vec<String>,
}

impl Differences {
    /// Adds what differs between the documents of two streams.
    pub(crate) fn between_all(&mut self, old: &[Value], new: &[Value]) {
        self.items(old, new, "document");
    }

    fn between(&mut self, old: &Value, new: &Value, path: &str) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                for (key, value) in old {
                    match new.get(key) {
                        Some(new) => self.between(value, new, &format!("{path}.{key}")),
                        None => self.wrong.push(format!("{path}.{key} is gone")),
                    }
                }
                for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                    if key == "mountPropagation" && value == "Bidirectional" {
                        self.inserted += 1;
                    } else if names_new_root(value) {
                        self.settings += 1;
                    } else {
                        self.wrong.push(format!("{path}.{key} is new"));
                    }
                }
            }
            (Value::Array(old), Value::Array(new)) => self.items(old, new, path),
            (Value::String(old), Value::String(new)) if old != new => {
                let propagates = old == "None" && new == "Bidirectional";
                let is_filled = old.is_empty() && new.contains(TO);
                if is_filled {
                    self.settings += 1;
                    return;
                }
                if !propagates && !is_relocated(old, new) {
                    self.wrong.push(format!("{path}: {old:?} became {new:?}"));
                }
                self.changed.insert((old.clone(), new.clone()));
            }
            (Value::Null, new) if names_new_root(new) => self.settings += 1,
            (old, new) if old != new => {
                self.wrong.push(format!("{path}: {old} became {new}"));
            }
            _ => {}
        }
    }

    fn items(&mut self, old: &[Value], new: &[Value], path: &str) {
        if old.is_empty() && !new.is_empty() && new.iter().all(names_new_root) {
            self.settings += 1;
            return;
        }
        let mut added = new.len().saturating_sub(old.len());
        let mut rest = new.iter();
        for (index, old) in old.iter().enumerate() {
            let mut next = rest.next();
            // An item that is no item of before, moved or not.
            while added > 0 && next.is_some_and(|new| names_new_root(new) && is_another(old, new)) {
                (added, self.settings) = (added - 1, self.settings + 1);
                next = rest.next();
            }
            match next {
                Some(new) => self.between(old, new, &format!("{path}[{index}]")),
                None => self.wrong.push(format!("{path}[{index}] is gone")),
            }
        }
        for new in rest {
            match names_new_root(new) {
                true => self.settings += 1,
                false => self.wrong.push(format!("{path}: {new} is new")),
            }
        }
    }

    /// Where these are not the planned ones, in words.
    pub(crate) fn unlike(&self, planned: &Self) -> impl Iterator<Item = String> {
        let mut problems = self.wrong.clone();
        let tell =
            |(old, new): &(String, String), what: &str| format!("{what}: {old:?} to {new:?}");
        let missing = planned.changed.difference(&self.changed);
        problems.extend(missing.map(|pair| tell(pair, "planned, not seen")));
        let unplanned = self.changed.difference(&planned.changed);
        problems.extend(unplanned.map(|pair| tell(pair, "seen, not planned")));
        // A mapping that an anchor shares is seen more than once.
        if self.inserted < planned.inserted || (self.inserted > 0) != (planned.inserted > 0) {
            problems.push(format!("{} insertions, {} planned", self.inserted, planned.inserted));
        }
        if self.settings < planned.settings || (self.settings > 0) != (planned.settings > 0) {
            problems.push(format!("{} settings, {} planned", self.settings, planned.settings));
        }
        problems.into_iter()
    }
}

/// What a plan says will differ.
pub(crate) fn planned(relocation: &Relocation) -> Differences {
    let docs = relocation.documents();
    let mut differences = Differences::default();
    // The scalars that change, and what takes the place of which of their bytes.
    let mut scalars: BTreeMap<(usize, NodeId), (String, Replaced)> = BTreeMap::new();
    for (site, decision) in relocation.analysis.decided() {
        let Action::Move(root) = &decision.action else { continue };
        let doc = &docs[site.doc];
        if is_overridden(doc, site.node) {
            continue;
        }
        let value = doc.str(site.node).expect("a site stands in a scalar");
        let (_, replaced) = scalars
            .entry((site.doc, site.node))
            .or_insert_with(|| (value.to_owned(), Replaced::new()));
        let text = root.to_string().trim_start_matches('/').to_owned();
        replaced.insert((site.range.start, site.range.end), text);
    }
    for (old, replaced) in scalars.into_values() {
        let mut new = old.clone();
        for ((start, end), text) in replaced.into_iter().rev() {
            new.replace_range(start..end, &text);
        }
        if new != old {
            differences.changed.insert((old, new));
        }
    }
    let mut mounts = BTreeSet::new();
    for insertion in &relocation.analysis.insertions {
        let doc = &docs[insertion.doc];
        let Added::Propagation(mount) = insertion.what else {
            let replaced = match insertion.spot {
                Spot::Instead(node) => doc.str(node).filter(|old| !is_no_text(old)),
                _ => None,
            };
            match (replaced, &insertion.value) {
                (Some(old), Written::Scalar(new)) => {
                    differences.changed.insert((old.to_owned(), new.clone()));
                }
                _ => differences.settings += 1,
            }
            continue;
        };
        if is_overridden(doc, mount) {
            continue;
        }
        match doc.get(mount, "mountPropagation").and_then(|node| doc.str(node)) {
            Some(old) => {
                differences.changed.insert((old.to_owned(), "Bidirectional".to_owned()));
            }
            None => {
                mounts.insert((insertion.doc, mount));
            }
        }
    }
    differences.inserted = mounts.len();
    differences
}

/// Whether the text of a scalar is that of a null.
fn is_no_text(text: &str) -> bool {
    matches!(text, "" | "~" | "null")
}

/// Whether the new root stands somewhere in a value, or what a program makes it from: its parent.
fn names_new_root(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(TO) || text.ends_with("=/data"),
        Value::Array(items) => items.iter().any(names_new_root),
        Value::Object(entries) => entries.values().any(names_new_root),
        _ => false,
    }
}

/// Whether two items of a list are about different things.
fn is_another(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::String(old), Value::String(new)) => old != new && !is_relocated(old, new),
        (Value::Object(old), Value::Object(new)) => old.get("name") != new.get("name"),
        _ => true,
    }
}

/// Whether a node stands below a key that the same mapping has again, later: no reader sees it.
fn is_overridden(doc: &Document, node: NodeId) -> bool {
    let mut child = node;
    while let Some(parent) = doc.parent(child) {
        let entry = doc.entries(parent).iter().find(|(_, value)| *value == child);
        let key = entry.and_then(|(key, _)| doc.str(*key));
        if key.is_some_and(|key| doc.entry(parent, key).is_none_or(|(_, last)| last != child)) {
            return true;
        }
        child = parent;
    }
    false
}

/// Whether one string is the other with whole roots replaced, and nothing else.
fn is_relocated(mut old: &str, mut new: &str) -> bool {
    let mut before = None;
    loop {
        let swapped = after_root(old, FROM).zip(after_root(new, TO)).or_else(|| {
            let both = after_root(old, TO).zip(after_root(new, FROM));
            both.filter(|(old, new)| old.starts_with(GOES_BACK) && new.starts_with(GOES_BACK))
        });
        if let Some(rests) = swapped.filter(|_| !before.is_some_and(is_part_of_a_name)) {
            (old, new) = rests;
            before = Some('t');
            continue;
        }
        let (left, right) = (old.chars().next(), new.chars().next());
        if left != right {
            return false;
        }
        let Some(c) = left else { return true };
        (old, new) = (&old[c.len_utf8()..], &new[c.len_utf8()..]);
        before = Some(c);
    }
}

/// What follows a root at the start of a text; its first slash isn't part of it, and the others may
/// be several, or escaped.
fn after_root<'a>(text: &'a str, root: &str) -> Option<&'a str> {
    let mut rest = text;
    for (index, component) in root.trim_start_matches('/').split('/').enumerate() {
        if index > 0 {
            let trimmed = rest.trim_start_matches(['/', '\\']);
            rest = Some(trimmed).filter(|trimmed| trimmed.len() < rest.len())?;
        }
        rest = rest.strip_prefix(component)?;
    }
    Some(rest).filter(|rest| !rest.starts_with(is_part_of_a_name))
}

fn is_part_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || ['_', '-', '.'].contains(&c)
}

#[test]
fn only_whole_roots_are_replaced() {
    let pod = "/var/lib/kubelet/pods /data/kubelet //var/lib//kubelet";
    assert!(is_relocated(pod, "/data/kubelet/pods /data/kubelet //data/kubelet"));
    assert!(is_relocated("unix://var/lib/kubelet", "unix://data/kubelet"));
    assert!(is_relocated("/data/kubelet/device-plugins", "/var/lib/kubelet/device-plugins"));
    assert!(!is_relocated("/data/kubelet/pods", "/var/lib/kubelet/pods"));
    assert!(!is_relocated("/var/lib/kubelet-x", "/data/kubelet-x"));
    assert!(!is_relocated("/host-var/lib/kubelet", "/host-data/kubelet"));
    assert!(!is_relocated("/var/lib/kubelet", "/data/kubelet/"));
}
