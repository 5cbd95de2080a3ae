//! A catalogue: the texts of one language, and how a message becomes one of them.

use super::{Argument, Language, Message};
use fluent_bundle::{FluentArgs, FluentBundle, FluentError, FluentResource, FluentValue};
use memchr::memmem;
use std::cell::OnceCell;
use unicode_width::UnicodeWidthChar as _;

type Bundle = FluentBundle<FluentResource>;

/// The texts of a language. What it lacks is said in English.
pub struct Catalogue {
    language: Language,
    files: Vec<File>,
    english: OnceCell<Box<Self>>,
}

/// The texts of one file, which are read when one of them is asked for: most runs say little.
struct File {
    text: &'static str,
    bundle: OnceCell<Bundle>,
}

impl File {
    /// Its texts, if it was read before and that of a message is one of them.
    fn known(&self, id: &str) -> Option<&Bundle> {
        self.bundle.get().filter(|bundle| bundle.has_message(id))
    }

    /// Its texts, read now, if that of a message is one of them.
    fn read(&self, language: Language, id: &str) -> Option<&Bundle> {
        let is_there = memmem::find_iter(self.text.as_bytes(), id).any(|at| {
            let before = self.text.get(..at).unwrap_or_default();
            let after = self.text.get(at + id.len()..).unwrap_or_default();
            (before.is_empty() || before.ends_with('\n')) && after.trim_start().starts_with('=')
        });
        is_there.then(|| self.bundle.get_or_init(|| bundle(language, self.text)))
    }
}

impl Catalogue {
    /// The texts of a language.
    #[must_use]
    pub fn of(language: Language) -> Self {
        let files = language.messages().into_iter().chain(language.pages());
        let files = files.map(|(_, text)| File { text, bundle: OnceCell::new() });
        Self { language, files: files.collect(), english: OnceCell::new() }
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

    fn format(&self, message: &Message) -> Option<String> {
        let (id, attribute) = match message.id().split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (message.id(), None),
        };
        let known = self.files.iter().find_map(|file| file.known(id));
        let read = || self.files.iter().find_map(|file| file.read(self.language, id));
        let bundle = known.or_else(read)?;
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

fn bundle(language: Language, text: &str) -> Bundle {
    // The tags are constants that parse, as a test sees.
    let locale = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![locale]);
    // Marks around each value would be for text that runs both ways, and break what is copied.
    bundle.set_use_isolating(false);
    // What can't be read is left out entry by entry; a test sees that there is nothing such.
    let resource = match FluentResource::try_new(text.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}
