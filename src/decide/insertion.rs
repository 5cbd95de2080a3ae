//! What has to be in the manifest and isn't: a mount's propagation, a setting with a hidden
//! default.

use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::Role;
use crate::sites::Space;
use crate::words::{Message, Told, message};
use crate::yaml::NodeId;

/// Something that is written where nothing was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// The document.
    pub doc: usize,
    /// The object in the document.
    pub object: usize,
    /// The pod in the object and the container in the pod, for what is written into one.
    pub container: Option<(usize, usize)>,
    /// Where it is written.
    pub spot: Spot,
    /// What is written there.
    pub value: Value,
    /// A value in the neighbourhood whose quotes show how values are written here.
    pub written_like: Option<NodeId>,
    /// What it is.
    pub what: Added,
    /// For what is written into a manifest within a text: where a person looks for it in the document that
    /// carries the text, and in which field. `spot` and `what` name nodes of the manifest then.
    pub within: Option<(Place, String)>,
}

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Spot {
    /// In place of a scalar that says nothing, or of an empty collection.
    Instead(NodeId),
    /// As a key of its own.
    Key {
        /// The mapping.
        mapping: NodeId,
        /// The key after whose value it's written.
        after: NodeId,
        /// The key.
        key: String,
    },
    /// As an item of a list.
    Item {
        /// The list.
        list: NodeId,
        /// The item after which it's written.
        after: NodeId,
    },
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A word, a path, an argument.
    Scalar(String),
    /// Keys with their values, in this order.
    Mapping(Vec<(String, Value)>),
    /// Items.
    List(Vec<Value>),
}

impl Value {
    /// An item with a name and a value.
    pub(crate) fn named(name: &str, value: Self) -> Self {
        let name = Self::Scalar(name.to_owned());
        Self::Mapping(vec![("name".to_owned(), name), ("value".to_owned(), value)])
    }

    /// Both as one collection; `None` where they aren't of a kind or contradict each other.
    #[must_use]
    pub(crate) fn joined(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::List(items), Self::List(more)) => {
                Some(Self::List(items.iter().chain(more).cloned().collect()))
            }
            (Self::Mapping(entries), Self::Mapping(more)) => {
                let mut entries = entries.clone();
                for (key, value) in more {
                    match entries.iter_mut().find(|(own, _)| own == key) {
                        Some((_, own)) => *own = own.joined(value)?,
                        None => entries.push((key.clone(), value.clone())),
                    }
                }
                Some(Self::Mapping(entries))
            }
            _ => None,
        }
    }
}

/// What an insertion is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// A mount's propagation; the mount's mapping.
    Propagation(NodeId),
    /// A setting that has the default root in it when nothing is said.
    Setting {
        /// As a person knows it: a flag, a variable, a field.
        setting: Setting,
        /// The driver's title.
        driver: String,
        /// Whose filesystem it speaks of.
        space: Space,
        /// What its path is for.
        role: Role,
        /// As it reads when it's written: `--pluginpath=/data/kubelet/plugins`.
        line: String,
        /// How bad it is when it's missing.
        severity: Severity,
        /// What it is good for.
        because: Option<Told>,
    },
}

/// Which setting of a driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A flag, with its dashes.
    Flag(String),
    /// A variable.
    Env(String),
    /// A field of an object, as keys with dots between them.
    Field(String),
}

impl Setting {
    /// Its name as it is written.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Flag(name) | Self::Env(name) | Self::Field(name) => name,
        }
    }

    /// Its name without dashes.
    #[must_use]
    pub fn bare_name(&self) -> &str {
        self.name().trim_start_matches('-')
    }
}

impl Insertion {
    /// Where a person looks for it.
    #[must_use]
    pub fn place(&self) -> Place {
        if let Some((place, _)) = &self.within {
            return place.clone();
        }
        let node = match (&self.what, &self.spot) {
            (Added::Propagation(mount), _) => *mount,
            (Added::Setting { .. }, Spot::Instead(node)) => *node,
            (Added::Setting { .. }, Spot::Key { after, .. } | Spot::Item { after, .. }) => *after,
        };
        Place { doc: self.doc, node, range: None }
    }

    /// What is written, as a person reads it.
    #[must_use]
    pub fn line(&self) -> &str {
        match &self.what {
            Added::Propagation(_) => "mountPropagation: Bidirectional",
            Added::Setting { line, .. } => line,
        }
    }

    /// The field that it's written in.
    #[must_use]
    pub fn field(&self) -> Message {
        if let Some((_, field)) = &self.within {
            return message!("field-other", field = field);
        }
        match &self.what {
            Added::Propagation(_) => message!("field-volume-mounts"),
            Added::Setting { setting: Setting::Flag(_), .. } => {
                message!("field-other", field = "args")
            }
            Added::Setting { setting: Setting::Env(name), .. } => {
                message!("field-env", variable = name)
            }
            Added::Setting { setting: Setting::Field(name), .. } => {
                message!("field-other", field = name)
            }
        }
    }

    /// Why it has to be there.
    #[must_use]
    pub fn reason(&self) -> Message {
        match &self.what {
            Added::Propagation(_) => message!("reason-propagation-added"),
            Added::Setting { driver, .. } => message!("reason-setting-added", driver = driver),
        }
    }

    /// That it isn't there, for a setting, and whether rewriting writes it.
    #[must_use]
    pub fn missing(&self, is_written: bool) -> Option<Finding> {
        let Added::Setting { setting, driver, line, severity, .. } = &self.what else {
            return None;
        };
        let message = message!(
            "hidden-default-missing",
            driver = driver,
            setting = setting.name(),
            line = line,
            written = is_written,
        );
        let (rule, severity) = (Rule::HiddenDefault, *severity);
        Some(Finding { rule, severity, places: vec![self.place()], message })
    }

    /// Whose filesystem it speaks of.
    #[must_use]
    pub fn space(&self) -> Space {
        match &self.what {
            Added::Propagation(_) => Space::Container,
            Added::Setting { space, .. } => *space,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(entries: &[(&str, Value)]) -> Value {
        Value::Mapping(
            entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        )
    }

    #[test]
    fn what_is_written_below_the_same_key_becomes_one() {
        let word = |text: &str| Value::Scalar(text.to_owned());
        let (a, b) = (mapping(&[("a", word("1"))]), mapping(&[("b", word("2"))]));
        let both = mapping(&[("a", word("1")), ("b", word("2"))]);
        assert_eq!(a.joined(&b), Some(both.clone()));
        let deep = mapping(&[("x", a.clone())]).joined(&mapping(&[("x", b)]));
        assert_eq!(deep, Some(mapping(&[("x", both)])));
        let list = |items: &[&str]| Value::List(items.iter().map(|item| word(item)).collect());
        assert_eq!(list(&["1"]).joined(&list(&["2"])), Some(list(&["1", "2"])));
        assert_eq!(a.joined(&mapping(&[("a", word("2"))])), None, "they contradict each other");
        assert_eq!(a.joined(&list(&["1"])), None);
    }
}
