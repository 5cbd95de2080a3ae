//! Speed and memory beside what people use today, in one run: `cargo bench --bench compare`.
//!
//! Makes its inputs from `testdata`, always the same ones, runs the programs in turn, and prints the
//! tables of `docs/performance.md`. `cargo bench --bench compare -- --quick` takes small inputs and
//! few runs, to see that it works. `RELEASED` names a static program as `dist/build` makes it, whose
//! start is measured, too.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a tool for developers")]

mod growth;
mod inputs;
mod measure;

use inputs::Inputs;
use measure::{Subject, installed, median, peak, ratios, wall};
use std::path::Path;

/// The root that everything is moved to.
const TO: &str = "/data/kubelet";

/// How much is made and how often it's run.
struct Scale {
    documents: usize,
    list_bytes: usize,
    files: usize,
    runs: usize,
    starts: usize,
}

const FULL: Scale =
    Scale { documents: 20_000, list_bytes: 100_000_000, files: 5_000, runs: 11, starts: 200 };
const QUICK: Scale =
    Scale { documents: 200, list_bytes: 1_000_000, files: 50, runs: 3, starts: 10 };

fn main() {
    let scale = if std::env::args().any(|argument| argument == "--quick") { QUICK } else { FULL };
    let inputs = Inputs::make(scale.documents, scale.list_bytes, scale.files);
    println!("{}\n", machine());
    started(&inputs, scale.starts);
    streamed(&inputs, scale.runs);
    listed(&inputs, scale.runs);
    replaced(&inputs, scale.runs);
    growth::print(&scale_of_growth(&scale));
}

/// The sizes at which growth is shown.
fn scale_of_growth(scale: &Scale) -> [usize; 3] {
    if scale.runs < FULL.runs { [10, 100, 1_000] } else { [100, 1_000, 10_000] }
}

/// The program, reading a file, on so many processors.
fn program(input: &Path, cores: usize) -> Subject {
    let typed = ["--kubelet-root", TO, "-q"];
    let several = if cores == 1 { "" } else { "s" };
    Subject::new(
        &format!("csi-relocate, {cores} processor{several}"),
        env!("CARGO_BIN_EXE_csi-relocate"),
    )
    .arguments(typed)
    .argument(input)
    .on(cores)
}

/// What people do today.
fn sed(input: &Path) -> Subject {
    let script = format!("s#/var/lib/kubelet#{TO}#g");
    Subject::new("sed", "sed").arguments([script.as_str()]).argument(input)
}

fn started(inputs: &Inputs, runs: usize) {
    println!("## One small manifest, from start to finish\n");
    println!("| Program | Median | Beside sed |\n|---|---|---|");
    let (ours, theirs) = wall(&program(&inputs.small, 2), &sed(&inputs.small), runs);
    println!("| sed | {:.2} ms | 1 |", median(&theirs) * 1e3);
    let ratio = median(&ratios(&ours, &theirs));
    println!("| csi-relocate, from a checkout | {:.2} ms | {ratio:.2} |", median(&ours) * 1e3);
    if let Some(released) = std::env::var_os("RELEASED") {
        let released = Subject::new("csi-relocate, as released", &released.to_string_lossy())
            .arguments(["--kubelet-root", TO, "-q"])
            .argument(&inputs.small);
        let (ours, theirs) = wall(&released, &sed(&inputs.small), runs);
        let ratio = median(&ratios(&ours, &theirs));
        println!("| {} | {:.2} ms | {ratio:.2} |", released.name, median(&ours) * 1e3);
    }
    println!();
}

fn streamed(inputs: &Inputs, runs: usize) {
    println!("## A stream of {} documents, a fifth of which name the root\n", inputs.documents);
    table(&inputs.stream, runs, &["yq", "kustomize"]);
}

fn listed(inputs: &Inputs, runs: usize) {
    for (name, path) in [("YAML", &inputs.list_yaml), ("JSON", &inputs.list_json)] {
        println!("## One list in {name}\n");
        let (parser, quick) = measure::parsed(path);
        let quick = quick.map_or(String::new(), |quick| format!("; the quick reader: {quick:.0}"));
        println!("The parser alone, on one processor: {parser:.0} MB/s{quick}.\n");
        table(path, runs.div_ceil(3), &[]);
    }
}

/// Throughput, ratio to sed and peak memory of each program on one input.
fn table(input: &Path, runs: usize, others: &[&str]) {
    let bytes = std::fs::metadata(input).expect("the input").len() as f64;
    println!("{:.0} MB.\n", bytes / 1e6);
    println!(
        "| Program | MB/s | sed's throughput | Peak memory, bytes per byte |\n|---|---|---|---|"
    );
    let sed = sed(input);
    let line = |subject: &Subject, runs: usize| {
        let (ours, theirs) = wall(subject, &sed, runs);
        // Throughput is the other way round than time.
        let ratio = median(&ratios(&theirs, &ours));
        let peak = peak(subject).map_or("?".to_owned(), |peak| format!("{:.2}", peak / bytes));
        let speed = bytes / median(&ours) / 1e6;
        println!("| {} | {speed:.0} | {ratio:.2} | {peak} |", subject.name);
    };
    line(&program(input, 2), runs);
    line(&program(input, 1), runs);
    line(&sed, runs);
    for name in others.iter().filter(|name| installed(name)) {
        line(&other(name, input), 1);
    }
    println!();
}

/// Another tool that reads and writes the same input, without changing a thing.
fn other(name: &str, input: &Path) -> Subject {
    match name {
        "yq" => Subject::new("yq, unchanged", "yq").arguments(["."]).argument(input),
        _ => Subject::new("kustomize cfg cat", name).arguments(["cfg", "cat"]).argument(input),
    }
}

fn replaced(inputs: &Inputs, runs: usize) {
    println!("## {} files in place\n", inputs.files.len());
    println!("| Program | Median | Beside sed -i |\n|---|---|---|");
    let ours = Subject::new("csi-relocate --in-place", env!("CARGO_BIN_EXE_csi-relocate"))
        .arguments(["--kubelet-root", TO, "-q", "--in-place"])
        .argument(&inputs.folder);
    let script = format!("s#/var/lib/kubelet#{TO}#g");
    let theirs = inputs
        .files
        .iter()
        .fold(Subject::new("sed -i", "sed").arguments(["-i", script.as_str()]), |sed, file| {
            sed.argument(file)
        });
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        inputs.write_files();
        a.push(ours.time());
        inputs.write_files();
        b.push(theirs.time());
    }
    println!("| sed -i | {:.0} ms | 1 |", median(&b) * 1e3);
    let ratio = median(&ratios(&a, &b));
    println!("| csi-relocate --in-place | {:.0} ms | {ratio:.2} |\n", median(&a) * 1e3);
}

/// The machine, in words.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let memory = read("/proc/meminfo");
    let memory = memory.lines().next().unwrap_or("").split_whitespace().nth(1);
    let gigabytes = memory.and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1e6;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = model.map_or("an unknown processor", |(_, name)| name);
    format!("{model}, {cores} processors, {gigabytes:.0} GB.")
}
