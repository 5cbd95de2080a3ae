//! Results at the end of a list, in the list's own style; no byte of the list changes.

use super::FunctionResult;
use crate::error::Fault;
use crate::model::{RESOURCE_LIST, ResourceList, is_null};
use crate::plan::{Edit, apply, without_properties};
use crate::source::{Span, line_starts};
use crate::yaml::{Document, Node, NodeId, Style, is_break, line_before};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use std::collections::HashSet;

/// The list with these results after those that it has; nothing is said twice, so that a second
/// run adds nothing.
///
/// # Errors
/// A [`Fault`] when the result can't be read again.
pub(super) fn with_results(text: &str, results: &[FunctionResult]) -> Result<String, Fault> {
    let (doc, list) = read(text)?;
    let said = list.results.map_or(&[][..], |said| doc.items(said));
    let known: HashSet<Said<'_>> = said.iter().flat_map(|old| Said::by(&doc, *old)).collect();
    let is_new = |result: &&FunctionResult| !known.contains(&Said::of(result));
    let new: Vec<&FunctionResult> = results.iter().filter(is_new).collect();
    // What another function wrote in a form of its own is left to it; ours is on standard error.
    if new.is_empty() || !list.results.is_none_or(|said| can_take(&doc, said)) {
        return Ok(text.to_owned());
    }
    let edit = edit(text, &doc, &list, &new)?;
    let output = apply(text, &[edit])?;
    let (doc, list) = read(&output)?;
    let found = list.results.map_or(0, |results| doc.items(results).len());
    if found == said.len() + new.len() {
        Ok(output)
    } else {
        Err(Fault::new("the results aren't where they were written"))
    }
}

/// Whether results can be added to a value: to a list, or in place of nothing.
fn can_take(doc: &Document, said: NodeId) -> bool {
    matches!(doc.node(said), Node::Sequence(_)) || is_null(doc, said)
}

fn read(text: &str) -> Result<(Document, ResourceList), Fault> {
    let doc = super::recognise(text).map_err(|error| Fault::new(error.message))?;
    let list = doc.and_then(|doc| ResourceList::read(&doc).map(|list| (doc, list)));
    list.ok_or_else(|| Fault::new(format!("the output is no {RESOURCE_LIST}")))
}

/// What makes results the same: the same rule of the same place. What is said names paths, which are
/// others once they have moved.
#[derive(PartialEq, Eq, Hash)]
enum Said<'a> {
    /// Without a rule, the message.
    Words(&'a str),
    /// The rule, the field, and the object by its apiVersion, kind, namespace and name, where one
    /// is meant.
    Rule(&'a str, &'a str, Option<[&'a str; 4]>),
}

impl<'a> Said<'a> {
    fn of(new: &'a FunctionResult) -> Self {
        let Some(rule) = new.tags.get("rule") else { return Self::Words(&new.message) };
        let field = new.field.as_ref().map_or("", |field| field.path.as_str());
        let object = new.resource_ref.as_ref().map(|object| {
            [&object.api_version, &object.kind, &object.namespace, &object.name].map(String::as_str)
        });
        Self::Rule(rule, field, object)
    }

    /// All that a result of the list says: it may be asked about with an object, and without one.
    fn by(doc: &'a Document, old: NodeId) -> [Self; 3] {
        let text = |keys: &[&str]| {
            let node = keys.iter().try_fold(old, |node, key| doc.get(node, key));
            node.and_then(|node| doc.str(node)).unwrap_or_default()
        };
        let (rule, field) = (text(&["tags", "rule"]), text(&["field", "path"]));
        let object =
            ["apiVersion", "kind", "namespace", "name"].map(|key| text(&["resourceRef", key]));
        [
            Self::Words(text(&["message"])),
            Self::Rule(rule, field, None),
            Self::Rule(rule, field, Some(object)),
        ]
    }
}

fn edit(
    text: &str,
    doc: &Document,
    list: &ResourceList,
    new: &[&FunctionResult],
) -> Result<Edit, Fault> {
    let is_flow = doc.is_flow(list.root);
    match list.results {
        None if is_flow => after_last_entry(text, doc, list.root, new),
        None => lines(text, doc, list.root, "results:", new),
        Some(said) => match doc.items(said).last() {
            Some(&last) if doc.is_flow(said) => {
                let json = items(text, new, indent_of(text, doc.span(last).start))?;
                Ok(insert(doc.span(last).end, format!(", {json}")))
            }
            Some(_) => lines(text, doc, said, "", new),
            // `results: []`, `results: null` or nothing at all.
            None => {
                let span = doc.span(said);
                let json = items(text, new, indent_of(text, span.start))?;
                let blank = if span.is_empty() { " " } else { "" };
                Ok(Edit { span, text: format!("{blank}[{json}]") })
            }
        },
    }
}

const fn insert(at: usize, text: String) -> Edit {
    Edit { span: Span::new(at, at), text }
}

/// Behind the last entry of `{…}`, on a line of its own where the keys have lines of their own.
fn after_last_entry(
    text: &str,
    doc: &Document,
    root: NodeId,
    new: &[&FunctionResult],
) -> Result<Edit, Fault> {
    let entries = doc.entries(root);
    let (Some(&(key, _)), Some(&(_, last))) = (entries.first(), entries.last()) else {
        return Err(Fault::new("an empty mapping is no list"));
    };
    let is_quoted = matches!(doc.node(key), Node::Scalar { style: Style::DoubleQuoted, .. });
    let name = if is_quoted { "\"results\"" } else { "results" };
    let indent = indent_of(text, doc.span(key).start);
    let lead =
        indent.map_or_else(|| " ".to_owned(), |indent| format!("{}{indent}", line_break(text)));
    let json = items(text, new, indent)?;
    Ok(insert(doc.span(last).end, format!(",{lead}{name}: [{json}]")))
}

/// The blanks before a key that begins its line.
fn indent_of(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at)?;
    let line = before.get(before.rfind(['\n', '\r'])? + 1..)?;
    line.chars().all(|c| c == ' ' || c == '\t').then_some(line)
}

/// Results as JSON, without the brackets; pretty where the neighbourhood is, which has lines
/// that begin with `indent`.
fn items(text: &str, new: &[&FunctionResult], indent: Option<&str>) -> Result<String, Fault> {
    let json = |result: &&FunctionResult| match indent {
        Some(indent) if !indent.is_empty() => pretty(text, result, indent),
        _ => serde_json::to_string(result).map_err(|error| Fault::new(error.to_string())),
    };
    let json: Result<Vec<String>, Fault> = new.iter().map(json).collect();
    Ok(json?.join(", "))
}

fn pretty(text: &str, result: &FunctionResult, indent: &str) -> Result<String, Fault> {
    let mut json = Vec::new();
    let step = PrettyFormatter::with_indent(indent.as_bytes());
    let written = result.serialize(&mut Serializer::with_formatter(&mut json, step));
    written.map_err(|error| Fault::new(error.to_string()))?;
    let json = String::from_utf8(json).map_err(|error| Fault::new(error.to_string()))?;
    Ok(json.replace('\n', &format!("{}{indent}", line_break(text))))
}

/// Lines behind a block collection, indented as it is.
fn lines(
    text: &str,
    doc: &Document,
    behind: NodeId,
    title: &str,
    new: &[&FunctionResult],
) -> Result<Edit, Fault> {
    let span = doc.span(behind);
    let lead = without_properties(line_before(text, span.start));
    let indent = " ".repeat(lead.trim_start_matches('\u{feff}').chars().count());
    let yaml = serde_yaml::to_string(new).map_err(|error| Fault::new(error.to_string()))?;
    // What ends with its line break is a block scalar.
    let ends = text.get(..span.end).is_some_and(|before| before.ends_with(['\n', '\r']));
    let next = line_starts(text.as_bytes()).find(|start| *start > span.end);
    // A line break behind a block scalar would belong to its text. A line with a tab may follow on a
    // text, but on nothing that is indented further.
    let is_last = next.is_none() && ends_as_block(doc, behind) || is_before_tab(text, span.end);
    let (at, whole) = match next {
        _ if ends => (span.end, true),
        _ if is_last => (line_of_last_child(text, doc, behind), true),
        Some(next) => (next, true),
        None => (text.len(), false),
    };
    let newline = line_break(text);
    let lines: Vec<String> = [title]
        .into_iter()
        .filter(|title| !title.is_empty())
        .chain(yaml.lines())
        .map(|line| format!("{indent}{line}"))
        .collect();
    let lines = lines.join(newline);
    let lines = if whole { format!("{lines}{newline}") } else { format!("{newline}{lines}") };
    Ok(insert(at, lines))
}

/// Whether a tab stands in the blank lines below a byte's own.
fn is_before_tab(text: &str, at: usize) -> bool {
    let below = text.get(at..).unwrap_or_default().trim_start_matches([' ', '\t']);
    let is_blank = |c: &char| c.is_ascii_whitespace() || is_break(*c);
    below.chars().take_while(is_blank).any(|c| c == '\t')
}

/// Whether the last thing in a collection is a text written with `|` or `>`.
fn ends_as_block(doc: &Document, node: NodeId) -> bool {
    if doc.is_alias(node) {
        return false;
    }
    match doc.node(node) {
        Node::Scalar { style, .. } => matches!(style, Style::Literal | Style::Folded),
        Node::Sequence(items) => items.last().is_some_and(|&last| ends_as_block(doc, last)),
        Node::Mapping(entries) => entries.last().is_some_and(|&(_, last)| ends_as_block(doc, last)),
    }
}

/// Where the line begins in which the last child of a block collection does.
fn line_of_last_child(text: &str, doc: &Document, node: NodeId) -> usize {
    let key = doc.entries(node).last().map(|&(key, _)| key);
    let child = key.or_else(|| doc.items(node).last().copied()).unwrap_or(node);
    let start = doc.span(child).start;
    line_starts(text.as_bytes()).take_while(|line| *line <= start).last().unwrap_or(0)
}

/// The line break that the text uses.
fn line_break(text: &str) -> &'static str {
    let first = text.find('\n').and_then(|at| text.get(..at));
    if first.is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
}
