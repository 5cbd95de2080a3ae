//! What a script does to the files below a root.

use super::{are_between_roots, have_pair, is_mover, is_whole, is_whole_root};
use crate::decide::Context;
use crate::kubepath::AbsPath;
use crate::model::Object;
use crate::sites::{Field, Site};
use crate::yaml::NodeId;
use std::collections::HashMap;

/// Whether a script has a command that moves files, and a pair that it names there or elsewhere: a variable
/// may hold one of the two, or the list of a loop, in more spellings than are read here.
///
/// `variables` of the container hold a whole root, too.
pub(super) fn is_of_script(
    text: &str,
    sites: &[&Site],
    variables: &[&str],
    context: &Context<'_>,
) -> bool {
    let has_pair = have_pair(sites);
    let own = sites.iter().filter(|site| is_whole_root(site));
    let names: Vec<&str> =
        own.filter_map(|site| assigned(text, site)).chain(variables.iter().copied()).collect();
    let mut sites: Vec<&Site> = sites.to_vec();
    sites.sort_by_key(|site| site.range.start);
    let mut sites = sites.into_iter().peekable();
    let mut is_inside = false;
    for (start, command) in commands(text) {
        let end = start + command.len();
        let mut own = Vec::new();
        while let Some(site) = sites.next_if(|site| site.range.start < end) {
            own.push(site);
        }
        let moves = words(command).any(|word| is_mover(word, context));
        if moves
            && (has_pair
                || are_between_roots(&own)
                || is_inside && names_all(command)
                || takes_from(command, &[], &names, context))
        {
            return true;
        }
        is_inside |=
            words(command).any(|word| word == "cd") && own.iter().any(|it| is_whole_root(it));
    }
    false
}

/// Whether a command names all that is in its directory.
fn names_all(command: &str) -> bool {
    let mut words = command.split(|c: char| c.is_whitespace() || ";|&\"')".contains(c));
    words.any(|word| matches!(word, "." | "./" | "*" | "./*"))
}

/// The commands of a script, each with the place where it begins; a line may go on after a backslash.
fn commands(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let tail = text.get(start..).filter(|tail| !tail.is_empty())?;
        let is_end = |&(at, sign): &(usize, char)| match sign {
            ';' | '|' | '&' => true,
            '\n' => !tail.get(..at).is_some_and(|line| line.ends_with('\\')),
            _ => false,
        };
        let length = tail.char_indices().find(is_end).map_or(tail.len(), |(at, _)| at + 1);
        let command = (start, tail.get(..length)?);
        start += length;
        Some(command)
    })
}

/// The words of a script, without quotes and brackets around them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || "_-./".contains(c)))
}

/// The variable that a script gives a site's path to.
fn assigned<'t>(text: &'t str, site: &Site) -> Option<&'t str> {
    let before = text.get(..site.path_range.start)?.trim_end_matches(['"', '\'']);
    let before = before.strip_suffix('=')?;
    let name = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    before.get(name.len()..).filter(|name| !name.is_empty())
}

/// Whether an operand is all of what a variable holds: `$OLD`, `"${OLD:?}"/*`.
fn is_whole_variable(operand: &str, name: &str) -> bool {
    let Some(rest) = operand.strip_prefix('$') else { return false };
    let rest = match rest.strip_prefix(['{', '(']) {
        Some(inner) => inner.strip_prefix(name).and_then(|rest| {
            let (default, rest) = rest.split_once(['}', ')'])?;
            (default.is_empty() || default.starts_with(':')).then_some(rest)
        }),
        None => rest.strip_prefix(name),
    };
    rest.is_some_and(is_all)
}

/// Whether what follows a directory's path means all of it.
fn is_all(rest: &str) -> bool {
    matches!(rest, "" | "/" | "/." | "/*")
}

/// What a command works on: its words without quotes, and without options.
fn operands(command: &str) -> impl DoubleEndedIterator<Item = String> {
    let words = command.split_whitespace().map(|word| {
        let word = word.trim_end_matches([';', '&', '|', ')']).trim_start_matches('(');
        word.replace(['"', '\''], "")
    });
    words.filter(|word| !word.is_empty() && !word.starts_with('-'))
}

/// Whether a script takes files out of one of these directories, or away: one is what a command that moves
/// files works on, and not where it puts them. `variables` hold a whole root, too.
pub(super) fn takes_from(
    text: &str,
    directories: &[AbsPath],
    variables: &[&str],
    context: &Context<'_>,
) -> bool {
    commands(text).any(|(_, command)| {
        let mut operands = operands(command).skip_while(|word| !is_mover(word, context)).skip(1);
        let is_one = |operand: &String| {
            let is_below = |dir: &AbsPath| operand.strip_prefix(dir.as_str()).is_some_and(is_all);
            directories.iter().any(is_below)
                || variables.iter().any(|name| is_whole_variable(operand, name))
        };
        let Some(first) = operands.next() else { return false };
        let others: Vec<String> = operands.collect();
        is_one(&first) || others.split_last().is_some_and(|(_, from)| from.iter().any(is_one))
    })
}

/// The variables of containers that hold a whole root.
pub(super) struct Variables<'o> {
    /// By the items of the commands that may ask for them.
    by_script: HashMap<NodeId, Vec<&'o str>>,
}

impl<'o> Variables<'o> {
    pub(super) fn of(objects: &'o [Object], sites: &'o [Site]) -> Self {
        let mut by_script: HashMap<NodeId, Vec<&str>> = HashMap::new();
        for site in sites.iter().filter(|site| is_whole(site)) {
            let (Field::Env(name), Some((pod, container))) =
                (&site.field, site.pod.zip(site.container))
            else {
                continue;
            };
            let pod = objects.get(site.object).and_then(|object| object.pods.get(pod));
            let Some(container) = pod.and_then(|pod| pod.containers.get(container)) else {
                continue;
            };
            for line in &container.command_line {
                by_script.entry(line.text.node).or_default().push(name.as_str());
            }
        }
        Self { by_script }
    }

    /// Those that an item of a command may ask for.
    pub(super) fn of_script(&self, node: NodeId) -> &[&'o str] {
        self.by_script.get(&node).map_or(&[], Vec::as_slice)
    }
}
