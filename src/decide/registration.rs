//! The registrar: which container registers a driver, with which path, fed by which variables.

use super::expand::{expand, variables};
use super::hidden;
use crate::knowledge::Knowledge;
use crate::kubepath::{AbsPath, find_paths, path_at};
use crate::model::{Container, Line, Pod};
use crate::sites::{Field, Site};
use crate::yaml::NodeId;
use memchr::memmem;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// What feeds the path that a container hands to the kubelet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Feed {
    /// What holds the registration path in command lines and probes.
    pub(crate) stretches: Vec<Stretch>,
    /// The variables that it is built from, directly or through others.
    pub(crate) variables: BTreeSet<String>,
    /// Part of it comes from a ConfigMap of the same input.
    pub(crate) inherits: bool,
    /// Variables that aren't defined in the container, and where they are used.
    pub(crate) undefined: Vec<(NodeId, String)>,
    /// The path with its variables filled in, as far as they are known.
    pub(crate) path: Option<AbsPath>,
}

/// A part of an item of a command line or probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The item.
    pub(crate) node: NodeId,
    /// Bytes of its decoded value.
    range: Range<usize>,
}

impl Feed {
    /// Whether a site of the container is a part of the path.
    pub(crate) fn has(&self, site: &Site) -> bool {
        match &site.field {
            Field::Env(name) => self.variables.contains(name.as_str()),
            _ => self.stretches.iter().any(|Stretch { node, range }| {
                *node == site.node && range.start <= site.range.start && site.range.end <= range.end
            }),
        }
    }

    /// The item that says it first.
    pub(crate) fn item(&self) -> Option<NodeId> {
        self.stretches.first().map(|stretch| stretch.node)
    }
}

/// What a pod registers with the kubelet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registration {
    feeds: Vec<Option<Feed>>,
    has_registrar: bool,
}

impl Registration {
    pub(crate) fn of(pod: &Pod, knowledge: &Knowledge) -> Self {
        let feeds: Vec<Option<Feed>> =
            pod.containers.iter().map(|container| feed(container, knowledge)).collect();
        let is_registrar = |container: &Container| {
            knowledge.images().is_registrar(&container.image)
                || hidden::registers(container, knowledge)
        };
        let has_registrar =
            feeds.iter().any(Option::is_some) || pod.containers.iter().any(is_registrar);
        Self { has_registrar, feeds }
    }

    /// Whether the pod is a CSI driver's node plugin.
    pub(crate) fn is_driver_pod(&self) -> bool {
        self.has_registrar
    }

    /// What a container of the pod registers.
    pub(crate) fn of_container(&self, number: usize) -> Option<&Feed> {
        self.feeds.get(number)?.as_ref()
    }

    /// Whether one of the sockets that the pod registers lies in a directory of the host.
    pub(crate) fn lies_in(&self, host: &AbsPath) -> bool {
        self.paths().any(|(_, path)| path.below(host).is_some())
    }

    /// The host paths that the pod registers, each with an item of a command that says so.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (NodeId, &AbsPath)> {
        let feeds = self.feeds.iter().flatten();
        feeds.filter_map(|feed| Some((feed.item()?, feed.path.as_ref()?)))
    }
}

fn feed(container: &Container, knowledge: &Knowledge) -> Option<Feed> {
    let mut feed = Feed::default();
    for line in &container.command_line {
        // Of a flag that is given twice the last one counts.
        feed.path = hold(container, line, knowledge, &mut feed).or(feed.path.take());
    }
    for line in &container.hooks {
        feed.path = feed.path.take().or(hold(container, line, knowledge, &mut feed));
    }
    (!feed.stretches.is_empty()).then_some(feed)
}

/// Takes in what holds the registration path in an item, with the shell's own variables; gives the path
/// that is registered last.
fn hold(
    container: &Container,
    line: &Line,
    knowledge: &Knowledge,
    feed: &mut Feed,
) -> Option<AbsPath> {
    let (node, text) = (line.text.node, line.text.value.as_str());
    let mut left = registered_values(line, knowledge);
    let last = left.last().and_then(|range| text.get(range.clone()));
    let assigned = if left.is_empty() { HashMap::new() } else { assignments(text) };
    let mut seen = HashSet::new();
    while let Some(range) = left.pop() {
        let value = text.get(range.clone()).unwrap_or_default();
        let names = variables(value).into_iter().filter(|name| seen.insert(*name));
        left.extend(names.filter_map(|name| assigned.get(name)).flatten().cloned());
        follow(container, value, node, feed);
        feed.stretches.push(Stretch { node, range });
    }
    let (_, path) = find_paths(&expand(container, last?)).into_iter().next()?;
    Some(path)
}

/// The values that a shell's line gives to variables, by their bytes.
fn assignments(text: &str) -> HashMap<&str, Vec<Range<usize>>> {
    let mut found: HashMap<&str, Vec<Range<usize>>> = HashMap::new();
    for (at, _) in text.match_indices('=') {
        if let Some(name) = assigned(text.get(..at).unwrap_or_default()) {
            let value = path_at(text, at + 1);
            let ends = |c: char| c.is_whitespace() || ";&|)".contains(c);
            let length = value.find(ends).unwrap_or(value.len());
            found.entry(name).or_default().push(at + 1..at + 1 + length);
        }
    }
    found
}

/// The variable of a shell to which a `=` gives a value, by what stands before that.
pub(super) fn assigned(before: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (before, name) = before.split_at(before.trim_end_matches(is_name).len());
    let begins = before.ends_with(|c: char| c.is_whitespace() || ";&|(".contains(c));
    (!name.is_empty() && (begins || before.is_empty())).then_some(name)
}

/// The parts of a command's item that hold a registration path, in order.
pub(crate) fn registered_values(line: &Line, knowledge: &Knowledge) -> Vec<Range<usize>> {
    let text = line.text.value.as_str();
    let mut found = Vec::new();
    for flag in knowledge.settings().registration_flags() {
        let is_flag = |own: &str| own.trim_start_matches('-') == flag;
        if line.flag.as_deref().is_some_and(is_flag) {
            return std::iter::once(0..text.len()).collect();
        }
        // Also within a longer text: a shell line that starts the registrar. Most texts are shorter.
        for at in memmem::find_iter(text.as_bytes(), flag) {
            // Not at the end of another flag's name: `--lustre-kubelet-registration-path=`.
            let before = text.get(..at).unwrap_or_default();
            let name = before.trim_end_matches('-');
            let is_longer = name.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let after = at + flag.len();
            let has_value = text.get(after..).is_some_and(|after| after.starts_with(['=', ' ']));
            if !has_value || !before.ends_with('-') || is_longer {
                continue;
            }
            let value = path_at(text, after + 1);
            let start = after + 1 + value.len() - value.trim_start().len();
            let value = value.trim_start();
            let length = value.find(char::is_whitespace).unwrap_or(value.len());
            found.push(start..start + length);
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

/// Follows the variables of a value to their definitions, and on from there.
fn follow(container: &Container, value: &str, place: NodeId, feed: &mut Feed) {
    let mut left = vec![(value, place)];
    while let Some((value, place)) = left.pop() {
        for name in variables(value) {
            if feed.variables.contains(name) {
                continue;
            }
            // A variable that names the driver or the socket is none of ours; one that the path
            // begins with holds the root.
            let holds_root = value.trim_start().starts_with(&format!("$({name})"));
            let variable = container.variable(name);
            match variable.and_then(|variable| Some((variable.text, variable.value?))) {
                Some((text, value)) => {
                    feed.variables.insert(name.to_owned());
                    feed.inherits |= text.is_none();
                    left.push((value, text.map_or(place, |text| text.node)));
                }
                None if holds_root => feed.undefined.push((place, name.to_owned())),
                None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shells_line_gives_to_variables_is_found_by_its_bytes() {
        let line = "A=1; DIR_2=/a/b&&(SOCKET=$DIR_2/c|x) --flag=no =no A=2";
        let given = assignments(line).into_iter();
        let given = given.flat_map(|(name, ranges)| ranges.into_iter().map(move |it| (name, it)));
        let mut found: Vec<_> =
            given.map(|(name, range)| (name, line.get(range).unwrap())).collect();
        found.sort_unstable();
        assert_eq!(found, [("A", "1"), ("A", "2"), ("DIR_2", "/a/b"), ("SOCKET", "$DIR_2/c")]);
    }
}
