//! What came of comparing what a chart renders with a value and without it.

use crate::model::ObjectRef;

/// A field that isn't what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strayed {
    /// The object.
    pub object: ObjectRef,
    /// The field in the object, items of lists by their names.
    pub field: String,
    /// What it should be.
    pub expected: String,
    /// What it is; `None` when it isn't there any more.
    pub found: Option<String>,
}

/// What came of comparing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many fields move with the value, as they should.
    pub moved: usize,
    /// Fields that should move and don't, or not to the right place.
    pub missed: Vec<Strayed>,
    /// Fields that should stay and don't.
    pub dragged: Vec<Strayed>,
    /// Whether the root that was asked for is anywhere in what was rendered.
    pub has_effect: bool,
}

impl Comparison {
    /// Whether everything moves that should, and nothing else.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.has_effect && self.missed.is_empty() && self.dragged.is_empty()
    }

    /// Whether a rewrite would move nothing either.
    #[must_use]
    pub fn has_nothing_to_move(&self) -> bool {
        self.moved == 0 && self.missed.is_empty()
    }

    /// What holds for several roots: a field that strays for one of them strays.
    #[must_use]
    pub fn both(comparisons: Vec<Self>) -> Self {
        let mut all = Self { has_effect: true, moved: usize::MAX, ..Self::default() };
        for comparison in comparisons {
            all.moved = all.moved.min(comparison.moved);
            all.has_effect &= comparison.has_effect;
            add_new(&mut all.missed, comparison.missed);
            add_new(&mut all.dragged, comparison.dragged);
        }
        all
    }
}

/// Adds the fields that aren't there yet.
fn add_new(all: &mut Vec<Strayed>, more: Vec<Strayed>) {
    for strayed in more {
        let is_known =
            all.iter().any(|known| known.object == strayed.object && known.field == strayed.field);
        if !is_known {
            all.push(strayed);
        }
    }
}
