//! A whole log: grouped, counted, ordered, whatever its lines are like.

use super::{REFUSED, ids, lines, read, symptoms};
use csi_relocate::symptoms::{Harm, MAX_LINE_BYTES};
use std::fmt::Write as _;

#[test]
fn a_log_is_grouped_counted_and_ordered() {
    let symptoms = symptoms();
    let socket = lines("registered-socket-missing");
    let mut log = String::from("nothing\n");
    writeln!(log, "{}", lines("inotify-exhausted").remove(0)).unwrap();
    writeln!(log, "{}", lines("stale-registration-socket").remove(0)).unwrap();
    for driver in ["b", "a", "a", "c.d"] {
        writeln!(log, "x {}", REFUSED.replace("nfs.csi.k8s.io", driver)).unwrap();
    }
    writeln!(log, "{}\n{}\n{}", socket[3], socket[0], socket[1]).unwrap();
    writeln!(log, "{}", lines("mount-dir-not-empty").remove(0)).unwrap();
    writeln!(log, "{}", lines("host-pods-not-found").remove(0)).unwrap();
    log.push_str(&lines("target-not-on-node").remove(0));
    for block in [1, 13, 1000, log.len()] {
        let groups = read(&symptoms, log.as_bytes(), block);
        let harms: Vec<Harm> = groups.iter().map(|group| group.symptom.harm).collect();
        assert!(harms.is_sorted(), "{harms:?}");
        let told: Vec<(&str, u64, u64)> = groups
            .iter()
            .map(|group| (group.symptom.id.as_str(), group.count, group.first_line))
            .collect();
        let expected = [
            ("target-not-on-node", 1, 13),
            ("mount-dir-not-empty", 1, 11),
            ("driver-not-registered", 4, 4),
            ("registered-socket-missing", 3, 8),
            ("inotify-exhausted", 1, 2),
            ("stale-registration-socket", 1, 3),
            ("host-pods-not-found", 1, 12),
        ];
        assert_eq!(told, expected, "in blocks of {block}");
        let drivers = [("a".to_owned(), 2), ("b".to_owned(), 1), ("c.d".to_owned(), 1)];
        assert_eq!(groups[2].drivers, drivers);
        assert_eq!(
            groups[2].text,
            "x driver name b not found in the list of registered CSI drivers"
        );
        let roots: Vec<(String, u64)> =
            groups[3].roots.iter().map(|seen| (seen.root.to_string(), seen.count)).collect();
        let expected = [("/var/lib/kubelet".to_owned(), 2), ("/var/data/kubelet".to_owned(), 1)];
        assert_eq!(roots, expected);
    }
}

/// A log that is long enough for several processors gives what the same lines give one by one.
#[test]
fn a_long_log_is_read_like_a_short_one() {
    let symptoms = symptoms();
    let mut log = String::new();
    for number in 0..30_000 {
        match number % 3 {
            0 => writeln!(log, "line {number} {}", REFUSED.replace("nfs", &format!("d{number}"))),
            _ => writeln!(log, "line {number} of nothing in particular, as long as lines are"),
        }
        .unwrap();
    }
    let groups = read(&symptoms, log.as_bytes(), usize::MAX);
    assert_eq!(groups, read(&symptoms, log.as_bytes(), 4096));
    assert_eq!((groups[0].count, groups[0].first_line), (10_000, 1));
    assert_eq!(groups[0].drivers.len(), 100, "the names are bounded");
    assert_eq!(groups[0].drivers[1].0, "d3.csi.k8s.io");
}

#[test]
fn a_registrar_that_is_called_is_no_symptom() {
    let symptoms = symptoms();
    let started = lines("registrar-never-called").remove(0);
    let called =
        "I1121 10:11:12.1       1 main.go:96] \"Received GetInfo call\" request=\"&InfoRequest{}\"";
    let filler = "x\n".repeat(400_000);
    assert!(symptoms.in_line(&started).is_empty());
    for (log, expected) in [
        (format!("{started}\n"), Some(1)),
        (format!("{started}\n{called}\n"), None),
        (format!("{started}\n{filler}{called}\n"), None),
        (format!("{called}\n{filler}{started}\n"), Some(400_002)),
        (format!("{started}\n{called}\n{started}\n{filler}{started}"), Some(3)),
    ] {
        for block in [100, usize::MAX] {
            let groups = read(&symptoms, log.as_bytes(), block);
            assert_eq!(groups.first().map(|group| group.first_line), expected);
        }
    }
}

#[test]
fn huge_lines_and_bytes_that_are_no_text_do_no_harm() {
    let symptoms = symptoms();
    let huge = "x".repeat(3 * MAX_LINE_BYTES);
    let mut log = format!("{REFUSED} {huge}\n{huge}{REFUSED}\n").into_bytes();
    log.extend_from_slice(b"\xff\xfe\0 ");
    log.extend_from_slice(REFUSED.as_bytes());
    log.extend_from_slice(b" \x1b[2J\xc3\n\n\n");
    for block in [1000, usize::MAX] {
        let groups = read(&symptoms, &log, block);
        assert_eq!(ids(&groups), ["driver-not-registered"]);
        assert_eq!((groups[0].count, groups[0].first_line), (2, 1));
        assert!(groups[0].text.len() <= 4096);
    }
    let groups = symptoms.explain(&format!("\u{1b}]0;title\u{7}\u{0} {REFUSED}"));
    assert!(groups[0].text.chars().all(|c| !c.is_control()), "{:?}", groups[0].text);
    assert!(read(&symptoms, b"", 1).is_empty());
    assert!(read(&symptoms, &[b'\n'; 10], 3).is_empty());
}
