//! What people write when they describe a symptom.

use super::table::Symptom;

/// A phrasing, reduced to what counts.
#[derive(Debug)]
pub(super) struct Phrase {
    /// Which symptom it describes, as an index into the table.
    pub(super) symptom: usize,
    /// Its parts, which a text has in this order; `…` in the table separates them.
    parts: Vec<String>,
}

/// The phrasings of all symptoms, in the order of the table.
pub(super) fn phrases(symptoms: &[Symptom]) -> Vec<Phrase> {
    let of = |(index, symptom): (usize, &Symptom)| -> Vec<Phrase> {
        let parts = |phrasing: &String| phrasing.split('…').map(squash).collect();
        symptom
            .phrasings
            .iter()
            .map(|phrasing| Phrase { symptom: index, parts: parts(phrasing) })
            .collect()
    };
    symptoms.iter().enumerate().flat_map(of).collect()
}

/// Letters and digits in lower case, without what stands between them: people put spaces between
/// Chinese and Latin letters or don't, and write a path in quotes or not.
pub(super) fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Phrase {
    /// Whether a text, squashed, has all parts in their order.
    pub(super) fn is_in(&self, squashed: &str) -> bool {
        let after = |rest: Option<&str>, part: &String| -> Option<usize> {
            let rest = rest?;
            rest.find(part.as_str()).map(|at| at + part.len())
        };
        let mut rest = Some(squashed);
        for part in &self.parts {
            rest = after(rest, part).and_then(|at| rest?.get(at..));
        }
        rest.is_some()
    }
}
