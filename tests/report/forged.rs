//! Names and values made to be taken for something else, in every place of a report.

use super::{check_schema, edit, found, parsed, sarif_of, sarif_schema, schema};
use csi_relocate::finding::{Rule, Severity};
use csi_relocate::report::{Report, github, json, plain};
use csi_relocate::source::{Source, Span};
use proptest::prelude::*;

/// Reads a line as the runner does: the command, its properties, its text.
fn command(line: &str) -> (String, Vec<(String, String)>, String) {
    let (head, text) = line.trim_start().strip_prefix("::").unwrap().split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let unescaped = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let properties = properties.split(',').map(|property| {
        let (key, value) = property.split_once('=').unwrap();
        (key.to_owned(), unescaped(&value.replace("%3A", ":").replace("%2C", ",")))
    });
    (name.to_owned(), properties.collect(), unescaped(text))
}

/// Nothing that a terminal or a reader could take for something else.
fn is_clean(text: &str) -> bool {
    let marks = ['\u{61c}', '\u{feff}', '\u{7f}'];
    !text.chars().any(|c| {
        (c.is_control() && c != '\n')
            || marks.contains(&c)
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    }) && !text.contains("##[")
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "::error::",
            "::set-output name=a::",
            "::add-mask::",
            "::stop-commands::",
            "##[error]",
            "#",
            "##",
            "[",
            "::",
            ":",
            ",",
            "%",
            "%0A",
            "%25",
            "\r",
            "\n",
            "\r\n",
            "\t",
            " ",
            "\u{1b}[0m",
            "\u{9b}",
            "\u{7f}",
            "\u{202e}",
            "\u{2066}",
            "\u{200e}",
            "\u{2028}",
            "\u{200b}",
            "\u{feff}",
            "line=1",
            "title=",
            "=",
            "größe",
            "大",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_is_forged(
        name in hostile(), text in hostile(), message in hostile(), help in hostile(),
        object in hostile(), start in 0_usize..20, length in 0_usize..20, placed: bool,
    ) {
        let sources = [Source::new(name, text)];
        let places = if placed { vec![(0, Span::new(start, start + length))] } else { Vec::new() };
        let mut finding = found(Rule::OtherRoot, Severity::Info, places);
        finding.fixes = vec![(0, edit(Span::new(start, start + length), &message))];
        finding.message = message.clone();
        finding.help = help.clone();
        finding.object = object.clone();
        let mut findings = vec![finding; 3];
        findings[1].severity = Severity::Warning;
        findings[2].severity = Severity::Error;
        let report = Report { sources: &sources, root: None, objects: 0, findings, suppressed: Vec::new() };

        let lines = github(&report);
        prop_assert!(is_clean(&lines), "{lines:?}");
        prop_assert_eq!(lines.lines().count(), 3);
        for (line, start) in lines.lines().zip(["::notice ", "::warning ", "::error "]) {
            prop_assert!(line.starts_with(start), "{line:?}");
            let (name, properties, text) = command(line);
            prop_assert_eq!(format!("::{name} "), start);
            let keys: Vec<&str> = properties.iter().map(|(key, _)| key.as_str()).collect();
            let expected: &[&str] = match (placed, keys.len()) {
                (false, _) => &["title"],
                (true, 4) => &["file", "line", "endLine", "title"],
                (true, _) => &["file", "line", "col", "endLine", "endColumn", "title"],
            };
            prop_assert_eq!(keys, expected);
            prop_assert!(text.starts_with(&plain(&message)), "{text:?}");
            prop_assert!(text.ends_with(&plain(&help)), "{text:?}");
        }

        let document = json(&report);
        prop_assert!(is_clean(&document), "{document:?}");
        let document = parsed(&document);
        prop_assert_eq!(document["findings"][0]["message"].as_str(), Some(message.as_str()));
        prop_assert_eq!(schema::problems(&check_schema(), &document), [""; 0]);
        let log = sarif_of(&report);
        prop_assert!(is_clean(&log), "{log:?}");
        prop_assert_eq!(schema::problems(&sarif_schema(), &parsed(&log)), [""; 0]);
    }
}
