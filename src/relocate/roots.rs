//! Which roots a run is about, and which its documents also speak of.

use super::{Options, Texts, numbered};
use crate::decide::{DetectedRoot, LEVELS, detect_roots, objects_of_run};
use crate::error::RelocateError;
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::Knowledge;
use crate::kubepath::{AbsPath, Root};
use crate::model::{Object, Sourced};
use crate::roots::{DEFAULT_ROOT, Roots};
use crate::source::Source;
use crate::stream::{Wanted, read_all};
use crate::words::message;
use std::collections::{HashMap, HashSet};

/// Words of which a document needs one to tell of a root whose name isn't known: by itself, or by the
/// values that it gives to variables.
const TELL_OF_ROOTS: [&str; 6] =
    ["hostPath", "registration-path", "pathPrefix", "local", "endpoint", "ConfigMap"];

/// The roots of a run: those asked for, and those that are found.
pub(super) fn of_run(
    sources: &[Source],
    options: &Options,
    knowledge: &Knowledge,
) -> Result<Roots, RelocateError> {
    let mut from = options.from.clone();
    if options.auto {
        from.extend(Root::parse(DEFAULT_ROOT).ok());
        let wanted = if options.strict { Wanted::All } else { Wanted::needles(&TELL_OF_ROOTS) };
        let streams = read_all(sources, &wanted)?;
        let docs: Vec<Sourced<'_>> = numbered(&streams).collect();
        let objects = objects_of_run(&docs, knowledge, LEVELS);
        let known: Vec<AbsPath> =
            from.iter().chain([&options.to]).map(|root| root.path().clone()).collect();
        from.extend(detected(&docs, &objects, &known, knowledge, LEVELS)?);
    }
    Ok(Roots::new(options.to.clone(), from)?.with_windows(options.windows.clone()))
}

/// The roots that documents speak of besides the `known` ones, also in the manifests within their texts.
///
/// # Errors
/// When such a text can't be read.
pub(crate) fn detected(
    docs: &[Sourced<'_>],
    objects: &[Vec<Object>],
    known: &[AbsPath],
    knowledge: &Knowledge,
    levels: usize,
) -> Result<Vec<Root>, RelocateError> {
    let found = detect_roots(objects, known, knowledge).into_iter();
    let mut roots: Vec<Root> = found.map(|found| found.root).collect();
    let Texts { sources, .. } = Texts::of(docs, objects);
    if let Some(levels) = levels.checked_sub(1).filter(|_| !sources.is_empty()) {
        let streams = read_all(&sources, &Wanted::All)?;
        let docs: Vec<Sourced<'_>> = numbered(&streams).collect();
        let objects = objects_of_run(&docs, knowledge, levels);
        roots.extend(detected(&docs, &objects, known, knowledge, levels)?);
    }
    Ok(roots)
}

/// Roots that the documents also speak of and that this run leaves alone.
pub(super) fn others(
    objects: &[Vec<Object>],
    roots: &Roots,
    options: &Options,
    knowledge: &Knowledge,
) -> Vec<Finding> {
    if options.auto {
        return Vec::new();
    }
    let found = detect_roots(objects, roots.all(), knowledge).into_iter();
    let each = found.flat_map(|DetectedRoot { root, places }| {
        places.into_iter().map(move |place| Finding {
            rule: Rule::OtherRoot,
            severity: Severity::Warning,
            places: vec![place],
            message: message!("other-root", root = &root),
        })
    });
    each.collect()
}

/// Once for a run is enough of another root, in the first object that nobody has accepted. Only of a whole
/// run it's known which that is, not of its texts.
pub(super) fn say_once(findings: &mut Vec<Finding>) {
    let place = |finding: &Finding| {
        let place = finding.places.first()?;
        Some((place.doc, place.node, place.range.as_ref().map(|range| range.start)))
    };
    let mut first = HashMap::new();
    for finding in findings.iter().filter(|finding| finding.rule == Rule::OtherRoot) {
        let first = first.entry(finding.message.clone()).or_insert_with(|| place(finding));
        *first = place(finding).min(*first);
    }
    let mut said = HashSet::new();
    findings.retain(|finding| match first.get(&finding.message) {
        None => true,
        Some(first) => place(finding) == *first && said.insert(finding.message.clone()),
    });
}
