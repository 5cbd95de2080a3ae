//! Pages of rules and symptoms as JSON, and what a log showed, in the forms that
//! `docs/explain.schema.json` describes.

use super::explain::document;
use crate::finding::Rule;
use crate::knowledge::Page;
use crate::kubepath::Root;
use crate::symptoms::{Advice, Group, Harm, Side, Symptom};
use crate::words::{Catalogue, Language};
use serde::Serialize;

#[derive(Serialize)]
struct PagesOf<'a> {
    rules: Vec<RulePage<'a>>,
    symptoms: Vec<SymptomPage<'a>>,
}

#[derive(Serialize)]
struct RulePage<'a> {
    id: &'static str,
    title: String,
    severities: Vec<String>,
    what: String,
    why: String,
    fix: String,
    example: &'a str,
    commands: Vec<&'static str>,
    sources: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SymptomPage<'a> {
    id: &'a str,
    title: String,
    harm: &'static str,
    path_problem: bool,
    cause: String,
    tell_apart: String,
    fix: String,
    rules: &'a [String],
    sources: &'a [String],
}

/// Pages of rules and symptoms for other programs. Their texts are English.
#[must_use]
pub fn pages(rules: &[(Rule, &Page)], symptoms: &[&Symptom]) -> String {
    let words = Catalogue::of(Language::English);
    let rules = rules.iter().map(|(rule, page)| rule_page(*rule, page, &words)).collect();
    let symptoms = symptoms.iter().map(|symptom| symptom_page(symptom, &words)).collect();
    document(PagesOf { rules, symptoms })
}

fn rule_page<'p>(rule: Rule, page: &'p Page, words: &Catalogue) -> RulePage<'p> {
    let text = |part: &str| words.paragraphs(&format!("rule-{}.{part}", rule.id())).join("\n\n");
    RulePage {
        id: rule.id(),
        title: words.say(&rule.title()),
        severities: page.severities.iter().map(ToString::to_string).collect(),
        what: text("what"),
        why: text("why"),
        fix: text("fix"),
        example: page.example.trim_end(),
        commands: page.commands.iter().map(|speaker| speaker.command()).collect(),
        sources: &page.sources,
    }
}

fn symptom_page<'s>(symptom: &'s Symptom, words: &Catalogue) -> SymptomPage<'s> {
    let text =
        |part: &str| words.paragraphs(&format!("symptom-{}.{part}", symptom.id)).join("\n\n");
    SymptomPage {
        id: &symptom.id,
        title: words.say(&symptom.title()),
        harm: match symptom.harm {
            Harm::Lost => "lost",
            Harm::Maybe => "maybe",
            Harm::Stuck => "stuck",
            Harm::Stopped => "stopped",
            Harm::Noise => "noise",
            Harm::Other => "other",
        },
        path_problem: symptom.path_problem,
        cause: text("cause"),
        tell_apart: text("tell-apart"),
        fix: text("fix"),
        rules: &symptom.rules,
        sources: &symptom.sources,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    symptoms: Vec<Seen<'a>>,
    kubelet_roots: Vec<String>,
    manifest_roots: Vec<String>,
    unclear_roots: Vec<String>,
    commands: Vec<String>,
    contradicted: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Seen<'a> {
    #[serde(flatten)]
    page: SymptomPage<'a>,
    count: u64,
    first_line: u64,
    text: &'a str,
    is_guess: bool,
    drivers: Vec<Named<'a>>,
    more_drivers: u64,
    roots: Vec<RootOf>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    count: u64,
}

#[derive(Serialize)]
struct RootOf {
    root: String,
    of: &'static str,
    count: u64,
}

/// What a log showed, for other programs. Its texts are English.
#[must_use]
pub fn symptoms(groups: &[Group<'_>], advice: &Advice) -> String {
    let words = Catalogue::of(Language::English);
    let seen = groups.iter().map(|group| Seen {
        page: symptom_page(group.symptom, &words),
        count: group.count,
        first_line: group.first_line,
        text: &group.text,
        is_guess: group.is_guess(),
        more_drivers: group.more_drivers,
        drivers: group.drivers.iter().map(|(name, count)| Named { name, count: *count }).collect(),
        roots: group
            .roots
            .iter()
            .map(|seen| RootOf {
                root: seen.root.to_string(),
                of: match seen.side {
                    Side::Kubelets => "kubelet",
                    Side::Manifest => "manifest",
                    Side::Either => "unclear",
                },
                count: seen.count,
            })
            .collect(),
    });
    let all = |roots: &[Root]| roots.iter().map(ToString::to_string).collect();
    document(Log {
        symptoms: seen.collect(),
        kubelet_roots: all(&advice.kubelets),
        manifest_roots: all(&advice.manifests),
        unclear_roots: all(&advice.either),
        commands: advice.commands(),
        contradicted: advice.is_contradicted(),
    })
}
