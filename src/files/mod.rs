//! Files at the edge: which are read, and how they are written so that none is ever half-written.

pub mod find;
mod interrupt;
pub mod read;
pub mod replace;
