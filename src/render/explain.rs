//! An explanation for a person: object by object, container by container.

use super::Page;
use super::style::{BOLD, DIM, MARK, NEW};
use super::wrap::wrap;
use crate::explain::{Belongs, Entry, Explanation, Fate, Holder, Nature, Part, Subject};
use crate::finding::Finding;
use crate::invocation::Invocation;
use crate::model::ContainerKind;
use crate::report::place::Lines;
use crate::report::plain;
use crate::sites::Space;
use crate::source::Source;
use crate::words::{Message, message};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use textwrap::core::display_width;

/// Everything that is to be said of the sources; `command` is what moves the paths.
#[must_use]
pub fn explanation(
    sources: &[Source],
    explanation: &Explanation,
    command: &Invocation,
    page: Page<'_>,
) -> String {
    let lines = Lines::of(sources);
    let mut out = String::new();
    let printer = Printer { sources, lines: &lines, explanation, page };
    let mut is_new = true;
    for subject in &explanation.subjects {
        printer.title(subject, &mut out);
        // What a driver is needs to be said once.
        if subject.nature == Nature::Node && std::mem::take(&mut is_new) {
            let _ = writeln!(out, "\n{}", page.fill(&message!("explain-primer")));
        }
        printer.subject(subject, &mut out);
        out.push('\n');
    }
    for finding in &explanation.findings_elsewhere {
        printer.finding(finding, true, &mut out);
        out.push('\n');
    }
    printer.end(command, &mut out);
    out
}

struct Printer<'a> {
    sources: &'a [Source],
    lines: &'a Lines<'a>,
    explanation: &'a Explanation,
    page: Page<'a>,
}

/// The lines at which texts of an object were said, by the texts' ids.
type Said = HashMap<String, String>;

impl Printer<'_> {
    fn title(&self, subject: &Subject, out: &mut String) {
        let name = self.explanation.object(subject).map(|object| object.name.to_string());
        let nature = subject.nature.word();
        let title = message!("explain-object", object = name.unwrap_or_default(), nature = nature);
        let mut title = self.page.say(&title);
        if let Some(source) = self.sources.get(subject.source).filter(|_| self.sources.len() > 1) {
            title = format!("{}: {title}", plain(source.name()));
        }
        let _ = writeln!(out, "{BOLD}{title}{BOLD:#}");
        for counts in self.counts(subject) {
            let _ = writeln!(out, "{}", self.page.fill(&counts));
        }
    }

    /// How many paths follow a root and how many don't.
    fn counts(&self, subject: &Subject) -> Vec<Message> {
        let entries = || subject.parts.iter().flat_map(|part| &part.entries);
        let roots = &self.explanation.relocation.roots;
        let mut counts = Vec::new();
        let mut follow = |belongs: Belongs, root: String| {
            let own = || entries().filter(|entry| entry.belongs == belongs);
            let (all, there) =
                (own().count(), own().filter(|entry| entry.fate == Fate::There).count());
            let settled = match there {
                0 => "none",
                _ if there == all => "all",
                _ => "some",
            };
            if all > 0 {
                counts.push(message!(
                    "explain-follow",
                    count = all,
                    root = root,
                    settled = settled,
                    there = there,
                ));
            }
        };
        follow(Belongs::BelowRoot, roots.to().to_string());
        let windows = roots.windows().map(ToString::to_string);
        follow(Belongs::BelowWindowsRoot, windows.unwrap_or_default());
        let stays = |entry: &&Entry| {
            entry.belongs == Belongs::Elsewhere && entry.fate != Fate::Added && !entry.is_inert
        };
        match entries().filter(stays).count() {
            0 => {}
            stay => counts.push(message!("explain-stay", count = stay)),
        }
        counts
    }

    fn subject(&self, subject: &Subject, out: &mut String) {
        let places = subject.parts.iter().flat_map(|part| &part.entries);
        let places = places.map(|entry| self.place(subject, entry).len());
        let column = places.max().unwrap_or_default();
        let mut said = Said::new();
        let mut hidden = 0;
        for part in &subject.parts {
            let is_shown = |entry: &&Entry| self.page.verbose || !entry.is_inert;
            let shown: Vec<&Entry> = part.entries.iter().filter(is_shown).collect();
            hidden += part.entries.len() - shown.len();
            if shown.is_empty() {
                continue;
            }
            let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", self.heading(subject, part));
            for entry in shown {
                self.entry(subject, entry, column, &mut said, out);
            }
        }
        if hidden > 0 {
            let _ =
                writeln!(out, "\n{}", self.page.fill(&message!("explain-more", count = hidden)));
        }
        if !subject.findings.is_empty() {
            out.push('\n');
        }
        let mut rules = HashSet::new();
        for finding in &subject.findings {
            // What helps is the same for all findings of a rule.
            let is_first = rules.insert(finding.rule) || self.page.verbose;
            self.finding(finding, is_first, out);
        }
    }

    fn heading(&self, subject: &Subject, part: &Part) -> String {
        let heading = match (part.holder, self.explanation.container(subject, part)) {
            (Holder::Container(..), Some(container)) => {
                let kind = match container.kind {
                    ContainerKind::Regular => "regular",
                    ContainerKind::Init => "init",
                    ContainerKind::Ephemeral => "ephemeral",
                };
                message!("explain-container", container = &container.name, kind = kind)
            }
            (Holder::Volumes(_), _) => message!("explain-volumes"),
            _ => message!("explain-outside"),
        };
        self.page.say(&heading)
    }

    /// Where an entry stands: its line, and its column where all is asked for.
    fn place(&self, subject: &Subject, entry: &Entry) -> String {
        let region = self.lines.region(subject.source, entry.span);
        region.map_or_else(String::new, |region| match self.page.verbose {
            true => format!("{}:{}", region.start.line, region.start.column),
            false => region.start.line.to_string(),
        })
    }

    fn entry(
        &self,
        subject: &Subject,
        entry: &Entry,
        column: usize,
        said: &mut Said,
        out: &mut String,
    ) {
        let place = self.place(subject, entry);
        let indent = " ".repeat(2 + column + 2);
        let path = plain(&entry.path);
        let _ = write!(out, "  {place:>column$}  ");
        let _ = match &entry.fate {
            Fate::Moves(new) => {
                let new = plain(new);
                let fits = indent.len() + display_width(&path) + 3 + display_width(&new);
                let gap = if fits <= self.page.width { " " } else { &format!("\n{indent}") };
                writeln!(out, "{path}{gap}→ {NEW}{new}{NEW:#}")
            }
            Fate::Stays => {
                let stays = self.page.say(&message!("explain-stays"));
                writeln!(out, "{path}  {MARK}{stays}{MARK:#}")
            }
            Fate::There => writeln!(out, "{path}  {}", self.page.say(&message!("explain-there"))),
            Fate::Added => {
                writeln!(out, "{NEW}{path}{NEW:#}  {}", self.page.say(&message!("explain-added")))
            }
        };
        for text in self.texts(entry, &place, said) {
            let text = self.page.say(&text);
            let _ = writeln!(out, "{}", wrap(&text, self.page.width, &indent, &indent));
        }
    }

    /// What is said below an entry's path, each text on lines of its own. What was said of another
    /// path of the object isn't said again, but where.
    fn texts(&self, entry: &Entry, place: &str, said: &mut Said) -> Vec<Message> {
        let verbose = self.page.verbose;
        let mut texts = Vec::new();
        if entry.fate != Fate::Added {
            texts.push(located(entry));
        }
        if verbose || (entry.belongs == Belongs::Elsewhere && entry.fate != Fate::Added) {
            texts.push(message!("explain-because", reason = &entry.reason));
        }
        let mut once = |id: &str, message: Message| match said.get(id).filter(|_| !verbose) {
            Some(line) => message.with("again", "yes").with("line", line),
            None => {
                said.insert(id.to_owned(), place.to_owned());
                message.with("again", "no").with("line", "")
            }
        };
        let fate = entry.fate.word();
        // Why it stays is enough for most readers.
        let is_told = verbose || entry.fate != Fate::Stays;
        if let Some(harm) = entry.harm.as_ref().filter(|_| is_told) {
            texts.push(once(harm.id(), message!("explain-harm", fate = fate, harm = harm)));
        }
        if entry.is_shared {
            texts.push(once("explain-shared", message!("explain-shared")));
        }
        texts
    }

    fn finding(&self, finding: &Finding, with_help: bool, out: &mut String) {
        let (_, severity) = super::level(finding.severity);
        let located = self.explanation.locate(self.sources, finding);
        let region = located.and_then(|(source, span)| self.lines.region(source, span));
        let text = message!(
            "explain-finding",
            severity = severity,
            rule = finding.rule.id(),
            line = region.map_or(0, |region| region.start.line),
            message = &finding.message,
        );
        let width = self.page.width;
        let _ = writeln!(out, "{}", wrap(&self.page.say(&text), width, "", "  "));
        if !with_help {
            return;
        }
        let help = plain(&self.page.words.help(&finding.message));
        let more = message!("explain-finding-more", rule = finding.rule.id());
        let _ = writeln!(out, "{}", wrap(&help, width, "  → ", "    "));
        let _ = writeln!(out, "    {DIM}{}{DIM:#}", self.page.say(&more));
    }

    fn end(&self, command: &Invocation, out: &mut String) {
        let subjects = &self.explanation.subjects;
        let has_findings = subjects.iter().any(|subject| !subject.findings.is_empty())
            || !self.explanation.findings_elsewhere.is_empty();
        let mut entries = self.explanation.entries().peekable();
        let is_empty = entries.peek().is_none();
        let moves = entries.any(|entry| matches!(entry.fate, Fate::Moves(_) | Fate::Added));
        let texts = match (moves, has_findings) {
            (true, _) => vec![message!("explain-next")],
            (false, true) => vec![message!("explain-only-findings")],
            (false, false) if is_empty => {
                vec![message!("explain-nothing"), message!("explain-nothing-help")]
            }
            (false, false) => vec![message!("explain-done")],
        };
        for text in texts {
            let _ = writeln!(out, "{}", self.page.fill(&text));
        }
        if moves {
            let _ = writeln!(out, "  {NEW}{}{NEW:#}", plain(&command.to_string()));
        }
    }
}

/// What an entry's path is for, and where it stands.
fn located(entry: &Entry) -> Message {
    let Some(space) = entry.space else {
        return message!("explain-where-unknown", field = &entry.field);
    };
    message!(
        "explain-where",
        space = if space == Space::Host { "host" } else { "container" },
        role = entry.role.message(),
        field = &entry.field,
    )
}
