//! The function: a list of objects comes in, and goes out as a list.

use super::filter::{knowledge, untouched_bytes_are_equal};
use super::meaning;
use csi_relocate::error::RelocateError;
use csi_relocate::krm::{Answer, Config, Given, answer, recognise};
use csi_relocate::kubepath::Root;
use csi_relocate::source::Source;
use csi_relocate::words::{Catalogue, Language};
use serde_yaml::Value;

thread_local! {
    static ENGLISH: Catalogue = Catalogue::of(Language::English);
}

/// Checks all bytes but the first as what a function is sent; the first one says what was typed.
pub fn check(data: &[u8]) {
    let Some((&choice, text)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let given = given(choice);
    let Some(first) = answered(&text, &given) else { return };
    let moved = first.relocation.as_ref().map(|relocation| &relocation.rewritten[0]);
    match moved {
        // Results are added to what was moved.
        Some(moved) if first.results.is_empty() => {
            untouched_bytes_are_equal(&text, &first.output, &moved.edits);
        }
        Some(_) => {}
        None => assert!(first.fails && !first.results.is_empty(), "{first:?}"),
    }
    let second = answered(&first.output, &given);
    let second = second.unwrap_or_else(|| panic!("no list: {:?}, once {text:?}", first.output));
    let moved = second.relocation.as_ref().map(|relocation| &relocation.rewritten[0]);
    let is_settled = moved.is_none_or(|moved| moved.edits.is_empty());
    assert!(is_settled, "a second run changes {:?}, once {text:?}", first.output);
    // The second run may have less to say, and says nothing twice.
    let third = answered(&second.output, &given).expect("still a list");
    assert_eq!(third.output, second.output, "once {text:?}");
    read_by_others(&text, &first.output);
}

fn answered(text: &str, given: &Given) -> Option<Answer> {
    let doc = recognise(text).ok().flatten()?;
    let source = Source::new("standard input", text);
    let answer = ENGLISH.with(|words| answer(&source, &doc, given, knowledge(), words));
    match answer {
        Ok(answer) => Some(answer),
        Err(RelocateError::Fault(fault)) => panic!("{fault}: {text:?}"),
        Err(error) => panic!("{error} in what was read before: {text:?}"),
    }
}

/// What was typed, by the first byte.
fn given(choice: u8) -> Given {
    let root = Root::parse("/data/kubelet").ok();
    let typed = Config { root: root.clone().filter(|_| choice & 1 == 1), ..Config::default() };
    let ambient = root.filter(|_| choice & 2 == 2);
    Given { typed, ambient, strict: choice & 4 == 4 }
}

/// Another parser reads as many objects, and the same configuration.
fn read_by_others(input: &str, output: &str) {
    let Some(old) = meaning::documents(input) else { return };
    let new = meaning::documents(output);
    let new = new.unwrap_or_else(|| panic!("refused: {output:?}, not {input:?}"));
    assert_eq!(old.len(), new.len(), "documents of {output:?}, once {input:?}");
    let count =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_sequence).map(Vec::len);
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(count(old, "items"), count(new, "items"), "{output:?}, once {input:?}");
        assert!(count(old, "results") <= count(new, "results"), "{output:?}, once {input:?}");
        let config = |value: &Value| value.get("functionConfig").cloned();
        assert_eq!(config(old), config(new), "{output:?}, once {input:?}");
    }
}
