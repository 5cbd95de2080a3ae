//! The rows of the table, and what a row must have.

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
    /// Something can't be deleted or unmounted any more.
    Stuck,
    /// Volumes, drivers or the kubelet don't start.
    Stopped,
    /// It repeats in the log and breaks nothing by itself.
    Noise,
    /// A program beside the drivers fails.
    Other,
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
}

/// What the names in braces stand for in a pattern. No class here needs tables of Unicode.
const NAMES: [(&str, &str); 7] = [
    // An absolute path, to the next character that ends one in prose, quotes or lists.
    ("{path}", r#"(?P<path>/[^ \t"'`\[\]{}(),;:<>|]+)"#),
    // A path below a kubelet's pods.
    ("{pod}", r#"(?P<path>/[^ \t"'`\[\]{}(),;:<>|]*/pods/[^ \t"'`\[\]{}(),;:<>|]+)"#),
    // A path below a directory of drivers, such as a driver's socket.
    ("{plugin}", r#"(?P<path>/[^ \t"'`,;:]*/(?:csi-)?plugins/[^ \t"'`,;:]+)"#),
    // A staged volume.
    (
        "{staged}",
        r#"(?P<path>/[^ \t"'`,;:]*/(?:plugins/kubernetes\.io|csi-plugins)/[^ \t"'`,;:]+)"#,
    ),
    // A path of a pod or of a staged volume.
    (
        "{below}",
        r#"(?P<path>/[^ \t"'`,;:]*/(?:pods|plugins/kubernetes\.io|csi-plugins)/[^ \t"'`,;:]+)"#,
    ),
    // A driver's name, which is a DNS name.
    ("{driver}", r"(?P<driver>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"),
    ("{word}", r"[^ \t]+"),
];

impl Pattern {
    /// The pattern's regular expression, written out.
    pub(super) fn expanded(&self) -> Option<String> {
        let regex = self.regex.as_ref()?;
        let expand = |text: String, (name, meaning): &(&str, &str)| text.replace(name, meaning);
        Some(NAMES.iter().fold(regex.clone(), expand))
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
        if self.phrasings.iter().any(|phrasing| super::phrase::squash(phrasing).is_empty()) {
            return Some("a phrasing is empty");
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
        let has_path = self.expanded().is_some_and(|regex| regex.contains("(?P<path>"));
        (self.names.is_some() && !has_path).then_some("a pattern tells a root and captures no path")
    }
}

/// Whether the rows can be worked with; what is wrong, if not.
pub(super) fn validate(symptoms: &[Symptom]) -> Result<(), String> {
    let ids: BTreeSet<&str> = symptoms.iter().map(|symptom| symptom.id.as_str()).collect();
    if ids.len() != symptoms.len() {
        return Err("an id stands there twice".to_owned());
    }
    let fault = symptoms.iter().find_map(|symptom| Some((symptom, symptom.fault()?)));
    fault.map_or(Ok(()), |(symptom, fault)| Err(format!("{}: {fault}", symptom.id)))
}
