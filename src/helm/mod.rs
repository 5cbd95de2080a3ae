//! Helm charts: what one says of itself, and what its values do to what it renders.

mod chart;
mod compare;
mod comparison;

pub use chart::{Chart, Own, keys_of};
pub use compare::compare;
pub use comparison::{Comparison, Strayed};
