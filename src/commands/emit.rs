//! What a rewrite would change, as patches for kustomize and Flux.

use super::{SHOWN, print_bytes};
use crate::cli::Emit;
use crate::commands::outcome::Failure;
use crate::emit::{EmitError, Patch, Problem, component, list, patches};
use crate::error::Unreadable;
use crate::knowledge::KindTable;
use crate::relocate::Relocation;
use crate::render;
use crate::source::Source;
use crate::talk::Talk;

/// The patches of a run.
///
/// # Errors
/// When they would leave something out. What changes in an object without a name can't be told
/// to kustomize, and whoever believes that all is covered moves a driver by halves.
pub(super) fn made(
    sources: &[Source],
    relocation: &Relocation,
    kinds: &KindTable,
    talk: &Talk,
) -> Result<Vec<Patch>, Failure> {
    patches(sources, relocation, kinds).map_err(|error| match error {
        EmitError::Fault(fault) => Failure::Other(fault.into()),
        EmitError::Problems(problems) => shown(sources, problems, talk),
    })
}

fn shown(sources: &[Source], problems: Vec<Problem>, talk: &Talk) -> Failure {
    let left = problems.len().saturating_sub(SHOWN);
    let drawn = problems.into_iter().take(SHOWN).filter_map(|problem| {
        let Problem { source, offset, message, help } = problem;
        let problem = Unreadable { message, offset, help };
        Some(render::unreadable(sources.get(source)?, &problem, &talk.drawing))
    });
    let mut message: Vec<String> = drawn.collect();
    if left > 0 {
        message.push(format!("and {left} more that no patch can change"));
    }
    message.push("nothing was written: patches for the rest would move a driver by halves".into());
    Failure::Shown(message.join("\n\n"))
}

/// Writes the patches to standard output.
pub(super) fn print(patches: &[Patch], emit: Emit, relocation: &Relocation) -> anyhow::Result<()> {
    let root = relocation.roots.to();
    let text = match emit {
        Emit::KustomizePatches => list(patches, root),
        Emit::Kustomization => component(patches, root),
    };
    Ok(print_bytes(text.as_bytes())?)
}

/// An empty list looks like a mistake; it's said to be none.
pub(super) const NOTHING_TO_PATCH: &str =
    "note: nothing has to be moved in what was read, so that there are no patches";
