//! Roots as they are typed: as a path, or by the name of a distribution.

use crate::knowledge::{Distribution, Distributions, KnowledgeError};
use crate::kubepath::{Root, RootError};
use crate::near::nearest;
use std::fmt;

/// A distribution's name that stands for a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRoot {
    /// The name as it was typed.
    pub name: String,
    /// The root.
    pub root: Root,
}

/// Why a word can't be a root.
#[derive(Debug)]
pub enum TypedRootError {
    /// It is a path that no kubelet can have as its root.
    Root(RootError),
    /// It is neither a path nor a known name; these are close.
    Unknown(Vec<String>),
    /// It is the name of a distribution without one root for all; this is what is known.
    Several(String),
    /// The program is at fault.
    Broken(KnowledgeError),
}

impl fmt::Display for TypedRootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(error) => error.fmt(f),
            Self::Unknown(near) => {
                f.write_str(
                    "it is no distribution that is known, and a path begins with a slash, such as \
                     /data/kubelet",
                )?;
                for (index, name) in near.iter().enumerate() {
                    let before = if index == 0 { "; did you mean" } else { " or" };
                    write!(f, "{before} {name}")?;
                }
                if near.is_empty() {
                    f.write_str("; csi-relocate knowledge --distribution lists what is known")?;
                } else {
                    f.write_str("?")?;
                }
                Ok(())
            }
            Self::Several(roots) => {
                write!(f, "it stands for no one root, so give the path of yours ({roots})")
            }
            Self::Broken(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TypedRootError {}

/// Reads a root: a path, or the name of a distribution that has one root.
///
/// # Errors
/// Says why it is none.
pub(crate) fn root(text: &str) -> Result<Root, TypedRootError> {
    if !is_name(text) {
        return Root::parse(text).map_err(TypedRootError::Root);
    }
    let known = Distributions::builtin().map_err(TypedRootError::Broken)?;
    let Some(row) = known.named(text) else {
        let near = nearest(text, known.names()).into_iter().map(str::to_owned).collect();
        return Err(TypedRootError::Unknown(near));
    };
    row.only_root().ok_or_else(|| TypedRootError::Several(several(row)))
}

/// The distribution that a word is the name of, with its root.
#[must_use]
pub(crate) fn named_root(text: &str) -> Option<NamedRoot> {
    let known = is_name(text).then(Distributions::builtin)?.ok()?;
    let row = known.named(text)?;
    Some(NamedRoot { name: text.to_owned(), root: row.only_root()? })
}

/// Whether a word may be a name: a path has a slash.
fn is_name(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text != "auto" && text.chars().all(is_letter) && text.contains(char::is_alphanumeric)
}

fn several(row: &Distribution) -> String {
    match row.root {
        Some(_) => row.roots(),
        None => format!("it is set by {}", row.set),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_root_and_everything_else_a_path() {
        let read = |text: &str| root(text).map(|root| root.to_string());
        assert_eq!(read("k0s").unwrap(), "/var/lib/k0s/kubelet");
        assert_eq!(read("MicroK8s").unwrap(), "/var/snap/microk8s/common/var/lib/kubelet");
        assert_eq!(read("/k0s").unwrap(), "/k0s");
        for (text, expected) in [
            ("", "it is empty"),
            ("..", "it is relative"),
            ("data/kubelet", "it is relative"),
            ("./k0s", "it is relative"),
            ("a:b", "the character `:`"),
            ("k1s", "did you mean k0s or k3s?"),
            ("mikrok8s", "did you mean microk8s?"),
            ("kubelet-of-ours", "knowledge --distribution lists what is known"),
            ("k3s", "rootless: <data-dir>/agent/kubelet"),
            ("mke4k", "it is set by spec.kubelet.kubeletRootDir"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn a_path_has_no_name() {
        assert_eq!(named_root("/var/lib/k0s/kubelet"), None);
        assert_eq!(named_root("auto"), None);
        assert_eq!(named_root("k3s"), None);
        assert_eq!(named_root("k0s").unwrap().root.to_string(), "/var/lib/k0s/kubelet");
    }
}
