//! References: arguments, variables, probes, hooks and scripts that name a path.

use super::ancestors::{behind, behind_ancestor};
use super::scope::{Below, Scope};
use super::views::{MountView, Views};
use super::{Action, Context, Decision, Reason, host};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::HostSide;
use crate::kubepath::{AbsPath, depth};
use crate::sites::Site;
use crate::words::{Message, message};

/// Decides about one reference; the first rule that applies wins.
pub(super) fn decide(
    site: &Site,
    scope: &Scope<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    if site.is_settled() {
        return goes_back_with_mount(site, scope, context).unwrap_or_else(Decision::settled);
    }
    if site.in_pattern {
        findings.push(in_pattern(site, context));
        return Decision::keep(Reason::InRegex);
    }
    if let Some(via) = site.lie.via {
        return behind_mount(site, via, scope.seen(), context, findings);
    }
    if let Some(reason) = host_by_use(site, scope) {
        return host::decide_as(site, reason, context, findings);
    }
    if let Some(decision) = goes_back_with_mount(site, scope, context) {
        return decision;
    }
    if let Some(decision) = through_mount(site, scope.seen(), context, findings) {
        return decision;
    }
    if let Some(name) =
        scope.setting_name(site).filter(|name| context.knowledge.settings().is_host_setting(name))
    {
        return host::decide_as(site, Reason::HostSetting(name), context, findings);
    }
    under_no_mount(site, scope, context, findings)
}

/// A path below device plugins that were moved by mistake: it goes back with its mount.
fn goes_back_with_mount(site: &Site, scope: &Scope<'_>, context: &Context<'_>) -> Option<Decision> {
    let row = context.role(&site.lie.rest);
    let home = host::home_of_device_plugins(row, site.lie.root, context)?;
    let path = context.roots.all().get(site.lie.root)?.join(&site.lie.rest);
    let view = scope.views.resolve(&path)?;
    if view.new_target == view.target {
        return None;
    }
    let root = view.new_target.join(path.below(&view.target)?).ancestor(depth(&site.lie.rest))?;
    // The mount of the whole root moves to the new one, where they are not.
    (root == home).then_some(Decision::of(Action::Move(root), Reason::GoesBack(row.why()?)))
}

/// The registration path, what feeds it, and containers that work in the host's filesystem.
fn host_by_use(site: &Site, scope: &Scope<'_>) -> Option<Reason> {
    if scope.registration.is_some_and(|feed| feed.has(site)) {
        return Some(Reason::RegistrationPath);
    }
    if let Some(name) = scope.setting_name(site).filter(|name| (scope.is_host_setting)(name)) {
        return Some(Reason::HostSetting(name));
    }
    scope.leaves().then_some(Reason::HostCommand)
}

/// A container's name, and its mounts.
type Seen<'a> = (&'a str, &'a Views);

/// A path that reaches the root through the mount of an ancestor, or is mounted there by itself.
pub(super) fn behind_mount(
    site: &Site,
    via: usize,
    seen: Seen<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    through_mount(site, seen, context, findings)
        .unwrap_or_else(|| behind_ancestor(site, via, None, seen.1, context, findings))
}

/// What resolves through a mount of the container moves or stays with it.
pub(super) fn through_mount(
    site: &Site,
    (container, views): Seen<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Decision> {
    let path = AbsPath::parse(&spoken(site, context)?)?;
    let view = views.resolve(&path)?;
    let rest = path.below(&view.target)?;
    if site.lie.via == Some(view.index) {
        return None;
    }
    if let Some(host_path) = &view.host {
        let host_path = host_path.join(rest);
        match (context.roots.locate(view.host.as_ref()?), context.roots.locate(&host_path)) {
            // The mount shows an ancestor of the root, at the same path as on the host.
            (None, Some((root, below))) => {
                let new_host = host::moved(root, below, context);
                return Some(behind(site, view, &host_path, &new_host, context, findings));
            }
            (Some(_), Some((_, below)))
                if view.new_target != view.target || view.new_host != view.host =>
            {
                let row = context.role(below);
                if row.host == HostSide::Stays {
                    let why = row.because();
                    findings.push(stays_below_moved_mount(site, view, container, &why));
                    return Some(Decision::keep(Reason::RoleStays(why)));
                }
            }
            _ => {}
        }
    }
    let mount = view.target.to_string();
    if view.new_target == view.target {
        return Some(Decision::keep(Reason::StaysWithMount(mount)));
    }
    // A mount only ever moves by its root, and what follows the root stays the same.
    let root = view.new_target.join(rest).ancestor(depth(&site.lie.rest))?;
    Some(Decision::of(Action::Move(root), Reason::MovesWithMount(mount)))
}

/// The path as the container reads it: the spelled one, without the `//` and URL forms.
fn spoken(site: &Site, context: &Context<'_>) -> Option<String> {
    let root = context.roots.all().get(site.lie.root)?;
    if site.lie.via.is_none() {
        return Some(root.join(&site.lie.rest).to_string());
    }
    Some(site.path.to_string())
}

/// Under no mount: it moves where its moved form resolves, or where the pod moves anyway.
fn under_no_mount(
    site: &Site,
    scope: &Scope<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    let row = context.role(&site.lie.rest);
    if row.host == HostSide::Stays {
        return Decision::keep(Reason::stays(row));
    }
    let moved = context.to().join(&site.lie.rest);
    let resolves = scope.leads_to_root(&moved, context);
    let moves = Decision::of(Action::Move(context.to().clone()), Reason::PodMoves);
    match resolves {
        Some(view) => Decision { reason: Reason::MeetsMount(view.new_target.to_string()), ..moves },
        None if scope.pod_moves => match scope.mounts_below(site, context) {
            Below::Stay(mount) => {
                findings.push(path_under_no_mount(site, scope, Severity::Warning, "left"));
                Decision::keep(Reason::AboveMount(mount))
            }
            Below::Differ => {
                findings.push(path_under_no_mount(site, scope, Severity::Warning, "moved"));
                moves
            }
            Below::Move => {
                findings.push(path_under_no_mount(site, scope, Severity::Info, "moved"));
                moves
            }
        },
        None => {
            findings.push(path_under_no_mount(site, scope, Severity::Warning, "left"));
            Decision::keep(Reason::NothingMoves)
        }
    }
}

/// A path in a pattern, which isn't rewritten.
pub(super) fn in_pattern(site: &Site, context: &Context<'_>) -> Finding {
    Finding {
        rule: Rule::RootInRegex,
        severity: Severity::Warning,
        places: vec![site.place()],
        message: message!("root-in-regex", path = &site.path, root = context.to()),
    }
}

fn stays_below_moved_mount(
    site: &Site,
    view: &MountView,
    container: &str,
    why: &Message,
) -> Finding {
    let message = if view.new_target == view.target {
        message!("stays-below-moved-mount", mount = &view.target)
    } else {
        message!("stays-below-moved-mount-left", container = container, mount = &view.new_target)
    };
    Finding {
        rule: Rule::StaysBelowMovedMount,
        severity: Severity::Warning,
        places: vec![site.place()],
        message: message.with("path", &site.path).with("why", why),
    }
}

fn path_under_no_mount(
    site: &Site,
    scope: &Scope<'_>,
    severity: Severity,
    outcome: &'static str,
) -> Finding {
    Finding {
        rule: Rule::PathUnderNoMount,
        severity,
        places: vec![site.place()],
        message: message!(
            "path-under-no-mount",
            path = &site.path,
            container = &scope.container.name,
            outcome = outcome,
        ),
    }
}
