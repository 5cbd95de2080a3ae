//! Windows spellings of a kubelet root: `C:\var\lib\kubelet`, `\var\lib\kubelet`, doubled
//! backslashes.

mod root;

pub use root::{WindowsRoot, WindowsRootError};

use super::AbsPath;
use super::token::{LONGEST_PATH, may_end_before_drive};
use root::DEFAULT_DRIVE;
use std::ops::Range;

/// How a root is spelled in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowsSpelling {
    /// The drive is written.
    pub has_drive: bool,
    /// What stands between two components: `\`, `\\` or `/`.
    pub separator: String,
}

/// One place in a text where a Windows path begins with a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowsToken {
    /// The place lies below the new root already.
    pub settled: bool,
    /// The bytes of the root, with its drive and first separator.
    pub range: Range<usize>,
    /// What follows the root, with slashes.
    pub rest: String,
    /// How it is spelled.
    pub spelling: WindowsSpelling,
}

/// Whether a Windows path may stand in a text: most have neither a backslash nor a drive.
#[must_use]
pub fn may_have_windows_paths(text: &str) -> bool {
    memchr::memchr2_iter(b'\\', b':', text.as_bytes()).any(|at| {
        let (before, sign) = text.split_at_checked(at).unwrap_or_default();
        let mut letters = before.chars().rev();
        sign.starts_with('\\')
            || (sign.starts_with(":/")
                && letters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
                && !letters.next().is_some_and(char::is_alphanumeric))
    })
}

/// Every place in `text` where a Windows path begins with the kubelet's default root (given as
/// its components) or with the new root.
#[must_use]
pub fn find_windows_tokens(
    text: &str,
    default: &AbsPath,
    to: Option<&WindowsRoot>,
) -> Vec<WindowsToken> {
    let mut tokens = Vec::new();
    // Windows doesn't tell capitals from small letters, and neither changes a length.
    let folded = text.to_ascii_lowercase();
    let roots = to.map(|root| (true, root.drive, &root.path));
    for (settled, drive, path) in roots.into_iter().chain([(false, DEFAULT_DRIVE, default)]) {
        let Some(first) = path.components().next() else { continue };
        let first = first.to_ascii_lowercase();
        let mut from = 0;
        while let Some(at) = folded.get(from..).and_then(|tail| tail.find(&first)) {
            let start = from + at;
            from = start + first.len();
            if let Some(token) = token_at(text, start, drive, path) {
                tokens.push(WindowsToken { settled, ..token });
            }
        }
    }
    tokens.sort_by_key(|token| (token.range.start, !token.settled));
    tokens.dedup_by(|later, earlier| later.range.start < earlier.range.end);
    let next = tokens.iter().skip(1).map(|token| token.range.start).collect::<Vec<_>>();
    let next = next.into_iter().chain([text.len()]);
    let tokens = tokens.into_iter().zip(next).filter_map(|(token, next)| {
        let rest = rest_of(text.get(token.range.end..next)?)?;
        Some(WindowsToken { rest, ..token })
    });
    tokens.collect()
}

/// What follows a root at the beginning of a text, with slashes; `None` where a `..` leaves the root.
fn rest_of(tail: &str) -> Option<String> {
    let tail = tail.get(..tail.floor_char_boundary(LONGEST_PATH))?;
    let end =
        tail.find(|c: char| c.is_whitespace() || "\"'`:,;|&<>()".contains(c)).unwrap_or(tail.len());
    let rest = AbsPath::default().join_text(&tail.get(..end)?.replace('\\', "/"))?;
    Some(rest.into_rest())
}

/// The token whose root's first component begins at `start`, without what follows the root.
fn token_at(text: &str, start: usize, drive: char, path: &AbsPath) -> Option<WindowsToken> {
    let before = text.get(..start)?;
    let head = before.trim_end_matches(['\\', '/']);
    let separator = before.get(head.len()..)?;
    let drive_at = head.strip_suffix(':').filter(|head| {
        let before = head.strip_suffix(|letter: char| letter.eq_ignore_ascii_case(&drive));
        before.is_some_and(|before| {
            // With slashes it may be a path of Linux, and no byte is a part of both.
            let is_drive = separator.starts_with('\\') || may_end_before_drive(before);
            is_drive && !before.ends_with(char::is_alphanumeric)
        })
    });
    // `/var/lib/kubelet` without a drive is a path of Linux, `\/var` an escaped slash.
    let is_windows = drive_at.is_some() || separator.chars().all(|c| c == '\\');
    if separator.is_empty() || !is_windows || (drive_at.is_none() && drive != DEFAULT_DRIVE) {
        return None;
    }
    if drive_at.is_none()
        && head.ends_with(|c: char| c.is_alphanumeric() || ":._-%})$]".contains(c))
    {
        return None;
    }
    let mut at = start;
    let mut between = "";
    for (index, component) in path.components().enumerate() {
        if index > 0 {
            between = separator_at(text, at)?;
            at += between.len();
        }
        let spelled = text.get(at..at + component.len())?;
        spelled.eq_ignore_ascii_case(component).then_some(())?;
        at += component.len();
    }
    let tail = text.get(at..)?;
    if tail.starts_with(|c: char| c.is_alphanumeric() || "._-~%".contains(c)) {
        return None;
    }
    let between = if between.is_empty() { separator } else { between };
    Some(WindowsToken {
        settled: false,
        range: drive_at.map_or(head.len(), |head| head.len() - 1)..at,
        rest: String::new(),
        spelling: WindowsSpelling { has_drive: drive_at.is_some(), separator: between.to_owned() },
    })
}

fn separator_at(text: &str, at: usize) -> Option<&str> {
    let tail = text.get(at..)?;
    let length = tail.len() - tail.trim_start_matches(['\\', '/']).len();
    tail.get(..length).filter(|separator| !separator.is_empty())
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "test code")]
mod tests {
    use super::*;

    fn moved(text: &str) -> String {
        moved_to("D:\\k8s\\kubelet", text)
    }

    fn moved_to(to: &str, text: &str) -> String {
        let default = AbsPath::parse("/var/lib/kubelet").unwrap();
        let to = WindowsRoot::parse(to).unwrap();
        let mut out = String::new();
        let mut at = 0;
        for token in find_windows_tokens(text, &default, Some(&to)) {
            out.push_str(&text[at..token.range.start]);
            let root = if token.settled {
                text[token.range.clone()].to_owned()
            } else {
                to.respelled(&token.spelling)
            };
            out.push_str(&root);
            at = token.range.end;
        }
        out + &text[at..]
    }

    #[test]
    fn every_spelling_keeps_its_separators() {
        for (text, expected) in [
            (r"C:\var\lib\kubelet\pods", r"D:\k8s\kubelet\pods"),
            (r"c:\var\lib\kubelet", r"D:\k8s\kubelet"),
            (
                r"unix://C:\\var\\lib\\kubelet\\plugins\\x\\csi.sock",
                r"unix://D:\\k8s\\kubelet\\plugins\\x\\csi.sock",
            ),
            (r"C:/var/lib/kubelet/", "D:/k8s/kubelet/"),
            ("unix://C:/var/lib/kubelet/x", "unix://D:/k8s/kubelet/x"),
            (r"/C:\var\lib\kubelet", r"/D:\k8s\kubelet"),
            (r"\var\lib\kubelet", r"D:\k8s\kubelet"),
            (r"--path=C:\var\lib\kubelet -Force", r"--path=D:\k8s\kubelet -Force"),
            (r"D:\k8s\kubelet\pods", r"D:\k8s\kubelet\pods"),
        ] {
            assert_eq!(moved(text), expected);
        }
    }

    #[test]
    fn only_a_backslash_or_a_drive_makes_a_text_worth_a_look() {
        for text in [r"\var", "C:/var", "x=c:/var", "é/d:/k", "unix:/C:/var"] {
            assert!(may_have_windows_paths(text), "{text}");
        }
        for text in ["", "unix:///csi/csi.sock", "a:b", "C:", "éc:/var", "1:/var", ":/var"] {
            assert!(!may_have_windows_paths(text), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for text in [
            r"D:\var\lib\kubelet",
            r"C:\host\var\lib\kubelet",
            r"%SystemDrive%\var\lib\kubelet",
            r"${env:SystemDrive}\var\lib\kubelet",
            r"\\host\c$\var\lib\kubelet",
            r"C:\var\lib\kubelet-foo",
            r"C:\var\lib\kubelet\..\docker",
            "/var/lib/kubelet",
            "/c:/var/lib/kubelet",
            r"s/\/var\/lib\/kubelet/x/",
        ] {
            assert_eq!(moved(text), text);
        }
    }

    #[test]
    fn several_paths_are_moved_each_and_none_twice() {
        let text = r"C:\var\lib\kubelet\a;C:\var\lib\kubelet\b;C:\var\lib\kubelet";
        assert_eq!(moved(text), r"D:\k8s\kubelet\a;D:\k8s\kubelet\b;D:\k8s\kubelet");
        let below = r"C:\var\lib\kubelet\data";
        let text = r"C:\var\lib\kubelet\data\pods;C:\var\lib\kubelet\pods";
        let expected = r"C:\var\lib\kubelet\data\pods;C:\var\lib\kubelet\data\pods";
        assert_eq!(moved_to(below, text), expected);
    }

    #[test]
    fn a_path_ends_before_what_separates_it() {
        let default = AbsPath::parse("/var/lib/kubelet").unwrap();
        for tail in [",ro", " -Force", "\" x", ";D:\\x"] {
            let text = format!(r"C:\var\lib\kubelet\plugins\a\csi.sock{tail}");
            let tokens = find_windows_tokens(&text, &default, None);
            assert_eq!(tokens[0].rest, "plugins/a/csi.sock", "{text}");
        }
    }

    #[test]
    fn what_follows_a_root_is_no_longer_than_a_path() {
        let text = r"=\var\lib\kubelet".repeat(3000);
        let default = AbsPath::parse("/var/lib/kubelet").unwrap();
        let tokens = find_windows_tokens(&text, &default, None);
        assert_eq!(tokens.len(), 3000);
        let long = format!(r"C:\var\lib\kubelet\{}", "x".repeat(2 * LONGEST_PATH));
        let tokens = [tokens, find_windows_tokens(&long, &default, None)].concat();
        let lengths: Vec<usize> = tokens.iter().map(|token| token.rest.len()).collect();
        assert_eq!(lengths, [vec![1; 2999], vec![0, LONGEST_PATH - 1]].concat());
    }
}
