//! Host space: whether a path on the node follows the root is a matter of its role alone.

use super::{Action, Context, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::{HostSide, Role, RoleRow};
use crate::kubepath::{AbsPath, components};
use crate::roots::{DEFAULT_ROOT, TO};
use crate::sites::{Lie, Site};
use crate::words::message;

/// Decides about a path in host space.
pub(super) fn decide(
    site: &Site,
    lie: &Lie,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    let row = context.role(&lie.rest);
    if let Some(home) = home_of_device_plugins(row, lie.root, context) {
        return Decision::of(Action::Move(home), Reason::GoesBack(row.because()));
    }
    if lie.root == TO {
        if row.host == HostSide::Moves || context.roots.is_to_default() {
            return Decision::settled();
        }
        findings.push(kept_under_new_root(site, row));
        return Decision::settled();
    }
    if row.host == HostSide::Stays {
        return Decision::keep(Reason::stays(row));
    }
    if row.role == Role::Unknown {
        // One directory is named by a hostPath and by what refers to it: `say_once` sees to that.
        findings.push(unknown_child(site, lie, context));
    }
    Decision::of(Action::Move(context.to().clone()), Reason::HostFollowsRoot)
}

/// The root below which device plugins are, for what lies below another `root` by mistake.
///
/// The kubelet has one fixed place for them, so there is one place to go back to, from whichever root.
/// The other files that don't follow the root may have been put below another one on purpose.
pub(super) fn home_of_device_plugins(
    row: &RoleRow,
    root: usize,
    context: &Context<'_>,
) -> Option<AbsPath> {
    if row.role != Role::DevicePlugins {
        return None;
    }
    let is_away = |home: &AbsPath| context.roots.all().get(root).is_some_and(|root| root != home);
    AbsPath::parse(DEFAULT_ROOT).filter(is_away)
}

/// Decides about a path that is in host space for this reason.
pub(super) fn decide_as(
    site: &Site,
    reason: Reason,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    let decision = decide(site, &site.lie, context, findings);
    match decision {
        Decision { action: Action::Move(_), reason: Reason::HostFollowsRoot } => {
            Decision { reason, ..decision }
        }
        _ => decision,
    }
}

/// Where a host path lies after the move that has this `rest` below a `root`.
pub(super) fn moved(root: usize, rest: &str, context: &Context<'_>) -> AbsPath {
    let row = context.role(rest);
    if row.host == HostSide::Moves {
        return context.to().join(rest);
    }
    let home = home_of_device_plugins(row, root, context);
    let stays = context.roots.all().get(root).unwrap_or(context.to());
    home.as_ref().unwrap_or(stays).join(rest)
}

fn kept_under_new_root(site: &Site, row: &RoleRow) -> Finding {
    Finding {
        rule: Rule::KeptUnderNewRoot,
        severity: Severity::Warning,
        places: vec![site.place()],
        message: message!(
            "kept-under-new-root",
            path = &site.path,
            why = row.because(),
            default = DEFAULT_ROOT,
        ),
    }
}

fn unknown_child(site: &Site, lie: &Lie, context: &Context<'_>) -> Finding {
    let child = components(&lie.rest).next().unwrap_or("");
    let directory = context.roots.all().get(lie.root).map(|root| root.join(child).to_string());
    Finding {
        rule: Rule::UnknownChild,
        severity: Severity::Info,
        places: vec![site.place()],
        message: message!("unknown-child", directory = directory.unwrap_or_default()),
    }
}
