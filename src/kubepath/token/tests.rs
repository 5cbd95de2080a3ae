#![allow(clippy::string_slice, reason = "test code")]

use super::*;
use proptest::prelude::*;

fn roots() -> PathSet {
    set(&["/var/lib/kubelet", "/data/kubelet"])
}

fn set(paths: &[&str]) -> PathSet {
    let paths: Vec<AbsPath> = paths.iter().map(|text| AbsPath::parse(text).unwrap()).collect();
    PathSet::new(&paths)
}

/// The text with every token's root replaced by `<root>`.
fn marked(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for token in find_tokens(text, &roots()) {
        out.push_str(&text[at..token.root_range.start]);
        out.push_str(&format!("<{}>", token.root));
        at = token.root_range.end;
    }
    out.push_str(&text[at..]);
    out
}

#[test]
fn the_root_is_found_in_every_spelling() {
    for (text, expected) in [
        ("/var/lib/kubelet", "/<0>"),
        ("/var/lib/kubelet/", "/<0>/"),
        ("/var/lib//kubelet//pods", "/<0>//pods"),
        ("//var/lib/kubelet/pods", "//<0>/pods"),
        ("unix:/var/lib/kubelet/x.sock", "unix:/<0>/x.sock"),
        ("unix://var/lib/kubelet/x.sock", "unix://<0>/x.sock"),
        ("unix:///var/lib/kubelet/x.sock", "unix:///<0>/x.sock"),
        ("unix:////var/lib/kubelet/x.sock", "unix:////<0>/x.sock"),
        ("http+unix:///var/lib/kubelet/x.sock", "http+unix:///<0>/x.sock"),
        ("--flag=/var/lib/kubelet/pods", "--flag=/<0>/pods"),
        ("--volume /var/lib/kubelet/:/var/lib/kubelet:shared", "--volume /<0>/:/<0>:shared"),
        ("--bind=/a:/var/lib/kubelet", "--bind=/a:/<0>"),
        ("${X:-/var/lib/kubelet} ${X:=/var/lib/kubelet/pods}", "${X:-/<0>} ${X:=/<0>/pods}"),
        ("${X-/var/lib/kubelet} ${X:+/var/lib/kubelet}", "${X-/<0>} ${X:+/<0>}"),
        ("tar -C/var/lib/kubelet; cc \"-I/var/lib/kubelet\"", "tar -C/<0>; cc \"-I/<0>\""),
        (
            r#"{"a": "/var/lib/kubelet\n/var/lib/kubelet\t/var/lib/kubelet"}"#,
            r#"{"a": "/<0>\n/<0>\t/<0>"}"#,
        ),
        (
            "$(ls /var/lib/kubelet) (/var/lib/kubelet) [/var/lib/kubelet]",
            "$(ls /<0>) (/<0>) [/<0>]",
        ),
        ("a,/var/lib/kubelet/a,/data/kubelet/b", "a,/<0>/a,/<1>/b"),
        (
            "cp \"/var/lib/kubelet\" '/var/lib/kubelet'; ls /var/lib/kubelet.",
            "cp \"/<0>\" '/<0>'; ls /<0>.",
        ),
    ] {
        assert_eq!(marked(text), expected);
    }
}

#[test]
fn what_only_looks_like_the_root_is_not() {
    for text in [
        "/var/lib/kubelet-foo",
        "/var/lib/kubelet_foo",
        "/var/lib/kubelet.d/x",
        "/var/lib/kubelets",
        "/host-var/lib/kubelet",
        "/host/var/lib/kubelet",
        "host-/var/lib/kubelet",
        "host-a/var/lib/kubelet",
        "--a/var/lib/kubelet",
        "$X-/var/lib/kubelet",
        "/var/snap/microk8s/common/var/lib/kubelet",
        "$(PREFIX)/var/lib/kubelet",
        "${PREFIX}/var/lib/kubelet",
        "var/lib/kubelet",
        "C:/var/lib/kubelet",
        "--path=c:/var/lib/kubelet",
        "unix:///C:/var/lib/kubelet",
        "unix://C:/var/lib/kubelet",
        "//c:/var/lib/kubelet",
        "unix:/C:/var/lib/kubelet",
        "http://var/lib/kubelet",
        "/var/lib/kubelet/../etcd",
        r"/var/lib/kubelet\pods",
        r"\/var/lib/kubelet",
        "(a|var/lib/kubelet/pods)",
    ] {
        assert_eq!(find_tokens(text, &roots()), [], "{text}");
    }
    // The whole filesystem is no root either.
    assert_eq!(find_tokens("/srv/a /", &set(&["/"])), []);
}

#[test]
fn the_rest_is_clean_and_holds_variables() {
    let tokens = find_tokens("--p=/var/lib/kubelet/plugins//$(DRIVER NAME)/csi.sock", &roots());
    assert_eq!(tokens[0].rest, "plugins/$(DRIVER");
    let tokens = find_tokens("--p=/var/lib/kubelet/plugins//$(DRIVER)/./csi.sock,x", &roots());
    assert_eq!(tokens[0].rest, "plugins/$(DRIVER)/csi.sock");
}

#[test]
fn what_hangs_behind_a_name_is_no_part_of_it() {
    let rest = |text: &str| find_tokens(text, &roots()).remove(0).rest;
    assert_eq!(rest("/var/lib/kubelet/device-plugins*"), "device-plugins");
    assert_eq!(rest("in /var/lib/kubelet/device-plugins."), "device-plugins");
    assert_eq!(rest("/var/lib/kubelet/pki=ro"), "pki");
    assert_eq!(rest("s#/var/lib/kubelet#/x#g"), "");
    assert_eq!(rest("/var/lib/kubelet=ro"), "");
    assert_eq!(rest("f(/var/lib/kubelet/pods(a) b"), "pods");
    assert_eq!(rest("/var/lib/kubelet/pods{a} b"), "pods");
    assert_eq!(rest("/var/lib/kubelet/$X:/b) }"), "$X");
}

#[test]
fn the_longer_of_two_nested_roots_wins() {
    let nested = set(&["/var/lib/kubelet", "/var/lib/kubelet/data"]);
    let found: Vec<usize> =
        find_tokens("/var/lib/kubelet/data/pods:/var/lib/kubelet/pods", &nested)
            .iter()
            .map(|token| token.root)
            .collect();
    assert_eq!(found, [1, 0]);
}

#[test]
fn a_path_ends_where_the_next_one_begins() {
    let text = "/var/lib/kubelet/a=/data/kubelet/b=/var/lib/kubelet/c";
    let found: Vec<_> = find_tokens(text, &roots())
        .into_iter()
        .map(|token| (text[token.path_range].to_owned(), token.rest))
        .collect();
    let expected =
        [("/var/lib/kubelet/a=", "a"), ("/data/kubelet/b=", "b"), ("/var/lib/kubelet/c", "c")];
    assert_eq!(found, expected.map(|(path, rest)| (path.to_owned(), rest.to_owned())));
}

#[test]
fn regular_expressions_are_told_apart() {
    assert!(find_tokens("^/var/lib/kubelet($|/)", &roots())[0].in_pattern);
    assert!(find_tokens("/var/lib/kubelet/pods/.+", &roots())[0].in_pattern);
    assert!(!find_tokens("ls /var/lib/kubelet/pods | wc", &roots())[0].in_pattern);
    assert!(find_tokens("^/(dev|var/lib/kubelet/pods/.+)($|/)", &roots())[0].in_pattern);
    assert!(find_tokens(r"sed s/\/var\/lib\/kubelet/x/", &roots())[0].in_pattern);
    assert!(find_tokens(r"sed s/\/var\/lib\/kubelet\/pods/x/", &roots())[0].in_pattern);
    for pattern in [
        "/var/lib/kubelet*",
        "/var/lib/kubelet{,.bak}",
        "/var/lib/kubelet${X}",
        "s%/var/lib/kubelet%/x%",
        "sed -i 's|--root-dir=/var/lib/kubelet|--root-dir=/data/kubelet|' x",
    ] {
        assert!(find_tokens(pattern, &roots())[0].in_pattern, "{pattern}");
    }
    let no_pattern = [
        "the node's, which is /var/lib/kubelet, or, as it may be, another",
        "sed 's|$ROOT|--root-dir=/var/lib/kubelet|; s|a|b|'",
        "sed 's|a|b|'\nx s|y --dir=/var/lib/kubelet|z|",
        "ls|/var/lib/kubelet/x|sort|uniq",
        "./s|/var/lib/kubelet/x|sort|uniq",
        "s=/var/lib/kubelet; t=a; u=b",
    ];
    for text in no_pattern {
        assert!(!find_tokens(text, &roots())[0].in_pattern, "{text}");
    }
    assert!(!find_tokens("/var/lib/kubelet/plugins/{NAME}/csi.sock", &roots())[0].in_pattern);
    assert!(!find_tokens("rm /var/lib/kubelet/plugins/x/csi.sock.*", &roots())[0].in_pattern);
    assert_eq!(find_tokens("x|var/lib/kubelet", &roots()), []);
    assert_eq!(find_tokens(r"\/host\/var\/lib\/kubelet", &roots()), []);
}

#[test]
fn absolute_paths_are_found_in_urls_and_flags() {
    let found: Vec<String> =
        find_paths("--endpoint=unix:///csi/csi.sock --x=/a//b http://host/c unix://run/d")
            .into_iter()
            .map(|(_, path)| path.to_string())
            .collect();
    assert_eq!(found, ["/csi/csi.sock", "/a/b", "/run/d"]);
}

#[test]
fn of_many_paths_each_is_found_in_its_place() {
    let paths: Vec<String> = (0..200)
        .flat_map(|number| [format!("/h{number}/var/lib/kubelet"), format!("/h/{number}/kubelet")])
        .chain(["/kubelet".to_owned(), "/g/7".to_owned()])
        .collect();
    let all = set(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    for (number, path) in paths.iter().enumerate() {
        let text = format!("x {path}/pods {path}s (/{path}) http://h{path} {path}");
        let found = find_tokens(&text, &all);
        let places: Vec<usize> = found.iter().map(|token| token.path_range.start).collect();
        let expected = [2, 2 + 2 * path.len() + 9, text.len() - path.len()];
        assert_eq!(places, expected, "{text}");
        assert!(found.iter().all(|token| token.root == number), "{text}");
        assert!(all.contains(&AbsPath::parse(path).unwrap()));
    }
    assert!(!all.contains(&AbsPath::parse("/h").unwrap()));
    assert!(!all.contains(&AbsPath::default()));
}

#[test]
fn an_endless_path_is_not_read_to_its_end() {
    let text = "/var/lib/kubelet/$(".repeat(20_000);
    let began = std::time::Instant::now();
    let tokens = find_tokens(&text, &roots());
    assert_eq!(tokens.len(), 20_000);
    assert!(tokens.iter().all(|token| token.path_range.len() <= 2 * LONGEST_PATH));
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}

proptest! {
    #[test]
    fn ranges_lie_in_the_text_and_hold_the_root(text in "[-a-z/:=$(){}. ]{0,20}(/var/lib/kubelet[/a-z:. ]{0,9}){0,3}") {
        for token in find_tokens(&text, &roots()) {
            let spelled = text.get(token.root_range.clone()).unwrap();
            let clean: Vec<&str> = spelled.split('/').filter(|part| !part.is_empty()).collect();
            prop_assert_eq!(clean.join("/"), "var/lib/kubelet");
            prop_assert!(token.path_range.start <= token.root_range.start);
            prop_assert!(token.path_range.end >= token.root_range.end);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = find_tokens(&text, &roots());
        let _ = find_paths(&text);
    }
}
