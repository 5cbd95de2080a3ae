//! A whole log: grouped, counted, ordered, whatever its lines are like.

use super::{REFUSED, ids, lines, read, symptoms};
use csi_relocate::symptoms::Harm;
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
            ("host-pods-not-found", 1, 12),
            ("stale-registration-socket", 1, 3),
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
    assert_eq!(groups[0].more_drivers, 9_900);
    assert_eq!(groups[0].more_roots, 0);
}

/// A driver that fails all the time is told, even if a hundred others failed before it.
#[test]
fn the_most_frequent_drivers_are_told() {
    let symptoms = symptoms();
    let mut log = String::new();
    let mut say = |name: &str| writeln!(log, "{}", REFUSED.replace("nfs", name)).unwrap();
    (0..150).for_each(|number| say(&format!("d{number}")));
    (0..5).for_each(|_| say("often"));
    for block in [999, usize::MAX] {
        let groups = read(&symptoms, log.as_bytes(), block);
        assert_eq!(groups[0].drivers[0], ("often.csi.k8s.io".to_owned(), 5));
        assert_eq!((groups[0].drivers.len(), groups[0].more_drivers), (100, 51));
    }
}

#[test]
fn a_registrar_that_is_called_is_no_symptom() {
    let symptoms = symptoms();
    let started = lines("registrar-never-called").remove(0);
    let called =
        "I1121 10:11:12.1       1 main.go:96] \"Received GetInfo call\" request=\"&InfoRequest{}\"";
    let filler = "x\n".repeat(400_000);
    // Nobody knows what follows a line that somebody passed on.
    for text in [started.clone(), format!("{started}\nx\n{started}")] {
        assert_eq!(ids(&symptoms.explain(&text)), [""; 0]);
    }
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

/// Lines of several pods or nodes that somebody put together.
#[test]
fn one_node_s_answer_doesn_t_speak_for_another() {
    let symptoms = symptoms();
    let started = "I1121 10:11:12.1 1 node_register.go:66] \"Registration Server started\" \
                   socketPath=\"/registration/nfs.csi.k8s.io-reg.sock\"";
    let called = "I1121 10:11:12.1 1 main.go:96] \"Received GetInfo call\"";
    let prefixes = [
        ["[pod/csi-nfs-node-aaaaa/registrar] ", "[pod/csi-nfs-node-bbbbb/registrar] "],
        ["Nov 21 10:11:12 node1 csi[1]: ", "Nov 21 10:11:13 node2 csi[1]: "],
        ["csi-nfs-node-aaaaa registrar ", "csi-nfs-node-bbbbb registrar "],
    ];
    let filler = "x\n".repeat(400_000);
    for [one, other] in prefixes {
        for between in ["", &filler] {
            let log = format!("{one}{started}\n{other}{started}\n{between}{other}{called}\n");
            for block in [1000, usize::MAX] {
                let groups = read(&symptoms, log.as_bytes(), block);
                assert_eq!(ids(&groups), ["registrar-never-called"], "{one}");
                assert_eq!((groups[0].count, groups[0].first_line), (1, 1));
            }
            let both = format!("{log}{one}{called}\n");
            assert_eq!(ids(&read(&symptoms, both.as_bytes(), 1000)), [""; 0]);
        }
    }
    // All that wait are one symptom.
    let mut log = String::new();
    for pod in 0..2500 {
        writeln!(log, "[pod/csi-{pod}/registrar] {started}").unwrap();
    }
    let groups = read(&symptoms, log.as_bytes(), usize::MAX);
    assert_eq!((groups.len(), groups[0].count, groups[0].first_line), (1, 1000, 1));
}
