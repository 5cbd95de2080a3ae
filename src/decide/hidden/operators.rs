//! Operators: they write a driver's workloads, so that the root has to be set where they read it.

use super::objects::is_row;
use super::recognise::operators;
use super::words::Words;
use crate::decide::insertion::Added;
use crate::decide::{Analysis, Context};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::driver::{Driver, OperatorRow};
use crate::model::{Container, Sourced, says_nothing};
use crate::words::message;
use std::collections::HashSet;

/// A finding for each operator of the run whose root isn't set in the same run.
pub(in crate::decide) fn decide(
    docs: &[Sourced<'_>],
    analysis: &Analysis,
    context: &Context<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if context.roots.is_to_default() {
        return findings;
    }
    // Both are worth their while only when there is an operator at all.
    let mut settings: Option<HashSet<(&str, &str)>> = None;
    let mut told: HashSet<*const OperatorRow> = HashSet::new();
    for (index, (sourced, objects)) in docs.iter().zip(&analysis.objects).enumerate() {
        let pods = objects.iter().flat_map(|object| &object.pods);
        for container in pods.flat_map(|pod| &pod.containers) {
            for (driver, row) in operators(container, context.knowledge) {
                let settings = settings.get_or_insert_with(|| set(docs, analysis, context));
                let is_set = |setting: &String| {
                    settings.contains(&(driver.title.as_str(), setting.as_str()))
                        || is_said(container, driver, setting)
                };
                if row.set_in.iter().any(is_set) || !told.insert(std::ptr::from_ref(row)) {
                    continue;
                }
                let node = sourced.doc.get(container.node, "image").unwrap_or(container.node);
                let place = Place { doc: index, node, range: None };
                findings.push(finding(driver, row, place, context));
            }
        }
    }
    findings
}

/// The settings that are in the run's objects, or get there, each with its driver's title.
fn set<'a>(
    docs: &'a [Sourced<'_>],
    analysis: &'a Analysis,
    context: &Context<'a>,
) -> HashSet<(&'a str, &'a str)> {
    let mut settings = HashSet::new();
    for (sourced, objects) in docs.iter().zip(&analysis.objects) {
        let doc = sourced.doc;
        let is_said = |node| !says_nothing(doc, node);
        for object in objects {
            let name = &object.name;
            for (_, driver) in context.knowledge.drivers().by_kind(name.group(), &name.kind) {
                let rows = driver.objects.iter().filter(|row| is_row(row, doc, object));
                let said = rows.filter(|row| object.at(doc, &row.field).is_some_and(is_said));
                settings.extend(said.map(|row| (driver.title.as_str(), row.field.as_str())));
            }
        }
    }
    for insertion in &analysis.insertions {
        if let Added::Setting { setting, driver, .. } = &insertion.what {
            settings.insert((driver.as_str(), setting.bare_name()));
        }
    }
    settings
}

/// Whether an operator's own container says a setting, by whichever of its names.
fn is_said(container: &Container, driver: &Driver, setting: &str) -> bool {
    let rows = driver.containers.iter().flat_map(|row| &row.hidden);
    let aliases = rows.filter(|row| row.name() == setting).flat_map(|row| &row.aliases);
    let names = || std::iter::once(setting).chain(aliases.clone().map(String::as_str));
    let has_variable =
        |name: &str| container.variable(name).is_some_and(|variable| variable.value != Some(""));
    let words = Words::of(container);
    names().any(|name| has_variable(name) || words.have_flag(name))
}

fn finding(driver: &Driver, row: &OperatorRow, place: Place, context: &Context<'_>) -> Finding {
    let has_none = row.set_in.is_empty();
    Finding {
        rule: Rule::OperatorSetting,
        severity: if has_none { Severity::Error } else { Severity::Warning },
        places: vec![place],
        message: message!(
            "operator-setting",
            driver = &driver.title,
            writes = &row.writes,
            settings = in_words(driver, row),
            root = context.to(),
            has = if has_none { "none" } else { "some" },
            source = &row.source,
        ),
    }
}

/// The settings in words: of which kind of object, or which variable.
fn in_words(driver: &Driver, row: &OperatorRow) -> String {
    let settings = row.set_in.iter().map(|setting| {
        let mut rows = driver.objects.iter().filter(|row| row.field == *setting);
        match rows.next() {
            Some(row) => format!("`{setting}` ({})", row.kinds.join(", ")),
            None => format!("`{setting}`"),
        }
    });
    settings.collect::<Vec<_>>().join(", ")
}
