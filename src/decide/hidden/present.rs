//! What a container says about a setting that the tables know.

use super::words::Words;
use super::{Rooted, spots};
use crate::decide::Context;
use crate::decide::insertion::{Spot, Value};
use crate::knowledge::driver::Hidden;
use crate::model::{Container, item_named};
use crate::yaml::{Document, NodeId};

/// What a container says about a setting.
pub(super) enum Present {
    Absent,
    /// A variable with nothing in it; its item in `env`.
    Empty(NodeId),
    Said(Said),
}

/// A setting that is there.
pub(super) struct Said {
    /// The scalar it stands in, its text, and the setting's value in it; `None` where it can't be
    /// told apart.
    pub(super) line: Option<(NodeId, String, String)>,
}

impl Present {
    /// `words` are the container's command line.
    pub(super) fn of(
        hidden: &Hidden,
        container: &Container,
        words: &Words,
        doc: &Document,
    ) -> Self {
        let names = std::iter::once(hidden.name()).chain(hidden.aliases.iter().map(String::as_str));
        let mut present = Self::Absent;
        for name in names {
            if words.have_flag(name) {
                // Of a flag that is given twice the last one counts.
                let line = container.command_line.iter().rev().find_map(|line| {
                    let (setting, value) = line.setting()?;
                    let whole = line.text.value.to_string();
                    (setting == name).then(|| (line.text.node, whole, value.to_owned()))
                });
                return Self::Said(Said { line });
            }
            let Some(variable) = container.variable(name) else { continue };
            match variable.text {
                Some(text) if text.value.is_empty() => {
                    present = bare_variable(doc, container, name).map_or(Self::Absent, Self::Empty);
                }
                Some(text) => {
                    let line = Some((text.node, text.value.to_string(), text.value.to_string()));
                    return Self::Said(Said { line });
                }
                None => match bare_variable(doc, container, name) {
                    Some(item) => present = Self::Empty(item),
                    // It comes from elsewhere.
                    None => return Self::Said(Said { line: None }),
                },
            }
        }
        present
    }
}

/// The item of a variable that has no value.
fn bare_variable(doc: &Document, container: &Container, name: &str) -> Option<NodeId> {
    let item = item_named(doc, doc.get(container.node, "env")?, name)?;
    spots::lacks_value(doc, item).then_some(item)
}

impl Said {
    /// Whether it says what is built in or what a root to move away from needs, where the program
    /// adds something to it: such a value isn't below the root, and nothing else would move it.
    pub(super) fn is_left(
        &self,
        hidden: &Hidden,
        rooted: &Rooted<'_>,
        context: &Context<'_>,
    ) -> bool {
        if hidden.appended.is_empty() {
            return false;
        }
        let Some((.., value)) = &self.line else { return false };
        let is_it = |wanted: &str| value.trim_end_matches('/') == wanted.trim_end_matches('/');
        let others = context.roots.all().iter().filter(|root| *root != context.to());
        let left = others.filter_map(|root| rooted.value(root));
        let needed = rooted.value(context.to());
        !needed.is_some_and(|needed| is_it(&needed))
            && (is_it(&hidden.default) || left.into_iter().any(|left| is_it(&left)))
    }

    /// The text in which the value is another.
    pub(super) fn spot(&self, doc: &Document, value: &str) -> Option<(Spot, Value)> {
        let (node, text, old) = self.line.as_ref()?;
        let head = text.strip_suffix(old.as_str())?;
        (!doc.is_shared(*node))
            .then(|| (Spot::Instead(*node), Value::Scalar(format!("{head}{value}"))))
    }
}
