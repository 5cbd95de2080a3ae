//! A kubelet root directory on Windows nodes, as asked for.

use super::WindowsSpelling;
use crate::kubepath::root::around;
use crate::kubepath::{AbsPath, MAX_ROOT_BYTES};
use std::fmt;

/// A kubelet root on Windows nodes: a drive, and clean components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowsRoot {
    pub(super) drive: char,
    pub(super) path: AbsPath,
}

/// Why a text can't be a kubelet root on Windows nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WindowsRootError {
    /// Nothing was given.
    Empty,
    /// There is no drive, or no backslash after it.
    NoDrive,
    /// The path is a whole drive.
    Drive(char),
    /// The path has slashes between its parts; here it is with backslashes.
    Slashes(String),
    /// The path has a `..`, a `.`, a doubled or a trailing backslash; here is the clean form, if
    /// any.
    NotClean(Option<String>),
    /// A character that YAML, a shell or Windows would read differently.
    Character(char),
    /// As long as [`MAX_ROOT_BYTES`] or longer.
    TooLong(usize),
    /// A directory that a kubelet has inside of its root; here is the directory around it.
    Inside(String),
}

impl fmt::Display for WindowsRootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => {
                f.write_str(r"it is empty; give a path with its drive, such as D:\kubelet")
            }
            Self::NoDrive => f.write_str(
                r"it names no drive; a root on Windows nodes is written like D:\kubelet",
            ),
            Self::Drive(drive) => {
                write!(f, r"`{drive}:\` is the whole drive, not a kubelet's directory")
            }
            Self::Slashes(clean) => {
                write!(f, "it is written with backslashes; if you mean {clean}, write that")
            }
            Self::NotClean(Some(clean)) => write!(
                f,
                r"it is not clean (`..`, `.`, `\\` or a trailing `\`); if you mean {clean}, write that"
            ),
            Self::NotClean(None) => {
                f.write_str("its `..` leads above the drive; give a clean path")
            }
            Self::Character(character) => write!(
                f,
                "the character `{}` can't stand in it: Windows, shells or YAML would read it \
                 differently; letters, digits and \\ . _ - + @ ~ = can",
                character.escape_default()
            ),
            Self::TooLong(length) => write!(
                f,
                "it has {length} bytes; with {MAX_ROOT_BYTES} or more no socket below it can be dialled \
                 (a Unix socket's path ends at 107 bytes, on Windows too)"
            ),
            Self::Inside(parent) => write!(
                f,
                "it is a directory inside of a kubelet's root; the root itself would be {parent}"
            ),
        }
    }
}

impl std::error::Error for WindowsRootError {}

/// The drive on which the kubelet's default root lies.
///
/// Source: kubernetes-csi/csi-proxy at eeba4706, cmd/csi-proxy/main.go:38.
pub(super) const DEFAULT_DRIVE: char = 'C';

impl WindowsRoot {
    /// Reads a root such as `D:\kubelet`; forward slashes are refused, they are another spelling.
    ///
    /// # Errors
    /// Says which property of a usable root is missing.
    pub fn parse(text: &str) -> Result<Self, WindowsRootError> {
        if text.is_empty() {
            return Err(WindowsRootError::Empty);
        }
        let (drive, rest) = with_drive(text).ok_or(WindowsRootError::NoDrive)?;
        let is_allowed = |c: char| c.is_alphanumeric() || r"._-+@~=\/".contains(c);
        if let Some(character) = rest.chars().find(|&character| !is_allowed(character)) {
            return Err(WindowsRootError::Character(character));
        }
        let path = AbsPath::parse(&rest.replace('\\', "/"));
        let path = path.ok_or(WindowsRootError::NotClean(None))?;
        if path.depth() == 0 {
            return Err(WindowsRootError::Drive(drive));
        }
        let root = Self { drive, path };
        let clean = root.to_string();
        if text.contains('/') {
            return Err(WindowsRootError::Slashes(clean));
        }
        if !clean.eq_ignore_ascii_case(text) {
            return Err(WindowsRootError::NotClean(Some(clean)));
        }
        if text.len() >= MAX_ROOT_BYTES {
            return Err(WindowsRootError::TooLong(text.len()));
        }
        match root.around() {
            Some(parent) => Err(WindowsRootError::Inside(parent.to_string())),
            None => Ok(root),
        }
    }

    /// The directory around this one, where that is a kubelet's root by all that names can tell.
    fn around(&self) -> Option<Self> {
        // Windows doesn't tell capitals from small letters.
        let folded = AbsPath::parse(&self.path.as_str().to_ascii_lowercase())?;
        around(&folded)?;
        Some(Self { drive: self.drive, path: self.path.ancestor(1)? })
    }

    /// The root as it is written where another one stood: with that one's separators, and
    /// without the drive where that one had none and the drive is the same.
    #[must_use]
    pub fn respelled(&self, spelling: &WindowsSpelling) -> String {
        let mut text = String::new();
        if spelling.has_drive || self.drive != DEFAULT_DRIVE {
            text.push(self.drive);
            text.push(':');
        }
        for component in self.path.components() {
            text.push_str(&spelling.separator);
            text.push_str(component);
        }
        text
    }
}

/// The drive of a path, and what follows its colon.
fn with_drive(text: &str) -> Option<(char, &str)> {
    let (drive, rest) = text.split_once(':')?;
    let mut letters = drive.chars();
    let (Some(drive), None) = (letters.next(), letters.next()) else { return None };
    let is_whole = drive.is_ascii_alphabetic() && rest.starts_with(['\\', '/']);
    is_whole.then(|| (drive.to_ascii_uppercase(), rest))
}

impl std::str::FromStr for WindowsRoot {
    type Err = WindowsRootError;

    fn from_str(text: &str) -> Result<Self, WindowsRootError> {
        Self::parse(text)
    }
}

impl fmt::Display for WindowsRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.as_str().trim_start_matches('/').replace('/', "\\");
        write!(f, "{}:\\{path}", self.drive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_drive_may_stay_unspelled() {
        let to = WindowsRoot::parse(r"C:\k").unwrap();
        let bare = WindowsSpelling { has_drive: false, separator: "\\".to_owned() };
        assert_eq!(to.respelled(&bare), r"\k");
    }

    #[test]
    fn impossible_roots_are_refused_with_their_reason() {
        use WindowsRootError as E;
        let long = format!(r"D:\{}", "x".repeat(77));
        for (text, error) in [
            ("", E::Empty),
            ("D:", E::NoDrive),
            ("kubelet", E::NoDrive),
            (r"\kubelet", E::NoDrive),
            (r"DD:\a", E::NoDrive),
            (r"1:\a", E::NoDrive),
            (r"D:\", E::Drive('D')),
            ("d:/", E::Drive('D')),
            ("D:/kubelet", E::Slashes(r"D:\kubelet".to_owned())),
            (r"D:\a/b", E::Slashes(r"D:\a\b".to_owned())),
            (r"D:\a\..\b", E::NotClean(Some(r"D:\b".to_owned()))),
            (r"D:\a\", E::NotClean(Some(r"D:\a".to_owned()))),
            (r"D:\a\..\..", E::NotClean(None)),
            (r"D:\a b", E::Character(' ')),
            (r"D:\a:b", E::Character(':')),
            (&long, E::TooLong(80)),
            (r"D:\kubelet\pods", E::Inside(r"D:\kubelet".to_owned())),
            (r"D:\k8s\Kubelet\Plugins", E::Inside(r"D:\k8s\Kubelet".to_owned())),
            (r"D:\data\plugins_registry", E::Inside(r"D:\data".to_owned())),
        ] {
            assert_eq!(WindowsRoot::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn no_reason_speaks_of_linux() {
        use WindowsRootError as E;
        for error in [E::Empty, E::NoDrive, E::Drive('D'), E::NotClean(None), E::Character('"')] {
            let said = error.to_string();
            assert!(!said.contains('/'), "{said}");
        }
    }

    #[test]
    fn usable_roots_are_taken() {
        for text in [r"D:\kubelet", r"C:\var\lib\kubelet", r"D:\data\pods", r"D:\plugins_registry"]
        {
            assert_eq!(WindowsRoot::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(WindowsRoot::parse(r"d:\kubelet").unwrap().to_string(), r"D:\kubelet");
    }
}
