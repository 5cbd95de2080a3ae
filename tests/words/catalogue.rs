//! A catalogue as its files have it: each text with its attributes and the values it shows.

use csi_relocate::words::{File, Language};
use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use fluent_syntax::parser::parse;
use std::collections::{BTreeMap, BTreeSet};

/// Stands for a value in what is written.
pub(crate) const VALUE: char = '\u{fffc}';

/// A text, or an attribute of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// The file it stands in.
    pub(crate) file: &'static str,
    /// The values that it shows or chooses by.
    pub(crate) values: BTreeSet<String>,
    /// The words by which it chooses, for each value.
    pub(crate) choices: BTreeSet<(String, String)>,
    /// Other texts that it shows.
    pub(crate) texts: BTreeSet<String>,
    /// What is written, with [`VALUE`] for each value.
    pub(crate) written: String,
}

/// The texts of some files by their ids: `id` and `id.attribute`.
pub(crate) type Texts = BTreeMap<String, Text>;

/// All texts of a language.
pub(crate) fn texts(language: Language) -> Texts {
    let files = language.messages().into_iter().chain(language.pages());
    read(&files.collect::<Vec<_>>())
}

/// The texts of files.
///
/// # Panics
/// When a file can't be read or an id stands twice.
pub(crate) fn read(files: &[File]) -> Texts {
    let mut texts = Texts::new();
    for &(file, source) in files {
        let resource = parse(source).unwrap_or_else(|(_, errors)| panic!("{file}: {errors:?}"));
        for entry in &resource.body {
            let Entry::Message(message) = entry else { continue };
            let id = message.id.name.to_owned();
            let own = message.value.iter().map(|pattern| (id.clone(), pattern));
            let attributes = message
                .attributes
                .iter()
                .map(|attribute| (format!("{id}.{}", attribute.id.name), &attribute.value));
            for (id, pattern) in own.chain(attributes) {
                let mut text = Text { file, ..Text::default() };
                read_pattern(pattern, &mut text);
                assert!(texts.insert(id.clone(), text).is_none(), "{file}: {id} stands twice");
            }
        }
    }
    texts
}

fn read_pattern(pattern: &Pattern<&str>, text: &mut Text) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.written.push_str(value),
            PatternElement::Placeable { expression } => {
                text.written.push(VALUE);
                read_expression(expression, text);
            }
        }
    }
}

fn read_expression(expression: &Expression<&str>, text: &mut Text) {
    match expression {
        Expression::Inline(inline) => read_inline(inline, text),
        Expression::Select { selector, variants } => {
            read_inline(selector, text);
            let InlineExpression::VariableReference { id } = selector else {
                panic!("only values choose among texts")
            };
            for variant in variants {
                let (VariantKey::Identifier { name } | VariantKey::NumberLiteral { value: name }) =
                    variant.key;
                text.choices.insert((id.name.to_owned(), name.to_owned()));
                read_pattern(&variant.value, text);
            }
        }
    }
}

fn read_inline(inline: &InlineExpression<&str>, text: &mut Text) {
    match inline {
        InlineExpression::VariableReference { id } => {
            text.values.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, attribute: None } => {
            text.texts.insert(id.name.to_owned());
        }
        InlineExpression::StringLiteral { value } => text.written.push_str(value),
        other => panic!("not used here: {other:?}"),
    }
}
