//! Reading a configuration field by field, with what is wrong in it.

use super::{Config, Problem, Way};
use crate::cli::{self, FailOn, From, NamedRoot, TypedRootError, named_root};
use crate::kubepath::{Root, RootError, WindowsRoot, WindowsRootError};
use crate::model::ObjectRef;
use crate::near::nearest;
use crate::yaml::{Document, Node, NodeId};
use clap::ValueEnum as _;

/// The fields of a configuration.
const FIELDS: [&str; 4] = ["kubeletRoot", "from", "windowsKubeletRoot", "failOn"];

/// What every object has.
const HEAD: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// What kustomize itself reads in the configuration of a plugin.
const PLUGIN: [&str; 2] = ["argsOneLiner", "argsFromFile"];

/// The one version of this program's own kind.
const VERSION: &str = "csi-relocate/v1";

/// Reads a configuration, or says all that can't be used in it.
pub(super) fn read(doc: &Document, node: NodeId, way: Way) -> Result<Config, Vec<Problem>> {
    let name = ObjectRef::read(doc, node);
    let section = own_section(&name, way)?;
    let mut reader = Reader { doc, section, problems: Vec::new(), named: Vec::new() };
    reader.head(node, way);
    let config = reader.fields(doc.get(node, section));
    if reader.problems.is_empty() { Ok(config) } else { Err(reader.problems) }
}

/// Where the fields stand in a configuration of a kind.
pub(super) fn section(kind: &str) -> &'static str {
    if kind == "ConfigMap" { "data" } else { "spec" }
}

/// The section of a configuration of a kind that can be one.
fn own_section(name: &ObjectRef, way: Way) -> Result<&'static str, Vec<Problem>> {
    let (kind, version) = (name.kind.as_str(), name.api_version.as_str());
    let expected = match kind {
        ObjectRef::OWN_KIND => VERSION,
        "ConfigMap" if way == Way::Function => "v1",
        _ => {
            let message = format!(
                "a functionConfig of kind {kind:?} can't be read: it has to be a CsiRelocate \
                 ({VERSION}) or a ConfigMap (v1)"
            );
            return Err(vec![Problem::new("kind", message).with(Some(kind), None)]);
        }
    };
    if version == expected {
        return Ok(section(kind));
    }
    let message = format!("apiVersion {version:?} of {kind} isn't known; it has to be {expected}");
    let problem = Problem::new("apiVersion", message);
    Err(vec![problem.with(Some(version), Some(expected.to_owned()))])
}

struct Reader<'d> {
    doc: &'d Document,
    section: &'static str,
    problems: Vec<Problem>,
    /// Names of distributions that stand for roots.
    named: Vec<NamedRoot>,
}

impl Reader<'_> {
    /// Looks for what doesn't belong beside the section.
    fn head(&mut self, node: NodeId, way: Way) {
        for &(key, value) in self.doc.entries(node) {
            let key = self.doc.str(key).unwrap_or_default();
            if HEAD.contains(&key) || key == self.section {
                continue;
            }
            if PLUGIN.contains(&key) {
                if way == Way::Function {
                    let message = format!("{key} is for plugins; a function takes no arguments");
                    self.problems.push(Problem::new(key, message));
                }
                continue;
            }
            let better = near(key, &FIELDS).map(|field| format!("{}.{field}", self.section));
            let better = better.or_else(|| near(key, &[self.section]).map(str::to_owned));
            self.unknown(key.to_owned(), value, better);
        }
    }

    fn fields(&mut self, section: Option<NodeId>) -> Config {
        let mut config = Config::default();
        let Some(section) = section.filter(|node| !self.is_nothing(*node)) else { return config };
        if !matches!(self.doc.node(section), Node::Mapping(_)) {
            let message = format!("{} has to be a mapping with kubeletRoot in it", self.section);
            self.problems.push(Problem::new(self.section, message));
            return config;
        }
        for &(key, value) in self.doc.entries(section) {
            let key = self.doc.str(key).unwrap_or_default();
            let field = format!("{}.{key}", self.section);
            match key {
                "kubeletRoot" => {
                    config.root = self.word(&field, value, root);
                    self.named.extend(self.doc.str(value).and_then(named_root));
                }
                "windowsKubeletRoot" => config.windows = self.word(&field, value, windows),
                "failOn" => config.fail_on = self.word(&field, value, fail_on),
                "from" => config.from = self.from(&field, value),
                _ => {
                    let better = near(key, &FIELDS).map(|near| format!("{}.{near}", self.section));
                    self.unknown(field, value, better);
                }
            }
        }
        config.named = std::mem::take(&mut self.named);
        config
    }

    fn unknown(&mut self, field: String, value: NodeId, better: Option<String>) {
        let hint = match better {
            Some(better) => format!("did you mean {better}?"),
            None => format!("known in {} are {}", self.section, FIELDS.join(", ")),
        };
        let message = format!("the configuration has an unknown field {field}; {hint}");
        self.problems.push(Problem::new(field, message).with(self.doc.str(value), None));
    }

    /// A field that is one word.
    fn word<T>(&mut self, field: &str, value: NodeId, read: Read<T>) -> Option<T> {
        let Some(text) = self.doc.str(value) else {
            self.problems.push(Problem::new(field, format!("{field} has to be one word")));
            return None;
        };
        // A word that was left out is the empty one.
        let text = if self.is_nothing(value) { "" } else { text };
        match read(text) {
            Ok(read) => Some(read),
            Err((why, proposed)) => {
                let message = format!("invalid value '{text}' for {field}: {why}");
                self.problems.push(Problem::new(field, message).with(Some(text), proposed));
                None
            }
        }
    }

    /// A list in an object of the own kind; in a ConfigMap, which has no lists, with commas.
    fn from(&mut self, field: &str, value: NodeId) -> Vec<From> {
        if self.section == "data" {
            let words = self.doc.str(value).unwrap_or_default().split(',').map(str::trim);
            let words: Vec<String> = words.map(str::to_owned).collect();
            return words.iter().filter_map(|word| self.one_from(field, word)).collect();
        }
        let Node::Sequence(items) = self.doc.node(value) else {
            let problem =
                Problem::new(field, format!("{field} has to be a list of roots, or [auto]"));
            let current = self.doc.str(value);
            self.problems.push(problem.with(current, current.map(|word| format!("[{word}]"))));
            return Vec::new();
        };
        let words = items.iter().enumerate().map(|(index, &item)| {
            let text = self.doc.str(item).unwrap_or_default().to_owned();
            (format!("{field}[{index}]"), text)
        });
        let words: Vec<_> = words.collect();
        words.iter().filter_map(|(field, word)| self.one_from(field, word)).collect()
    }

    fn one_from(&mut self, field: &str, word: &str) -> Option<From> {
        match From::parse(word) {
            Ok(from) => {
                self.named.extend(named_root(word));
                Some(from)
            }
            Err(error) => {
                let (why, proposed) = of_typed(&error);
                let message = format!("invalid value '{word}' for {field}: {why}");
                self.problems.push(Problem::new(field, message).with(Some(word), proposed));
                None
            }
        }
    }

    fn is_nothing(&self, node: NodeId) -> bool {
        crate::model::is_null(self.doc, node)
    }
}

/// Reads a word, or says what is wrong with it and what could stand there.
type Read<T> = fn(&str) -> Result<T, (String, Option<String>)>;

fn root(text: &str) -> Result<Root, (String, Option<String>)> {
    cli::root(text).map_err(|error| of_typed(&error))
}

fn windows(text: &str) -> Result<WindowsRoot, (String, Option<String>)> {
    WindowsRoot::parse(text).map_err(|error| {
        let clean = match &error {
            WindowsRootError::NotClean(Some(clean)) | WindowsRootError::Slashes(clean) => clean,
            _ => return (error.to_string(), None),
        };
        (error.to_string(), Some(clean.clone()))
    })
}

fn fail_on(text: &str) -> Result<FailOn, (String, Option<String>)> {
    let known = ["error", "warning", "info"];
    let proposed = || near(text, &known).map(str::to_owned);
    FailOn::from_str(text, false)
        .map_err(|_| ("it has to be error, warning or info".to_owned(), proposed()))
}

fn of_typed(error: &TypedRootError) -> (String, Option<String>) {
    match error {
        TypedRootError::Root(error) => of_root(error),
        TypedRootError::Unknown(near) => {
            let proposed = Some(near.as_slice()).filter(|near| near.len() == 1);
            (error.to_string(), proposed.and_then(|near| near.first()).cloned())
        }
        TypedRootError::Several(_) | TypedRootError::Broken(_) => (error.to_string(), None),
    }
}

fn of_root(error: &RootError) -> (String, Option<String>) {
    let clean = match error {
        RootError::NotClean(clean) => clean.clone(),
        _ => None,
    };
    (error.to_string(), clean)
}

/// The known name that a person may have meant.
fn near<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    nearest(word, known.iter().copied()).into_iter().next()
}
