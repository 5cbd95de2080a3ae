//! Files at the edge: which are read, and how they are written so that none is ever half-written.

pub(crate) mod find;
mod interrupt;
pub(crate) mod read;
pub(crate) mod replace;
mod stamp;

pub(crate) use stamp::Stamp;
