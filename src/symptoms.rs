//! Which known symptom a log line shows, or a sentence somebody wrote.
//!
//! A kubelet whose paths don't agree with a manifest is reported by many programs, each in words
//! of its own: the kubelet, the registrar, the drivers, container runtimes, schedulers. The table
//! `src/knowledge/symptoms.yaml` names what they say; this module reads it, finds it in logs and
//! tells which root a line gives away. No I/O: the caller brings the bytes.
//!
//! ```text
//! bytes → text → lines with a needle → one plain spelling → patterns → counts → groups
//!         decode  lines                spelling             matcher    counts   tally
//! ```

mod advice;
mod counts;
mod decode;
mod document;
mod driver;
mod group;
mod lines;
mod matcher;
mod names;
mod origin;
mod phrase;
mod root;
mod spelling;
mod squashed;
mod table;
mod tally;

pub use advice::{Advice, advice};
pub use decode::Unreadable;
pub use document::markdown;
pub use group::{Group, RootSeen};
pub use lines::MAX_LINE_BYTES;
pub use table::{Harm, Side, Symptom};
pub use tally::{BLOCK_BYTES, Tally};

use crate::knowledge::{self, Knowledge, KnowledgeError};
use crate::kubepath::Root;
use matcher::Matcher;
use origin::Origins;
use phrase::Phrases;
use root::Layout;
use table::Table;

/// The table's file name.
const TABLE: &str = "symptoms.yaml";

/// All symptoms, ready to be looked for.
#[derive(Debug)]
pub struct Symptoms {
    symptoms: Vec<Symptom>,
    matcher: Matcher,
    origins: Origins,
    phrases: Phrases,
}

impl Symptoms {
    /// Reads the table that is built into the program.
    ///
    /// # Errors
    /// When a row lacks something, names an unknown rule, or has a pattern that isn't one.
    pub fn builtin() -> Result<Self, KnowledgeError> {
        Self::of(knowledge::read(TABLE, knowledge::SYMPTOMS)?)
    }

    fn of(mut table: Table) -> Result<Self, KnowledgeError> {
        let broken = |message: String| KnowledgeError { table: TABLE, message };
        table.expand();
        table.validate().map_err(broken)?;
        let layout = Layout::new(&table, Knowledge::builtin()?).map_err(broken)?;
        let symptoms = table.symptoms;
        let matcher = Matcher::new(&symptoms, layout).map_err(broken)?;
        let origins = Origins::new().map_err(broken)?;
        let phrases = Phrases::new(&symptoms).map_err(broken)?;
        Ok(Self { symptoms, matcher, origins, phrases })
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

    /// The kubelet root that a path lies below, told by what only such a root has:
    /// `pods/<uid>`, `plugins/kubernetes.io`, `plugins_registry`, a CSI driver's socket, …
    ///
    /// `None` where nothing tells it, and for what can't be one, such as `/var/log` (whose `pods`
    /// aren't the kubelet's) or a path in `/proc`.
    #[must_use]
    pub fn root_of(&self, path: &str) -> Option<Root> {
        self.matcher.layout().root_of(path, path)
    }

    /// The symptoms that a person describes in words, English or Chinese, in the table's order.
    ///
    /// Nothing for a text that a program seems to have written, and no symptom that a program would
    /// have said in just these words: its patterns decide then.
    #[must_use]
    pub fn in_words(&self, text: &str) -> Vec<&Symptom> {
        let decided = self.matcher.symptoms_with_needle(text);
        let mut found = self.phrases.described(text);
        found.retain(|index| !decided.contains(index));
        let found = found.into_iter().filter_map(|index| self.symptoms.get(index));
        let (vague, clear): (Vec<&Symptom>, Vec<&Symptom>) =
            found.partition(|symptom| symptom.vague);
        if clear.is_empty() { vague } else { clear }
    }

    /// What a text shows that somebody passed on: some lines of a log, or else their own words.
    ///
    /// A symptom that consists in nothing following isn't told: nobody knows what follows. A log
    /// that is read by [`Tally`] tells it.
    #[must_use]
    pub fn explain(&self, text: &str) -> Vec<Group<'_>> {
        let mut tally = Tally::new(self);
        tally.feed(text.as_bytes());
        let mut groups = tally.finish();
        groups.retain(|group| !group.symptom.takes_a_log());
        if !groups.is_empty() {
            return groups;
        }
        let mut groups: Vec<Group<'_>> =
            self.in_words(text).into_iter().map(|symptom| Group::said(symptom, text)).collect();
        groups.sort_by_key(|group| group.symptom.harm);
        groups
    }
}

#[cfg(test)]
mod tests;
