//! Manifests within texts: judged as any other, as a run of their own, and told of in the terms of the
//! document whose scalar the text is.

use super::{Against, Read, held};
use crate::decide::{Context, objects_of_run};
use crate::error::RelocateError;
use crate::finding::{Finding, Place};
use crate::model::{Object, Sourced};
use crate::relocate::{Texts, numbered};
use crate::stream::{Wanted, read_all};
use crate::suppress::Suppressed;

/// What was found in the texts of a run.
#[derive(Default)]
pub(super) struct Within {
    pub(super) findings: Vec<Finding>,
    pub(super) suppressed: Vec<Suppressed>,
    pub(super) objects: usize,
    pub(super) sites: usize,
}

/// Judges the manifests within the texts of a run.
pub(super) fn judge(
    docs: &[Sourced<'_>],
    objects: &[Vec<Object>],
    against: &Against,
    context: &Context<'_>,
    levels: usize,
) -> Result<Within, RelocateError> {
    let texts = Texts::of(docs, objects);
    let sources = &texts.sources;
    if sources.is_empty() {
        return Ok(Within::default());
    }
    let levels = levels.saturating_sub(1);
    let streams = read_all(sources, &Wanted::All)?;
    let docs: Vec<Sourced<'_>> = numbered(&streams).collect();
    let objects = objects_of_run(&docs, context.knowledge, levels);
    let read = Read { sources, streams, objects };
    let verdict = held(read, against, context, levels)?;
    let locate = |place: &Place| verdict.locate(sources, place);
    let findings = verdict.findings.iter();
    Ok(Within {
        findings: findings.map(|finding| texts.finding(finding, locate)).collect(),
        suppressed: texts.suppressed(&verdict.suppressed, locate),
        objects: verdict.objects,
        sites: verdict.sites,
    })
}
