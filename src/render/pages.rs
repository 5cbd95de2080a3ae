//! The page of a rule.

use super::Page;
use super::style::BOLD;
use super::wrap::wrap;
use crate::finding::Rule;
use crate::knowledge::Page as Facts;
use crate::report::plain;
use crate::words::message;
use std::fmt::Write as _;

/// What a rule means: what is there, what breaks, an example, what to do.
#[must_use]
pub fn rule(rule: Rule, facts: &Facts, page: Page<'_>) -> String {
    let words = page.words;
    let mut out = String::new();
    let title = message!("page-title", id = rule.id(), title = rule.title());
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", words.say(&title));
    let severities = facts.severities.iter().map(|severity| words.say(&super::level(*severity).1));
    let mut severities = severities.collect::<Vec<_>>().into_iter();
    let commands: Vec<&str> = facts.commands.iter().map(|speaker| speaker.command()).collect();
    let usual = severities.next().unwrap_or_default();
    let others: Vec<String> = severities.collect();
    let said = message!(
        "page-said",
        severity = usual,
        others = if others.is_empty() { "none".to_owned() } else { others.join(", ") },
        commands = commands.join(", "),
    );
    let _ = writeln!(out, "{}\n", wrap(&words.say(&said), page.width, "", ""));
    let text = |part: &str| words.paragraphs(&format!("rule-{}.{part}", rule.id())).join(" ");
    for part in ["what", "why"] {
        let _ = writeln!(out, "{}\n", wrap(&text(part), page.width, "", ""));
    }
    if !facts.example.trim().is_empty() {
        let _ = writeln!(out, "{}\n", words.say(&message!("page-example")));
        for line in facts.example.trim_end().lines() {
            let _ = writeln!(out, "{}", format!("    {line}").trim_end());
        }
        out.push('\n');
    }
    let fix = words.say(&message!("page-fix", text = text("fix")));
    let _ = writeln!(out, "{}", wrap(&fix, page.width, "", ""));
    sources(&facts.sources, page, &mut out);
    out
}

/// Where the facts can be looked up.
pub(super) fn sources(sources: &[String], page: Page<'_>, out: &mut String) {
    let _ = writeln!(out, "\n{}", page.words.say(&message!("page-sources")));
    for source in sources {
        let _ = writeln!(out, "{}", wrap(&plain(source), page.width, "  ", "    "));
    }
}
