//! A kubelet root directory, as asked for or as found.

use super::AbsPath;
use super::dirs::{DEVICE_PLUGINS, KUBELET, PLUGINS, PLUGINS_REGISTRY, POD_RESOURCES, PODS};
use std::fmt;

/// The first length in bytes that a root can't have.
///
/// The kubelet dials `<root>/plugins_registry/<driver>-reg.sock`, and a Unix socket's path ends
/// at 107 bytes (`sun_path` in unix(7)). With 80 bytes of root no driver name is left.
pub const MAX_ROOT_BYTES: usize = 80;

/// A kubelet root directory on the host: absolute, clean, not `/`.
///
/// ```
/// use csi_relocate::{Root, RootError};
///
/// assert_eq!(Root::parse("/data/kubelet")?.to_string(), "/data/kubelet");
/// assert_eq!(Root::parse("data/kubelet"), Err(RootError::Relative));
/// # Ok::<(), RootError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Root {
    path: AbsPath,
}

/// Why a text can't be a kubelet root.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RootError {
    /// Nothing was given.
    Empty,
    /// The path doesn't begin with `/`.
    Relative,
    /// The path is `/` itself.
    Slash,
    /// The path has a `..`, a `.`, a doubled or a trailing slash; here is the clean form, if any.
    NotClean(Option<String>),
    /// A character that YAML, a shell or a mount option would read differently.
    Character(char),
    /// As long as [`MAX_ROOT_BYTES`] or longer.
    TooLong(usize),
    /// A directory that a kubelet has inside of its root; here is the directory around it.
    Inside(String),
}

impl fmt::Display for RootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty; give an absolute path such as /data/kubelet"),
            Self::Relative => f.write_str(
                "it is relative; the kubelet's --root-dir is an absolute path such as /data/kubelet",
            ),
            Self::Slash => f.write_str("`/` is the whole filesystem, not a kubelet's directory"),
            Self::NotClean(Some(clean)) => write!(
                f,
                "it is not clean (`..`, `.`, `//` or a trailing `/`); if you mean {clean}, write that"
            ),
            Self::NotClean(None) => {
                f.write_str("its `..` leads above `/`; give a clean absolute path")
            }
            Self::Character(character) => write!(
                f,
                "the character `{}` can't stand in it: mounts, sockets, shells or YAML would \
                 read it differently; letters, digits and / . _ - + @ ~ = can",
                character.escape_default()
            ),
            Self::Inside(parent) => write!(
                f,
                "it is a directory inside of a kubelet's root; the root itself would be {parent}"
            ),
            Self::TooLong(length) => write!(
                f,
                "it has {length} bytes; with {MAX_ROOT_BYTES} or more no socket below it can be dialled \
                 (a Unix socket's path ends at 107 bytes, and the kubelet dials \
                 <root>/plugins_registry/<driver>-reg.sock)"
            ),
        }
    }
}

impl std::error::Error for RootError {}

impl Root {
    /// Reads a root; everything that could be read in two ways is refused.
    ///
    /// # Errors
    /// Says which property of a usable root is missing.
    pub fn parse(text: &str) -> Result<Self, RootError> {
        if text.is_empty() {
            return Err(RootError::Empty);
        }
        if let Some(character) = text.chars().find(|&character| !is_allowed(character)) {
            return Err(RootError::Character(character));
        }
        if !text.starts_with('/') {
            return Err(RootError::Relative);
        }
        let path = AbsPath::parse(text).ok_or(RootError::NotClean(None))?;
        if path.depth() == 0 {
            return Err(RootError::Slash);
        }
        let clean = path.to_string();
        if clean != text {
            return Err(RootError::NotClean(Some(clean)));
        }
        if text.len() >= MAX_ROOT_BYTES {
            return Err(RootError::TooLong(text.len()));
        }
        match around(&path) {
            Some(parent) => Err(RootError::Inside(parent.to_string())),
            None => Ok(Self { path }),
        }
    }
}

#[doc(hidden)]
impl Root {
    /// A root that was found in a manifest; `/` is none, and neither is a directory inside of a root,
    /// nor a path with blanks or quotes: it may be folded into two lines, or written in other
    /// characters than it has.
    #[must_use]
    pub fn found(path: AbsPath) -> Option<Self> {
        let is_odd = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '\\' | '$');
        let is_odd = path.as_str().contains(is_odd);
        (path.depth() > 0 && !is_odd && around(&path).is_none()).then_some(Self { path })
    }

    /// The root as a path in host space.
    #[must_use]
    pub fn path(&self) -> &AbsPath {
        &self.path
    }
}

impl std::str::FromStr for Root {
    type Err = RootError;

    fn from_str(text: &str) -> Result<Self, RootError> {
        Self::parse(text)
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}

/// Directories inside of a root that nobody else calls so.
const INSIDE: [&str; 3] = [PLUGINS_REGISTRY, DEVICE_PLUGINS, POD_RESOURCES];

/// The same, but others have such directories too.
const INSIDE_OF_A_KUBELETS: [&str; 2] = [PODS, PLUGINS];

/// The directory around a path, where that is a kubelet's root by all that names can tell.
pub(super) fn around(path: &AbsPath) -> Option<AbsPath> {
    let name = path.name()?;
    let parent = path.ancestor(1).filter(|parent| parent.depth() > 0)?;
    let is_kubelets = parent.name() == Some(KUBELET);
    let is_inside = INSIDE.contains(&name) || (is_kubelets && INSIDE_OF_A_KUBELETS.contains(&name));
    is_inside.then_some(parent)
}

fn is_allowed(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '/' | '.' | '_' | '-' | '+' | '@' | '~' | '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_roots_are_refused_with_their_reason() {
        let long = format!("/{}", "x".repeat(79));
        for (text, error) in [
            ("", RootError::Empty),
            ("relative", RootError::Relative),
            ("/", RootError::Slash),
            ("..", RootError::Relative),
            ("/..", RootError::NotClean(None)),
            ("/data/../kubelet", RootError::NotClean(Some("/kubelet".to_owned()))),
            ("/data//kubelet", RootError::NotClean(Some("/data/kubelet".to_owned()))),
            ("/data/kubelet/", RootError::NotClean(Some("/data/kubelet".to_owned()))),
            ("a:b", RootError::Character(':')),
            ("/a:b", RootError::Character(':')),
            ("/a,b", RootError::Character(',')),
            ("/a\nb", RootError::Character('\n')),
            ("/a\0b", RootError::Character('\0')),
            ("/a b", RootError::Character(' ')),
            (long.as_str(), RootError::TooLong(80)),
            ("/data/kubelet/pods", RootError::Inside("/data/kubelet".to_owned())),
            ("/data/plugins_registry", RootError::Inside("/data".to_owned())),
        ] {
            assert_eq!(Root::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn usable_roots_are_taken_as_they_are() {
        let longest = format!("/{}", "x".repeat(78));
        for text in [
            "/data/kubelet",
            "/var/snap/microk8s/common/var/lib/kubelet",
            "/数据/kubelet",
            // The whole filesystem is nobody's root.
            "/plugins_registry",
            &longest,
        ] {
            assert_eq!(Root::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_was_found_may_be_no_root() {
        let found = |text: &str| AbsPath::parse(text).and_then(Root::found);
        assert!(found("/srv/k8s").is_some());
        assert!(found("/$(PREFIX)/kubelet").is_none(), "nobody can ask for it");
        assert!(found("/").is_none() && found("/srv/my k8s").is_none());
        assert!(found("/srv/plugins_registry").is_none());
    }
}
