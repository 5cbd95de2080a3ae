//! What the table must have, and the spellings that only this module sees.

use super::*;

#[test]
fn the_table_is_read() {
    let symptoms = Symptoms::builtin().unwrap();
    assert!(symptoms.all().len() > 30);
    assert!(symptoms.by_id("driver-not-registered").is_some());
    assert!(symptoms.by_id("registration-dir").is_none());
}

const HEAD: &str = "classes: [{name: n, regex: '[0-9]', source: s}]\n\
                    evidence: [{regex: 'a{n}', source: s}]\n\
                    no-roots: [{path: '/proc/**', source: proc(5)}]\nsymptoms:\n";

const ROW: &str = "- {id: a-b, harm: noise, path_problem: true, patterns: [{needle: x}], \
                   rules: [], phrasings: [y], sources: [z]}\n";

fn read(text: &str) -> Result<Symptoms, KnowledgeError> {
    let table = serde_yaml::from_str(text);
    Symptoms::of(table.map_err(|error| KnowledgeError { table: "", message: error.to_string() })?)
}

#[test]
fn a_broken_row_is_refused() {
    let read = |rows: &str| read(&format!("{HEAD}{rows}"));
    assert!(read(ROW).is_ok());
    assert!(read(&ROW.repeat(2)).is_err());
    for (whole, broken) in [("[0-9]", "("), ("/proc/**", "proc"), ("proc(5)", "' '")] {
        let text = format!("{HEAD}{ROW}").replace(whole, broken);
        assert!(read(&text).is_err(), "{text}");
    }
    for (whole, broken) in [
        ("a-b", "A_b"),
        ("a-b", "registration-dir"),
        ("noise", "loud"),
        ("needle: x", "needle: x, regex: '('"),
        ("needle: x", "needle: x, regex: '{m}'"),
        ("needle: x", "needle: x, names: either"),
        ("needle: x", "needle: x, rooted: true"),
        ("rules: []", "rules: [], vague: true"),
        ("rules: []", "rules: [], unless: ['…']"),
        ("needle: x", "needle: 'a \"b\"'"),
        ("needle: x", "needle: ''"),
        ("rules: []", "rules: [no-such-rule]"),
        ("[y]", "['…']"),
        ("[z]", "[]"),
        ("[z]", "[' ']"),
        ("sources", "source"),
    ] {
        let text = ROW.replace(whole, broken);
        assert_ne!(text, ROW, "{whole}");
        assert!(read(&text).is_err(), "{text}");
    }
}

#[test]
fn quotes_and_colours_are_taken_off() {
    for (line, plain) in [
        (r#"err="a \"b\" c""#, r#"err="a "b" c""#),
        (r#"{"log":"a \\\"b\\\" c\n"}"#, r#"{"log":"a "b" c "}"#),
        (r"a\/b \u003cnil\u003e", "a/b <nil>"),
        ("\u{1b}[31mred\u{1b}[0m\r", "red"),
        (r"\u001b[01;31mred\u001b[m", "red"),
        (r"C:\var\lib", r"C:\var\lib"),
        ("cut \u{1b}[", "cut "),
        ("cut \\", "cut \\"),
        (r"\u00", "u00"),
        ("plain", "plain"),
    ] {
        assert_eq!(spelling::plain(line.as_bytes()), plain, "{line:?}");
    }
    assert_eq!(spelling::plain(b"a\xffb"), "a\u{fffd}b");
    let (text, seen) = spelling::plain_after(br#"a \"b\" c"#, 5);
    assert_eq!((&*text, seen), (r#"a "b" c"#, 4));
    assert_eq!(spelling::shown("é\u{7}\tx", 4), "é");
}

/// Classes repeat directories that `roles.yaml` knows: each example has the role that is meant.
#[test]
fn classes_and_roles_agree() {
    use crate::knowledge::Role;
    const UID: &str = "0f1e2d3c-4b5a-4697-8877-665544332211";
    let knowledge = Knowledge::builtin().unwrap();
    let mut table: Table =
        serde_yaml::from_str(include_str!("../knowledge/symptoms.yaml")).unwrap();
    for (class, below, role) in [
        ("csi", &*format!("pods/{UID}/volumes/kubernetes.io~csi/pv/mount"), Role::Pods),
        ("csi", &*format!("pods/{UID}/volumeDevices/kubernetes.io~csi/pv"), Role::Pods),
        ("csi", "plugins/kubernetes.io/csi/d/0a/globalmount", Role::Staging),
        ("csi", "csi-plugins/d/pv/globalmount", Role::DriverDir),
        ("staged", "plugins/kubernetes.io/csi/d/0a/globalmount", Role::Staging),
        ("below", &*format!("pods/{UID}/volumes/kubernetes.io~nfs/pv"), Role::Pods),
        ("below", "plugins/kubernetes.io/csi/d/0a/globalmount", Role::Staging),
        ("pod", &*format!("pods/{UID}"), Role::Pods),
        ("plugin", "plugins/d/csi.sock", Role::PluginSocket),
    ] {
        let row = table.symptoms.first_mut().unwrap();
        row.patterns.first_mut().unwrap().regex = Some(format!("^{{{class}}}$"));
        let mut expanded: Table =
            serde_yaml::from_str(include_str!("../knowledge/symptoms.yaml")).unwrap();
        expanded.symptoms.clone_from(&table.symptoms);
        expanded.expand();
        let regex = expanded.symptoms[0].patterns[0].regex.clone().unwrap();
        let regex = regex::Regex::new(&regex).unwrap();
        assert!(regex.is_match(&format!("/data/kubelet/{below}")), "{class}: {below}");
        assert_eq!(knowledge.role(below).role, role, "{below}");
    }
}

/// The program is built without the tables that these need; tests are built with them.
#[test]
fn expressions_need_no_tables_of_unicode() {
    let mut table: Table =
        serde_yaml::from_str(include_str!("../knowledge/symptoms.yaml")).unwrap();
    table.expand();
    let patterns = table.symptoms.iter().flat_map(Symptom::all_patterns);
    let mut expressions: Vec<String> =
        patterns.filter_map(|(_, pattern)| pattern.regex.clone()).collect();
    expressions.extend(table.evidence.iter().map(|row| row.regex.clone()));
    expressions.extend(origin::PREFIXES.map(str::to_owned));
    expressions.extend([origin::FIELD, phrase::OF_PROGRAMS].map(str::to_owned));
    for expression in expressions {
        for unicode in [r"\w", r"\d", r"\s", r"\b", r"\p", r"\W", r"\D", r"\S", "(?i:", "(?i)"] {
            assert!(!expression.contains(unicode), "{unicode} in {expression}");
        }
    }
}
