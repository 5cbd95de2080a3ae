//! How long texts are printed.

use super::wrap::wrap;
use crate::report::plain;
use crate::words::{Catalogue, Message};

/// How long texts are printed.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// The columns of a line.
    pub width: usize,
    /// Say all of each thing, also what was said of another one before.
    pub verbose: bool,
    /// In whose words.
    pub words: &'a Catalogue,
}

impl Page<'_> {
    /// A message on one line, harmless for a terminal.
    pub(super) fn say(&self, message: &Message) -> String {
        plain(&self.words.say(message))
    }

    /// The same in lines of the page's width.
    pub(super) fn fill(&self, message: &Message) -> String {
        wrap(&self.say(message), self.width, "", "")
    }
}
