//! The tables that are built into the program, read once for a process.

use super::Error;
use crate::knowledge::{Distributions, HarmTable, Knowledge, KnowledgeError, Listed};
use crate::symptoms::Symptoms;
use std::sync::OnceLock;

type Read<T> = OnceLock<Result<T, KnowledgeError>>;

/// What rewriting and checking know.
pub(super) fn knowledge() -> Result<&'static Knowledge, Error> {
    static READ: Read<Knowledge> = OnceLock::new();
    taken(READ.get_or_init(Knowledge::builtin))
}

/// What would break, by what a path is for.
pub(super) fn harms() -> Result<&'static HarmTable, Error> {
    static READ: Read<HarmTable> = OnceLock::new();
    taken(READ.get_or_init(HarmTable::builtin))
}

/// What log lines and complaints are symptoms of.
pub(super) fn symptoms() -> Result<&'static Symptoms, Error> {
    static READ: Read<Symptoms> = OnceLock::new();
    taken(READ.get_or_init(Symptoms::builtin))
}

/// Drivers of which no more is known than where they are.
pub(super) fn listed() -> Result<&'static [Listed], Error> {
    static READ: Read<Vec<Listed>> = OnceLock::new();
    taken(READ.get_or_init(Listed::builtin)).map(Vec::as_slice)
}

/// Where distributions have the root.
pub(super) fn distributions() -> Result<&'static Distributions, Error> {
    static READ: Read<Distributions> = OnceLock::new();
    taken(READ.get_or_init(Distributions::builtin))
}

fn taken<T>(read: &'static Result<T, KnowledgeError>) -> Result<&'static T, Error> {
    read.as_ref().map_err(|error| Error::Fault(error.to_string()))
}
