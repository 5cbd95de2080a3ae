//! A message: which text of the catalogue, with which values.

use super::Language;
use crate::kubepath::{AbsPath, Root};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::borrow::Cow;

/// Something to be said, in no language yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    id: Cow<'static, str>,
    arguments: Vec<(&'static str, Argument)>,
}

/// A value in a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// A path, a name, or a word that chooses among texts.
    Text(String),
    /// A count.
    Count(usize),
    /// A message of its own.
    Message(Message),
    /// A text of a table, in each language.
    Told(Told),
}

/// A text for people that stands in a table, in each language.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Told {
    /// The text in a language.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }
}

impl Message {
    /// The text with this id; `id.attribute` is an attribute of it.
    #[must_use]
    pub fn new(id: impl Into<Cow<'static, str>>) -> Self {
        Self { id: id.into(), arguments: Vec::new() }
    }

    /// The same with a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// The id of its text.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its values by their names.
    #[must_use]
    pub fn arguments(&self) -> &[(&'static str, Argument)] {
        &self.arguments
    }

    /// The same values in an attribute of the same text.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Self {
        Self { id: format!("{}.{name}", self.id).into(), arguments: self.arguments.clone() }
    }
}

/// A message by its id and values: `message!("unknown-child", directory = path)`.
///
/// A test holds each use against the catalogues: the id, and the names of the values.
macro_rules! message {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::Message::new($id)$(.with(stringify!($name), $value))*
    };
}
pub(crate) use message;

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&SmolStr> for Argument {
    fn from(text: &SmolStr) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<&AbsPath> for Argument {
    fn from(path: &AbsPath) -> Self {
        Self::Text(path.to_string())
    }
}

impl From<&Root> for Argument {
    fn from(root: &Root) -> Self {
        Self::Text(root.to_string())
    }
}

impl From<usize> for Argument {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

/// A word that chooses between two texts.
impl From<bool> for Argument {
    fn from(is_so: bool) -> Self {
        Self::Text(if is_so { "yes" } else { "no" }.to_owned())
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

impl From<&Told> for Argument {
    fn from(told: &Told) -> Self {
        Self::Told(told.clone())
    }
}

impl From<&Message> for Argument {
    fn from(message: &Message) -> Self {
        Self::Message(message.clone())
    }
}
