//! What is said of a chart and its values. What is known is printed as a values file: all words in
//! it are comments.

use crate::helm::{Chart, Comparison, Strayed};
use crate::invocation::quoted;
use crate::knowledge::{ChartRow, Does, Miss};
use crate::report::plain;
use std::fmt::Write as _;
use std::path::Path;

/// Stands for a root that wasn't named.
pub(crate) const ANY_ROOT: &str = "DIR";

/// A chart of which the root is asked.
pub(crate) struct Asked<'a> {
    pub(crate) chart: &'a Chart,
    /// Its folder, as it was named.
    pub(crate) folder: &'a Path,
    pub(crate) root: &'a str,
    pub(crate) windows: Option<&'a str>,
}

impl Asked<'_> {
    /// How this very chart is verified.
    fn verify(&self, keys: &[&str]) -> String {
        let keys: String = keys.iter().map(|key| format!("--verify {} ", quoted(key))).collect();
        let folder = quoted(&self.folder.display().to_string());
        format!("csi-relocate helm-values {keys}{folder}")
    }
}

/// The values for a root, and what they leave behind.
pub(crate) fn known(row: &ChartRow, asked: &Asked<'_>) -> String {
    let mut text = format!("# {} {}\n", plain(&asked.chart.name), plain(&asked.chart.version));
    let _ = writeln!(text, "# known from {}", row.source);
    let mut values = Vec::new();
    for value in &row.values {
        let key = &value.key;
        match (value.does, value.windows, asked.windows) {
            (Does::Nothing, ..) => {
                let _ = writeln!(text, "# leave {key}: it changes nothing");
            }
            (Does::Harm, ..) => {
                let _ = writeln!(
                    text,
                    "# leave {key}: the kubelet has {} at a constant place",
                    value.below
                );
            }
            (Does::Move, true, None) => {
                let _ = writeln!(text, "# for Windows nodes there is {key}");
            }
            (Does::Move, true, Some(root)) => values.push((key.as_str(), value.for_root(root))),
            (Does::Move, false, _) => values.push((key.as_str(), value.for_root(asked.root))),
        }
    }
    text.push_str(&snippet(&values));
    let has_not = |key: &str| asked.chart.value(key).is_none();
    for (key, _) in values.iter().filter(|(key, _)| has_not(key)) {
        let _ = writeln!(text, "# values.yaml of this chart doesn't name {key}: verify it");
    }
    let matters = |field: &&Miss| !field.windows || asked.windows.is_some();
    let is_complete = list(&row.misses, matters, "these values leave behind", &mut text)
        & list(&row.drags, matters, "these values also move what has to stay", &mut text);
    text.push_str(if is_complete {
        "# nothing is known to be left behind; to be sure of this very chart:\n"
    } else {
        "# so rewrite what is rendered: docs/integrations/helm.md; to see it in this very chart:\n"
    });
    let keys: Vec<&str> = row
        .values
        .iter()
        .filter(|value| value.does == Does::Move && !value.windows)
        .map(|value| value.key.as_str())
        .collect();
    let _ = writeln!(text, "#   {}", asked.verify(&keys));
    text
}

/// Lists fields under a title; true when there are none.
fn list(fields: &[Miss], matters: impl Fn(&&Miss) -> bool, title: &str, text: &mut String) -> bool {
    let mut fields = fields.iter().filter(matters).peekable();
    let is_empty = fields.peek().is_none();
    if !is_empty {
        let _ = writeln!(text, "# {title}:");
    }
    for field in fields {
        let _ = writeln!(text, "#   {}, {}", field.object, field.field);
    }
    is_empty
}

/// What may be tried with a chart that isn't known.
pub(crate) fn unknown(asked: &Asked<'_>) -> String {
    let chart = asked.chart;
    let mut text = format!("# {} {} is not known\n", plain(&chart.name), plain(&chart.version));
    let candidates: Vec<_> = chart.candidates().collect();
    let Some(first) = candidates.first() else {
        text.push_str("# and no key in its values.yaml looks as if it moved the root;\n");
        text.push_str("# rewrite what is rendered: docs/integrations/helm.md\n");
        return text;
    };
    text.push_str("# keys in its values.yaml that look as if they moved the root:\n");
    for own in &candidates {
        let _ = writeln!(text, "#   {}: {}", plain(&own.key), plain(&own.value));
    }
    let _ = writeln!(text, "# whether one does:\n#   {}", asked.verify(&[&first.key]));
    text
}

/// Values as a values file, keys that belong together under one another.
fn snippet(values: &[(&str, String)]) -> String {
    let values: Vec<(Vec<String>, &str)> =
        values.iter().map(|(key, value)| (steps(key), value.as_str())).collect();
    let mut text = String::new();
    write_level(&values, 0, &mut text);
    text
}

fn write_level(values: &[(Vec<String>, &str)], depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let mut done: Vec<&String> = Vec::new();
    for (steps, value) in values {
        let Some(step) = steps.get(depth).filter(|step| !done.contains(step)) else { continue };
        done.push(step);
        if steps.len() == depth + 1 {
            let _ = writeln!(text, "{indent}{step}: {value}");
            continue;
        }
        let _ = writeln!(text, "{indent}{step}:");
        let below = values.iter().filter(|(steps, _)| steps.get(depth) == Some(step));
        write_level(&below.cloned().collect::<Vec<_>>(), depth + 1, text);
    }
}

/// The keys of a path with dots; a dot behind a backslash belongs to a key.
fn steps(key: &str) -> Vec<String> {
    let hidden = key.replace("\\.", "\u{0}");
    hidden.split('.').map(|step| step.replace('\u{0}', ".")).collect()
}

/// What came of setting values.
pub(crate) fn verified(keys: &[String], comparison: &Comparison) -> String {
    let keys: Vec<String> = keys.iter().map(|key| plain(key)).collect();
    let (what, them) = (keys.join(" and "), if keys.len() > 1 { "" } else { "s" });
    if !comparison.has_effect {
        return format!(
            "{what} change{them} nothing: is the key written as in values.yaml, with all keys above it?\n"
        );
    }
    let all = comparison.moved + comparison.missed.len();
    let mut text = format!(
        "{what} move{them} {} of {all} fields that are tied to the root\n",
        comparison.moved
    );
    if !comparison.missed.is_empty() {
        let _ = writeln!(text, "\nleft behind:");
        comparison.missed.iter().for_each(|strayed| write_field(strayed, &mut text));
    }
    if !comparison.dragged.is_empty() {
        let _ = writeln!(text, "\nmoved, although programs have it at a constant place:");
        comparison.dragged.iter().for_each(|strayed| write_field(strayed, &mut text));
    }
    if !comparison.is_right() {
        text.push_str("\nrewrite what is rendered instead: docs/integrations/helm.md\n");
    }
    text
}

fn write_field(strayed: &Strayed, text: &mut String) {
    let object = plain(&strayed.object.to_string());
    let found = strayed.found.as_deref().map_or("(it isn't there any more)".to_owned(), plain);
    let _ = writeln!(text, "  {object}, {}", plain(&strayed.field));
    let _ = writeln!(text, "    is:        {found}\n    should be: {}", plain(&strayed.expected));
}

/// Said where there is nothing to verify.
pub(crate) const NOTHING_TO_MOVE: &str =
    "note: nothing that this chart renders is tied to the root; a part of it may be switched off";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_belong_together_stand_together() {
        let value = |text: &str| text.to_owned();
        let values = [("a.b.c", value("/x")), ("d", value("/y")), ("a.e\\.f", value("/z"))];
        assert_eq!(snippet(&values), "a:\n  b:\n    c: /x\n  e.f: /z\nd: /y\n");
    }
}
