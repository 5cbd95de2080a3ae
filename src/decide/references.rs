//! References: arguments, variables, probes, hooks and scripts that name a path.

use super::ancestors::{behind, behind_ancestor};
use super::registration::Feed;
use super::views::{MountView, Views};
use super::{Action, Context, Decision, Reason, host};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::{HostSide, SettingTable};
use crate::kubepath::{AbsPath, PathIndex, depth};
use crate::model::{Container, Line};
use crate::sites::{Field, Site};
use crate::words::{Message, message};
use crate::yaml::{NodeId, NodeMap};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

/// What a reference is judged by.
pub(super) struct Scope<'a> {
    container: &'a Container,
    views: &'a Views,
    registration: Option<&'a Feed>,
    /// A hostPath or mountPath of the pod moves or lies below the new root already.
    pod_moves: bool,
    /// Whether the driver that the container is takes a path of the node from this setting.
    is_host_setting: &'a dyn Fn(&str) -> bool,
    settings: &'a SettingTable,
    /// The container works in the host's filesystem; told when it's first asked for.
    leaves: OnceCell<bool>,
    /// The items of its commands, put in order when one is first asked for.
    lines: OnceCell<NodeMap<&'a Line>>,
    /// The mounts that will lead to the new root, and where; told when they are first asked for.
    leading: OnceCell<(Vec<&'a MountView>, PathIndex)>,
    /// What becomes of the mounts below each path that was asked about.
    below: RefCell<HashMap<AbsPath, Below>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        container: &'a Container,
        views: &'a Views,
        registration: Option<&'a Feed>,
        pod_moves: bool,
        is_host_setting: &'a dyn Fn(&str) -> bool,
        context: &Context<'a>,
    ) -> Self {
        let settings = context.knowledge.settings();
        Self {
            container,
            views,
            registration,
            pod_moves,
            is_host_setting,
            settings,
            leaves: OnceCell::new(),
            lines: OnceCell::new(),
            leading: OnceCell::new(),
            below: RefCell::default(),
        }
    }

    /// The first mount at or above a path that will lead to the new root.
    fn leads_to_root(&self, path: &AbsPath, context: &Context<'_>) -> Option<&'a MountView> {
        let (views, index) = self.leading.get_or_init(|| {
            let leads = |view: &&MountView| {
                view.new_target.below(context.to()).is_some() || view.has_parity()
            };
            let leading: Vec<&MountView> = self.views.iter().filter(leads).collect();
            let index = PathIndex::of(leading.iter().map(|view| &view.new_target));
            (leading, index)
        });
        views.get(index.first_at_or_above(path)?).copied()
    }

    fn leaves(&self) -> bool {
        *self.leaves.get_or_init(|| {
            let mut texts = self.container.command_line.iter().map(|line| &line.text.value);
            texts.any(|text| self.settings.leaves_the_container(text))
        })
    }

    /// The item of a command; of those that an alias shares the first counts.
    fn line(&self, node: NodeId) -> Option<&'a Line> {
        let lines = self.lines.get_or_init(|| {
            let mut lines = NodeMap::default();
            for line in self.container.all_lines() {
                lines.entry(line.text.node).or_insert(line);
            }
            lines
        });
        lines.get(&node).copied()
    }
}

/// Decides about one reference; the first rule that applies wins.
pub(super) fn decide(
    site: &Site,
    scope: &Scope<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    if context.is_settled(site) {
        return goes_back_with_mount(site, scope, context).unwrap_or_else(Decision::settled);
    }
    if site.in_regex {
        findings.push(in_pattern(site, context));
        return Decision::keep(Reason::InRegex);
    }
    if let Some(via) = site.lie.via {
        return through_mount(site, scope, context, findings)
            .unwrap_or_else(|| behind_ancestor(site, via, None, scope.views, context, findings));
    }
    if let Some(reason) = host_by_use(site, scope) {
        return host::decide_as(site, reason, context, findings);
    }
    if let Some(decision) = goes_back_with_mount(site, scope, context) {
        return decision;
    }
    if let Some(decision) = through_mount(site, scope, context, findings) {
        return decision;
    }
    if let Some(name) =
        setting_name(site, scope).filter(|name| context.knowledge.settings().is_host_setting(name))
    {
        return host::decide_as(site, Reason::HostSetting(name), context, findings);
    }
    under_no_mount(site, scope, context, findings)
}

/// A path below device plugins that were moved by mistake: it goes back with its mount.
fn goes_back_with_mount(site: &Site, scope: &Scope<'_>, context: &Context<'_>) -> Option<Decision> {
    let row = context.knowledge.role(&site.lie.rest);
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
    if let Some(name) = setting_name(site, scope).filter(|name| (scope.is_host_setting)(name)) {
        return Some(Reason::HostSetting(name));
    }
    scope.leaves().then_some(Reason::HostCommand)
}

/// What resolves through a mount of the container moves or stays with it.
fn through_mount(
    site: &Site,
    scope: &Scope<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Decision> {
    let path = AbsPath::parse(&spoken(site, context)?)?;
    let view = scope.views.resolve(&path)?;
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
                let row = context.knowledge.role(below);
                if row.host == HostSide::Stays {
                    let why = row.because();
                    findings.push(stays_below_moved_mount(site, view, &why));
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
    Some(site.path.clone())
}

/// Under no mount: it moves where its moved form resolves, or where the pod moves anyway.
fn under_no_mount(
    site: &Site,
    scope: &Scope<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    let row = context.knowledge.role(&site.lie.rest);
    if row.host == HostSide::Stays {
        return Decision::keep(Reason::stays(row));
    }
    let moved = context.to().join(&site.lie.rest);
    let resolves = scope.leads_to_root(&moved, context);
    let moves = Decision::of(Action::Move(context.to().clone()), Reason::PodMoves);
    match resolves {
        Some(view) => Decision { reason: Reason::MeetsMount(view.new_target.to_string()), ..moves },
        None if scope.pod_moves => match mounts_below(site, scope, context) {
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

/// What becomes of a container's mounts that stand below a path.
#[derive(Clone)]
enum Below {
    /// All stay; this is the first.
    Stay(String),
    /// Some stay, and some move.
    Differ,
    /// All move, or there are none.
    Move,
}

/// The program that is told a path goes on from there to what is mounted below it.
fn mounts_below(site: &Site, scope: &Scope<'_>, context: &Context<'_>) -> Below {
    let Some(root) = context.roots.all().get(site.lie.root) else { return Below::Move };
    let path = root.join(&site.lie.rest);
    if let Some(known) = scope.below.borrow().get(&path) {
        return known.clone();
    }
    let moved = context.to().join(&site.lie.rest);
    let below = scope.views.below_after(&path);
    let first =
        below.filter(|view| !moved.is_ancestor_of(&view.new_target)).min_by_key(|view| view.index);
    // One that was moved before counts like one that moves now.
    let some_move = scope.views.below_after(&moved).next().is_some();
    let found = match first {
        Some(view) if !some_move => Below::Stay(view.target.to_string()),
        Some(_) => Below::Differ,
        None => Below::Move,
    };
    scope.below.borrow_mut().insert(path, found.clone());
    found
}

/// The name of the variable or flag (without dashes) that holds the path.
fn setting_name(site: &Site, scope: &Scope<'_>) -> Option<String> {
    match &site.field {
        Field::Env(name) => Some(name.clone()),
        Field::Line(_) => {
            let (setting, _) = scope.line(site.node)?.setting()?;
            Some(setting.to_owned())
        }
        _ => None,
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

fn stays_below_moved_mount(site: &Site, view: &MountView, why: &Message) -> Finding {
    Finding {
        rule: Rule::StaysBelowMovedMount,
        severity: Severity::Warning,
        places: vec![site.place()],
        message: message!(
            "stays-below-moved-mount",
            path = &site.path,
            mount = &view.target,
            why = why,
        ),
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
