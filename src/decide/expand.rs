//! Variables in texts: where they are named, and what becomes of a text when they are filled in.

use crate::model::Container;
use std::ops::Range;

/// The names in `$(NAME)`, `${NAME}` and, in shell lines, `$NAME`.
pub(crate) fn variables(text: &str) -> Vec<&str> {
    references(text).into_iter().map(|(_, name)| name).collect()
}

/// Where variables are named, in order: the bytes of `$(NAME)`, and the name.
pub(super) fn references(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('$') {
        let tail = text.get(at + 1..).unwrap_or("");
        let close = match tail.chars().next() {
            Some('(') => ")",
            Some('{') => "}",
            _ => "",
        };
        let inner = tail.get(close.len()..).unwrap_or("");
        let end =
            inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
        let (name, after) = inner.split_at(end);
        if !name.is_empty() && after.starts_with(close) {
            found.push((at..at + 1 + 2 * close.len() + name.len(), name));
        }
    }
    found
}

/// The variables that a text names as Kubernetes does, each as it's written and by its name.
pub(crate) fn kubernetes_variables(text: &str) -> impl Iterator<Item = (&str, &str)> {
    named(text).filter(|(written, _)| written.starts_with("$("))
}

/// The first variable that a text names as a shell does and Kubernetes doesn't, as it's written:
/// `$NAME`, `${NAME}`.
pub(crate) fn shell_variable(text: &str) -> Option<(&str, &str)> {
    named(text).find(|(written, _)| !written.starts_with("$("))
}

/// The variables of a text, each as it's written and by its name.
fn named(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let found = references(text).into_iter();
    found.filter_map(|(range, name)| Some((text.get(range)?, name)))
}

/// The longest text that variables are filled in to; a variable that names itself grows for ever.
const LONGEST_EXPANDED: usize = 4096;

/// A text with the container's own variables filled in, a few levels deep.
pub(crate) fn expand(container: &Container, text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..4 {
        match filled_in(container, &text) {
            Some(next) => text = next,
            None => break,
        }
    }
    text
}

/// The text with each variable once replaced by its value; `None` when there is none, or too much
/// comes of it.
fn filled_in(container: &Container, text: &str) -> Option<String> {
    let found = references(text);
    if found.is_empty() {
        return None;
    }
    let mut next = String::new();
    let mut at = 0;
    for (range, name) in found {
        let Some(value) = container.variable(name).and_then(|it| it.value) else { continue };
        next.push_str(text.get(at..range.start)?);
        if next.len() + value.len() > LONGEST_EXPANDED {
            return None;
        }
        next.push_str(value);
        at = range.end;
    }
    next.push_str(text.get(at..)?);
    (next.len() <= LONGEST_EXPANDED).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::objects;
    use crate::source::Span;
    use crate::yaml::parse;

    #[test]
    fn variables_are_read_in_every_spelling_that_is_closed() {
        assert_eq!(variables("$(A)/${B}/$C-$(D_1)"), ["A", "B", "C", "D_1"]);
        assert_eq!(variables("$(A ${B $(C} $ $() ${} $/x"), [""; 0]);
    }

    #[test]
    fn a_shells_variables_are_told_from_those_of_kubernetes() {
        for (text, found) in [
            ("$(A)/x", None),
            ("$(A)/${B_1}/$C", Some(("${B_1}", "B_1"))),
            ("$A/$(B)", Some(("$A", "A"))),
            ("${A:-/x}/$(B)", None),
        ] {
            assert_eq!(shell_variable(text), found, "{text}");
        }
    }

    /// A text with a variable of this value filled in.
    fn expanded(text: &str, value: &str) -> String {
        let pod = format!(
            "{{apiVersion: v1, kind: Pod, spec: {{containers: [{{name: a, env: [{{name: A, value: '{value}'}}]}}]}}}}"
        );
        let docs = parse(&pod, Span::new(0, pod.len())).unwrap();
        let objects = objects(&docs[0]);
        expand(&objects[0].pods[0].containers[0], text)
    }

    #[test]
    fn a_variable_that_names_itself_does_not_grow_for_ever() {
        assert_eq!(expanded("/$(A)/${A}/$A", "a"), "/a/a/a");
        assert_eq!(expanded("/$(A)/$(B)$AB$A", "a"), "/a/$(B)$ABa");
        let long = "a".repeat(LONGEST_EXPANDED);
        assert_eq!(expanded("$(A)", &long), long);
        assert_eq!(expanded("$(A).", &long), "$(A).");
        assert_eq!(expanded("$(A)$(A)", &long), "$(A)$(A)");
        let itself = "$(A)".repeat(20);
        assert_eq!(expanded("$(A)", &itself), itself.repeat(20));
    }
}
