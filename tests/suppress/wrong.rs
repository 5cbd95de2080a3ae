//! Suppressions that don't count.

use super::{refuses, volume};

#[test]
fn what_is_wrong_is_said() {
    let begin = "# csi-relocate: ignore";
    for (comment, complaint) in [
        (format!("{begin}[mixed-roots]"), "0:8:53 the suppression of mixed-roots has no reason"),
        (format!("{begin}[mixed-roots]  : - "), "of mixed-roots has no reason"),
        (format!("{begin}[a, b]"), "0:8:53 the suppression of a, b has no reason"),
        (format!("{begin}[Mixed-Roots] x"), "0:8:53 no rule is called Mixed-Roots"),
        (format!("{begin}[größe, mixed_roots] x"), "no rule is called mixed_roots"),
        (format!("{begin}[unused-suppression] x"), "0:8:53 unused-suppression can't be suppressed"),
        (format!("{begin}[] x"), "this suppression names no rule"),
        (format!("{begin}[,] x"), "this suppression names no rule"),
        (format!("{begin}[{{a}}] x"), "0:8:32 no rule is called {a}"),
        (format!("{begin}[]"), "names no rule and no reason"),
        (format!("{begin}[mixed-roots x"), "0:8:32 this suppression's bracket isn't closed"),
        (format!("{begin} mixed-roots x"), "0:8:32 this suppression lacks the rule's id"),
        (
            "# csi-relocate: ingore[mixed-roots] x".to_owned(),
            "0:8:32 this comment isn't understood",
        ),
        ("# csi-relocate:".to_owned(), "0:8:32 this comment isn't understood"),
        (
            "# csi-relocate ignore[mixed-roots] x".to_owned(),
            "0:8:32 this suppression lacks a colon",
        ),
    ] {
        let text = volume(&format!("    path: /var/lib/kubelet/x {comment}\n"));
        refuses(&text, complaint);
    }
}
