//! What two parsers make of a document, held against each other.

use crate::reader::View;
use csi_relocate::yaml::{Document, Node, NodeId, Style};
use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    Kubectl,
    CsiRelocate,
}

/// In what both sides differ, and who alone accepts the document.
pub(crate) fn difference(
    documents: &Result<Vec<Document>, String>,
    view: &View,
) -> Option<(Option<Side>, String)> {
    match (documents, &view.documents) {
        (Err(_), None) => None,
        (Err(message), Some(_)) => Some((Some(Side::Kubectl), message.clone())),
        (Ok(_), None) => Some((Some(Side::CsiRelocate), without_places(&view.error))),
        (Ok(documents), Some(values)) => {
            let value = values.first().unwrap_or(&Value::Null);
            let doc = documents.first();
            let root = doc.and_then(|doc| Some((doc, doc.root()?)));
            let problem = match root {
                Some((doc, root)) => unlike(doc, root, value),
                None => (!value.is_null()).then(|| format!("nothing, and {}", kind(value))),
            };
            problem.map(|problem| (None, problem))
        }
    }
}

/// A message without the lines that it names, so that equal problems read alike.
fn without_places(message: &str) -> String {
    let is_line =
        |word: &str| word.strip_suffix(':').is_some_and(|line| line.parse::<u32>().is_ok());
    let words = message.split(' ').map(|word| if is_line(word) { "N:" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(120).collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "a null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

fn unlike(doc: &Document, node: NodeId, value: &Value) -> Option<String> {
    match (doc.node(node), value) {
        (Node::Scalar { value: own, .. }, Value::String(text)) => {
            (own != text).then(|| "another text".to_owned())
        }
        // Which plain words are numbers is no matter here.
        (
            Node::Scalar { value: own, style: Style::Plain },
            Value::Null | Value::Bool(_) | Value::Number(_),
        ) => (!is_typed(own)).then(|| format!("a word, and {}", kind(value))),
        (Node::Sequence(items), Value::Array(values)) => {
            if items.len() != values.len() {
                return Some("a list of another length".to_owned());
            }
            items.iter().zip(values).find_map(|(item, value)| unlike(doc, *item, value))
        }
        (Node::Mapping(entries), Value::Object(values)) => {
            let is_plain =
                |node| matches!(doc.node(node), Node::Scalar { style: Style::Plain, .. });
            let typed =
                |&&(key, _): &&(NodeId, NodeId)| is_plain(key) && doc.str(key).is_none_or(is_typed);
            let has_typed = entries.iter().any(|entry| typed(&entry));
            for (key, value) in values {
                let problem = match doc.get(node, key) {
                    Some(own) => unlike(doc, own, value),
                    None => (!has_typed).then(|| "a key that isn't there".to_owned()),
                };
                // A key may be written twice, in two spellings of one value.
                if problem.is_some() && !has_typed {
                    return problem;
                }
            }
            let keys = entries.iter().filter(|entry| !typed(entry));
            let mut keys = keys.filter_map(|&(key, _)| doc.str(key)).filter(|key| *key != "<<");
            keys.any(|key| !values.contains_key(key)).then(|| "a key that Go hasn't".to_owned())
        }
        (own, value) => {
            let own = match own {
                Node::Scalar { .. } => "a quoted scalar",
                Node::Sequence(_) => "a list",
                Node::Mapping(_) => "a mapping",
            };
            Some(format!("{own}, and {}", kind(value)))
        }
    }
}

/// Whether a plain word may be a number, a truth value or nothing to YAML 1.1.
fn is_typed(word: &str) -> bool {
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "~"];
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
        || word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        || word.is_empty()
}
