//! The tables of `symptoms.yaml`, and what their rows must have.

use super::squashed::parts;
use crate::finding::Rule;
use crate::words::Message;
use serde::Deserialize;
use std::collections::BTreeSet;

/// How much harm a symptom tells of, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Harm {
    /// What pods write doesn't reach the storage.
    Lost,
    /// What pods write may not reach the storage; a look at the node tells.
    Maybe,
    /// Something can't be deleted or unmounted any more.
    Stuck,
    /// Volumes, drivers or the kubelet don't start.
    Stopped,
    /// A program beside the drivers fails.
    Other,
    /// It repeats in the log and breaks nothing by itself.
    Noise,
}

/// Whose root a line's path tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The kubelet's own: it passed the path, so this is where it lives.
    Kubelets,
    /// The manifest's: the kubelet isn't there.
    Manifest,
    /// One of both; it takes a look at the node to tell.
    Either,
}

/// Everything that stands in the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Table {
    /// What names in braces stand for in a pattern.
    pub(super) classes: Vec<Class>,
    /// What makes a directory below `pods` or `plugins` a kubelet's, said in the same line.
    pub(super) evidence: Vec<Evidence>,
    /// Directories that are no kubelet's root.
    pub(super) no_roots: Vec<NoRoot>,
    /// The rows.
    pub(super) symptoms: Vec<Symptom>,
}

/// A name in braces and the expression it stands for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    name: String,
    regex: String,
    source: String,
}

/// Text of a line that speaks of drivers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Evidence {
    pub(super) regex: String,
    source: String,
}

/// A directory where no kubelet lives; with `/**` at its end, everything below as well.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoRoot {
    pub(super) path: String,
    source: String,
}

/// A row of the table: what is said, and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Symptom {
    /// A readable name, which the texts go by.
    pub id: String,
    /// How much harm it tells of.
    pub harm: Harm,
    /// Whether a path of a manifest can be at fault at all.
    pub path_problem: bool,
    /// What lines say; empty where no program says anything.
    pub(super) patterns: Vec<Pattern>,
    /// Lines that take the symptom back when one of them follows.
    #[serde(default)]
    pub(super) answers: Vec<Pattern>,
    /// The ids of the rules of `check` that go with it.
    pub rules: Vec<String>,
    /// What people write.
    pub phrasings: Vec<String>,
    /// Words that make the phrasings mean something else.
    #[serde(default)]
    pub(super) unless: Vec<String>,
    /// The phrasings fit several causes, which the texts list: it is told only where the words fit
    /// nothing better.
    #[serde(default)]
    pub vague: bool,
    /// Where somebody else can look the facts up.
    pub sources: Vec<String>,
}

/// One spelling of a symptom.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pattern {
    /// Text that every such line contains, spelled the same however often the line is quoted.
    pub(super) needle: String,
    /// What must match then; the needle is enough without it.
    pub(super) regex: Option<String>,
    /// Whose root the captured path tells.
    pub(super) names: Option<Side>,
    /// The path is all there is to tell the symptom by: it must lie below a kubelet's root.
    #[serde(default)]
    pub(super) rooted: bool,
}

impl Table {
    /// Puts expressions in place of the names in braces, everywhere.
    pub(super) fn expand(&mut self) {
        let classes = &self.classes;
        let expanded = |regex: &str| {
            let put = |text: String, class: &Class| {
                text.replace(&format!("{{{}}}", class.name), &class.regex)
            };
            classes.iter().fold(regex.to_owned(), put)
        };
        for evidence in &mut self.evidence {
            evidence.regex = expanded(&evidence.regex);
        }
        for symptom in &mut self.symptoms {
            for pattern in symptom.patterns.iter_mut().chain(&mut symptom.answers) {
                pattern.regex = pattern.regex.as_deref().map(expanded);
            }
        }
    }

    /// Whether the rows can be worked with; what is wrong, if not.
    pub(super) fn validate(&self) -> Result<(), String> {
        let sources = self.classes.iter().map(|row| &row.source);
        let sources = sources.chain(self.evidence.iter().map(|row| &row.source));
        let mut sources = sources.chain(self.no_roots.iter().map(|row| &row.source));
        if sources.any(|source| source.trim().is_empty()) {
            return Err("a row has no source".to_owned());
        }
        let ids: BTreeSet<&str> = self.symptoms.iter().map(|row| row.id.as_str()).collect();
        if ids.len() != self.symptoms.len() {
            return Err("an id stands there twice".to_owned());
        }
        let fault = self.symptoms.iter().find_map(|symptom| Some((symptom, symptom.fault()?)));
        fault.map_or(Ok(()), |(symptom, fault)| Err(format!("{}: {fault}", symptom.id)))
    }
}

impl Symptom {
    /// What it is, in a few words; its attributes are `cause`, `tell-apart` and `fix`.
    #[must_use]
    pub fn title(&self) -> Message {
        Message::new(format!("symptom-{}", self.id))
    }

    /// Texts of which a line that shows it contains one, each once.
    pub fn needles(&self) -> impl Iterator<Item = &str> {
        let needles: BTreeSet<&str> =
            self.patterns.iter().map(|pattern| pattern.needle.as_str()).collect();
        needles.into_iter()
    }

    /// Whether it consists in nothing following: only a whole log tells it.
    #[must_use]
    pub fn takes_a_log(&self) -> bool {
        !self.answers.is_empty()
    }

    /// Every pattern of the row; those that take it back with `true`.
    pub(super) fn all_patterns(&self) -> impl Iterator<Item = (bool, &Pattern)> {
        let answers = self.answers.iter().map(|pattern| (true, pattern));
        self.patterns.iter().map(|pattern| (false, pattern)).chain(answers)
    }

    /// What is wrong with the row.
    fn fault(&self) -> Option<&'static str> {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let blank = |text: &String| text.trim().is_empty();
        if self.id.is_empty() || !self.id.chars().all(is_name) {
            return Some("its id isn't in lower case with hyphens");
        }
        if Rule::ALL.iter().any(|rule| rule.id() == self.id) {
            return Some("a rule has the same id");
        }
        if self.sources.is_empty() || self.sources.iter().any(blank) {
            return Some("it has no source");
        }
        if self.patterns.is_empty() && self.phrasings.is_empty() {
            return Some("nothing tells it");
        }
        if self
            .phrasings
            .iter()
            .chain(&self.unless)
            .flat_map(|text| parts(text))
            .any(|part| part.is_empty())
        {
            return Some("a phrasing is empty");
        }
        if self.vague && !self.patterns.is_empty() {
            return Some("what a program says isn't vague");
        }
        let is_known = |id: &String| Rule::ALL.iter().any(|rule| rule.id() == id);
        if !self.rules.iter().all(is_known) {
            return Some("it names a rule that doesn't exist");
        }
        self.all_patterns().find_map(|(_, pattern)| pattern.fault())
    }
}

impl Pattern {
    fn fault(&self) -> Option<&'static str> {
        // Quoted text doubles these, or puts others in their place.
        if self.needle.is_empty() || self.needle.contains(['"', '\\', '\n', '<', '>', '&']) {
            return Some("a needle is empty or has a character that is quoted in some logs");
        }
        let has_path = self.regex.as_ref().is_some_and(|regex| regex.contains("(?P<path>"));
        ((self.names.is_some() || self.rooted) && !has_path)
            .then_some("a pattern tells a root and captures no path")
    }
}
