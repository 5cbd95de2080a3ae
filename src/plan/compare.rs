//! Comparing documents: whether one is the other with the planned changes and nothing else.

use super::Change;
use crate::yaml::{Document, Node, NodeId};

/// Whether `new` is `old` with exactly these changes.
pub(crate) fn changed_as_planned(old: &Document, new: &Document, changes: &[Change]) -> bool {
    match (old.root(), new.root()) {
        (Some(left), Some(right)) => {
            let mut applied = vec![false; changes.len()];
            same(old, left, new, right, changes, &mut applied) && applied.iter().all(|&done| done)
        }
        (None, None) => changes.is_empty(),
        _ => false,
    }
}

fn same(
    old: &Document,
    left: NodeId,
    new: &Document,
    right: NodeId,
    changes: &[Change],
    applied: &mut [bool],
) -> bool {
    let left = old.resolve(left);
    match (old.node(left), new.node(right)) {
        (Node::Scalar { value, style }, Node::Scalar { value: found, style: found_style }) => {
            style == found_style
                && expected(left, value, changes, applied).as_deref() == Some(found)
        }
        (Node::Sequence(items), Node::Sequence(found)) => {
            items.len() == found.len()
                && items
                    .iter()
                    .zip(found)
                    .all(|(&left, &right)| same(old, left, new, right, changes, applied))
        }
        (Node::Mapping(entries), Node::Mapping(found)) => {
            let mut found = found.iter();
            for &(key, value) in entries {
                let Some(&(new_key, new_value)) = found.next() else {
                    return false;
                };
                if !same(old, key, new, new_key, changes, applied)
                    || !same(old, value, new, new_value, changes, applied)
                {
                    return false;
                }
                // Insertions follow the key they were planned after.
                for (change, done) in changes.iter().zip(applied.iter_mut()) {
                    let Change::Insert { mapping, after, key: inserted, value, .. } = change else {
                        continue;
                    };
                    if *mapping != left || key != *after {
                        continue;
                    }
                    let Some(&(new_key, new_value)) = found.next() else {
                        return false;
                    };
                    if new.str(new_key) != Some(*inserted) || new.str(new_value) != Some(*value) {
                        return false;
                    }
                    *done = true;
                }
            }
            found.next().is_none()
        }
        _ => false,
    }
}

/// The value a scalar has to have; `None` when its changes contradict each other.
fn expected(node: NodeId, value: &str, changes: &[Change], applied: &mut [bool]) -> Option<String> {
    let mut replacements = Vec::new();
    for (change, done) in changes.iter().zip(applied.iter_mut()) {
        if let Change::Replace { node: changed, range, text } = change
            && *changed == node
        {
            replacements.push((range.clone(), text));
            *done = true;
        }
    }
    replacements.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(value.len());
    let mut at = 0;
    for (range, text) in replacements {
        out.push_str(value.get(at..range.start)?);
        out.push_str(text);
        at = range.end;
    }
    out.push_str(value.get(at..)?);
    Some(out)
}
