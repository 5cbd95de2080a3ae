//! Pods by chance, held against a reference model of kubelet, registrar, driver and API server.
//!
//! The model in `tests/model` reads a manifest by itself and shares no code with the program. What
//! works at the old root works at the new one after the rewrite, half-moved pods come out as their
//! originals do, and `check` finds harm where the model does, and only there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "model/broken.rs"]
mod broken;
#[path = "model/classes.rs"]
mod classes;
mod common;
#[path = "model/consistent.rs"]
mod consistent;
#[path = "model/kubelet.rs"]
mod kubelet;
#[path = "model/node.rs"]
mod node;
#[path = "model/pod.rs"]
mod pod;
#[path = "model/read.rs"]
mod read;
#[path = "model/text.rs"]
mod text;

use classes::{Told, expected, says};
use common::{english, root, source};
use csi_relocate::check::{Against, check};
use csi_relocate::finding::{Finding, Severity};
use csi_relocate::knowledge::Knowledge;
use csi_relocate::plan::Edit;
use csi_relocate::relocate::{Options, relocate};
use kubelet::{Broken, judge};
use pod::{Chance, Pod};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeMap;
use text::fill;

const OLD: &str = "/var/lib/kubelet";

/// Where a kubelet's state may be put: beside, below and behind the usual place. k0s's own root isn't
/// among them: with it the certificates move as well, which `tests/check.rs` sees.
const ROOTS: [&str; 6] = [
    "/data/kubelet",
    "/k",
    "/var/lib/kubelet/state",
    "/var/lib/kubelet-data",
    "/mnt/disk-1/var/lib/kubelet",
    "/var/lib/k0s/node/kubelet",
];

/// A third root, of neither kubelet.
const OTHER: &str = "/opt/rke/var/lib/kubelet";

thread_local! {
    static KNOWLEDGE: Knowledge = Knowledge::builtin().unwrap();
}

/// A manifest of which the root's places are still open.
#[derive(Clone, Debug)]
struct Open {
    text: String,
    escaped: bool,
    to: &'static str,
}

impl Open {
    fn new(pods: &[Pod], chance: &mut Chance) -> Self {
        let style = consistent::style(chance);
        let text = node::write(&consistent::nodes(pods), &style);
        let to = chance.pick(&ROOTS);
        Self { text, escaped: style.escaped, to }
    }

    fn at(&self, root: &str) -> String {
        fill(&self.text, self.escaped, |_| root)
    }

    /// Some places at the old root and some at the new one.
    fn half(&self, set: u64) -> String {
        let root = |place: usize| if set >> (place % 64) & 1 == 1 { self.to } else { OLD };
        fill(&self.text, self.escaped, root)
    }
}

/// A plan for one text.
struct Moved {
    edits: Vec<Edit>,
    output: String,
    findings: Vec<Finding>,
}

fn rewrite(text: &str, from: &str, to: &str) -> Moved {
    let options =
        Options { to: root(to), from: vec![root(from)], auto: false, windows: None, strict: false };
    let source = source(text);
    let plan = KNOWLEDGE
        .with(|knowledge| relocate(std::slice::from_ref(&source), &options, knowledge))
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    Moved {
        edits: plan.rewritten[0].edits.clone(),
        output: plan.rewritten[0].text(&source).to_owned(),
        findings: plan.analysis.findings,
    }
}

fn checked(text: &str, against: &str) -> Vec<Finding> {
    let against = Against::Root(root(against));
    let verdict = KNOWLEDGE.with(|knowledge| check(&[source(text)], &against, &[], knowledge));
    verdict.unwrap_or_else(|error| panic!("{error}\n{text}")).findings
}

fn shown(findings: &[Finding]) -> String {
    let line = |found: &Finding| {
        format!("{} {}: {}\n", found.severity, found.rule.id(), english(&found.message))
    };
    findings.iter().map(line).collect()
}

fn model(text: &str, root: &str) -> Vec<Broken> {
    let mut roots = vec![OLD, OTHER];
    roots.extend(ROOTS);
    judge(&read::pods(text), root, &roots)
}

/// Runs a property on pods that are made of some bytes; `PROPTEST_CASES` says how often, and
/// `PROPTEST_RNG_SEED` on which. Says how many it were.
fn each(property: impl Fn(&mut Chance) -> Result<(), TestCaseError>) -> u32 {
    let cases = if std::env::var_os("CI").is_some() { 2000 } else { 500 };
    let cases = std::env::var("PROPTEST_CASES").map_or(cases, |text| text.parse().unwrap());
    let seed = std::env::var("PROPTEST_RNG_SEED").map_or(9, |text| text.parse().unwrap());
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 4000,
        // A property may pass over a root.
        max_global_rejects: cases,
        ..Config::default()
    };
    let bytes = proptest::collection::vec(any::<u8>(), 96);
    let outcome = TestRunner::new(config).run(&bytes, |bytes| property(&mut Chance::new(bytes)));
    match outcome {
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(error) => panic!("{error}"),
        Ok(()) => cases,
    }
}

/// Says where two texts aren't the same. Which slashes are escaped is no matter: what is replaced
/// has none that are.
fn same(found: &str, wanted: &str, of: &Moved, from: &str) -> Result<(), TestCaseError> {
    let (found, wanted) = (&found.replace("\\/", "/"), &wanted.replace("\\/", "/"));
    let at = found.bytes().zip(wanted.bytes()).take_while(|(left, right)| left == right).count();
    let around =
        |text: &str| text.chars().skip(at.saturating_sub(70)).take(150).collect::<String>();
    let differ = format!("{}\n  instead of\n{}", around(found), around(wanted));
    prop_assert!(found == wanted, "{differ}\n{}in\n{from}", shown(&of.findings));
    Ok(())
}

fn no_errors(findings: &[Finding], text: &str) -> Result<(), TestCaseError> {
    let errors: Vec<Finding> =
        findings.iter().filter(|found| found.severity == Severity::Error).cloned().collect();
    prop_assert!(errors.is_empty(), "{}{text}", shown(&errors));
    Ok(())
}

#[test]
fn what_works_at_the_old_root_works_at_the_new_one() {
    each(|chance| {
        let pods = consistent::pods(chance);
        let open = Open::new(&pods, chance);
        let old = open.at(OLD);
        prop_assert_eq!(model(&old, OLD), [], "at the old root:\n{}", old);
        prop_assert!(!model(&old, open.to).is_empty(), "{} would do for\n{old}", open.to);
        let moved = rewrite(&old, OLD, open.to);
        same(&moved.output, &open.at(open.to), &moved, &old)?;
        prop_assert_eq!(model(&moved.output, open.to), [], "at {}:\n{}", open.to, moved.output);
        no_errors(&moved.findings, &old)?;
        no_errors(&checked(&moved.output, open.to), &moved.output)?;
        no_errors(&checked(&old, OLD), &old)
    });
}

#[test]
fn half_moved_pods_come_out_as_their_originals() {
    each(|chance| {
        let pods = consistent::pods(chance);
        let open = Open::new(&pods, chance);
        let set = (0..8).fold(0, |set, _| set << 8 | u64::try_from(chance.of(256)).unwrap());
        let half = open.half(set);
        let moved = rewrite(&half, OLD, open.to);
        same(&moved.output, &open.at(open.to), &moved, &half)?;
        no_errors(&moved.findings, &half)
    });
}

#[test]
fn a_missing_propagation_is_written_and_nothing_else() {
    each(|chance| {
        let mut pods = consistent::pods(chance);
        let missing = broken::drop_propagation(&mut pods, chance);
        let open = Open::new(&pods, chance);
        let old = open.at(OLD);
        let moved = rewrite(&old, OLD, open.to);
        prop_assert_eq!(model(&moved.output, open.to), [], "{}{}", old, moved.output);
        no_errors(&moved.findings, &old)?;
        let inserted = moved.edits.iter().filter(|edit| edit.text.contains("Bidirectional"));
        prop_assert_eq!(inserted.count(), missing, "{}", moved.output);
        let half = open.half(0x5a5a_3c3c_9696_0ff0 >> chance.of(32));
        let of_half = rewrite(&half, OLD, open.to);
        same(&of_half.output, &moved.output, &of_half, &half)
    });
}

#[test]
fn a_rewrite_is_settled_whole_and_reversible() {
    each(|chance| {
        let pods = if chance.one_in(3) { broken::pods(chance) } else { consistent::pods(chance) };
        let open = Open::new(&pods, chance);
        let old = open.half(if chance.one_in(2) { u64::from(u8::MAX) } else { 0 });
        let once = rewrite(&old, OLD, open.to);
        let twice = rewrite(&once.output, OLD, open.to);
        prop_assert!(twice.edits.is_empty(), "{}", once.output);
        // What isn't edited is as it was.
        let (mut rest, mut at) = (once.output.as_str(), 0);
        for edit in &once.edits {
            let kept = format!("{}{}", old.get(at..edit.span.start).unwrap(), edit.text);
            let after = rest.strip_prefix(kept.as_str());
            prop_assert!(after.is_some(), "{}", once.output);
            rest = after.unwrap();
            at = edit.span.end;
        }
        prop_assert_eq!(Some(rest), old.get(at..));
        Ok(())
    });
}

#[test]
fn there_and_back_is_where_it_was() {
    each(|chance| {
        let pods = consistent::pods(chance);
        let open = Open::new(&pods, chance);
        let old = open.at(OLD);
        let there = rewrite(&old, OLD, open.to).output;
        prop_assume!(!open.to.starts_with(&format!("{OLD}/")));
        let back = rewrite(&there, open.to, OLD);
        same(&back.output, &old, &back, &there)?;
        no_errors(&back.findings, &there)
    });
}

#[test]
fn check_and_the_model_agree() {
    let seen: RefCell<BTreeMap<Broken, usize>> = RefCell::default();
    let sound = RefCell::new(0_u32);
    let cases = each(|chance| {
        let pods = broken::pods(chance);
        let open = Open::new(&pods, chance);
        let text = broken::fill(&open.text, OLD, open.to, OTHER, chance);
        for kubelet in [OLD, open.to] {
            let broken = model(&text, kubelet);
            let findings = checked(&text, kubelet);
            let worst = findings.iter().map(|found| found.severity).max();
            let least = expected(&broken);
            prop_assert!(
                says(worst, least),
                "{broken:?} in {kubelet} is {least:?}, and the check says\n{}of\n{text}",
                shown(&findings)
            );
            *sound.borrow_mut() += u32::from(least == Told::Fine);
            for what in broken {
                *seen.borrow_mut().entry(what).or_default() += 1;
            }
        }
        Ok(())
    });
    let (seen, sound) = (seen.into_inner(), sound.into_inner());
    let rare: Vec<_> = classes::HARMS.iter().filter(|row| !seen.contains_key(&row.0)).collect();
    assert!(
        cases < 500 || rare.is_empty(),
        "nothing was generated that shows {rare:?}, but {seen:?}"
    );
    assert!(sound > cases / 20, "only {sound} pods are sound");
}
