use super::*;
use crate::yaml::{chunks, parse};

fn document(text: &str) -> Document {
    parse(text, chunks(text).remove(0)).unwrap().remove(0)
}

/// The operations, each as `verb path value`.
fn between(old: &str, new: &str) -> Result<Vec<String>, Fault> {
    let (old, new) = (document(old), document(new));
    let found = operations(&old, &new, (old.root().unwrap(), new.root().unwrap()))?;
    let line = |operation: Operation| {
        let value = match operation.value {
            Value::Scalar(text) => text,
            other => format!("{other:?}"),
        };
        format!("{} {} {value}", operation.verb.name(), operation.path)
    };
    Ok(found.into_iter().map(line).collect())
}

#[test]
fn a_replaced_text_is_tested_first() {
    let lines = between("a: {b: [x, /old]}\n", "a: {b: [x, /new]}\n").unwrap();
    assert_eq!(lines, ["test /a/b/1 /old", "replace /a/b/1 /new"]);
    assert!(between("a: 1\n", "a: 1\n").unwrap().is_empty());
}

#[test]
fn slashes_and_tildes_in_keys_are_escaped() {
    let lines = between("{a/b: {~/c~1: x}}\n", "{a/b: {~/c~1: y}}\n").unwrap();
    assert_eq!(lines, ["test /a~1b/~0~1c~01 x", "replace /a~1b/~0~1c~01 y"]);
    let lines = between("{'': {' é\"': x}}\n", "{'': {' é\"': y}}\n").unwrap();
    assert_eq!(lines, ["test // é\" x", "replace // é\" y"]);
}

#[test]
fn an_added_propagation_is_guarded_by_its_mount() {
    let mount = |path: &str, more: &str| format!("m: [{{name: x, mountPath: {path}{more}}}]\n");
    let added = ", mountPropagation: Bidirectional";
    let lines = between(&mount("/old", ""), &mount("/new", added)).unwrap();
    let add = "add /m/0/mountPropagation Bidirectional";
    assert_eq!(lines, ["test /m/0/mountPath /old", "replace /m/0/mountPath /new", add]);
    let lines = between(&mount("/new", ""), &mount("/new", added)).unwrap();
    assert_eq!(lines, ["test /m/0/mountPath /new", add]);
}

#[test]
fn a_propagation_without_a_value_is_added_and_another_one_replaced() {
    let mount = |value: &str| format!("{{mountPath: /a, mountPropagation: {value}}}\n");
    for null in ["", "~", "null", "NULL"] {
        let lines = between(&mount(null), &mount("Bidirectional")).unwrap();
        assert_eq!(lines, ["test /mountPath /a", "add /mountPropagation Bidirectional"], "{null}");
    }
    let lines = between(&mount("None"), &mount("Bidirectional")).unwrap();
    let [test, replace] = ["test", "replace"].map(|verb| format!("{verb} /mountPropagation"));
    assert_eq!(lines, [format!("{test} None"), format!("{replace} Bidirectional")]);
}

#[test]
fn what_is_added_is_added_where_it_stands() {
    let lines = between("a: [--x=/old, --y, z]\n", "a: [--x=/new, --w=/new, --y, z]\n").unwrap();
    assert_eq!(lines, ["test /a/0 --x=/old", "replace /a/0 --x=/new", "add /a/1 --w=/new"]);
    let lines = between("{name: c, a: ~}\n", "{name: c, a: x, b: y}\n").unwrap();
    assert_eq!(lines, ["test /name c", "add /a x", "test /name c", "add /b y"]);
    let old = "env: [{name: A, value: /old}]\n";
    let lines = between(old, "env: [{name: A, value: /new}, {name: B, value: /new}]\n").unwrap();
    assert_eq!(lines[..2], ["test /env/0/value /old", "replace /env/0/value /new"]);
    assert!(lines[2].starts_with("add /env/1 Mapping") && lines.len() == 3, "{lines:?}");
}

#[test]
fn aliases_and_merge_keys_are_resolved() {
    let text = |path: &str| format!("a: &a {{p: {path}, q: 1}}\nb: *a\nc: {{<<: *a, q: 2}}\n");
    let lines = between(&text("/old"), &text("/new")).unwrap();
    let expected = ["a", "b", "c"]
        .map(|key| [format!("test /{key}/p /old"), format!("replace /{key}/p /new")])
        .concat();
    assert_eq!(lines, expected);
    let text = |path: &str| format!("x: &x {{p: 1}}\ny: &y {{p: {path}}}\nz: {{<<: [*x, *y]}}\n");
    let lines = between(&text("/old"), &text("/new")).unwrap();
    assert_eq!(lines, ["test /y/p /old", "replace /y/p /new"], "the first one wins");
}

#[test]
fn what_a_mapping_comes_to_is_what_get_says() {
    let text = "x: &x {a: x, b: x}\ny: &y {b: y, c: y}\n\
                own: {a: 1, <<: *x, b: 2, <<: [*y, *x], c: 3, a: 4}\n";
    let doc = document(text);
    let own = doc.get(doc.root().unwrap(), "own").unwrap();
    for (key, value) in fields(&doc, own) {
        assert_eq!(doc.str(value), doc.get(own, key).and_then(|value| doc.str(value)), "{key}");
    }
}

#[test]
fn anything_else_is_a_fault() {
    for (old, new) in [
        ("a: x\nb: y\n", "a: x\n"),
        ("a: [x, y]\n", "a: [x]\n"),
        ("a: [--x]\n", "a: [{y: z}, --x]\n"),
        ("a: [x]\n", "a: {x: y}\n"),
        ("a: x\n", "a: [x]\n"),
    ] {
        assert!(between(old, new).is_err(), "{old} {new}");
    }
}
