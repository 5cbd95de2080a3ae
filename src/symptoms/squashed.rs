//! A text as people mean it, however they put spaces and quotes.

/// The parts of a phrasing, which `…` separates, each reduced to what counts.
pub(super) fn parts(phrasing: &str) -> impl Iterator<Item = String> {
    phrasing.split('…').map(|part| Squashed::of(part).text)
}

/// Letters and digits in lower case, without what stands between them: people put spaces between
/// Chinese and Latin letters or don't, and write a path in quotes or not.
pub(super) struct Squashed {
    text: String,
    /// Where words begin and end, as offsets; around a Chinese letter that is everywhere.
    edges: Vec<bool>,
}

impl Squashed {
    /// What counts in a text.
    pub(super) fn of(text: &str) -> Self {
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
    pub(super) fn has(&self, parts: &[String]) -> bool {
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
