//! What reaches the kubelet's root through a mount of its ancestor: a path moves to where the new root
//! appears behind the same mount. Where the ancestor doesn't hold the new root, there is nothing to
//! rewrite, and everything to lose.

use super::candidates::may_be_driver;
use super::registration::Registration;
use super::views::{MountView, Views, by_index};
use super::{Action, Context, Decision, Reason, host};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::kubepath::dirs::PODS;
use crate::kubepath::{AbsPath, depth};
use crate::model::{Mount, Pod};
use crate::sites::Site;
use crate::words::message;

/// A path that reaches the root through the mount of an ancestor at another place.
///
/// `new_host` is what the path will name on the host, when the caller knows better than the role.
pub(super) fn behind_ancestor(
    site: &Site,
    via: usize,
    new_host: Option<&AbsPath>,
    views: &[MountView],
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    let view = by_index(views, via);
    let old_host = context.roots.all().get(site.lie.root).map(|root| root.join(&site.lie.rest));
    let (Some(view), Some(old_host)) = (view, old_host) else {
        return Decision::keep(Reason::AncestorLacksRoot);
    };
    let by_role = host::moved(site.lie.root, &site.lie.rest, context);
    behind(site, view, &old_host, new_host.unwrap_or(&by_role), context, findings)
}

/// The same of a path and a mount that are known: `old_host` and `new_host` are what the path names on
/// the host before and after.
pub(super) fn behind(
    site: &Site,
    view: &MountView,
    old_host: &AbsPath,
    new_host: &AbsPath,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    if old_host == new_host {
        let why = context.role(&site.lie.rest).why();
        let mount = view.target.to_string();
        return Decision::keep(why.map_or(Reason::StaysWithMount(mount), Reason::RoleStays));
    }
    let shown = view.host.as_ref().and_then(|ancestor| new_host.below(ancestor));
    let root = shown.and_then(|rest| view.target.join(rest).ancestor(depth(&site.lie.rest)));
    if let Some(root) = root {
        return Decision::of(Action::Move(root), Reason::BehindAncestor);
    }
    findings.push(ancestor_lacks_root(site, view, context));
    Decision::keep(Reason::AncestorLacksRoot)
}

fn ancestor_lacks_root(site: &Site, view: &MountView, context: &Context<'_>) -> Finding {
    let shown = view.host.as_ref().map_or_else(String::new, ToString::to_string);
    Finding {
        rule: Rule::AncestorMount,
        severity: Severity::Error,
        places: vec![site.place()],
        message: message!(
            "ancestor-mount",
            path = &site.path,
            host = shown,
            mount = &view.target,
            root = context.to(),
        ),
    }
}

/// The mounts of a driver's pod that share an ancestor of a root to move away from, where no container
/// that could be the driver will have the new root's `pods`.
pub(super) fn left_behind(
    doc: usize,
    pod: &Pod,
    views: &[Views],
    registration: &Registration,
    context: &Context<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !registration.is_driver_pod() {
        return findings;
    }
    let pods = context.to().join(PODS);
    let drivers = pod.containers.iter().zip(views);
    let drivers = drivers.filter(|(container, _)| may_be_driver(container, context));
    let has_pods = |views: &Views| views.resolve_after(&pods).is_some_and(MountView::has_parity);
    if drivers.clone().any(|(_, views)| has_pods(views)) {
        return findings;
    }
    for (container, views) in drivers {
        for view in views.iter() {
            let mount = container.mounts.get(view.index).filter(|mount| is_shared(mount, view));
            let root = mount.and_then(|_| context.roots.other_in(&view.target));
            let (Some(mount), Some(root)) = (mount, root) else { continue };
            findings.push(Finding {
                rule: Rule::AncestorMount,
                severity: Severity::Error,
                places: vec![Place { doc, node: mount.node, range: None }],
                message: message!(
                    "ancestor-mount-shared",
                    container = &container.name,
                    mount = &view.target,
                    root = root,
                    wanted = context.to(),
                ),
            });
        }
    }
    findings
}

/// Whether a mount shows a directory of the host at its own path, and hands back what is mounted in it.
fn is_shared(mount: &Mount, view: &MountView) -> bool {
    mount.hands_back() && view.host.as_ref() == Some(&view.target)
}
