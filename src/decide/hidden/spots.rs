//! Where in a container a flag or a variable is written.

use crate::decide::insertion::{Spot, Value};
use crate::knowledge::SettingTable;
use crate::knowledge::driver::Positional;
use crate::model::{Container, says_nothing};
use crate::yaml::{Document, NodeId};

/// Where a flag can be written; `known` are flags by which the container was recognised.
pub(super) fn of_flag(
    doc: &Document,
    container: &Container,
    (positional, known): (Positional, &[String]),
    argument: &str,
    settings: &SettingTable,
) -> Option<(Spot, Value)> {
    if !is_programs_own(container, known, settings) {
        return None;
    }
    let list_at = |key: &str| {
        let list = doc.get_unresolved(container.node, key)?;
        let own = doc.entry(container.node, key).map(|(_, value)| value) == Some(list);
        (own && !doc.items(list).is_empty()).then_some(list)
    };
    // Without a command, arguments that aren't there are the image's own.
    let list = list_at("args").or_else(|| list_at("command"))?;
    if doc.is_alias(list) || doc.is_shared(list) {
        return None;
    }
    let items = doc.items(list);
    let after = *items.get(place_among(doc, items, positional)?)?;
    Some((Spot::Item { list, after }, Value::Scalar(argument.to_owned())))
}

/// Where the value of a variable that is there without one can be written.
pub(super) fn of_value(doc: &Document, item: NodeId, value: &str) -> Option<(Spot, Value)> {
    if doc.is_shared(item) {
        return None;
    }
    let value = Value::Scalar(value.to_owned());
    match doc.entry(item, "value") {
        Some((_, empty)) => Some((Spot::Instead(empty), value)),
        None => {
            let (after, _) = doc.entry(item, "name")?;
            Some((Spot::Key { mapping: item, after, key: "value".to_owned() }, value))
        }
    }
}

/// Whether an item with a name has no value, and none from elsewhere.
pub(super) fn lacks_value(doc: &Document, item: NodeId) -> bool {
    let value = doc.get(item, "value");
    doc.get(item, "valueFrom").is_none() && value.is_none_or(|value| says_nothing(doc, value))
}

/// Where a variable can be written.
pub(super) fn of_variable(
    doc: &Document,
    container: &Container,
    name: &str,
    value: &str,
) -> Option<(Spot, Value)> {
    let node = container.node;
    let entry = Value::named(name, Value::Scalar(value.to_owned()));
    let Some((_, list)) = doc.entry(node, "env") else {
        // What a merge key brings would be lost.
        let is_merged = doc.get(node, "env").is_some();
        let after = key_to_follow(doc, node).filter(|_| !is_merged && !doc.is_shared(node))?;
        let spot = Spot::Key { mapping: node, after, key: "env".to_owned() };
        return Some((spot, Value::List(vec![entry])));
    };
    if doc.is_alias(list) || doc.is_shared(list) {
        return None;
    }
    match doc.items(list).last() {
        Some(&last) => Some((Spot::Item { list, after: last }, entry)),
        None if says_nothing(doc, list) => Some((Spot::Instead(list), Value::List(vec![entry]))),
        None => None,
    }
}

/// Whether a container's command line is that of the program itself, as far as its flags: what
/// starts another program, or ends its own flags by `--`, would take a new flag for its own.
fn is_programs_own(container: &Container, known: &[String], settings: &SettingTable) -> bool {
    let texts = || container.command_line.iter().map(|line| line.text.value.as_str());
    let names = || known.iter().filter_map(|flag| flag.split('=').next());
    let is_flag = |text: &str| {
        let bare = text.trim_start_matches('-').split('=').next().unwrap_or("");
        text.starts_with('-') && (known.is_empty() || names().any(|name| name == bare))
    };
    let mut before = texts().take_while(|text| !is_flag(text));
    !before.any(|text| text == "--" || settings.starts_another(text))
        && !texts().any(|text| text.contains('\n'))
}

/// Behind which item a flag is written: the last one that is a flag with its value, or else the
/// last one, but before what ends the program's own flags.
fn place_among(doc: &Document, items: &[NodeId], positional: Positional) -> Option<usize> {
    let texts: Vec<&str> = items.iter().map(|&item| doc.str(item).unwrap_or("")).collect();
    let end = texts.iter().position(|text| *text == "--").unwrap_or(texts.len());
    let is_positional = |at: usize| {
        let previous = at.checked_sub(1).and_then(|before| texts.get(before)).copied();
        let takes_value = previous.is_some_and(|flag| flag.starts_with('-') && !flag.contains('='));
        // The first item may be the program.
        at > 0 && !takes_value && texts.get(at).is_some_and(|text| !text.starts_with('-'))
    };
    let end = match positional {
        Positional::Passes => end,
        Positional::EndsFlags => (0..end).find(|&at| is_positional(at)).unwrap_or(end),
    };
    let is_whole =
        |at: &usize| texts.get(*at).is_some_and(|text| text.starts_with('-') && text.contains('='));
    (0..end).rev().find(is_whole).or_else(|| end.checked_sub(1))
}

/// The key of a container after which `env` is written.
fn key_to_follow(doc: &Document, container: NodeId) -> Option<NodeId> {
    const BEFORE: [&str; 6] = ["name", "image", "imagePullPolicy", "command", "args", "envFrom"];
    let is_one = |key: NodeId| doc.str(key).is_some_and(|key| BEFORE.contains(&key));
    let entries = doc.entries(container).iter().rev();
    entries.map(|(key, _)| *key).find(|key| is_one(*key))
}
