//! Which kubelet root a path gives away.
//!
//! What lies below a root is known to `roles.yaml`. `plugins_registry` and a pod's directory are a
//! kubelet's wherever they stand; a directory that is just called `pods` or `plugins` is one only
//! if something else says so, since many programs have such a directory.

use super::table::Table;
use crate::knowledge::{HostSide, Knowledge, Role};
use crate::kubepath::dirs::KUBELET;
use crate::kubepath::{AbsPath, Root, components};
use regex::Regex;

/// Where the volumes of one kind stand below a pod: `volumes/kubernetes.io~csi`.
const VOLUME_PLUGIN: &str = "kubernetes.io~";

/// What is known about kubelets' directories.
#[derive(Debug)]
pub(super) struct Layout {
    knowledge: Knowledge,
    /// What in the same line makes a weak sign a good one.
    evidence: Regex,
    /// Directories that are no roots, as components; everything below with `true`.
    no_roots: Vec<(AbsPath, bool)>,
}

/// How well the end of a path tells that a kubelet's root stands before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Other programs have such directories as well.
    Weak,
    /// Only a kubelet has it.
    Good,
}

impl Layout {
    /// Takes what the table says.
    pub(super) fn new(table: &Table, knowledge: Knowledge) -> Result<Self, String> {
        let evidence: Vec<&str> = table.evidence.iter().map(|row| row.regex.as_str()).collect();
        let evidence = Regex::new(&evidence.join("|")).map_err(|error| error.to_string())?;
        let no_root = |path: &str| {
            let (path, below) = path.strip_suffix("/**").map_or((path, false), |path| (path, true));
            Some((AbsPath::parse(path)?, below))
        };
        let no_roots: Option<Vec<_>> =
            table.no_roots.iter().map(|row| no_root(&row.path)).collect();
        let no_roots = no_roots.ok_or("a path that is no root isn't absolute")?;
        Ok(Self { knowledge, evidence, no_roots })
    }

    /// The root that a path lies below; `line` is where it stands, which may say more.
    pub(super) fn root_of(&self, path: &str, line: &str) -> Option<Root> {
        let path = AbsPath::parse(path.trim_end_matches(['.', ',']))?;
        let parts: Vec<&str> = path.components().collect();
        // What begins with each of them.
        let slashes = path.as_str().match_indices('/');
        let tails: Vec<&str> = slashes.filter_map(|(at, _)| path.as_str().get(at + 1..)).collect();
        let sign = |at: usize| self.sign(tails.get(at)?);
        // A directory that is meant for a kubelet (`kubelet2`, `kubelet-data`) is the likelier one where
        // two would do, and asking for it first saves asking for all.
        let is_named = |at: &usize| {
            let above = at.checked_sub(1).and_then(|at| parts.get(at));
            above.is_some_and(|name| name.contains(KUBELET))
        };
        let named = (0..parts.len()).filter(is_named).find(|at| sign(*at).is_some());
        let found = named.or_else(|| {
            let sign = |at: usize| Some((at, sign(at)?));
            let signs: Vec<(usize, Sign)> = (0..parts.len()).filter_map(sign).collect();
            let good = signs.iter().find(|(_, sign)| *sign == Sign::Good);
            let believed = || signs.first().filter(|_| self.evidence.is_match(line));
            good.or_else(believed).map(|(at, _)| *at)
        });
        let bare = || (path.name() == Some(KUBELET)).then_some(parts.len());
        let root = path.ancestor(parts.len().checked_sub(found.or_else(bare)?)?)?;
        let is_none = |(path, below): &(AbsPath, bool)| {
            *path == root || (*below && root.below(path).is_some())
        };
        if self.no_roots.iter().any(is_none) {
            return None;
        }
        Root::parse(root.as_str()).ok()
    }

    /// Whether no root can be or lie at a directory with which a root's path would begin.
    pub(super) fn holds_no_root(&self, path: &str) -> bool {
        let Some(path) = AbsPath::parse(path) else { return true };
        self.no_roots.iter().any(|(above, below)| *below && path.below(above).is_some())
    }

    /// What a path tells of the directory in which it begins.
    fn sign(&self, below: &str) -> Option<Sign> {
        let row = self.knowledge.role(below);
        if row.host == HostSide::Stays {
            return None; // It doesn't follow the root, so it doesn't tell it.
        }
        match row.role {
            Role::Pods => match components(below).collect::<Vec<_>>().as_slice() {
                [_] => Some(Sign::Weak),
                [_, uid, ..] if is_uid(uid) => Some(Sign::Good),
                [_, _, _, volumes, ..] if volumes.starts_with(VOLUME_PLUGIN) => Some(Sign::Good),
                _ => None,
            },
            Role::Plugins | Role::PluginSocket | Role::PluginSocketDir => {
                let is_csi = components(below).any(names_csi);
                Some(if is_csi { Sign::Good } else { Sign::Weak })
            }
            Role::Staging
            | Role::PluginsRegistry
            | Role::RegistrationSocket
            | Role::PodResources
            | Role::PodsApi
            | Role::DriverDir => Some(Sign::Good),
            _ => None,
        }
    }
}

/// A pod's uid: 36 characters with hyphens, or the 32 of a static pod.
fn is_uid(text: &str) -> bool {
    matches!(text.len(), 32 | 36) && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// Whether a name is a CSI driver's: `csi-nfsplugin`, `smb.csi.k8s.io`, `csiplugin`.
fn names_csi(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.into_iter().any(|word| word.starts_with("csi") || word.ends_with("csi"))
}
