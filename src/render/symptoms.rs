//! What a log showed, for a person: the most harmful first, and what to type.

use super::Page;
use super::style::{BOLD, DIM, MARK, NEW};
use super::wrap::wrap;
use crate::kubepath::Root;
use crate::report::plain;
use crate::symptoms::{Advice, Group, Symptom};
use crate::words::{Message, message};
use std::fmt::Write as _;

/// Symptoms that are told of at length; those after them often follow from them.
const AT_LENGTH: usize = 3;

/// A log line is quoted up to here, in characters.
const QUOTED: usize = 400;

/// Drivers that are named for a symptom.
const NAMED: usize = 3;

/// Every symptom with what to do about it; `is_log` where a log was read, otherwise a text that
/// somebody passed on.
#[must_use]
pub fn symptoms(groups: &[Group<'_>], advice: &Advice, is_log: bool, page: Page<'_>) -> String {
    let mut out = String::new();
    let at_length = if page.verbose { groups.len() } else { AT_LENGTH };
    for group in groups.iter().take(at_length) {
        one(group, is_log, page, &mut out);
        out.push('\n');
    }
    let rest = groups.get(at_length..).unwrap_or_default();
    if !rest.is_empty() {
        let _ = writeln!(out, "{}", page.say(&message!("symptoms-more", count = rest.len())));
        for group in rest {
            let line = format!("{:>6}  {}", group.count, page.say(&title(group.symptom)));
            let _ = writeln!(out, "{}", wrap(&line, page.width, "", "        "));
        }
        out.push('\n');
    }
    out.push_str(&what_to_type(advice, page));
    out
}

/// The page of a symptom, without any line that shows it.
#[must_use]
pub fn symptom(symptom: &Symptom, page: Page<'_>) -> String {
    let mut out = String::new();
    heading(symptom, page, &mut out);
    out.push('\n');
    texts(symptom, page, &mut out);
    super::pages::sources(&symptom.sources, page, &mut out);
    out
}

/// What to say when nothing is known.
#[must_use]
pub fn nothing_known(lines: usize, page: Page<'_>) -> String {
    let none = page.say(&message!("symptoms-none", lines = lines));
    format!("{none}\n\n{}\n", page.fill(&message!("symptoms-none-help")))
}

fn title(symptom: &Symptom) -> Message {
    message!("page-title", id = &symptom.id, title = symptom.title())
}

fn heading(symptom: &Symptom, page: Page<'_>, out: &mut String) {
    let title = wrap(&page.say(&title(symptom)), page.width, "", "  ");
    let _ = writeln!(out, "{BOLD}{title}{BOLD:#}");
}

fn one(group: &Group<'_>, is_log: bool, page: Page<'_>, out: &mut String) {
    heading(group.symptom, page, out);
    if group.is_guess() {
        let _ = writeln!(out, "{}", page.fill(&message!("symptoms-guess")));
    }
    if is_log {
        let _ = writeln!(out, "{}", page.fill(&seen(group)));
        let text = plain(&group.text);
        let mut line: String = text.chars().take(QUOTED).collect();
        if line.len() < text.len() {
            line.push('…');
        }
        let line = wrap(&line, page.width, "  │ ", "  │ ");
        let _ = writeln!(out, "{DIM}{line}{DIM:#}");
    }
    out.push('\n');
    texts(group.symptom, page, out);
}

/// How often a symptom was seen, where first, and about which drivers.
fn seen(group: &Group<'_>) -> Message {
    let drivers: Vec<&str> = group.drivers.iter().map(|(name, _)| name.as_str()).collect();
    let named = drivers.get(..NAMED).unwrap_or(&drivers);
    message!(
        "symptoms-seen",
        count = usize::try_from(group.count).unwrap_or(usize::MAX),
        line = usize::try_from(group.first_line).unwrap_or(usize::MAX),
        drivers = if named.is_empty() { "none".to_owned() } else { named.join(", ") },
        others = usize::try_from(group.more_drivers).unwrap_or(usize::MAX)
            + (drivers.len() - named.len()),
    )
}

fn texts(symptom: &Symptom, page: Page<'_>, out: &mut String) {
    if !symptom.path_problem {
        let text = page.fill(&message!("symptoms-no-path-problem"));
        let _ = writeln!(out, "{MARK}{text}{MARK:#}\n");
    }
    let text =
        |part: &str| page.words.paragraphs(&format!("symptom-{}.{part}", symptom.id)).join(" ");
    let parts = [
        wrap(&plain(&text("cause")), page.width, "", ""),
        page.fill(&message!("page-tell-apart", text = text("tell-apart"))),
        page.fill(&message!("page-fix", text = text("fix"))),
    ];
    let _ = writeln!(out, "{}", parts.join("\n\n"));
    if !symptom.rules.is_empty() {
        let rules = page.say(&message!("symptoms-check", rules = symptom.rules.join(", ")));
        let _ = writeln!(out, "\n{DIM}{}{DIM:#}", wrap(&rules, page.width, "", "  "));
    }
}

/// What the lines tell about roots, and the commands that follow; nothing where no manifest is at
/// fault, or nothing is known.
fn what_to_type(advice: &Advice, page: Page<'_>) -> String {
    let mut out = String::new();
    let commands = advice.commands();
    if advice.is_empty() || commands.is_empty() {
        return out;
    }
    let Advice { given, kubelets, manifests, either, .. } = advice;
    let list = |roots: &[Root]| roots.iter().map(Root::to_string).collect::<Vec<_>>().join(", ");
    let mut known = Vec::new();
    if let Some(given) = given.as_ref().filter(|_| advice.is_contradicted()) {
        let named = if kubelets.is_empty() { manifests } else { kubelets };
        let is_there = !kubelets.is_empty();
        known.push(message!(
            "symptoms-contradicted",
            given = given,
            roots = list(named),
            is_there = is_there,
        ));
    } else {
        known.extend(given.as_ref().map(|root| message!("symptoms-given", root = root)));
        match (given, kubelets.as_slice()) {
            (Some(_), _) | (None, []) => {}
            (None, [only]) => known.push(message!("symptoms-kubelet", root = only)),
            (None, several) => known.push(message!("symptoms-kubelets", roots = list(several))),
        }
        if !manifests.is_empty() {
            let is_known = given.is_some() || !kubelets.is_empty();
            let roots = list(manifests);
            known.push(message!("symptoms-manifest", roots = roots, known = is_known));
        }
        if !either.is_empty() {
            known.push(message!("symptoms-either", roots = list(either)));
        }
    }
    for message in known {
        let _ = writeln!(out, "{}", page.fill(&message));
    }
    let _ = writeln!(out, "{}", page.say(&message!("symptoms-commands")));
    for command in commands {
        let _ = writeln!(out, "  {NEW}{command}{NEW:#}");
    }
    out
}
