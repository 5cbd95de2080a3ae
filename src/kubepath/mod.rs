//! Path arithmetic: component-wise, lexical, pure.
//!
//! Nothing here looks at a filesystem, a document or a rule. Paths are compared by whole
//! components, so that `/var/lib/kubelet` is no prefix of `/var/lib/kubelet-foo`.

mod index;
mod root;
mod set;
mod token;
mod windows;

pub(crate) use index::PathIndex;
pub use root::{MAX_ROOT_BYTES, Root, RootError};
pub use set::PathSet;
pub use token::{Token, find_paths, find_tokens};
pub use windows::{WindowsRoot, WindowsSpelling, WindowsToken, find_windows_tokens};

use std::fmt;

/// An absolute path as its components; the empty list is `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AbsPath {
    components: Vec<String>,
}

impl AbsPath {
    /// Reads an absolute path: `//` and `.` are dropped, `..` is resolved lexically.
    ///
    /// `None` for a relative path and for one whose `..` leads above `/`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('/')?;
        Self::default().join_text(rest)
    }

    /// This path followed by a relative one, with `//`, `.` and `..` resolved lexically.
    ///
    /// `None` when a `..` leads above `/`.
    #[must_use]
    pub fn join_text(&self, relative: &str) -> Option<Self> {
        let mut components = self.components.clone();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    components.pop()?;
                }
                name => components.push(name.to_owned()),
            }
        }
        Some(Self { components })
    }

    /// This path followed by the components of `relative`.
    #[must_use]
    pub fn join(&self, relative: &[String]) -> Self {
        let mut components = self.components.clone();
        components.extend_from_slice(relative);
        Self { components }
    }

    /// What follows `base` in this path; empty when both are the same, `None` when this path
    /// does not lie at or below `base`.
    #[must_use]
    pub fn below(&self, base: &Self) -> Option<&[String]> {
        self.components.strip_prefix(base.components.as_slice())
    }

    /// Whether this path is a proper ancestor of `other`.
    #[must_use]
    pub fn is_ancestor_of(&self, other: &Self) -> bool {
        other.below(self).is_some_and(|rest| !rest.is_empty())
    }

    /// The components, outermost first.
    #[must_use]
    pub fn components(&self) -> &[String] {
        &self.components
    }

    /// The path without its last `count` components.
    #[must_use]
    pub fn ancestor(&self, count: usize) -> Option<Self> {
        let keep = self.components.len().checked_sub(count)?;
        Some(Self { components: self.components.iter().take(keep).cloned().collect() })
    }

    /// The components of this path and of its ancestors, the longest first.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = &[String]> {
        let lengths = (0..=self.components.len()).rev();
        lengths.filter_map(|length| self.components.get(..length))
    }

    /// How many components the path has; `/` has none.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.components.len()
    }
}

impl fmt::Display for AbsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.components.is_empty() {
            return f.write_str("/");
        }
        for component in &self.components {
            write!(f, "/{component}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> AbsPath {
        AbsPath::parse(text).unwrap()
    }

    #[test]
    fn whole_components_only() {
        assert!(path("/var/lib/kubelet/pods").below(&path("/var/lib/kubelet")).is_some());
        assert_eq!(path("/var/lib/kubelet-foo").below(&path("/var/lib/kubelet")), None);
        assert_eq!(path("/var/lib//kubelet/./x").to_string(), "/var/lib/kubelet/x");
        assert_eq!(path("/a/b/../c").to_string(), "/a/c");
        assert_eq!(AbsPath::parse("/../a"), None);
        assert_eq!(AbsPath::parse("a/b"), None);
    }

    #[test]
    fn the_root_directory_is_everybodys_ancestor() {
        assert!(path("/").is_ancestor_of(&path("/data")));
        assert!(!path("/data").is_ancestor_of(&path("/data")));
        assert_eq!(path("/").to_string(), "/");
    }

    proptest! {
        #[test]
        fn parse_and_display_are_inverse(parts in proptest::collection::vec("[a-z.]{3,5}", 0..5)) {
            let text = format!("/{}", parts.join("/"));
            prop_assume!(parts.iter().all(|part| part != ".." && part != "."));
            prop_assert_eq!(path(&text).to_string(), text);
        }

        #[test]
        fn join_then_below_gives_the_rest(
            base in proptest::collection::vec("[a-z]{1,4}", 0..4),
            rest in proptest::collection::vec("[a-z]{1,4}", 0..4),
        ) {
            let base = AbsPath { components: base };
            let joined = base.join(&rest);
            prop_assert_eq!(joined.below(&base), Some(rest.as_slice()));
        }
    }
}
