//! What an independent YAML parser says of a text before and after.

use csi_relocate::decide::{Insertion, Value as Written};
use serde::Deserialize as _;
use serde_yaml::Value;
use std::collections::BTreeSet;

/// The root of a kubelet that was told nothing, without its first slash.
const DEFAULT: &str = "var/lib/kubelet";

/// What may be different in an output.
pub struct Allowed {
    /// The new root, without its first slash.
    to: String,
    /// The old roots in the same way; nothing where roots are looked for.
    from: Vec<String>,
    /// What stands in a Windows path that was moved.
    windows: Option<String>,
    /// Every key and value that was planned to be inserted.
    written: BTreeSet<String>,
}

impl Allowed {
    /// What may be different after a move between roots; `from` is empty where they are found.
    pub fn new(to: &str, from: &[String], windows: Option<&str>, inserted: &[Insertion]) -> Self {
        let bare = |root: &str| root.trim_start_matches('/').to_owned();
        let mut written = BTreeSet::new();
        for insertion in inserted {
            leaves(&insertion.value, &mut written);
            if let csi_relocate::decide::Spot::Key { key, .. } = &insertion.spot {
                written.insert(key.clone());
            }
        }
        let windows = windows.and_then(|root| root.rsplit('\\').next()).map(str::to_owned);
        Self { to: bare(to), from: from.iter().map(|root| bare(root)).collect(), windows, written }
    }

    /// Whether one string may become another.
    fn strings(&self, old: &str, new: &str) -> bool {
        if old == new || self.written.contains(new) {
            return true;
        }
        if self.windows.as_ref().is_some_and(|name| new.contains(name.as_str())) {
            return true;
        }
        if self.from.is_empty() {
            let name = self.to.rsplit('/').next().unwrap_or_default();
            return new.contains(name) || new.contains("var/lib/kubelet/device-plugins");
        }
        let mut moves: Vec<(&str, &str)> =
            self.from.iter().flat_map(|from| tails(from, &self.to)).collect();
        // What only the default root has goes back, from every root.
        let roots = self.from.iter().chain([&self.to]);
        moves.extend(roots.map(|root| (root.as_str(), DEFAULT)));
        is_moved(old, new, &moves)
    }

    /// Whether this is something that was inserted.
    fn is_written(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.written.contains(text),
            Value::Sequence(items) => items.iter().all(|item| self.is_written(item)),
            Value::Mapping(entries) => {
                entries.iter().all(|(key, value)| self.is_written(key) && self.is_written(value))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Tagged(_) => false,
        }
    }
}

fn leaves(value: &Written, found: &mut BTreeSet<String>) {
    match value {
        Written::Scalar(text) => {
            found.insert(text.clone());
        }
        Written::Mapping(entries) => {
            for (key, value) in entries {
                found.insert(key.clone());
                leaves(value, found);
            }
        }
        Written::List(items) => items.iter().for_each(|item| leaves(item, found)),
    }
}

/// Two roots, and what is left of them behind a mount of what both lie below.
fn tails<'r>(from: &'r str, to: &'r str) -> Vec<(&'r str, &'r str)> {
    let mut pairs = vec![(from, to)];
    while let Some((from, to)) = pairs.last()
        && let (Some((first, from)), Some((other, to))) = (from.split_once('/'), to.split_once('/'))
        && first == other
    {
        pairs.push((from, to));
    }
    pairs
}

/// Whether one text is the other with some roots in place of others.
fn is_moved(old: &str, new: &str, moves: &[(&str, &str)]) -> bool {
    let mut reached = BTreeSet::from([(0, 0)]);
    while let Some((left, right)) = reached.pop_first() {
        let (before, old) = old.split_at(left);
        let new = &new[right..];
        if old.is_empty() && new.is_empty() {
            return true;
        }
        for (from, to) in moves {
            if new.starts_with(to)
                && let Some(length) = spelled(old, from, goes_on(before))
            {
                reached.insert((left + length, right + to.len()));
            }
        }
        if let Some(next) = old.chars().next().filter(|next| new.starts_with(*next)) {
            reached.insert((left + next.len_utf8(), right + next.len_utf8()));
        }
    }
    false
}

/// Whether a path has begun in a text that ends in a slash: `/host/`, and not `//`.
fn goes_on(text: &str) -> bool {
    let name = text.trim_end_matches('/');
    name.len() < text.len() && name.ends_with(|c: char| c.is_alphanumeric() || "-_.".contains(c))
}

/// How many bytes at the beginning of a text spell a root, with one or more slashes between; and before
/// it too where that goes on a path, behind a mount (`/host//var`).
fn spelled(text: &str, root: &str, goes_on: bool) -> Option<usize> {
    let mut rest = text;
    for (index, component) in root.split('/').enumerate() {
        let bare = rest.trim_start_matches('/');
        let has_slashes = bare.len() < rest.len();
        if has_slashes != (index > 0) && !(has_slashes && goes_on) {
            return None;
        }
        rest = bare.strip_prefix(component)?;
    }
    Some(text.len() - rest.len())
}

/// The documents of a text; `None` where the parser refuses it.
pub fn documents(text: &str) -> Option<Vec<Value>> {
    serde_yaml::Deserializer::from_str(text).map(|doc| Value::deserialize(doc).ok()).collect()
}

/// The output means the input, but for what is allowed.
///
/// # Panics
/// Where it doesn't.
pub fn check(input: &str, output: &str, allowed: &Allowed) {
    let Some(old) = documents(input) else { return };
    let new = documents(output).unwrap_or_else(|| panic!("refused: {output:?}, not {input:?}"));
    assert_eq!(old.len(), new.len(), "documents of {output:?}, once {input:?}");
    for (old, new) in old.iter().zip(&new) {
        if let Err(what) = compare(old, new, allowed) {
            panic!("{what}: {input:?} became {output:?}");
        }
    }
}

/// Whether both texts are manifests, and one means the other but for what is allowed.
fn is_changed_manifest(old: &str, new: &str, allowed: &Allowed) -> bool {
    let (Some(old), Some(new)) = (documents(old), documents(new)) else {
        // As of a whole input, nothing is known of what this parser refuses, such as equal keys.
        return ["apiVersion", "kind"].iter().all(|key| old.contains(key) && new.contains(key));
    };
    let is_object =
        |value: &Value| value.get("apiVersion").is_some() && value.get("kind").is_some();
    old.iter().any(is_object)
        && old.len() == new.len()
        && old.iter().zip(&new).all(|(old, new)| compare(old, new, allowed).is_ok())
}

fn compare(old: &Value, new: &Value, allowed: &Allowed) -> Result<(), String> {
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            for (key, value) in old {
                let new = new.get(key).ok_or_else(|| format!("{key:?} is gone"))?;
                compare(value, new, allowed)?;
            }
            let added = new.iter().filter(|(key, _)| !old.contains_key(*key));
            added.map(|(key, value)| (key.clone(), value)).try_for_each(|(key, value)| {
                let is_written = allowed.is_written(&key) && allowed.is_written(value);
                if is_written { Ok(()) } else { Err(format!("{key:?}: {value:?} was added")) }
            })
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            // How many of the old items may stand before: an item that was written is a new one, or
            // fills one that said nothing.
            let mut before = BTreeSet::from([0]);
            for new in new {
                let mut after = BTreeSet::new();
                let mut why = format!("{new:?} was added");
                for &at in &before {
                    match old.get(at).map(|old| compare(old, new, allowed)) {
                        Some(Ok(())) => _ = after.insert(at + 1),
                        Some(Err(what)) => why = what,
                        None => {}
                    }
                    if allowed.is_written(new) {
                        after.insert(at);
                    }
                }
                if after.is_empty() {
                    return Err(why);
                }
                before = after;
            }
            if before.contains(&old.len()) { Ok(()) } else { Err("an item is gone".to_owned()) }
        }
        (Value::String(old), Value::String(new)) => {
            if allowed.strings(old, new) || is_changed_manifest(old, new, allowed) {
                Ok(())
            } else {
                Err(format!("{old:?} became {new:?}"))
            }
        }
        (Value::Tagged(old), Value::Tagged(new)) if old.tag == new.tag => {
            compare(&old.value, &new.value, allowed)
        }
        // A value that says nothing was filled.
        (old, new) if old == new || allowed.is_written(new) => Ok(()),
        (old, new) => Err(format!("{old:?} became {new:?}")),
    }
}
