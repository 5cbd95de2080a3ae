//! What tells a finding of one run from others and finds it again in the next run.

use std::collections::HashMap;

/// Fingerprints of one report.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// How many had this hash before.
    seen: HashMap<u64, usize>,
}

impl Fingerprints {
    /// The next finding's fingerprint. Lines have no part in it, so that a manifest may be moved
    /// in its file; findings that are alike are numbered in their order.
    pub(super) fn next(&mut self, rule: &str, file: &str, object: &str, text: &str) -> String {
        let mut hash = Fnv::new();
        for part in [rule, file, object] {
            hash.part(part);
        }
        // A checkout may turn every line break into another.
        for line in text.lines() {
            hash.part(line);
        }
        let ordinal = self.seen.entry(hash.0).or_default();
        *ordinal += 1;
        format!("{:016x}:{ordinal}", hash.0)
    }
}

/// FNV-1a with 64 bits: the same on every machine and in every version.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// A part and its end, so that no two lists of parts run together.
    fn part(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        // No text in UTF-8 holds this byte.
        self.bytes(&[0xff]);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        let of = |text: &str| {
            let mut hash = Fnv::new();
            hash.bytes(text.as_bytes());
            hash.0
        };
        assert_eq!(of(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(of("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(of("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn like_findings_are_numbered_and_others_differ() {
        let mut prints = Fingerprints::default();
        let first = prints.next("rule", "a.yaml", "Pod x", "one\r\ntwo");
        let second = prints.next("rule", "a.yaml", "Pod x", "one\ntwo");
        assert_eq!(first.strip_suffix(":1"), second.strip_suffix(":2"));
        assert!(first.ends_with(":1"), "{first}");
        for (rule, file, object, text) in [
            ("other", "a.yaml", "Pod x", "one\ntwo"),
            ("rule", "b.yaml", "Pod x", "one\ntwo"),
            ("rule", "a.yaml", "Pod y", "one\ntwo"),
            ("rule", "a.yaml", "Pod x", "onetwo"),
            ("rule", "a.yamlPod", " x", "one\ntwo"),
        ] {
            let other = prints.next(rule, file, object, text);
            assert!(other.ends_with(":1") && other != first, "{other}");
        }
    }
}
