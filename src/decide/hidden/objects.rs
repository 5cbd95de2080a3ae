//! Fields of custom resources and ConfigMaps that a controller reads the root from.

use super::version::may_be_in;
use super::{Outcome, Rooted, RunImages, spots};
use crate::decide::insertion::{Added, Insertion, Setting, Spot, Value};
use crate::decide::{Analysis, Context, KnownSetting};
use crate::finding::{Finding, Place, Rule};
use crate::knowledge::driver::{Driver, ObjectRow, Remedy};
use crate::model::{Object, Step, item_named, says_nothing, steps};
use crate::roots::DEFAULT_ROOT;
use crate::sites::Space;
use crate::words::message;
use crate::yaml::{Document, Node, NodeId, Style};

/// What is hidden in the objects of a document; `images` are those of the whole run.
pub(in crate::decide) fn decide(
    doc: &Document,
    index: usize,
    objects: &[Object],
    images: &RunImages<'_>,
    context: &Context<'_>,
    analysis: &mut Analysis,
) {
    if context.roots.is_to_default() {
        return;
    }
    for (number, object) in objects.iter().enumerate() {
        let name = &object.name;
        let known = context.knowledge.drivers().by_kind(name.group(), &name.kind);
        for (_, driver) in known {
            let rows = driver.objects.iter().filter(|row| is_row(row, doc, object));
            for row in rows.filter(|row| row.action != Remedy::Nothing) {
                let read = is_read(row, images);
                if read == Read::No {
                    continue;
                }
                // A schema without the field would refuse it; a ConfigMap has none.
                let may_be_refused =
                    read == Read::Unknown && row.since.is_some() && !row.group.is_empty();
                let at = (index, number);
                let subject = Subject { doc, at, object, driver, row, may_be_refused };
                subject.decide(context).enter(analysis);
            }
        }
    }
}

/// Whether a row of its kind is about this object.
pub(in crate::decide) fn is_row(row: &ObjectRow, doc: &Document, object: &Object) -> bool {
    row.group == object.name.group()
        && row.kinds.iter().any(|kind| object.name.kind == *kind)
        && (row.beside.is_empty() || row.beside.iter().any(|field| object.at(doc, field).is_some()))
}

/// Whether the controller that reads a field does so in its version.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    /// A controller of the input does.
    Yes,
    /// None of those in the input does.
    No,
    /// There is none in the input.
    Unknown,
}

fn is_read(row: &ObjectRow, images: &RunImages<'_>) -> Read {
    let Some(image) = &row.read_by else { return Read::Yes };
    let mut found = images.called(image).peekable();
    if found.peek().is_none() {
        return Read::Unknown;
    }
    let (since, until) = (row.since.as_deref(), row.until.as_deref());
    if found.any(|image| may_be_in(image, since, until)) { Read::Yes } else { Read::No }
}

/// An object with a field that a controller reads.
struct Subject<'a> {
    doc: &'a Document,
    at: (usize, usize),
    object: &'a Object,
    driver: &'a Driver,
    row: &'a ObjectRow,
    /// The API server may not know the field.
    may_be_refused: bool,
}

impl Subject<'_> {
    fn decide(&self, context: &Context<'_>) -> Outcome {
        let row = self.row;
        let below =
            row.below.as_deref().unwrap_or_else(|| row.field.split('.').next().unwrap_or(""));
        if self.object.at(self.doc, below).is_none() {
            return Outcome::Nothing;
        }
        let is_needed = row.action != Remedy::Warn && !self.may_be_refused;
        let severity = row.harm.severity_where(is_needed);
        let said = self.object.at(self.doc, &row.field);
        if let Some(node) = said.filter(|node| !says_nothing(self.doc, *node)) {
            return Outcome::Said(KnownSetting { doc: self.at.0, node, severity });
        }
        if self.comes_from_elsewhere() {
            return Outcome::Nothing;
        }
        let default = if row.default.is_empty() { DEFAULT_ROOT } else { &row.default };
        let Some(rooted) = Rooted::of(default, "") else { return Outcome::Nothing };
        let Some(value) = rooted.value(context.to()) else { return Outcome::Nothing };
        if !is_needed {
            return Outcome::Tell(self.unset(&value, false));
        }
        let Some((spot, written)) = self.spot(&value) else {
            return Outcome::Tell(self.unset(&value, true));
        };
        Outcome::Write(Box::new(Insertion {
            doc: self.at.0,
            object: self.at.1,
            container: None,
            written_like: self.written_like(&spot),
            spot,
            value: written,
            within: None,
            what: Added::Setting {
                setting: Setting::Field(row.field.clone()),
                driver: self.driver.title.clone(),
                space: Space::Host,
                role: context.role(&rooted.rest()).role,
                line: format!("{}: {value}", row.field.rsplit('.').next().unwrap_or("")),
                severity: row.harm.severity(),
                because: row.because.clone(),
            },
        }))
    }

    /// Whether the field is an item of a list that takes its value from elsewhere.
    fn comes_from_elsewhere(&self) -> bool {
        let Some((list, name)) = self.row.field.strip_suffix(']').and_then(|it| it.split_once('['))
        else {
            return false;
        };
        let list = self.object.at(self.doc, list);
        let item = list.and_then(|list| item_named(self.doc, list, name));
        item.is_some_and(|item| !spots::lacks_value(self.doc, item))
    }

    /// Where the field is written, as far in as there is something to write it into.
    fn spot(&self, value: &str) -> Option<(Spot, Value)> {
        let doc = self.doc;
        let steps = steps(&self.row.field);
        let mut node = self.object.node;
        for (depth, step) in steps.iter().enumerate() {
            if doc.is_shared(node) {
                return None;
            }
            let rest = steps.get(depth + 1..).unwrap_or_default();
            match *step {
                Step::Key(key) => match doc.entry(node, key) {
                    Some((_, next)) if doc.is_alias(next) => return None,
                    Some((_, next)) if says_nothing(doc, next) => {
                        return Some((Spot::Instead(next), nested(rest, value)));
                    }
                    Some((_, next)) => node = next,
                    None => {
                        let after = key_to_follow(doc, node)?;
                        // What a merge key brings would be overridden.
                        if doc.get(node, key).is_some() {
                            return None;
                        }
                        let spot = Spot::Key { mapping: node, after, key: key.to_owned() };
                        return Some((spot, nested(rest, value)));
                    }
                },
                Step::Named(name) => match step.from(doc, node) {
                    Some(next) if says_nothing(doc, next) => {
                        return Some((Spot::Instead(next), nested(rest, value)));
                    }
                    Some(next) => node = next,
                    None => {
                        if let Some(item) = item_named(doc, node, name) {
                            return spots::of_value(doc, item, value);
                        }
                        let &after = doc.items(node).last()?;
                        let spot = Spot::Item { list: node, after };
                        return Some((spot, Value::named(name, nested(rest, value))));
                    }
                },
            }
        }
        None
    }

    /// A path or a word beside it that shows how values are quoted.
    fn written_like(&self, spot: &Spot) -> Option<NodeId> {
        let Spot::Key { mapping, .. } = spot else { return None };
        let entries = self.doc.entries(*mapping).iter().rev();
        let values = entries.map(|(_, value)| *value);
        values.into_iter().find(|value| {
            let text = self.doc.str(*value);
            text.is_some_and(|text| !text.is_empty() && !text.contains('\n'))
        })
    }

    fn unset(&self, value: &str, is_needed: bool) -> Finding {
        let row = self.row;
        let severity = row.harm.severity_where(is_needed);
        let places = vec![Place { doc: self.at.0, node: self.object.node, range: None }];
        let message = message!(
            "hidden-default-field",
            driver = &self.driver.title,
            kind = &self.object.name.kind,
            field = &row.field,
            value = value,
            remedy = if is_needed { "needed" } else { "maybe" },
        );
        Finding { rule: Rule::HiddenDefault, severity, places, message }
    }
}

/// The key behind whose value another one is written: the last one, unless a block of text ends
/// there, whose end is hard to tell.
fn key_to_follow(doc: &Document, mapping: NodeId) -> Option<NodeId> {
    let is_block = |mut node: NodeId| loop {
        node = match doc.node(node) {
            Node::Scalar { style, .. } => return matches!(style, Style::Literal | Style::Folded),
            Node::Sequence(items) => match items.last() {
                Some(&last) => last,
                None => return false,
            },
            Node::Mapping(entries) => match entries.last() {
                Some(&(_, last)) => last,
                None => return false,
            },
        };
    };
    let entries = doc.entries(mapping);
    let clear = entries.iter().rev().find(|(_, value)| !is_block(*value));
    clear.or(entries.last()).map(|(key, _)| *key)
}

/// A value below the keys that aren't there yet.
fn nested(steps: &[Step<'_>], value: &str) -> Value {
    match steps.split_first() {
        None => Value::Scalar(value.to_owned()),
        Some((Step::Key(key), rest)) => {
            Value::Mapping(vec![((*key).to_owned(), nested(rest, value))])
        }
        Some((Step::Named(name), rest)) => {
            Value::List(vec![Value::named(name, nested(rest, value))])
        }
    }
}
