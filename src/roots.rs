//! The roots of one run: the one asked for and those a manifest may be written for.

use crate::kubepath::{AbsPath, PathSet, Root, WindowsRoot};
use std::fmt;

/// The kubelet's default for `--root-dir`.
///
/// Source: k8s.io/kubernetes at v1.36.3, cmd/kubelet/app/options/options.go:44.
pub const DEFAULT_ROOT: &str = "/var/lib/kubelet";

/// The root asked for (`to`) and the roots to move away from (`from`).
#[derive(Clone, Debug)]
pub struct Roots {
    to: Root,
    /// `to` first, then every `from`.
    all: PathSet,
    windows: Option<WindowsRoot>,
}

/// Two roots that can't be used in one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootsError {
    /// The root asked for.
    pub to: Root,
    /// The root that lies below it.
    pub from: Root,
}

impl fmt::Display for RootsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is an ancestor of {}, a root that the manifest may be written for: a path below it \
             could belong to either",
            self.to, self.from
        )
    }
}

impl std::error::Error for RootsError {}

impl Roots {
    /// The roots of a run; a `from` that equals `to` is dropped, doubles too.
    ///
    /// # Errors
    /// When `to` is an ancestor of a `from`: sites that have moved could not be told from others.
    pub fn new(to: Root, from: impl IntoIterator<Item = Root>) -> Result<Self, RootsError> {
        let mut all = PathSet::new(std::slice::from_ref(to.path()));
        for root in from {
            if to.path().is_ancestor_of(root.path()) {
                return Err(RootsError { to, from: root });
            }
            if !all.contains(root.path()) {
                all.push(root.path().clone());
            }
        }
        Ok(Self { to, all, windows: None })
    }

    /// The same roots with a root for Windows nodes, if one is given.
    #[must_use]
    pub fn with_windows(self, windows: Option<WindowsRoot>) -> Self {
        Self { windows, ..self }
    }

    /// The root asked for on Windows nodes.
    #[must_use]
    pub fn windows(&self) -> Option<&WindowsRoot> {
        self.windows.as_ref()
    }

    /// The root asked for.
    #[must_use]
    pub fn to(&self) -> &Root {
        &self.to
    }

    /// Whether the root asked for is the kubelet's default.
    #[must_use]
    pub fn is_to_default(&self) -> bool {
        self.to.path().as_str() == DEFAULT_ROOT
    }

    /// All roots; the first one is `to`.
    #[must_use]
    pub fn all(&self) -> &[AbsPath] {
        self.all.paths()
    }

    /// The same, to be looked for in texts.
    #[must_use]
    pub fn paths(&self) -> &PathSet {
        &self.all
    }

    /// Where a path in host space lies: the index of the deepest root at or above it, and
    /// what follows that root.
    #[must_use]
    pub fn locate<'p>(&self, path: &'p AbsPath) -> Option<(usize, &'p str)> {
        self.all.deepest_above(path)
    }

    /// A root other than the one asked for that lies in a directory.
    pub(crate) fn other_in(&self, directory: &AbsPath) -> Option<&AbsPath> {
        let mut others = self.all().iter().filter(|root| *root != self.to.path());
        others.find(|root| directory.is_ancestor_of(root))
    }

    /// What a document must contain to name one of the roots: their last components.
    #[must_use]
    pub fn needles(&self) -> Vec<&str> {
        let mut needles: Vec<&str> = self.all().iter().filter_map(AbsPath::name).collect();
        if self.windows.is_some() {
            // Windows doesn't tell capitals from small letters; these are the spellings in use.
            needles.extend(["kubelet", "Kubelet", "KUBELET"]);
        }
        needles.sort_unstable();
        needles.dedup();
        needles
    }
}

/// The index of `to` in [`Roots::all`].
pub const TO: usize = 0;

#[cfg(test)]
mod tests {
    use super::*;

    fn root(text: &str) -> Root {
        Root::parse(text).unwrap()
    }

    #[test]
    fn an_ancestor_of_a_from_is_refused() {
        let error = Roots::new(root("/var/lib"), [root(DEFAULT_ROOT)]).unwrap_err();
        assert_eq!(error.from, root(DEFAULT_ROOT));
        assert!(Roots::new(root("/var/lib/kubelet/data"), [root(DEFAULT_ROOT)]).is_ok());
    }

    #[test]
    fn the_deepest_root_holds_a_path() {
        let roots = Roots::new(root("/var/lib/kubelet/data"), [root(DEFAULT_ROOT)]).unwrap();
        let below = |text: &str| {
            let path = AbsPath::parse(text).unwrap();
            roots.locate(&path).map(|(index, rest)| (index, rest.to_owned()))
        };
        assert_eq!(below("/var/lib/kubelet/data/pods"), Some((TO, "pods".to_owned())));
        assert_eq!(below("/var/lib/kubelet/pods"), Some((1, "pods".to_owned())));
        assert_eq!(below("/var/lib/kubelet-foo"), None);
    }

    #[test]
    fn equal_roots_count_once() {
        let roots = Roots::new(root(DEFAULT_ROOT), [root(DEFAULT_ROOT)]).unwrap();
        assert_eq!(roots.all().len(), 1);
        assert_eq!(roots.needles(), ["kubelet"]);
    }
}
