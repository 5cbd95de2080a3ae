//! What is shown of suppressed findings.

use crate::common::{Folder, snapshots, testdata};

fn snapshot(name: &str, text: &str) {
    let mut settings = snapshots();
    settings.set_snapshot_path("../../snapshots/suppress");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_person_reads_what_is_suppressed() {
    let folder = Folder::with(&[("node.yaml", &testdata("suppress/node.yaml"))]);
    let check = ["check", "--kubelet-root", "/data/kubelet", "node.yaml"];
    let ran = folder.run(&[&check[..], &["-v"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
    snapshot("verbose", &ran.result);
    let brief = folder.run(&check).result;
    assert!(!brief.contains("only reads\n"), "{brief}");
    assert!(brief.ends_with(", 2 suppressed\n"), "{brief}");
}

#[test]
fn programs_read_what_is_suppressed() {
    let folder = Folder::with(&[("node.yaml", &testdata("suppress/node.yaml"))]);
    let result = |format: &str| {
        let check = ["check", "--kubelet-root", "/data/kubelet", "node.yaml", "--format", format];
        folder.run(&check).result
    };
    let json: serde_json::Value = serde_json::from_str(&result("json")).unwrap();
    let reason = |at: usize| json["suppressed"][at]["reason"].as_str().unwrap();
    assert_eq!(reason(0), "größe of the fleet");
    assert_eq!(reason(1), "only reads");
    assert_eq!(json["suppressed"][1]["rule"], "mixed-roots");
    let sarif: serde_json::Value = serde_json::from_str(&result("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let count = |result: &serde_json::Value| result["suppressions"].as_array().unwrap().len();
    let (open, suppressed): (Vec<_>, Vec<_>) = results.iter().partition(|one| count(one) == 0);
    assert_eq!(open.len(), json["findings"].as_array().unwrap().len());
    assert_eq!(suppressed.len(), 2);
    assert_eq!(suppressed[1]["suppressions"][0]["kind"], "inSource");
    assert_eq!(suppressed[1]["suppressions"][0]["justification"], "only reads");
    assert!(!result("github").contains("registration-dir"));
}
