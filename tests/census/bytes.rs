//! The output, built a second time from the census alone.

use super::File;
use super::occurrence::Class;

/// What is written in place of a spelling of the old root; the slash before it stays.
const NEW: &str = "data/kubelet";

/// The output is the input with the moved places replaced, and with as many propagations written
/// as there are to be written.
pub(super) fn are_those_of_the_census(file: &File) {
    let expected = replaced(file);
    let mut output = file.output.split_inclusive('\n');
    let mut written = 0;
    for line in expected.split_inclusive('\n') {
        loop {
            let found = output.next().unwrap_or_else(|| panic!("{}: cut short", file.name));
            if found == line {
                break;
            }
            written += 1;
            if without_propagation(found) == without_propagation(line) {
                break;
            }
            let key = found.trim().trim_matches(['"', '\'']);
            let is_new_line = key.starts_with("mountPropagation") && key.ends_with("Bidirectional");
            assert!(is_new_line, "{}:\nplanned {line:?}\nwritten {found:?}", file.name);
        }
    }
    assert_eq!(output.next(), None, "{}", file.name);
    assert_eq!(written, file.inserted.len(), "{}: propagations", file.name);
}

/// The input with the new root at every place that the census calls moved, and with the settings.
fn replaced(file: &File) -> String {
    let input = file.input.text();
    let mut text = String::new();
    let mut at = 0;
    let moved = file.occurrences.iter().filter(|found| matches!(found.class, Class::Moved(_)));
    let moved = moved.map(|found| (found.span, NEW));
    let settings = file.settings.iter().map(|edit| (edit.span, edit.text.as_str()));
    let mut written: Vec<_> = moved.chain(settings).collect();
    written.sort();
    for (span, new) in written {
        text.push_str(&input[at..span.start]);
        text.push_str(new);
        at = span.end;
    }
    text + &input[at..]
}

/// A line without the propagation that may stand behind another key of the same line, or with
/// another value.
fn without_propagation(line: &str) -> String {
    let mut line = line.to_owned();
    for quote in ["", "\"", "'"] {
        let key = format!("{quote}mountPropagation{quote}: ");
        for value in ["None", "Bidirectional"] {
            for value_quote in ["", "\"", "'"] {
                let entry = format!("{key}{value_quote}{value}{value_quote}");
                line = line.replace(&format!(", {entry}"), "").replace(&entry, &key);
            }
        }
    }
    line
}
