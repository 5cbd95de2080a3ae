//! The rewrite: what `docs/design.md` promises of every text.

use super::meaning::{self, Allowed};
use csi_relocate::error::RelocateError;
use csi_relocate::knowledge::Knowledge;
use csi_relocate::kubepath::{Root, WindowsRoot};
use csi_relocate::plan::Edit;
use csi_relocate::relocate::{Options, Relocation, relocate};
use csi_relocate::source::Source;
use std::sync::OnceLock;

/// The root of a kubelet that was told nothing.
const DEFAULT: &str = "/var/lib/kubelet";

/// The roots that are asked for; the lower half of the first byte says which.
const ROOTS: [&str; 16] = [
    "/data/kubelet",
    "/k",
    "/var/lib/kubelet/data",
    "/mnt/var/lib/kubelet",
    "/var/snap/microk8s/common/var/lib/kubelet",
    "/数据/kubelet",
    "/var/lib/kubelet-2",
    "/var/lib/k0s/kubelet",
    "/a~b@c=d+e/kube.let",
    "/-/-",
    "/@1",
    "/data/null",
    "/=/@",
    "/pods",
    "/var/lib/kubelet",
    "/opt/plugins",
];

const WINDOWS: &str = r"D:\k8s\kubelet";

/// The facts about kubelets, read once.
pub fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(|| Knowledge::builtin().unwrap_or_else(|error| panic!("{error}")))
}

/// Checks all bytes but the first as a text to be moved; the first one says where and how.
pub fn check(data: &[u8]) {
    let Some((&choice, text)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let options = options(choice);
    let source = Source::new("fuzz.yaml", text.as_ref());
    let Some(relocation) = moved(&source, &options) else { return };
    let rewritten = &relocation.rewritten[0];
    let output = rewritten.text(&source);
    untouched_bytes_are_equal(&text, output, &rewritten.edits);
    assert_eq!(rewritten.edits.is_empty(), rewritten.output.is_none());

    let again = Source::new("fuzz.yaml", output);
    let second = moved(&again, &options).unwrap_or_else(|| panic!("unreadable: {output:?}"));
    assert!(
        second.rewritten[0].edits.is_empty(),
        "a second run changes {output:?}, once {text:?}: {:?}",
        second.rewritten[0].edits
    );

    let from: Vec<String> = options.from.iter().map(ToString::to_string).collect();
    let from = if options.auto { &[][..] } else { &from[..] };
    let windows = options.windows.is_some().then_some(WINDOWS);
    let inserted = &relocation.analysis.insertions;
    let allowed = Allowed::new(&options.to.to_string(), from, windows, inserted);
    meaning::check(&text, output, &allowed);

    for finding in &relocation.analysis.findings {
        let place = finding.places.first().expect("a finding has a place");
        let span = relocation.span(&source, place);
        assert!(text.get(span.as_range()).is_some(), "{finding:?} is at {span:?}");
    }
}

/// What is done, by the first byte.
fn options(choice: u8) -> Options {
    let root = |text: &str| Root::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let bit = |number: u8| choice >> number & 1 == 1;
    let mut from = vec![root(DEFAULT)];
    if bit(7) {
        from.push(root("/opt/kubelet"));
    }
    Options {
        to: root(ROOTS[usize::from(choice & 15)]),
        from,
        auto: bit(4),
        windows: bit(5).then(|| WindowsRoot::parse(WINDOWS).unwrap_or_else(|_| panic!("a root"))),
        strict: bit(6),
    }
}

/// The plan, and nothing for what can't be read.
///
/// # Panics
/// When the program says that it is at fault.
pub fn moved(source: &Source, options: &Options) -> Option<Relocation> {
    match relocate(std::slice::from_ref(source), options, knowledge()) {
        Ok(relocation) => Some(relocation),
        Err(RelocateError::Unreadable(problems)) => {
            for (_, problem) in problems {
                assert!(!problem.help.contains("mistake of csi-relocate"), "{problem:?}");
                assert!(problem.offset <= source.text().len(), "{problem:?}");
            }
            None
        }
        Err(RelocateError::Roots(_)) => None,
        Err(RelocateError::Fault(fault)) => panic!("{fault}: {:?}", source.text()),
    }
}

/// The text between the edits, in input and output.
///
/// # Panics
/// Where it isn't the same.
pub fn untouched_bytes_are_equal(input: &str, output: &str, edits: &[Edit]) {
    let (mut rest, mut at) = (output, 0);
    for edit in edits {
        let untouched = &input[at..edit.span.start];
        rest = rest.strip_prefix(untouched).expect("untouched bytes come out as they went in");
        rest = rest.strip_prefix(edit.text.as_str()).expect("the text where it was planned");
        at = edit.span.end;
    }
    assert_eq!(rest, &input[at..]);
}
