//! The plan as patches, for whoever builds with kustomize and may run no program: Flux, and
//! locked-down Argo CD.
//!
//! Objects are compared as kustomize sees them, with aliases and merge keys resolved, before and
//! after the verified rewrite. Nothing is decided here.

mod difference;
mod names;
mod resources;
mod write;

pub use difference::{Operation, Verb};
pub use names::Target;
pub use write::{component, list};

use crate::error::Fault;
use crate::knowledge::KindTable;
use crate::relocate::Relocation;
use crate::source::{Source, Span};
use crate::yaml::{Document, chunks, parse};
use names::{Known, Names};
use resources::{Resource, resources};

/// The changes of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The object.
    pub target: Target,
    /// What changes, in the order in which it's carried out.
    pub operations: Vec<Operation>,
}

/// Something that changes and that no patch can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The source, by its index.
    pub source: usize,
    /// Where in the source.
    pub offset: usize,
    /// What is wrong, in plain words.
    pub message: String,
    /// The way out.
    pub help: String,
}

/// Why there are no patches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmitError {
    /// Some changes can't be had as patches. The others alone would move the driver by halves.
    Problems(Vec<Problem>),
    /// The program is at fault.
    Fault(Fault),
}

impl From<Fault> for EmitError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What every message advises: what kustomize has built has names, and each of them once.
const HELP: &str = "make the patches from what is built: \
                    kustomize build DIR | csi-relocate --kubelet-root … --emit … -; \
                    they fit into a kustomization around that one";

/// One patch for each object that changes, in the order of the sources.
///
/// # Errors
/// When something changes that no patch can name, and when a rewrite has changed more than it may,
/// which is the program's fault.
pub fn patches(
    sources: &[Source],
    relocation: &Relocation,
    kinds: &KindTable,
) -> Result<Vec<Patch>, EmitError> {
    let names = Names::of(known(relocation), kinds);
    let mut patches = Vec::new();
    let mut problems = Vec::new();
    for (index, (source, rewritten)) in sources.iter().zip(&relocation.rewritten).enumerate() {
        let Some(output) = &rewritten.output else { continue };
        for change in changes(source.text(), output)? {
            match names.target(&change.resource.name, (index, change.start)) {
                Ok(target) => patches.push(Patch { target, operations: change.operations }),
                Err(message) => problems.push(Problem {
                    source: index,
                    offset: change.first,
                    message,
                    help: HELP.to_owned(),
                }),
            }
        }
    }
    if problems.is_empty() { Ok(patches) } else { Err(EmitError::Problems(problems)) }
}

/// Every object of a run that kustomize would see, with its place.
fn known(relocation: &Relocation) -> impl Iterator<Item = Known> {
    relocation.documents().iter().enumerate().flat_map(|(index, doc)| {
        let source = relocation.source_of(index);
        let known = move |resource: Resource| Known {
            place: (source, doc.span(resource.node).start),
            name: resource.name,
        };
        resources(doc).into_iter().map(known)
    })
}

/// What becomes of one object.
struct Change {
    resource: Resource,
    operations: Vec<Operation>,
    /// Where the object begins.
    start: usize,
    /// Where the first thing stands that changes.
    first: usize,
}

/// The objects of a text that differ from those of its rewritten form.
fn changes(before: &str, after: &str) -> Result<Vec<Change>, Fault> {
    let mut changes = Vec::new();
    for (old, new) in same_number(chunks(before), chunks(after))? {
        // What is equal byte by byte may be a document that nobody has to read.
        if before.get(old.as_range()) == after.get(new.as_range()) {
            continue;
        }
        for (old, new) in same_number(read(before, old)?, read(after, new)?)? {
            changes.append(&mut changes_of_document(&old, &new)?);
        }
    }
    Ok(changes)
}

fn changes_of_document(old: &Document, new: &Document) -> Result<Vec<Change>, Fault> {
    let mut changes = Vec::new();
    for (resource, rewritten) in same_number(resources(old), resources(new))? {
        let operations = difference::operations(old, new, (resource.node, rewritten.node))?;
        let Some(operation) = operations.first() else { continue };
        let first = old.span(operation.place).start;
        let start = old.span(resource.node).start;
        changes.push(Change { resource, operations, start, first });
    }
    Ok(changes)
}

fn read(text: &str, chunk: Span) -> Result<Vec<Document>, Fault> {
    parse(text, chunk)
        .map_err(|error| Fault::new(format!("what was proved can't be read: {error}")))
}

/// Pairs of what has to correspond.
fn same_number<T>(old: Vec<T>, new: Vec<T>) -> Result<Vec<(T, T)>, Fault> {
    if old.len() != new.len() {
        return Err(Fault::new("the output has another number of objects than the input"));
    }
    Ok(old.into_iter().zip(new).collect())
}
