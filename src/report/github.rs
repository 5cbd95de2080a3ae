//! Findings as commands that make a CI run on GitHub mark the lines.

use super::Report;
use super::place::Lines;
use super::plain::plain;
use super::uri;
use crate::finding::Severity;
use std::fmt::Write as _;

/// One line per finding, such as `::error file=…,line=…,title=…::message`. Of several places the
/// first counts.
#[must_use]
pub fn github(report: &Report<'_>) -> String {
    let lines = Lines::of(report.sources);
    let mut out = String::new();
    for finding in &report.findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let _ = write!(out, "::{command} ");
        let place = finding.places.first();
        if let Some(region) = place.and_then(|(source, span)| lines.region(*source, *span)) {
            let file = property(&plain(&uri::path(region.source.name())));
            let (start, end) = (region.start, region.end);
            let _ = write!(out, "file={file},line={},", start.line);
            // The runner refuses columns for more than one line.
            if start.line == end.line {
                let _ = write!(out, "col={},endLine={},", start.column, end.line);
                let _ = write!(out, "endColumn={},", end.column);
            } else {
                let _ = write!(out, "endLine={},", end.line);
            }
        }
        let mut title = finding.rule.id().to_owned();
        if !finding.object.is_empty() {
            let _ = write!(title, ": {}", plain(&finding.object));
        }
        let mut message = plain(&finding.message);
        if !finding.help.is_empty() {
            let _ = write!(message, "\n{}", plain(&finding.help));
        }
        let _ = writeln!(out, "title={}::{}", property(&title), data(&message));
    }
    out
}

/// A command's text, escaped as the runner reads it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A command's property, escaped as the runner reads it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Rule;
    use crate::report::{Located, Suppressed};
    use crate::source::{Source, Span};

    fn line(name: &str, text: &str, span: Span, change: impl FnOnce(&mut Located)) -> String {
        let sources = [Source::new(name, text)];
        let mut finding = Located {
            rule: Rule::SplitRoot,
            severity: Severity::Info,
            message: "m".to_owned(),
            help: String::new(),
            object: String::new(),
            places: vec![(0, span)],
            fixes: Vec::new(),
        };
        change(&mut finding);
        let suppressed = vec![Suppressed { finding: finding.clone(), reason: "r".to_owned() }];
        let findings = vec![finding];
        github(&Report { sources: &sources, root: None, objects: 0, findings, suppressed })
    }

    #[test]
    fn a_place_within_a_line_has_columns() {
        let found = line("./a,b:c%.yaml", "x\nö: 1\n", Span::new(2, 4), |_| ());
        let expected = "::notice file=a%2Cb%3Ac%25.yaml,line=2,col=1,endLine=2,endColumn=2,\
                        title=split-root::m\n";
        assert_eq!(found, expected);
    }

    #[test]
    fn a_place_over_lines_has_none() {
        let found = line("a.yaml", "x\r\ny\r\n", Span::new(0, 4), |_| ());
        assert_eq!(found, "::notice file=a.yaml,line=1,endLine=2,title=split-root::m\n");
    }

    #[test]
    fn a_finding_without_a_place_has_a_title() {
        let found = line("a.yaml", "", Span::default(), |finding| {
            finding.places.clear();
            finding.severity = Severity::Warning;
        });
        assert_eq!(found, "::warning title=split-root::m\n");
    }

    #[test]
    fn a_manifest_gives_no_commands() {
        let found = line("::add-mask::x", "", Span::default(), |finding| {
            finding.severity = Severity::Error;
            finding.message = "50%\n::set-output name=a::b ##[error]x\u{1b}[0m".to_owned();
            finding.help = "::stop-commands::x".to_owned();
            finding.object = "Pod a,line=9::error::\r\nb".to_owned();
        });
        let expected = "::error file=%3A\u{fffd}add-mask%3A%3Ax,line=1,col=1,endLine=1,endColumn=1,\
             title=split-root%3A Pod a%2Cline=9%3A%3Aerror%3A%3A\u{fffd}\u{fffd}b::50%25\u{fffd}\
             ::set-output name=a::b #\u{fffd}[error]x\u{fffd}[0m%0A:\u{fffd}stop-commands::x\n";
        assert_eq!(found, expected);
    }
}
