//! Suppressions in annotations.

use super::{VOLUME, accepts, outcome, refuses};
use crate::common::testdata;

#[test]
fn an_annotation_is_for_its_object() {
    let annotated = |value: &str| {
        VOLUME.replace(
            "  name: a\n",
            &format!("  name: a\n  annotations:\n    csi-relocate/ignore: {value}\n"),
        )
    };
    accepts(&annotated("\"mixed-roots: it is so; immutable-field: it is so\""));
    accepts(&annotated("'mixed-roots, immutable-field: it is so;'"));
    accepts(&annotated("|\n      mixed-roots: it is so\n      immutable-field: it is so\n"));
    let one = annotated("'immutable-field: ü; sub-path: ß; mixed-roots'");
    assert_eq!(
        outcome(&[&format!("{one}---\n{VOLUME}")]),
        [
            "warning mixed-roots 0:10:11",
            "warning mixed-roots 0:19:11",
            "warning unused-suppression 0:6:60 the suppression of mixed-roots has no reason, and \
             so doesn't count",
            "info immutable-field 0:19:11",
            "info unused-suppression 0:6:47 sub-path is suppressed, and there is none in this object",
            "immutable-field 0:10:11: ü",
        ]
    );
    let found = outcome(&["a: b\n", &annotated("'mixed-roots, immutable-field: x'")]);
    assert_eq!(found, ["mixed-roots 1:10:11: x", "immutable-field 1:10:11: x"], "in another file");
    for value in ["~ ", "[a]", "{a: b}", "' ; '"] {
        let text = annotated(value);
        let complaint = if value == "~ " {
            "the suppression of ~ has no reason"
        } else {
            "0:6:26 this annotation names no rule"
        };
        refuses(&text, complaint);
    }
    refuses(&annotated(""), "this annotation names no rule");
}

#[test]
fn an_annotation_of_a_pod_template_is_for_the_object_as_well() {
    let template = "  template:\n    metadata:\n";
    let annotation = "      annotations: {csi-relocate/ignore: 'mixed-roots: x'}\n";
    let node = testdata("csi-example-node.yaml");
    let text = node.replace(template, &format!("{template}{annotation}"));
    let found = outcome(&[&text]);
    let of_rule: Vec<_> = found.iter().filter(|line| line.contains("mixed-roots")).collect();
    assert!(of_rule.len() == 2 && of_rule.iter().all(|line| line.ends_with(": x")), "{found:#?}");
    assert!(found.iter().any(|line| line.starts_with("error registration-dir")), "{found:#?}");
}
