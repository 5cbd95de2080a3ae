//! Logs in unusual forms: enormous lines, other encodings, bytes that are no text, hostile text.

use super::{REFUSED, ids, lines, read, symptoms};
use csi_relocate::symptoms::{MAX_LINE_BYTES, Tally, Unreadable};
use std::path::Path;
use std::process::Command;

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
        assert_eq!((groups[0].count, groups[0].first_line), (3, 1));
        assert!(groups[0].text.len() <= 4096);
    }
    let groups = symptoms.explain(&format!("\u{1b}]0;title\u{7}\u{0} {REFUSED}"));
    assert!(groups[0].text.chars().all(|c| !c.is_control()), "{:?}", groups[0].text);
    assert!(read(&symptoms, b"", 1).is_empty());
    assert!(read(&symptoms, &[b'\n'; 10], 3).is_empty());
}

/// A log that was exported as one array, each record with its text; or as one quoted text.
#[test]
fn a_log_on_one_line_is_read_record_by_record() {
    let symptoms = symptoms();
    let gone = lines("staged-volume-missing").remove(0);
    let mut texts = Vec::new();
    for number in 0..3000 {
        texts.push(match number % 100 {
            7 => REFUSED.replace("nfs", &format!("d{}", number % 3)),
            8 => gone.clone(),
            _ => format!("line {number} of nothing in particular, as long as lines are"),
        });
    }
    let records: Vec<_> = texts.iter().map(|text| serde_json::json!({ "log": text })).collect();
    let array = serde_json::Value::Array(records).to_string();
    let spaced = array.replace("},{", "}, {");
    let quoted = serde_json::json!({ "data": texts.join("\n") }).to_string();
    let twice = serde_json::json!({ "log": quoted }).to_string();
    for log in [array, spaced, quoted, twice] {
        assert!(log.len() > 2 * MAX_LINE_BYTES && !log.contains('\n'));
        for block in [1000, 70_000, usize::MAX] {
            let groups = read(&symptoms, format!("x\n{log}\n{REFUSED}").as_bytes(), block);
            let told: Vec<_> = groups
                .iter()
                .map(|group| (group.symptom.id.as_str(), group.count, group.first_line))
                .collect();
            let expected = [("driver-not-registered", 31, 2), ("staged-volume-missing", 30, 2)];
            assert_eq!(told, expected, "in blocks of {block}");
            assert_eq!(groups[0].drivers.len(), 4);
            assert_eq!(groups[1].roots[0].count, 30);
        }
    }
}

#[test]
fn a_line_of_many_megabytes_is_read_to_its_end() {
    let symptoms = symptoms();
    // Nothing here looks like the end of a record.
    let filler = "0123456789 abcdef ".repeat(20_000);
    let mut log = String::new();
    for _ in 0..12 {
        log.push_str(&filler);
        log.push_str(REFUSED);
    }
    for block in [4096, 100_003, usize::MAX] {
        let mut tally = Tally::new(&symptoms);
        log.as_bytes().chunks(block).for_each(|bytes| tally.feed(bytes));
        assert_eq!(tally.lines(), 1);
        let groups = tally.finish();
        assert_eq!(ids(&groups), ["driver-not-registered"]);
        assert_eq!((groups[0].count, groups[0].first_line), (12, 1), "in blocks of {block}");
        assert_eq!(groups[0].drivers, [("nfs.csi.k8s.io".to_owned(), 12)]);
        let place = groups[0].text.find(REFUSED).unwrap();
        assert!(groups[0].text.starts_with('…') && place < 200, "{}", groups[0].text);
    }
}

#[test]
fn a_log_of_powershell_is_read() {
    let symptoms = symptoms();
    let text = format!("one\r\n{REFUSED}\r\n{}three", "two\r\n".repeat(300));
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [[b"\xff\xfe", wide.as_slice()].concat(), wide] {
        for block in [1, 77, usize::MAX] {
            let mut tally = Tally::new(&symptoms);
            bytes.chunks(block.min(bytes.len())).for_each(|bytes| tally.feed(bytes));
            assert_eq!((tally.unreadable(), tally.lines()), (None, 303));
            let groups = tally.finish();
            assert_eq!(ids(&groups), ["driver-not-registered"]);
            assert_eq!((groups[0].first_line, groups[0].text.as_str()), (2, REFUSED));
        }
    }
}

#[test]
fn what_is_packed_is_said_to_be() {
    let symptoms = symptoms();
    for (bytes, reason) in [
        (&b"\x1f\x8b\x08\0\0\0"[..], Unreadable::Gzip),
        (b"\x28\xb5\x2f\xfd\0", Unreadable::Zstd),
        (b"\xfd7zXZ\0\0", Unreadable::Xz),
        (b"BZh91AY", Unreadable::Bzip2),
        (b"PK\x03\x04\x14", Unreadable::Zip),
        (b"LPKSHHRH\0", Unreadable::Journal),
    ] {
        for rest in [0, 5000] {
            let log = [bytes, &vec![b'x'; rest], REFUSED.as_bytes()].concat();
            for block in [1, usize::MAX] {
                let mut tally = Tally::new(&symptoms);
                log.chunks(block).for_each(|bytes| tally.feed(bytes));
                assert_eq!(tally.unreadable(), Some(reason));
                assert!(tally.finish().is_empty());
            }
            assert!(!reason.command().is_empty());
        }
    }
    assert_eq!(Tally::new(&symptoms).unreadable(), None);
}

/// A terminal and a CI runner obey what stands in lines; a line that is a symptom is shown.
#[test]
fn what_is_quoted_commands_nobody() {
    let hostile = [
        format!("::error::{REFUSED}"),
        format!("##[error]{REFUSED} ##vso[task.complete result=Failed]"),
        format!("\u{1b}[31m{REFUSED}\u{1b}]0;title\u{7}\u{202e} ##[group]"),
        format!("{{\"log\":\"\\u001b[2J::stop-commands::x {REFUSED}\"}}"),
    ];
    let log = hostile.join("\n");
    for first in &hostile {
        for arguments in
            [vec!["explain", "--symptom", "-"], vec!["explain", "-v", "--symptom", "-"]]
        {
            let shown = explained(&arguments, &format!("{first}\n{log}\n"));
            assert!(shown.contains("driver-not-registered"), "{shown}");
            assert!(shown.contains("found in the list"), "the line is shown: {shown}");
            assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
            assert!(!shown.contains("##["), "{shown}");
            assert!(!shown.contains("##vso["), "{shown}");
            assert!(!shown.lines().any(|line| line.trim_start().starts_with("::")), "{shown}");
        }
        let json = explained(&["explain", "--format", "json", "--symptom", "-"], first);
        assert!(!json.contains("##[") && !json.contains("##vso["), "{json}");
        assert!(!json.lines().any(|line| line.trim_start().starts_with("::")), "{json}");
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["symptoms"][0]["id"], "driver-not-registered");
    }
}

/// What the program prints on standard output for a log on standard input.
fn explained(arguments: &[&str], log: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("symptoms");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("log");
    std::fs::write(&file, log).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_csi-relocate"))
        .args(arguments)
        .stdin(std::fs::File::open(&file).unwrap())
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}
