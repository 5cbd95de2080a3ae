//! Operators: they write a driver's workloads, so that the root has to be set where they read it.

use super::objects::is_row;
use super::recognise::operators;
use crate::decide::insertion::{Added, Setting};
use crate::decide::{Analysis, Context};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::driver::{Driver, OperatorRow};
use crate::model::{Container, EnvVar, Object, Sourced, is_null};
use crate::words::message;

/// A finding for each operator of the run whose root isn't set in the same run.
pub(in crate::decide) fn decide(
    docs: &[Sourced<'_>],
    analysis: &Analysis,
    context: &Context<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !super::matters(context) {
        return findings;
    }
    for (index, (sourced, objects)) in docs.iter().zip(&analysis.objects).enumerate() {
        let pods = objects.iter().flat_map(|object| &object.pods);
        for container in pods.flat_map(|pod| &pod.containers) {
            for (driver, row) in operators(container, context.knowledge) {
                let run = Run { docs, analysis, driver, row, container };
                if row.set_in.iter().any(|setting| run.is_set(setting)) {
                    continue;
                }
                let image = sourced.doc.get(container.node, "image");
                let node = image.unwrap_or(container.node);
                let finding = Finding {
                    rule: Rule::OperatorSetting,
                    severity: if row.set_in.is_empty() {
                        Severity::Error
                    } else {
                        Severity::Warning
                    },
                    places: vec![Place { doc: index, node, range: None }],
                    message: message!(
                        "operator-setting",
                        driver = &driver.title,
                        writes = &row.writes,
                        settings = run.settings(),
                        root = context.to(),
                        has = if row.set_in.is_empty() { "none" } else { "some" },
                        source = &row.source,
                    ),
                };
                if !findings.iter().any(|known: &Finding| known.message == finding.message) {
                    findings.push(finding);
                }
            }
        }
    }
    findings
}

struct Run<'a> {
    docs: &'a [Sourced<'a>],
    analysis: &'a Analysis,
    driver: &'a Driver,
    row: &'a OperatorRow,
    /// The operator's own.
    container: &'a Container,
}

impl Run<'_> {
    /// Whether a setting is in the run, or gets there.
    fn is_set(&self, setting: &str) -> bool {
        let variable = self.container.variable(setting);
        variable.is_some_and(|variable| EnvVar::known_value(variable) != Some(""))
            || self.is_written(setting)
            || self.objects().any(|(doc, object)| self.has(doc, object, setting))
    }

    fn is_written(&self, setting: &str) -> bool {
        self.analysis.insertions.iter().any(|insertion| match &insertion.what {
            Added::Setting { setting: own, driver, .. } => {
                let name = match own {
                    Setting::Flag(flag) => flag.trim_start_matches('-'),
                    Setting::Env(name) | Setting::Field(name) => name,
                };
                name == setting && *driver == self.driver.title
            }
            Added::Propagation(_) => false,
        })
    }

    fn objects(&self) -> impl Iterator<Item = (&Sourced<'_>, &Object)> {
        self.docs
            .iter()
            .zip(&self.analysis.objects)
            .flat_map(|(doc, objects)| objects.iter().map(move |object| (doc, object)))
    }

    fn has(&self, sourced: &Sourced<'_>, object: &Object, setting: &str) -> bool {
        let doc = sourced.doc;
        let mut rows = self.driver.objects.iter().filter(|row| row.field == setting);
        rows.any(|row| {
            let is_said = |node| !is_null(doc, node) && doc.str(node) != Some("");
            is_row(row, doc, object) && object.at(doc, setting).is_some_and(is_said)
        })
    }

    /// The settings in words: of which kind of object, or which variable.
    fn settings(&self) -> String {
        let settings = self.row.set_in.iter().map(|setting| {
            let mut rows = self.driver.objects.iter().filter(|row| row.field == *setting);
            match rows.next() {
                Some(row) => format!("`{setting}` ({})", row.kinds.join(", ")),
                None => format!("`{setting}`"),
            }
        });
        settings.collect::<Vec<_>>().join(", ")
    }
}
