//! The registrar: which container registers a driver, with which path, fed by which variables.

use crate::knowledge::Knowledge;
use crate::kubepath::{AbsPath, find_paths};
use crate::model::{Container, EnvVar, Line, Pod};
use crate::yaml::NodeId;
use std::collections::BTreeSet;

/// What feeds the path that a container hands to the kubelet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Feed {
    /// The items of command lines and probes that hold the registration path.
    pub(crate) lines: Vec<NodeId>,
    /// The variables that it is built from, directly or through others.
    pub(crate) variables: BTreeSet<String>,
    /// Part of it comes from a ConfigMap of the same input.
    pub(crate) inherits: bool,
    /// Variables that aren't defined in the container, and where they are used.
    pub(crate) undefined: Vec<(NodeId, String)>,
    /// The path with its variables filled in, as far as they are known.
    pub(crate) path: Option<AbsPath>,
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
        let by_image = pod
            .containers
            .iter()
            .any(|container| knowledge.images().is_registrar(&container.image));
        Self { has_registrar: by_image || feeds.iter().any(Option::is_some), feeds }
    }

    /// Whether the pod is a CSI driver's node plugin.
    pub(crate) fn is_driver_pod(&self) -> bool {
        self.has_registrar
    }

    /// What a container of the pod registers.
    pub(crate) fn of_container(&self, number: usize) -> Option<&Feed> {
        self.feeds.get(number)?.as_ref()
    }

    /// The host paths that the pod registers, each with an item of a command that says so.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (NodeId, &AbsPath)> {
        let feeds = self.feeds.iter().flatten();
        feeds.filter_map(|feed| Some((*feed.lines.first()?, feed.path.as_ref()?)))
    }
}

fn feed(container: &Container, knowledge: &Knowledge) -> Option<Feed> {
    let mut feed = Feed::default();
    for line in container.all_lines() {
        let Some(value) = registered_value(line, knowledge) else {
            continue;
        };
        feed.lines.push(line.text.node);
        follow(container, value, line.text.node, &mut feed);
        let path = find_paths(&expand(container, value)).into_iter().next();
        feed.path = feed.path.or(path.map(|(_, path)| path));
    }
    (!feed.lines.is_empty()).then_some(feed)
}

/// The part of a command's item that holds the registration path.
fn registered_value<'l>(line: &'l Line, knowledge: &Knowledge) -> Option<&'l str> {
    let text = line.text.value.as_str();
    for flag in knowledge.settings().registration_flags() {
        let is_flag = |text: &str| text.trim_start_matches('-') == flag && text.starts_with('-');
        if line.previous.as_deref().is_some_and(is_flag) {
            return Some(text);
        }
        // Also within a longer text: a shell line that starts the registrar.
        // Not at the end of another flag's name: `--lustre-kubelet-registration-path=`.
        let is_whole = |at: &usize| {
            let before = text.get(..*at).unwrap_or("").trim_end_matches('-');
            !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        };
        let find = |spelled: String| text.match_indices(&spelled).map(|(at, _)| at).find(is_whole);
        if let Some(at) = find(format!("-{flag}=")).or_else(|| find(format!("-{flag} "))) {
            let value = text.get(at + flag.len() + 2..)?.trim_start();
            return Some(value.split_whitespace().next().unwrap_or(value));
        }
    }
    None
}

/// Follows the variables of a value to their definitions.
fn follow(container: &Container, value: &str, place: NodeId, feed: &mut Feed) {
    for name in variables(value) {
        if feed.variables.contains(name) {
            continue;
        }
        // A variable that names the driver or the socket is none of ours; one that the path
        // begins with holds the root.
        let holds_root = value.trim_start().starts_with(&format!("$({name})"));
        let variable = container.variable(name);
        match variable.and_then(EnvVar::known_value) {
            Some(value) => {
                feed.variables.insert(name.to_owned());
                let text = variable.and_then(|variable| variable.value.as_ref());
                feed.inherits |= text.is_none();
                follow(container, value, text.map_or(place, |text| text.node), feed);
            }
            None if holds_root => feed.undefined.push((place, name.to_owned())),
            None => {}
        }
    }
}

/// The names in `$(NAME)`, `${NAME}` and, in shell lines, `$NAME`.
pub(crate) fn variables(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in text.split('$').skip(1) {
        let (part, close) = match part.chars().next() {
            Some('(') => (part.get(1..).unwrap_or(""), Some(')')),
            Some('{') => (part.get(1..).unwrap_or(""), Some('}')),
            _ => (part, None),
        };
        let end =
            part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(part.len());
        let (name, tail) = part.split_at(end);
        if !name.is_empty() && close.is_none_or(|close| tail.starts_with(close)) {
            names.push(name);
        }
    }
    names
}

/// A text with the container's own variables filled in, a few levels deep.
pub(crate) fn expand(container: &Container, text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..4 {
        let mut next = text.clone();
        for name in variables(&text) {
            if let Some(value) = container.variable(name).and_then(EnvVar::known_value) {
                for spelling in [format!("$({name})"), format!("${{{name}}}"), format!("${name}")] {
                    next = next.replace(&spelling, value);
                }
            }
        }
        // A variable that names itself would grow for ever.
        if next == text || next.len() > 4096 {
            break;
        }
        text = next;
    }
    text
}
