//! Parts of patches that say what the patched manifest has, and put nothing into it.

use crate::yaml::{Document, NodeId};

/// Whether a mapping describes what is patched: what a strategic merge patch takes away, or what a JSON
/// patch tests.
pub(crate) fn describes_base(doc: &Document, mapping: NodeId) -> bool {
    // It's asked of each volume, container and mount, and next to none has such a key.
    let is_sign = |key: &NodeId| matches!(doc.str(*key), Some("op" | "$patch" | "<<"));
    if !doc.entries(mapping).iter().any(|(key, _)| is_sign(key)) {
        return false;
    }
    let says = |key: &str, word: &str| {
        doc.get(mapping, key).and_then(|value| doc.str(value)) == Some(word)
    };
    let is_test =
        says("op", "test") && ["path", "value"].iter().all(|key| doc.get(mapping, key).is_some());
    is_test || says("$patch", "delete")
}
