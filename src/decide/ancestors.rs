//! A driver whose mounts reach the host through an ancestor of the kubelet's root, which doesn't hold the
//! new root. There is nothing to rewrite in them, and everything to lose.

use super::Context;
use super::candidates::{PUBLISHED, may_be_driver};
use super::registration::Registration;
use super::views::{MountView, Views};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::model::{Mount, Pod};
use crate::words::message;

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
    let pods = context.to().join(PUBLISHED);
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
    mount.is_bidirectional() && !mount.read_only && view.host.as_ref() == Some(&view.target)
}
