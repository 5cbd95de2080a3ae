//! A catalogue: the texts of one language, and how a message becomes one of them.

use super::{Argument, Language, Message};
use fluent_bundle::{FluentArgs, FluentBundle, FluentError, FluentResource, FluentValue};
use memchr::{memchr_iter, memmem};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use unicode_width::UnicodeWidthChar as _;

type Bundle = FluentBundle<FluentResource>;

/// The texts of a language. What it lacks is said in English.
pub struct Catalogue {
    language: Language,
    /// What was said so far, by its id. Most runs say little, so a text is read when it's asked for.
    said: RefCell<BTreeMap<String, Rc<Bundle>>>,
    english: OnceCell<Box<Self>>,
}

impl Catalogue {
    /// The texts of a language.
    #[must_use]
    pub fn of(language: Language) -> Self {
        Self { language, said: RefCell::default(), english: OnceCell::new() }
    }

    /// Whose texts they are.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message in words, on one line unless a value holds a line break.
    ///
    /// An id that no catalogue has is said as it is: a program that explains must not fail.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        if let Some(text) = self.format(message) {
            return text;
        }
        if self.language == Language::English {
            return message.id().to_owned();
        }
        self.english.get_or_init(|| Box::new(Self::of(Language::English))).say(message)
    }

    /// What to do about a finding that this message tells.
    #[must_use]
    pub fn help(&self, message: &Message) -> String {
        self.say(&message.attribute("help"))
    }

    /// A long text as its paragraphs, each on one line; `id` may end in `.attribute`.
    #[must_use]
    pub fn paragraphs(&self, id: &str) -> Vec<String> {
        let text = self.say(&Message::new(id.to_owned()));
        text.split("\n\n").map(unfolded).collect()
    }

    /// The text with this id, and those that it shows.
    fn bundle(&self, id: &str) -> Option<Rc<Bundle>> {
        if let Some(known) = self.said.borrow().get(id) {
            return Some(Rc::clone(known));
        }
        let mut files = self.language.messages().into_iter().chain(self.language.pages());
        let entries = files.find_map(|(_, text)| with_shown(text, id))?;
        let bundle = Rc::new(bundle(self.language, &entries));
        self.said.borrow_mut().insert(id.to_owned(), Rc::clone(&bundle));
        Some(bundle)
    }

    fn format(&self, message: &Message) -> Option<String> {
        let (id, attribute) = match message.id().split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (message.id(), None),
        };
        let bundle = self.bundle(id)?;
        let entry = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => entry.get_attribute(name)?.value(),
            None => entry.value()?,
        };
        let mut arguments = FluentArgs::with_capacity(message.arguments().len());
        for (name, value) in message.arguments() {
            let value = match value {
                Argument::Text(text) => FluentValue::from(text.as_str()),
                Argument::Count(count) => FluentValue::from(*count),
                Argument::Message(message) => FluentValue::from(self.say(message)),
                Argument::Told(told) => FluentValue::from(told.say(self.language)),
            };
            arguments.set(*name, value);
        }
        // A value that is missing shows as its name; a test finds such messages.
        let mut errors: Vec<FluentError> = Vec::new();
        Some(bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned())
    }
}

/// Lines of a file as one. Next to a Chinese character, which is as wide as two letters, no space
/// belongs between two lines.
fn unfolded(paragraph: &str) -> String {
    let is_wide = |c: char| c.width() == Some(2);
    let mut text = String::with_capacity(paragraph.len());
    for line in paragraph.lines().map(str::trim) {
        let touching = [text.chars().next_back(), line.chars().next()];
        if !text.is_empty() && !touching.into_iter().flatten().any(is_wide) {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// An entry of a file, with all its lines: the next one begins where a line begins with a name.
fn entry<'f>(file: &'f str, id: &str) -> Option<&'f str> {
    let begins = |at: &usize| {
        let before = file.get(..*at).unwrap_or_default();
        let after = file.get(at + id.len()..).unwrap_or_default();
        (before.is_empty() || before.ends_with('\n')) && after.trim_start().starts_with('=')
    };
    let start = memmem::find_iter(file.as_bytes(), id).find(begins)?;
    let rest = file.get(start..)?;
    let ends = |at: &usize| {
        let next = rest.as_bytes().get(at + 1);
        next.is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'#' | b'-'))
    };
    rest.get(..memchr_iter(b'\n', rest.as_bytes()).find(ends).unwrap_or(rest.len()))
}

/// An entry of a file, and those that it shows.
fn with_shown<'f>(file: &'f str, id: &str) -> Option<Vec<&'f str>> {
    let mut entries = vec![entry(file, id)?];
    let mut read = 0;
    while let Some(text) = entries.get(read) {
        let shown = shown(text).filter_map(|id| entry(file, id));
        let new: Vec<&str> = shown.filter(|shown| !entries.contains(shown)).collect();
        entries.extend(new);
        read += 1;
    }
    Some(entries)
}

/// The ids of the texts that an entry shows: `{ id }`, while a value is `{ $name }`.
fn shown(entry: &str) -> impl Iterator<Item = &str> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let places = entry.split('{').skip(1);
    let ids = places.filter_map(move |rest| rest.trim_start().split(|c| !is_letter(c)).next());
    ids.filter(|id| !id.is_empty())
}

fn bundle(language: Language, entries: &[&str]) -> Bundle {
    // The tags are constants that parse, as a test sees.
    let locale = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![locale]);
    // Marks around each value would be for text that runs both ways, and break what is copied.
    bundle.set_use_isolating(false);
    // What can't be read is left out entry by entry; a test sees that there is nothing such.
    let resource = match FluentResource::try_new(entries.join("\n")) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_syntax::ast::Entry;

    #[test]
    fn an_entry_alone_is_what_it_is_in_its_file() {
        for language in Language::ALL {
            let catalogue = Catalogue::of(language);
            for (name, file) in language.messages().into_iter().chain(language.pages()) {
                let whole = FluentResource::try_new(file.to_owned()).unwrap();
                for written in whole.entries() {
                    let Entry::Message(written) = written else { continue };
                    let id = written.id.name;
                    let alone = entry(file, id).unwrap().to_owned();
                    let alone = FluentResource::try_new(alone).unwrap();
                    let [Entry::Message(alone)] = &*alone.entries().collect::<Vec<_>>() else {
                        panic!("{name}: {id} isn't one entry")
                    };
                    let parts = |message: &fluent_syntax::ast::Message<&str>| {
                        format!("{:?}", (&message.id, &message.value, &message.attributes))
                    };
                    assert_eq!(parts(alone), parts(written), "{name}: {id}");
                    let attributes = written.attributes.iter();
                    let ids = attributes.map(|attribute| format!("{id}.{}", attribute.id.name));
                    for id in ids.chain(written.value.iter().map(|_| id.to_owned())) {
                        let said = catalogue.say(&Message::new(id.clone()));
                        let is_open = |rest: &str| rest.starts_with(|c: char| c.is_alphabetic());
                        // A text that isn't there shows its name, as `{id}`.
                        assert!(!said.split('{').skip(1).any(is_open), "{name}: {id}: {said}");
                    }
                }
            }
        }
    }
}
