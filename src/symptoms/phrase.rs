//! What people write when they describe a symptom.

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
        let parts = |text: &String| text.split('…').map(|part| Squashed::of(part).text).collect();
        let mut phrases = Vec::new();
        for (index, symptom) in symptoms.iter().enumerate() {
            let phrase = |is_objection: bool| {
                move |text: &String| Phrase { symptom: index, is_objection, parts: parts(text) }
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

/// Whether a phrasing has a part that says nothing.
pub(super) fn is_empty(phrasing: &str) -> bool {
    phrasing.split('…').any(|part| Squashed::of(part).text.is_empty())
}

/// Letters and digits in lower case, without what stands between them: people put spaces between
/// Chinese and Latin letters or don't, and write a path in quotes or not.
struct Squashed {
    text: String,
    /// Where words begin and end, as offsets; around a Chinese letter that is everywhere.
    edges: Vec<bool>,
}

impl Squashed {
    fn of(text: &str) -> Self {
        let (mut squashed, mut edges) = (String::new(), Vec::new());
        let mut before = ' ';
        for c in text.chars() {
            if c.is_alphanumeric() {
                edges.push(!(c.is_ascii() && before.is_ascii_alphanumeric()));
                squashed.extend(c.to_lowercase());
                edges.resize(squashed.len(), false);
            }
            // An apostrophe is part of a word: can't, node's.
            before = if matches!(c, '\'' | '’') { before } else { c };
        }
        edges.push(true);
        Self { text: squashed, edges }
    }

    /// Whether it has these parts in their order, as whole words.
    fn has(&self, parts: &[String]) -> bool {
        let is_edge = |at: usize| self.edges.get(at).copied().unwrap_or(false);
        let after = |from: usize, part: &String| {
            let mut places = self.text.get(from..)?.match_indices(part.as_str());
            let end = |at: usize| from + at + part.len();
            let found = places.find(|(at, _)| is_edge(from + at) && is_edge(end(*at)));
            found.map(|(at, _)| end(at))
        };
        parts.iter().try_fold(0, after).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        let has = |text: &str, part: &str| Squashed::of(text).has(&[Squashed::of(part).text]);
        assert!(has("my df shows it", "df shows"));
        assert!(has("df_shows", "df shows"));
        assert!(has("df显示", "df 显示"));
        assert!(has("the node’s disk", "node's disk"));
        assert!(!has("a pdf shows it", "df shows"));
        assert!(!has("the amount is empty", "mount is empty"));
        assert!(!has("the mount is emptying", "mount is empty"));
    }
}
