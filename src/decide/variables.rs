//! Variables: what a path becomes once they are filled in, and where that goes wrong.

use super::expand::{expand, variables};
use super::registration::Feed;
use super::views::Views;
use super::{Context, PodSites};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::HostSide;
use crate::kubepath::{AbsPath, find_paths, find_tokens};
use crate::model::{Container, EnvVar};
use crate::roots::TO;
use crate::words::message;
use std::collections::{HashMap, HashSet};

/// A path that never moves, or whose mount stays, put together from a variable that moves.
///
/// `moving` are the container's own variables whose values move with the root.
pub(super) fn kept_through(
    doc: usize,
    (container, views): (&Container, &Views),
    moving: &HashSet<&str>,
    context: &Context<'_>,
) -> Vec<Finding> {
    let is_inherited = |variable: &EnvVar| variable.inherited.is_some();
    let inherits = !container.env_from.is_empty() || container.env.iter().any(is_inherited);
    if moving.is_empty() && !inherits {
        return Vec::new();
    }
    // What a ConfigMap gives moves there. A long value may be named often, and is read once.
    let mut given: HashMap<String, bool> = HashMap::new();
    let mut is_given = |name: &str| {
        if let Some(known) = given.get(name) {
            return *known;
        }
        let is_moved = gives_moving_path(container, name, context);
        given.insert(name.to_owned(), is_moved);
        is_moved
    };
    let mut findings = Vec::new();
    for text in container.texts() {
        let mut names = variables(&text.value).into_iter();
        if !names.any(|name| moving.contains(name) || is_given(name)) {
            continue;
        }
        let literal = find_tokens(&text.value, context.roots.paths());
        let literal: HashSet<_> = literal.into_iter().map(|it| (it.root, it.rest)).collect();
        let mut tokens = find_tokens(&expand(container, &text.value), context.roots.paths());
        tokens.retain(|token| !literal.contains(&(token.root, token.rest.clone())));
        // A few bytes can stand for very many paths: of each reason the first one is told.
        let mut told = HashSet::new();
        for token in tokens {
            let row = context.role(&token.rest);
            let path = context.roots.all().get(token.root).map(|root| root.join(&token.rest));
            let mount = path.as_ref().and_then(|path| views.resolve(path));
            let stays = mount.filter(|view| {
                view.new_target == view.target && context.roots.locate(&view.target).is_some()
            });
            let why = row.why().filter(|_| row.host == HostSide::Stays);
            if why.is_none() && stays.is_none() || !told.insert(why.clone()) {
                continue;
            }
            // The root itself has no name of its own below the root.
            let whole = path.filter(|_| token.rest.is_empty()).map(|path| path.to_string());
            let path = whole.as_ref().unwrap_or(&token.rest);
            let message = match (why, stays) {
                (Some(why), _) => {
                    message!("stays-below-moved-mount-variable", path = path, why = why)
                }
                (None, Some(view)) => {
                    message!("stays-below-moved-mount-view", path = path, mount = &view.target)
                }
                (None, None) => continue,
            };
            findings.push(Finding {
                rule: Rule::StaysBelowMovedMount,
                severity: Severity::Warning,
                places: vec![Place { doc, node: text.node, range: None }],
                message,
            });
        }
    }
    findings
}

/// Whether a ConfigMap gives a variable a path that moves.
fn gives_moving_path(container: &Container, name: &str, context: &Context<'_>) -> bool {
    let given = container.variable(name).filter(|variable| variable.text.is_none());
    let paths = given.and_then(|variable| variable.value).map(find_paths);
    let mut roots = paths
        .into_iter()
        .flatten()
        .filter_map(|(_, path)| context.roots.locate(&path).map(|(root, _)| root));
    roots.any(|root| root != TO)
}

/// A registration path that lies below an old root once its variables are filled in, although
/// no text holds the root as a whole; `own` are the container's sites.
pub(super) fn split_root(
    doc: usize,
    feed: Option<&Feed>,
    own: &PodSites<'_>,
    context: &Context<'_>,
) -> Option<Finding> {
    // What a ConfigMap gives is decided where it is written.
    let feed = feed.filter(|feed| !feed.inherits)?;
    let path = feed.path.as_ref()?;
    let (root, _) = context.roots.locate(path)?;
    let is_split = !own.iter().any(|(_, site)| feed.has(site));
    let node = feed.item().filter(|_| root != TO && is_split)?;
    Some(Finding {
        rule: Rule::SplitRoot,
        severity: Severity::Error,
        places: vec![Place { doc, node, range: None }],
        message: message!("split-root", path = path, root = context.to()),
    })
}

/// Arguments and variables that lie below an old root once their own variables are filled in, although
/// none of those holds a root: nothing of them moves, and what they lead to may. `feed` is told of by
/// itself.
pub(super) fn put_together(
    doc: usize,
    (container, views): (&Container, &Views),
    feed: Option<&Feed>,
    context: &Context<'_>,
) -> Vec<Finding> {
    let old_root = |text: &str| {
        let mut tokens = find_tokens(text, context.roots.paths()).into_iter();
        tokens.find(|token| token.root != TO && !token.in_pattern)
    };
    let mut holding: HashMap<String, bool> = HashMap::new();
    let mut holds_root = |name: &str| {
        if let Some(known) = holding.get(name) {
            return *known;
        }
        let value = container.variable(name).and_then(|variable| variable.value);
        let holds = value.is_some_and(|value| old_root(&expand(container, value)).is_some());
        holding.insert(name.to_owned(), holds);
        holds
    };
    let lines = container.all_lines().map(|line| (None, &line.text));
    let values = container.env.iter();
    let values =
        values.filter_map(|variable| Some((Some(&variable.name), variable.value.as_ref()?)));
    let mut findings = Vec::new();
    for (variable, text) in lines.chain(values) {
        let names = variables(&text.value);
        if names.is_empty() {
            continue;
        }
        let is_registered = feed.is_some_and(|feed| match variable {
            Some(name) => feed.variables.contains(name.as_str()),
            None => feed.stretches.iter().any(|stretch| stretch.node == text.node),
        });
        if is_registered || names.into_iter().any(&mut holds_root) {
            continue;
        }
        let token = old_root(&expand(container, &text.value));
        let token = token.filter(|_| old_root(&text.value).is_none());
        let root = token.as_ref().and_then(|token| context.roots.all().get(token.root));
        let path = token.zip(root).map(|(token, root)| root.join(&token.rest));
        let stays =
            |path: &AbsPath| views.resolve(path).is_some_and(|view| view.new_target == view.target);
        let Some(path) = path.filter(|path| !stays(path)) else { continue };
        findings.push(Finding {
            rule: Rule::SplitRoot,
            severity: Severity::Warning,
            places: vec![Place { doc, node: text.node, range: None }],
            message: message!("split-root-setting", path = &path, root = context.to()),
        });
    }
    findings
}

/// Variables of the registration path that aren't defined where they are used.
pub(super) fn undefined(
    doc: usize,
    container: &Container,
    registration: Option<&Feed>,
    findings: &mut Vec<Finding>,
) {
    for (node, name) in registration.into_iter().flat_map(|feed| &feed.undefined) {
        findings.push(Finding {
            rule: Rule::UndefinedVariable,
            severity: Severity::Warning,
            places: vec![Place { doc, node: *node, range: None }],
            message: message!("undefined-variable", container = &container.name, variable = name,),
        });
    }
}
