//! What people write when they describe a symptom.

use super::squashed::{Squashed, parts};
use super::table::Symptom;
use regex::Regex;

/// A person's question is shorter than this many characters.
const MAX_QUESTION: usize = 500;

/// What lines of programs begin with or contain, and people's sentences don't.
pub(super) const OF_PROGRAMS: &str = concat!(
    r"(?m)^[ \t]*(?:",
    // klog, then times as journald, loggers of Go and container runtimes write them.
    r"[IWEF][0-9]{4} [0-9]{2}:|[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:",
    r"|[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:",
    // Records of JSON, a prefix in brackets, a program with its process, a level, an event.
    r"|[{\[]|[a-z][A-Za-z0-9._-]*\[[0-9]+\]:",
    r"|(?i-u:error|err|fatal|panic|warn|warning|info|debug|output)(?::|\[|\()",
    r"|(?:Warning|Normal)[ \t]+[A-Z][A-Za-z]+[ \t])",
    r"|rpc error|code = [A-Z]|level=|msg=|err=|error=|\.go:[0-9]|\(UniqueName:|exit status",
    r"|Error response from daemon",
);

/// The phrasings of all symptoms, ready to be looked for.
#[derive(Debug)]
pub(super) struct Phrases {
    /// In the order of the table.
    phrases: Vec<Phrase>,
    of_programs: Regex,
}

/// A phrasing, reduced to what counts.
#[derive(Debug)]
struct Phrase {
    /// Which symptom it describes, as an index into the table.
    symptom: usize,
    /// It makes other phrasings of the symptom mean something else.
    is_objection: bool,
    /// Its parts, which a text has in this order; `…` in the table separates them.
    parts: Vec<String>,
}

impl Phrases {
    /// Takes the phrasings of the rows.
    pub(super) fn new(symptoms: &[Symptom]) -> Result<Self, String> {
        let mut phrases = Vec::new();
        for (index, symptom) in symptoms.iter().enumerate() {
            let phrase = |is_objection: bool| {
                move |text: &String| Phrase {
                    symptom: index,
                    is_objection,
                    parts: parts(text).collect(),
                }
            };
            phrases.extend(symptom.phrasings.iter().map(phrase(false)));
            phrases.extend(symptom.unless.iter().map(phrase(true)));
        }
        let of_programs = Regex::new(OF_PROGRAMS).map_err(|error| error.to_string())?;
        Ok(Self { phrases, of_programs })
    }

    /// The symptoms that a person's words describe, in the order of the table; none where a program
    /// seems to speak: it has words of its own, and these were looked for.
    pub(super) fn described(&self, text: &str) -> Vec<usize> {
        if text.chars().count() > MAX_QUESTION || self.of_programs.is_match(text) {
            return Vec::new();
        }
        let text = Squashed::of(text);
        let (objections, phrases): (Vec<&Phrase>, Vec<&Phrase>) = self
            .phrases
            .iter()
            .filter(|phrase| text.has(&phrase.parts))
            .partition(|phrase| phrase.is_objection);
        let is_meant =
            |symptom: &usize| !objections.iter().any(|phrase| phrase.symptom == *symptom);
        let mut found: Vec<usize> = phrases.iter().map(|phrase| phrase.symptom).collect();
        found.dedup();
        found.retain(is_meant);
        found
    }
}
