//! The mounts of a container, before and after.

use super::Context;
use crate::kubepath::{AbsPath, PathIndex};
use crate::roots::TO;
use std::ops::Deref;
use std::sync::OnceLock;

/// A mount of a container: what it shows of the host and where, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct MountView {
    /// The mount's index in its container.
    pub(super) index: usize,
    /// Where it stands in the container now.
    pub(super) target: AbsPath,
    /// Where it will stand.
    pub(super) new_target: AbsPath,
    /// What it shows of the host now, if anything.
    pub(super) host: Option<AbsPath>,
    /// What it will show.
    pub(super) new_host: Option<AbsPath>,
}

impl MountView {
    /// Whether the mount will show a host path at that very path in the container.
    pub(super) fn has_parity(&self) -> bool {
        self.new_host.as_ref() == Some(&self.new_target)
    }

    /// What follows the new root in the host path that the mount will show.
    pub(super) fn below_new_root<'v>(&'v self, context: &Context<'_>) -> Option<&'v str> {
        let (root, rest) = context.roots.locate(self.new_host.as_ref()?)?;
        (root == TO).then_some(rest)
    }
}

/// The view of a mount by its index; views stand in the order of their mounts.
pub(super) fn by_index(views: &[MountView], index: usize) -> Option<&MountView> {
    views.get(views.binary_search_by_key(&index, |view| view.index).ok()?)
}

/// The mounts of a container, in their order and by their places.
#[derive(Clone, Debug, Default)]
pub(super) struct Views {
    all: Vec<MountView>,
    /// By where they stand now; put in order when somebody asks, as few containers need it.
    targets: OnceLock<PathIndex>,
    /// By where they will stand; the same.
    new_targets: OnceLock<PathIndex>,
}

impl Deref for Views {
    type Target = [MountView];

    fn deref(&self) -> &[MountView] {
        &self.all
    }
}

impl Views {
    pub(super) fn new(all: Vec<MountView>) -> Self {
        Self { all, ..Self::default() }
    }

    fn targets(&self) -> &PathIndex {
        self.targets.get_or_init(|| PathIndex::of(self.all.iter().map(|view| &view.target)))
    }

    fn new_targets(&self) -> &PathIndex {
        let paths = || self.all.iter().map(|view| &view.new_target);
        self.new_targets.get_or_init(|| PathIndex::of(paths()))
    }

    /// The mount of the container through which a path resolves: the longest prefix wins.
    pub(super) fn resolve(&self, path: &AbsPath) -> Option<&MountView> {
        self.all.get(self.targets().resolve(path)?)
    }

    /// The same for what will be.
    pub(super) fn resolve_after(&self, path: &AbsPath) -> Option<&MountView> {
        self.all.get(self.new_targets().resolve(path)?)
    }

    /// What a path of the container is on the host, where a mount shows that.
    pub(super) fn host_of(&self, path: &AbsPath) -> Option<AbsPath> {
        let view = self.resolve(path)?;
        Some(view.host.as_ref()?.join(path.below(&view.target)?))
    }

    /// The same for what will be.
    pub(super) fn host_after(&self, path: &AbsPath) -> Option<AbsPath> {
        let view = self.resolve_after(path)?;
        Some(view.new_host.as_ref()?.join(path.below(&view.new_target)?))
    }

    /// The mounts that will stand below a path, in no order.
    pub(super) fn below_after(&self, path: &AbsPath) -> impl Iterator<Item = &MountView> {
        self.new_targets().below(path).filter_map(|at| self.all.get(at))
    }

    /// The first mount that moves to a place where another one will stand.
    pub(super) fn moved_upon_another(&self) -> Option<&MountView> {
        self.all.iter().find(|view| {
            view.new_target != view.target
                && self.new_targets().at(&view.new_target).nth(1).is_some()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> AbsPath {
        AbsPath::parse(text).unwrap()
    }

    fn views(places: &[(&str, &str)]) -> Views {
        let view = |(index, (target, new)): (usize, &(&str, &str))| MountView {
            index: 2 * index,
            target: path(target),
            new_target: path(new),
            host: None,
            new_host: None,
        };
        Views::new(places.iter().enumerate().map(view).collect())
    }

    #[test]
    fn the_longest_prefix_wins_and_of_equal_ones_the_last() {
        let views = views(&[("/", "/"), ("/a", "/n"), ("/a/b", "/n/b"), ("/a", "/n/b")]);
        let index = |view: Option<&MountView>| view.map(|view| view.index);
        assert_eq!(index(views.resolve(&path("/a/b/c"))), Some(4));
        assert_eq!(index(views.resolve(&path("/a/x"))), Some(6));
        assert_eq!(index(views.resolve(&path("/x"))), Some(0));
        assert_eq!(index(views.resolve_after(&path("/n/b"))), Some(6));
        let below: Vec<usize> = views.below_after(&path("/n")).map(|view| view.index).collect();
        assert_eq!(below, [4, 6]);
        assert_eq!(index(views.moved_upon_another()), Some(4));
        assert_eq!(index(by_index(&views, 4)), Some(4));
        assert_eq!(index(by_index(&views, 3)), None);
    }
}
