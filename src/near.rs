//! What a person may have meant who wrote a name that isn't known.

use std::collections::BTreeSet;

/// Names are near each other up to this many letters.
const NEAR: usize = 2;

/// The known names that are nearest to a word, if any is near; several where they are equally near.
/// Capitals and signs don't count: `kubelet-root` is `kubeletRoot`.
pub(crate) fn nearest<'n>(word: &str, known: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let word = bare(word);
    // The comparison takes as long as both are.
    let known = known.into_iter().filter(|name| word.len() <= name.len() + NEAR);
    let distances: BTreeSet<(usize, &str)> = known
        .map(|name| (strsim::damerau_levenshtein(&word, &bare(name)), name))
        // Short names are near to many words.
        .filter(|(distance, name)| *distance <= NEAR.min(name.len() / 2))
        .collect();
    let least = distances.first().map(|(distance, _)| *distance);
    let nearest = distances.iter().take_while(|(distance, _)| Some(*distance) == least);
    nearest.map(|(_, name)| *name).collect()
}

fn bare(word: &str) -> String {
    let letters = word.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_names_are_found() {
        let known = ["kubeletRoot", "from", "k0s", "k3s", "rke2"];
        for (word, names) in [
            ("kubelet-root", &["kubeletRoot"][..]),
            ("kubletrot", &["kubeletRoot"]),
            ("kbltroot", &[]),
            ("form", &["from"]),
            ("K0S", &["k0s"]),
            ("k1s", &["k0s", "k3s"]),
            ("k", &[]),
            ("", &[]),
        ] {
            assert_eq!(nearest(word, known), names, "{word}");
        }
        assert!(nearest(&"k0s".repeat(1_000_000), known).is_empty());
    }
}
