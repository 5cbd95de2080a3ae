//! What a container reaches through a mount of the root at another place. Its own paths stay as they are
//! while the mount shows the new root, where some things never are.

use super::Context;
use super::views::{MountView, Views};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::{HostSide, RoleRow};
use crate::kubepath::{AbsPath, PathSet, Token, find_tokens};
use crate::model::Container;
use crate::words::message;
use crate::yaml::NodeId;

/// Paths of a container's arguments, variables, probes and hooks that lead to what stays below an old root,
/// through a mount that comes to show the new one.
pub(super) fn left_behind(
    doc: usize,
    container: &Container,
    views: &Views,
    context: &Context<'_>,
) -> Vec<Finding> {
    let shown: Vec<&MountView> = views.iter().filter(|view| shows_root(view, context)).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let targets: Vec<AbsPath> = shown.iter().map(|view| view.target.clone()).collect();
    let mut findings = Vec::new();
    for Below { node, token, path } in named_below(container, &targets) {
        let Some(view) = shown.get(token.root) else { continue };
        // Another mount may stand below.
        if views.resolve(&path).is_none_or(|nearest| nearest.index != view.index) {
            continue;
        }
        let host = view.host.as_ref().map(|host| host.join(&token.rest));
        let located = host.as_ref().and_then(|host| context.roots.locate(host));
        let row = located.map(|(_, rest)| context.role(rest));
        let why = row.filter(|row| row.host == HostSide::Stays).and_then(RoleRow::why);
        let Some(why) = why else { continue };
        let range = Some(token.path_range);
        findings.push(Finding {
            rule: Rule::StaysBelowMovedMount,
            severity: Severity::Warning,
            places: vec![Place { doc, node, range }],
            message: message!(
                "stays-below-moved-mount",
                path = &path,
                mount = &view.target,
                why = why,
            ),
        });
    }
    findings
}

/// A path that a container names below one of some directories.
pub(crate) struct Below {
    /// The text that names it.
    pub(crate) node: NodeId,
    /// Where it stands there; its `root` is the number of the directory.
    pub(crate) token: Token,
    /// The path, in container space.
    pub(crate) path: AbsPath,
}

/// The paths of a container's arguments, variables, probes and hooks below some directories of its own.
pub(crate) fn named_below(container: &Container, directories: &[AbsPath]) -> Vec<Below> {
    let paths = PathSet::new(directories);
    let mut named = Vec::new();
    for text in container.texts() {
        let tokens = find_tokens(&text.value, &paths).into_iter();
        named.extend(tokens.filter(|token| !token.in_pattern).filter_map(|token| {
            let path = directories.get(token.root)?.join(&token.rest);
            Some(Below { node: text.node, token, path })
        }));
    }
    named
}

/// Whether a mount shows a directory in which something stays, and will show another.
fn shows_root(view: &MountView, context: &Context<'_>) -> bool {
    view.new_host != view.host && root_shown(view.host.as_ref(), &view.target, context).is_some()
}

/// The number of the root of which a mount shows a directory in which something stays; at a place where
/// nothing tells of roots, so that no path below it is a site.
pub(crate) fn root_shown(
    host: Option<&AbsPath>,
    target: &AbsPath,
    context: &Context<'_>,
) -> Option<usize> {
    let (root, rest) = context.roots.locate(host?)?;
    let is_such =
        context.knowledge.may_hold_what_stays(rest) && context.roots.locate(target).is_none();
    is_such.then_some(root)
}
