//! Path arithmetic: component-wise, lexical, pure.
//!
//! Nothing here looks at a filesystem, a document or a rule. Paths are compared by whole
//! components, so that `/var/lib/kubelet` is no prefix of `/var/lib/kubelet-foo`.

pub(crate) mod dirs;
mod index;
mod root;
mod set;
mod token;
mod windows;

pub(crate) use index::PathIndex;
pub use root::{MAX_ROOT_BYTES, Root, RootError};
pub use set::PathSet;
pub use token::{Token, find_paths, find_tokens};
pub(crate) use token::{path_at, path_end};
pub use windows::{
    WindowsRoot, WindowsRootError, WindowsSpelling, WindowsToken, find_windows_tokens,
    may_have_windows_paths,
};

use std::cmp::Ordering;
use std::fmt;

/// An absolute path, clean.
///
/// What follows one path in another is a text too: clean, without a slash at its ends, and empty
/// where nothing follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AbsPath {
    /// Each component behind a slash; nothing for `/`.
    text: String,
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
        if is_clean(relative) {
            return Some(self.join(relative));
        }
        self.with_room_for(relative).walk(relative.split('/'))
    }

    /// This path followed by parts of one, of which `.` and `..` are resolved.
    fn walk<'p>(mut self, parts: impl Iterator<Item = &'p str>) -> Option<Self> {
        for part in parts {
            match part {
                "" | "." => {}
                ".." => self.text.truncate(self.text.rfind('/')?),
                name => self.push(name),
            }
        }
        Some(self)
    }

    /// This path followed by what follows another one.
    #[must_use]
    pub fn join(&self, rest: &str) -> Self {
        let mut path = self.with_room_for(rest);
        if !rest.is_empty() {
            path.push(rest);
        }
        path
    }

    /// The same path, with room for this behind it.
    fn with_room_for(&self, relative: &str) -> Self {
        let mut text = String::with_capacity(self.text.len() + 1 + relative.len());
        text.push_str(&self.text);
        Self { text }
    }

    fn push(&mut self, rest: &str) {
        self.text.push('/');
        self.text.push_str(rest);
    }

    /// What follows `base` in this path; empty when both are the same, `None` when this path
    /// does not lie at or below `base`.
    #[must_use]
    pub fn below(&self, base: &Self) -> Option<&str> {
        let rest = self.text.strip_prefix(base.text.as_str())?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
    }

    /// What follows `/` in this path.
    pub(crate) fn into_rest(mut self) -> String {
        self.text.drain(..usize::from(!self.text.is_empty()));
        self.text
    }

    /// Whether this path is a proper ancestor of `other`.
    #[must_use]
    pub fn is_ancestor_of(&self, other: &Self) -> bool {
        other.below(self).is_some_and(|rest| !rest.is_empty())
    }

    /// The components, outermost first.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        components(&self.text)
    }

    /// The last component; `/` has none.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.text.rsplit_once('/').map(|(_, name)| name)
    }

    /// The path without its last `count` components.
    #[must_use]
    pub fn ancestor(&self, count: usize) -> Option<Self> {
        self.prefixes().nth(count).map(|text| Self { text: text.to_owned() })
    }

    /// The texts of this path and of its ancestors, the longest first; that of `/` is empty.
    fn prefixes(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.text.as_str()), |text| {
            text.rsplit_once('/').map(|(parent, _)| parent)
        })
    }

    /// How many components the path has; `/` has none.
    #[must_use]
    pub fn depth(&self) -> usize {
        depth(&self.text)
    }

    /// The path as a person writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        if self.text.is_empty() { "/" } else { &self.text }
    }
}

/// Whether a relative path is clean for sure; most are, and needn't be taken to pieces.
fn is_clean(relative: &str) -> bool {
    let mut before = b'/';
    for byte in relative.bytes() {
        if before == b'/' && matches!(byte, b'/' | b'.') {
            return false;
        }
        before = byte;
    }
    relative.is_empty() || before != b'/'
}

/// The components of a clean path, or of what follows one in another, outermost first.
pub fn components(path: &str) -> impl DoubleEndedIterator<Item = &str> + Clone {
    path.split('/').filter(|part| !part.is_empty())
}

/// How many components they are.
#[must_use]
pub fn depth(path: &str) -> usize {
    components(path).count()
}

/// Component by component: `/a/b` comes before `/a-b`.
impl Ord for AbsPath {
    fn cmp(&self, other: &Self) -> Ordering {
        self.components().cmp(other.components())
    }
}

impl PartialOrd for AbsPath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for AbsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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
        assert_eq!(path("/data").below(&path("/")), Some("data"));
        assert_eq!(path("/").below(&path("/")), Some(""));
        assert_eq!(
            (path("/").depth(), path("/").name(), path("/").components().count()),
            (0, None, 0)
        );
    }

    #[test]
    fn ancestors_are_counted_from_the_end() {
        let ancestor = |count| path("/a/b").ancestor(count).map(|path| path.to_string());
        assert_eq!([0, 1, 2].map(ancestor), ["/a/b", "/a", "/"].map(|text| Some(text.to_owned())));
        assert_eq!(ancestor(3), None);
        assert_eq!((path("/a/b").depth(), path("/a/b").name()), (2, Some("b")));
        assert_eq!((depth(""), depth("a"), depth("a/b")), (0, 1, 2));
    }

    #[test]
    fn paths_are_ordered_by_their_components() {
        let mut paths = ["/a-b", "/a/b", "/", "/a", "/a/b/c"].map(path);
        paths.sort();
        assert_eq!(paths.map(|path| path.to_string()), ["/", "/a", "/a/b", "/a/b/c", "/a-b"]);
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
            let base = path(&format!("/{}", base.join("/")));
            let rest = rest.join("/");
            let joined = base.join(&rest);
            prop_assert_eq!(joined.below(&base), Some(rest.as_str()));
            prop_assert_eq!(joined.ancestor(depth(&rest)), Some(base));
        }
    }
}
