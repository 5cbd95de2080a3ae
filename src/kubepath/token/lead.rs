//! Where a path begins: what may stand before its first slash.

use std::cell::OnceCell;

/// What stands before a path's first component.
#[derive(Clone, Copy)]
pub(super) struct Lead {
    /// Where its slashes begin.
    pub(super) start: usize,
    /// They are escaped, as in `s/\/var\/lib/…/`.
    pub(super) escaped: bool,
}

/// Where the first `/(` of a text stands; few texts are asked.
#[derive(Default)]
pub(super) struct Open(OnceCell<Option<usize>>);

impl Open {
    fn in_text(&self, text: &str) -> Option<usize> {
        *self.0.get_or_init(|| text.find("/("))
    }
}

/// What stands before `start`, which is behind a slash, a `|` or a `(`, if a path can begin there.
pub(super) fn leading_slashes(text: &str, start: usize, open: &Open) -> Option<Lead> {
    let before = text.get(..start)?;
    let head = before.trim_end_matches('/');
    let slashes = before.len() - head.len();
    let lead = Lead { start: head.len(), escaped: false };
    let Some(previous) = head.chars().next_back() else { return Some(lead) };
    if slashes == 0 {
        // `^/(dev|var/lib/kubelet/pods)`: the slash stands before the alternatives.
        let is_open = || open.in_text(text).is_some_and(|open| open + 2 <= start);
        let alternative = matches!(previous, '|' | '(') && is_open();
        return alternative.then_some(lead);
    }
    match previous {
        '\\' => {
            let head = head.trim_end_matches('\\');
            let continued = head.chars().next_back().is_some_and(|last| continues(head, last));
            (!continued).then_some(Lead { start: head.len(), escaped: true })
        }
        ':' if !is_path_after_colon(head, slashes) => None,
        _ => (!continues(head, previous)).then_some(lead),
    }
}

/// Whether a slash behind a text, whose last character this is, makes what follows a part of a longer
/// path.
fn continues(head: &str, last: char) -> bool {
    joins_before(last) && !is_behind_sign(head, last)
}

/// Whether what ends with a letter or a sign ends there, and a path begins behind it: the shell's
/// default for a variable (`${ROOT:-/var/lib/kubelet}`), the value of a flag of one letter
/// (`tar -C/var/lib/kubelet`), and the end of a line as JSON inside of JSON writes it.
fn is_behind_sign(head: &str, last: char) -> bool {
    let before = head.strip_suffix(last).unwrap_or("");
    match last {
        '-' | '+' => {
            let variable = before.strip_suffix(':').unwrap_or(before);
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            before.ends_with(':') || variable.trim_end_matches(is_name).ends_with("${")
        }
        'n' | 't' | 'r' if before.ends_with('\\') => true,
        letter => {
            let flag = before.strip_suffix('-').filter(|_| letter.is_ascii_alphabetic());
            flag.is_some_and(|word| !word.ends_with(|c: char| !is_between_words(c)))
        }
    }
}

/// Whether a word of a command can begin behind this character.
fn is_between_words(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ';' | '&' | '|')
}

/// Whether slashes after a colon begin a path: not `C:/var/…`, a Windows drive, and not
/// `http://var/…`, which names a host called `var`.
fn is_path_after_colon(head: &str, slashes: usize) -> bool {
    let scheme = head.strip_suffix(':').unwrap_or(head);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+.-".contains(c);
    let word = scheme.get(scheme.trim_end_matches(is_part).len()..).unwrap_or("");
    let is_letter = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    let before = scheme.trim_end_matches(is_part);
    let is_drive = is_letter && may_end_before_drive(before);
    let is_host = slashes == 2 && !word.is_empty() && !word.ends_with("unix");
    !is_drive && !is_host
}

/// Whether a letter with a colon and a slash behind this text is a drive of Windows: `unix://C:/var/…`
/// and `unix:///C:/var/…` have one, `/a/b:/var/…` is two paths of Linux.
pub(in crate::kubepath) fn may_end_before_drive(before: &str) -> bool {
    !before.ends_with('/') || before.ends_with("//") || before.ends_with(":/")
}

/// Characters that, before a slash, make what follows a part of a longer path: `/host/var`,
/// `$(X)/var`.
fn joins_before(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '.' | '_' | '-' | '~' | '+' | ')' | '}' | ']' | '?' | '$')
}
