//! The catalogues: every text that the program says is there in every language, with the same
//! values, and nothing is there that it doesn't say.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

#[path = "words/catalogue.rs"]
mod catalogue;
#[path = "words/uses.rs"]
mod uses;

use catalogue::{Text, Texts, read, texts};
use csi_relocate::finding::Rule;
use csi_relocate::symptoms::Symptoms;
use csi_relocate::words::{Catalogue, Language, Message};
use std::collections::{BTreeMap, BTreeSet};

/// What a language lacks, or says otherwise than English does.
fn differences(english: &Texts, other: &Texts) -> Vec<String> {
    let mut found = Vec::new();
    for (id, text) in english {
        match other.get(id) {
            None => found.push(format!("{id} is missing")),
            Some(same) if same.file != text.file => found.push(format!("{id} is in {}", same.file)),
            Some(same) if same.values != text.values => {
                found.push(format!("{id} has {:?}, not {:?}", same.values, text.values));
            }
            Some(same) if words(same) != words(text) => {
                found.push(format!("{id} chooses by {:?}, not {:?}", words(same), words(text)));
            }
            Some(_) => {}
        }
    }
    let more = other.keys().filter(|id| !english.contains_key(*id));
    found.extend(more.map(|id| format!("{id} isn't there in English")));
    found
}

/// The words by which a text chooses; plurals are each language's own.
fn words(text: &Text) -> BTreeSet<&(String, String)> {
    text.choices.iter().filter(|(_, word)| word != "one" && word != "other").collect()
}

#[test]
fn every_language_has_every_text() {
    let english = texts(Language::English);
    for language in Language::ALL {
        let found = differences(&english, &texts(language));
        assert!(found.is_empty(), "{language:?}:\n{}", found.join("\n"));
    }
}

#[test]
fn a_text_that_is_missing_is_found() {
    let english =
        read(&[("a.ftl", "x = one { $a }\n    .help = two\ny = { $n ->\n [p] q\n *[r] s\n }\n")]);
    let whole = "x = eins { $a }\n    .help = zwei\ny = { $n ->\n [p] q\n *[r] s\n }\n";
    assert_eq!(differences(&english, &read(&[("a.ftl", whole)])), [""; 0]);
    for (from, to, expected) in [
        ("    .help = zwei\n", "", "x.help is missing"),
        ("{ $a }", "{ $b }", "x has {\"b\"}, not {\"a\"}"),
        ("[p]", "[o]", "y chooses by"),
        ("y =", "z =", "y is missing"),
        ("y =", "z =", "z isn't there in English"),
    ] {
        let changed = whole.replacen(from, to, 1);
        let found =
            differences(&english, &read(&[("a.ftl", &*Box::leak(changed.into_boxed_str()))]));
        assert!(found.iter().any(|found| found.starts_with(expected)), "{expected}: {found:?}");
    }
}

#[test]
fn what_the_program_says_is_there_with_its_values() {
    let english = texts(Language::English);
    let uses = uses::of_sources();
    assert!(uses.len() > 60, "{} uses were found", uses.len());
    for used in &uses {
        assert!(english.contains_key(&used.id), "{}: {} is no text", used.file, used.id);
        let prefix = format!("{}.", used.id);
        let own = english.iter().filter(|(id, _)| **id == used.id || id.starts_with(&prefix));
        let wanted: BTreeSet<&String> =
            own.flat_map(|(_, text)| all_values(text, &english)).collect();
        let given: BTreeSet<&String> = used.values.iter().chain(&used.values_of_file).collect();
        let missing: Vec<_> = wanted.difference(&given).collect();
        assert!(missing.is_empty(), "{}: {} lacks {missing:?}", used.file, used.id);
        let unused: Vec<_> = used.values.iter().filter(|name| !wanted.contains(name)).collect();
        assert!(unused.is_empty(), "{}: {} doesn't show {unused:?}", used.file, used.id);
    }
}

/// The values of a text and of those that it shows.
fn all_values<'t>(text: &'t Text, texts: &'t Texts) -> BTreeSet<&'t String> {
    let shown = text.texts.iter().flat_map(|id| &texts[id].values);
    text.values.iter().chain(shown).collect()
}

#[test]
fn no_text_is_there_for_nothing() {
    let english = texts(Language::English);
    let mut used: BTreeSet<String> = uses::of_sources().into_iter().map(|used| used.id).collect();
    used.extend(uses::of_tables());
    used.extend(Rule::ALL.iter().map(|rule| format!("rule-{}", rule.id())));
    let symptoms = Symptoms::builtin().unwrap();
    used.extend(symptoms.all().iter().map(|symptom| format!("symptom-{}", symptom.id)));
    used.extend(english.values().flat_map(|text| text.texts.clone()));
    for id in english.keys() {
        let own = id.split('.').next().unwrap();
        assert!(used.contains(own), "nothing says {own}");
    }
    for id in &used {
        assert!(english.contains_key(id), "{id} is no text");
    }
}

#[test]
fn messages_are_on_one_line() {
    for language in Language::ALL {
        for (id, text) in read(&language.messages()) {
            assert!(!text.written.contains('\n'), "{language:?}: {id}");
        }
    }
}

/// Texts that consist of words that aren't translated.
const SAME: [&str; 3] = ["field-mount-path", "field-volume-mounts", "suppression-form"];

#[test]
fn chinese_is_chinese() {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for (id, text) in texts(Language::Chinese) {
        let shows = text.values.is_empty() || text.written.chars().any(char::is_alphabetic);
        let is_translated = text.written.chars().any(is_chinese) || SAME.contains(&id.as_str());
        assert!(!shows || is_translated, "{id}: {}", text.written);
        // Characters that a Chinese reader doesn't expect where they are.
        assert!(!text.written.contains(" ，") && !text.written.contains(" 。"), "{id}");
    }
}

#[test]
fn a_catalogue_says_what_it_has_and_never_fails() {
    let english = Catalogue::of(Language::English);
    let message = Message::new("duplicate-mount-path").with("container", "x").with("mount", "/y");
    let expected = "container `x` mounts something at /y twice: the API server refuses the pod";
    assert_eq!(english.say(&message), expected);
    assert!(english.help(&message).starts_with("remove one of the two"));
    for id in ["no-such-text", "duplicate-mount-path.no-such-attribute"] {
        assert_eq!(english.say(&Message::new(id)), id);
        assert_eq!(Catalogue::of(Language::Chinese).say(&Message::new(id)), id);
    }
    // A value can't be mistaken for a placeable, and a missing one shows its name.
    let odd = Message::new("duplicate-mount-path").with("container", "{ $mount }");
    assert!(english.say(&odd).contains("`{ $mount }` mounts something at {$mount}"));
}

#[test]
fn numbers_choose_their_texts() {
    let english = Catalogue::of(Language::English);
    let said = |count: usize| {
        let names = ["other", "object", "root"];
        let message = Message::new("mixed-roots").with("count", count);
        english.say(&names.into_iter().fold(message, |message, name| message.with(name, name)))
    };
    assert!(said(1).starts_with("1 path lies below other in object"));
    assert!(said(1000).starts_with("1000 paths lie below other in object"));
}

/// Counts of texts, so that a test that reads none doesn't pass.
#[test]
fn the_files_are_read() {
    let counts: BTreeMap<&str, usize> =
        texts(Language::English).values().fold(BTreeMap::new(), |mut counts, text| {
            *counts.entry(text.file).or_default() += 1;
            counts
        });
    assert!(counts["findings.ftl"] > 100 && counts["rules.ftl"] == 4 * Rule::ALL.len());
    assert_eq!(counts["symptoms.ftl"], 4 * Symptoms::builtin().unwrap().all().len());
}
