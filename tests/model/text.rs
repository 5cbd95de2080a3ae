//! Roots put into a written manifest, one place at a time.

use super::node::R;

/// How many places there are.
pub(crate) fn places(text: &str) -> usize {
    text.matches(R).count()
}

/// Puts a root into each place; `root` is asked for each by its number.
pub(crate) fn fill<'a>(text: &str, escaped: bool, root: impl Fn(usize) -> &'a str) -> String {
    let mut out = String::new();
    for (number, part) in text.split(R).enumerate() {
        if number > 0 {
            let root = root(number - 1);
            out.push_str(&if escaped { root.replace('/', "\\/") } else { root.to_owned() });
        }
        out.push_str(part);
    }
    out
}
