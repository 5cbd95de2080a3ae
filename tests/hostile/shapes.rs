//! Documents of hostile shapes, by every way to read a manifest.

use crate::watch::{Ended, WAYS, run};

const NEEDLE: &str = "hostPath: {path: /var/lib/kubelet/pods}\n";

/// Refused by every command with these words.
fn refused(input: &[u8], words: &str) {
    for way in WAYS {
        run(way, input).is_refused(words);
    }
}

#[test]
fn deep_nesting_is_refused() {
    const LEVELS: usize = 100_000;
    let open = |text: &str| text.repeat(LEVELS);
    refused(format!("{NEEDLE}a: {}{}\n", open("["), open("]")).as_bytes(), "nested deeper");
    refused(format!("{NEEDLE}a: {}\n", open("[")).as_bytes(), "nested deeper");
    refused(format!("{NEEDLE}a: {}1{}\n", open("{a: "), open("}")).as_bytes(), "nested deeper");
    let json = format!("{{\"path\": \"/var/lib/kubelet\", \"a\": {}", open("{\"a\":"));
    refused(json.as_bytes(), "nested deeper");
    // `- - - -` is a block of its own at every dash.
    refused(format!("{NEEDLE}a:\n  {}x\n", open("- ")).as_bytes(), "nested deeper");
    // One column further in at every line: 100,000 levels would be 5 GB.
    let block: String = (0..4000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    refused(format!("{block}{}{NEEDLE}", " ".repeat(4000)).as_bytes(), "nested deeper");
}

#[test]
fn alias_bombs_are_refused() {
    let mut laughs = format!("{NEEDLE}a0: &a0 [lol, lol, lol]\n");
    for level in 1..40 {
        let last = format!("*a{}", level - 1);
        laughs += &format!("a{level}: &a{level} [{last}, {last}, {last}, {last}]\n");
    }
    refused(laughs.as_bytes(), "excessive aliasing");
    let mut merges = format!("{NEEDLE}m0: &m0 {{a: 1, b: 2}}\n");
    for level in 1..40 {
        let last = format!("*m{}", level - 1);
        merges += &format!("m{level}: &m{level} {{<<: [{last}, {last}, {last}], c: {last}}}\n");
    }
    refused(merges.as_bytes(), "excessive aliasing");
    refused(format!("{NEEDLE}a: &a [*a]\n").as_bytes(), "contains itself");
    // Few nodes, and each is the same long text.
    let text = "/var/lib/kubelet/pods ".repeat(500);
    let texts = format!("a: &a {text}\nb: [{}]\n", ["*a"; 1000].join(", "));
    refused(texts.as_bytes(), "repeat far more text");

    // Each alias is a level deeper than the one before, and holds all that came before it.
    let mut chain = format!("{NEEDLE}c0: &c0 [x]\n");
    for level in 1..3000 {
        chain += &format!("c{level}: &c{level} [*c{}]\n", level - 1);
    }
    refused(chain.as_bytes(), "excessive aliasing");
}

#[test]
fn a_million_documents_are_read() {
    let empty = "---\n".repeat(1_000_000);
    let input = format!("{empty}{NEEDLE}");
    let ended = run(WAYS[0], input.as_bytes());
    assert_eq!(ended.code, Some(0), "{}", ended.talk);
    assert!(ended.result.ends_with(b"hostPath: {path: /data/kubelet/pods}\n"), "{}", ended.talk);
    assert_eq!(ended.result.len(), input.len() - "/var/lib/kubelet".len() + "/data/kubelet".len());
    let full = "---\na: 1\n".repeat(1_000_000) + "---\nkind: Pod\npath: /var/lib/kubelet\n";
    for way in WAYS {
        let ended = run(way, full.as_bytes());
        // An object with no name can't be patched.
        let is_done = ended.code == Some(0) || (ended.code == Some(2) && way.contains(&"--emit"));
        assert!(is_done, "{way:?}: {:?} {}", ended.code, ended.talk);
        assert!(ended.peak < 4096, "{way:?}: {} MiB", ended.peak);
    }
}

#[test]
fn what_is_no_text_is_refused_with_its_place() {
    for (input, words) in [
        (&b"# caf\xe9\npath: /var/lib/kubelet\n"[..], "<stdin>:1:6"),
        (b"path: /var/lib/kubelet/\xff\xfe\n", "<stdin>:1:24"),
        (b"path: /var/lib/kubelet\nb: \xed\xa0\x80\n", "<stdin>:2:4"),
        (b"path: /var/lib/kubelet\n# \xc0\xaf\n", "<stdin>:2:3"),
    ] {
        refused(input, "isn't UTF-8");
        refused(input, words);
    }
    refused(b"path: /var/lib/kubelet\n# \0\n", "NUL byte");
    refused(b"path: \"/var/lib/kubelet\0\"\n", "NUL byte");
    refused(&[0; 4096], "NUL byte");
    refused(b"\xff\xfea\0:\0 \x001\0", "UTF-16");
    refused(b"path: /var/lib/kubelet\nb: \"\x07\"\n", "U+0007");
}

#[test]
fn what_is_broken_is_refused_by_every_command() {
    for (input, words) in [
        ("path: /var/lib/kubelet\nb: [\n", "<stdin>:"),
        ("path: /var/lib/kubelet\n\tb: 1\n", "<stdin>:"),
        ("path: \"/var/lib/kubelet\n", "<stdin>:1:"),
        ("path: /var/lib/kubelet\n? [a]\n: b\n", "<stdin>:2:"),
        ("{{- if .Values.x }}\npath: /var/lib/kubelet\n{{- end }}\n", "template"),
        ("path: *nobody\nb: /var/lib/kubelet\n", "unknown anchor"),
        ("%YAML 9.9\n---\npath: /var/lib/kubelet\n", "<stdin>:1:"),
        ("a: !<tag:x\npath: /var/lib/kubelet\n", "<stdin>:"),
    ] {
        refused(input.as_bytes(), words);
    }
}

/// A long line is read once, not once for every path in it.
#[test]
fn many_paths_in_one_word_take_no_time() {
    for word in ["/var/lib/kubelet/$(", "(/var/lib/kubelet|", "(/", "$(", "//", "/|", "\\/var"] {
        let input = format!("path: /var/lib/kubelet\nb: 'x{}'\n", word.repeat(100_000));
        let Ended { code, worked, talk, .. } = run(WAYS[0], input.as_bytes());
        assert_eq!(code, Some(0), "{word:?}: {talk}");
        assert!(worked.as_secs() < 60, "{word:?}: {worked:?}");
    }
}
