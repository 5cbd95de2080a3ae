//! What a reference is judged by: its container, with the mounts, and what is known of its settings.

use super::Context;
use super::candidates::enters_the_node;
use super::registration::Feed;
use super::views::{MountView, Views};
use crate::knowledge::SettingTable;
use crate::kubepath::{AbsPath, PathIndex};
use crate::model::{Container, Line};
use crate::sites::{Field, Site};
use crate::yaml::{NodeId, NodeMap};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

/// What a reference is judged by.
pub(super) struct Scope<'a> {
    pub(super) container: &'a Container,
    pub(super) views: &'a Views,
    pub(super) registration: Option<&'a Feed>,
    /// A hostPath or mountPath of the pod moves or lies below the new root already.
    pub(super) pod_moves: bool,
    /// Whether the driver that the container is takes a path of the node from this setting.
    pub(super) is_host_setting: &'a dyn Fn(&str) -> bool,
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

    /// The container's name, and its mounts.
    pub(super) fn seen(&self) -> (&'a str, &'a Views) {
        (&self.container.name, self.views)
    }

    /// The first mount at or above a path that will lead to the new root.
    pub(super) fn leads_to_root(
        &self,
        path: &AbsPath,
        context: &Context<'_>,
    ) -> Option<&'a MountView> {
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

    /// Whether it works in the host's filesystem.
    pub(super) fn leaves(&self) -> bool {
        *self.leaves.get_or_init(|| enters_the_node(self.container, self.settings))
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

    /// The program that is told a path goes on from there to what is mounted below it.
    pub(super) fn mounts_below(&self, site: &Site, context: &Context<'_>) -> Below {
        let Some(root) = context.roots.all().get(site.lie.root) else { return Below::Move };
        let path = root.join(&site.lie.rest);
        if let Some(known) = self.below.borrow().get(&path) {
            return known.clone();
        }
        let moved = context.to().join(&site.lie.rest);
        let below = self.views.below_after(&path);
        let first = below
            .filter(|view| !moved.is_ancestor_of(&view.new_target))
            .min_by_key(|view| view.index);
        // One that was moved before counts like one that moves now.
        let some_move = self.views.below_after(&moved).next().is_some();
        let found = match first {
            Some(view) if !some_move => Below::Stay(view.target.to_string()),
            Some(_) => Below::Differ,
            None => Below::Move,
        };
        self.below.borrow_mut().insert(path, found.clone());
        found
    }

    /// The name of the variable or flag (without dashes) that holds the path.
    pub(super) fn setting_name(&self, site: &Site) -> Option<String> {
        match &site.field {
            Field::Env(name) => Some(name.to_string()),
            Field::Line(_) => {
                let (setting, _) = self.line(site.node)?.setting()?;
                Some(setting.to_owned())
            }
            _ => None,
        }
    }
}

/// What becomes of a container's mounts that stand below a path.
#[derive(Clone)]
pub(super) enum Below {
    /// All stay; this is the first.
    Stay(String),
    /// Some stay, and some move.
    Differ,
    /// All move, or there are none.
    Move,
}
