//! Which known symptom a log line shows, or a sentence somebody wrote.
//!
//! A kubelet whose paths don't agree with a manifest is reported by many programs, each in words
//! of its own: the kubelet, the registrar, the drivers, container runtimes, schedulers. The table
//! `src/knowledge/symptoms.yaml` names what they say; this module reads it, finds it in logs and
//! tells which root a line gives away. No I/O: the caller brings the bytes.
//!
//! ```text
//! bytes → lines with a needle → one plain spelling → patterns → sightings → groups
//!         matcher               spelling             matcher    root        tally
//! ```

mod advice;
mod counts;
mod document;
mod matcher;
mod phrase;
mod root;
mod spelling;
mod table;
mod tally;

pub use advice::{Advice, advice};
pub use document::markdown;
pub use root::root_of;
pub use spelling::MAX_LINE_BYTES;
pub use table::{Harm, Side, Symptom};
pub use tally::{BLOCK_BYTES, Group, RootSeen, Tally};

use crate::knowledge::KnowledgeError;
use crate::kubepath::Root;
use matcher::{Hit, Matcher};

/// The table's file name.
const TABLE: &str = "symptoms.yaml";

/// All symptoms, ready to be looked for.
#[derive(Debug)]
pub struct Symptoms {
    symptoms: Vec<Symptom>,
    matcher: Matcher,
    phrases: Vec<phrase::Phrase>,
}

/// A symptom in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting<'s> {
    /// What it is.
    pub symptom: &'s Symptom,
    /// The driver, where the line names it.
    pub driver: Option<String>,
    /// The kubelet root that the line's path lies below, and whose it is.
    pub root: Option<(Root, Side)>,
}

impl Symptoms {
    /// Reads the table that is built into the program.
    ///
    /// # Errors
    /// When a row lacks something, names an unknown rule, or has a pattern that isn't one.
    pub fn builtin() -> Result<Self, KnowledgeError> {
        Self::read(include_str!("knowledge/symptoms.yaml"))
    }

    fn read(text: &str) -> Result<Self, KnowledgeError> {
        let broken = |message: String| KnowledgeError { table: TABLE, message };
        let symptoms: Vec<Symptom> =
            serde_yaml::from_str(text).map_err(|error| broken(error.to_string()))?;
        table::validate(&symptoms).map_err(broken)?;
        let matcher = Matcher::new(&symptoms).map_err(broken)?;
        let phrases = phrase::phrases(&symptoms);
        Ok(Self { symptoms, matcher, phrases })
    }

    /// Every symptom, in the order of the table.
    #[must_use]
    pub fn all(&self) -> &[Symptom] {
        &self.symptoms
    }

    /// The symptom of this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Symptom> {
        self.symptoms.iter().find(|symptom| symptom.id == id)
    }

    /// What one line of a log shows, the most specific first; usually one or nothing.
    ///
    /// A symptom that hangs on what doesn't follow it isn't told from one line; see
    /// [`Symptoms::explain`].
    #[must_use]
    pub fn in_line(&self, line: &str) -> Vec<Sighting<'_>> {
        let plain = spelling::plain(line.as_bytes());
        let hits = self.matcher.hits(&plain);
        hits.iter().filter_map(|hit| self.sighting(hit, &plain)).collect()
    }

    /// The symptoms that a person describes in words, English or Chinese, in the table's order.
    #[must_use]
    pub fn in_words(&self, text: &str) -> Vec<&Symptom> {
        let squashed = phrase::squash(text);
        let mut found: Vec<usize> = self
            .phrases
            .iter()
            .filter(|phrase| phrase.is_in(&squashed))
            .map(|phrase| phrase.symptom)
            .collect();
        found.dedup();
        found.into_iter().filter_map(|index| self.symptoms.get(index)).collect()
    }

    /// What a text shows that somebody passed on: some lines of a log, or else their own words.
    #[must_use]
    pub fn explain(&self, text: &str) -> Vec<Group<'_>> {
        let mut tally = Tally::new(self);
        tally.feed(text.as_bytes());
        let groups = tally.finish();
        if !groups.is_empty() {
            return groups;
        }
        let mut groups: Vec<Group<'_>> =
            self.in_words(text).into_iter().map(|symptom| Group::said(symptom, text)).collect();
        groups.sort_by_key(|group| group.symptom.harm);
        groups
    }

    fn sighting(&self, hit: &Hit<'_>, line: &str) -> Option<Sighting<'_>> {
        let symptom = self.symptoms.get(hit.symptom)?;
        (!hit.is_answer && symptom.answers.is_empty()).then(|| Sighting {
            symptom,
            driver: root::driver_of(hit, line).map(str::to_owned),
            root: root::root_and_side(hit),
        })
    }
}

#[cfg(test)]
mod tests;
