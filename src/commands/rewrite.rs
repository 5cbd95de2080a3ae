//! The main job: manifests come in, and go out rewritten, or as a diff.

use super::{
    emit, files_of, krm, left_out, options, refused, say_names, shown, stamped_sources,
    unless_closed, unless_log,
};
use crate::cli::{Cli, Emit};
use crate::commands::outcome::{Failure, Success};
use crate::diff;
use crate::files::Stamp;
use crate::files::find::{self, Input, Origin, Walk};
use crate::files::replace::{Write, write_all};
use crate::finding::{Finding, Severity};
use crate::knowledge::Knowledge;
use crate::relocate::{Relocation, relocate};
use crate::render;
use crate::source::Source;
use crate::talk::{Progress, Talk, colours_result};
use crate::usage;
use crate::words::message;
use anyhow::Context as _;
use std::io::{IsTerminal as _, Write as _};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

/// Where the result goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Destination<'a> {
    Stdout,
    InPlace,
    Folder(&'a Path),
    Diff,
    Patches(Emit),
}

/// Reads what the command line names, rewrites it, writes it where it says.
pub(crate) fn rewrite(cli: &Cli, talk: &Talk) -> Result<Success, Failure> {
    if let Some(config) = krm::plugin_config(cli) {
        return krm::plugin(cli, &config, talk);
    }
    let destination = destination(cli);
    let inputs = inputs(cli, destination)?;
    unless_log(files_of(&inputs), talk)?;
    let without_root = || Failure::Usage(usage::without_root(""));
    let may_be_list = destination == Destination::Stdout
        && inputs.iter().all(|input| input.origin == Origin::Stdin);
    // A list of objects for a function may bring its own.
    if cli.roots.kubelet_root.is_none() && !may_be_list {
        return Err(without_root());
    }
    let folder_destinations = match destination {
        Destination::Folder(folder) => find::destinations(&inputs, folder)?,
        _ => Vec::new(),
    };
    if let Some(log) = folder_destinations.iter().find(|target| talk.logs_to(target)) {
        talk.stop_logging();
        return Err(Failure::Usage(usage::output_is_log(log)));
    }
    let progress = talk.progress();
    let sources = stamped_sources(&inputs, cli.inputs.max_input, talk, &progress)?;
    let (sources, stamps): (Vec<Source>, Vec<Option<Stamp>>) = sources.into_iter().unzip();
    if may_be_list && let Some(done) = krm::function(cli, &sources, talk)? {
        return Ok(done);
    }
    let to = cli.roots.kubelet_root.clone().ok_or_else(without_root)?;
    say_names(&cli.roots.named, cli, talk);
    progress.start_unknown("planning");
    let knowledge = Knowledge::builtin().map_err(anyhow::Error::from)?;
    let relocation = relocate(&sources, &options(cli, to), &knowledge)
        .map_err(|error| refused(&sources, error, talk))?;
    // The program ends with it; to give it back piece by piece would only take time.
    let relocation = ManuallyDrop::new(relocation);

    let outcome =
        Outcome { inputs: &inputs, sources: &sources, stamps: &stamps, relocation: &relocation };
    let fails = outcome.fails(cli);
    let patches = match destination {
        Destination::Patches(_) => emit::made(&sources, &relocation, knowledge.kinds(), talk)?,
        _ => Vec::new(),
    };
    let mut differs = false;
    match destination {
        Destination::Diff => {
            drop(progress);
            differs = outcome.print_diff(cli)?;
        }
        _ if fails => drop(progress),
        Destination::Stdout => {
            drop(progress);
            outcome.print()?;
        }
        Destination::Patches(form) => {
            drop(progress);
            emit::print(&patches, form, &relocation)?;
            if patches.is_empty() && !cli.talk.quiet {
                talk.say(emit::NOTHING_TO_PATCH);
            }
        }
        Destination::InPlace => outcome.replace(&progress)?,
        Destination::Folder(_) => outcome.write_to(&folder_destinations, &progress)?,
    }
    outcome.report(cli, talk);
    if fails && destination != Destination::Diff {
        talk.say(&talk.words().say(&message!("rewrite-refused")));
    }
    Ok(if fails || differs { Success::WithFindings } else { Success::Clean })
}

fn destination(cli: &Cli) -> Destination<'_> {
    match &cli.output_dir {
        Some(folder) => Destination::Folder(folder),
        None if cli.in_place => Destination::InPlace,
        None if cli.diff => Destination::Diff,
        None => cli.emit.map_or(Destination::Stdout, Destination::Patches),
    }
}

/// Finds the inputs, and sees that the destination can take them.
fn inputs(cli: &Cli, destination: Destination<'_>) -> Result<Vec<Input>, Failure> {
    let words = &cli.inputs.files;
    if words.is_empty() && std::io::stdin().is_terminal() {
        let is_bare = cli.roots.kubelet_root.is_none();
        let message = if is_bare { usage::short_help() } else { usage::nothing_to_read("") };
        return Err(if is_bare { Failure::Help(message) } else { Failure::Usage(message) });
    }
    let walk = Walk { no_ignore: cli.inputs.no_ignore, output_dir: cli.output_dir.clone() };
    let inputs =
        find::find(words, &walk).map_err(|error| Failure::Usage(usage::nothing_found(&error)))?;
    let has_folder = inputs.iter().any(|input| !input.named);
    if destination == Destination::Stdout && (inputs.len() > 1 || has_folder) {
        return Err(Failure::Usage(usage::one_output_for_many()));
    }
    let has_stdin = inputs.iter().any(|input| input.origin == Origin::Stdin);
    if destination == Destination::InPlace && has_stdin {
        return Err(Failure::Usage(usage::stdin_in_place()));
    }
    if destination == Destination::InPlace
        && let Some(input) = inputs.iter().find(|input| input.named && !input.is_replaceable())
    {
        return Err(Failure::Usage(usage::not_replaceable(&input.name())));
    }
    Ok(inputs)
}

/// What came out of a run.
struct Outcome<'a> {
    inputs: &'a [Input],
    sources: &'a [Source],
    /// What each file was when it was read.
    stamps: &'a [Option<Stamp>],
    relocation: &'a Relocation,
}

impl Outcome<'_> {
    /// Each input with its source and the text that comes out.
    fn texts(&self) -> impl Iterator<Item = (&Input, &Source, &str)> {
        let rewritten = self.sources.iter().zip(&self.relocation.rewritten);
        self.inputs
            .iter()
            .zip(rewritten)
            .map(|(input, (source, rewritten))| (input, source, rewritten.text(source)))
    }

    /// Those of them that change.
    fn changed(&self) -> impl Iterator<Item = (&Input, &Source, &str)> {
        let rewritten = &self.relocation.rewritten;
        let is_changed = rewritten.iter().map(|rewritten| rewritten.output.is_some());
        self.texts().zip(is_changed).filter(|(_, changed)| *changed).map(|(text, _)| text)
    }

    /// Whether a finding is as harmful as `--fail-on` says.
    fn fails(&self, cli: &Cli) -> bool {
        let findings = &self.relocation.analysis.findings;
        cli.fail_on
            .is_some_and(|level| findings.iter().any(|found| found.severity >= level.severity()))
    }

    fn print(&self) -> anyhow::Result<()> {
        let mut stdout = std::io::stdout().lock();
        let mut is_empty = true;
        for (_, _, text) in self.texts() {
            stdout.write_all(text.as_bytes())?;
            is_empty &= text.trim().is_empty();
        }
        if is_empty && is_plugin_of_helm() {
            stdout.write_all(NOTHING_RENDERED.as_bytes())?;
        }
        Ok(stdout.flush()?)
    }

    fn print_diff(&self, cli: &Cli) -> anyhow::Result<bool> {
        let here = std::env::current_dir().and_then(|here| here.canonicalize());
        let here = here.context("can't tell the current directory")?;
        let coloured = colours_result(cli.talk.color);
        let mut stdout = std::io::stdout().lock();
        let differs = self.changed().next().is_some();
        for (input, source, text) in self.changed() {
            let name = name_in_diff(input, &here);
            let diff = diff::unified(&name, &name, source.text(), text);
            let diff = if coloured { diff::coloured(&diff) } else { diff };
            if let Err(error) = stdout.write_all(diff.as_bytes()) {
                unless_closed(error)?;
                break;
            }
        }
        stdout.flush().or_else(unless_closed)?;
        Ok(differs)
    }

    fn replace(&self, progress: &Progress) -> anyhow::Result<()> {
        let rewritten = self.relocation.rewritten.iter().zip(self.sources);
        let files = self.inputs.iter().zip(self.stamps).zip(rewritten);
        let changed = files.filter(|(_, (rewritten, _))| rewritten.output.is_some());
        let writes = changed.filter_map(|((input, stamp), (rewritten, source))| {
            let target = input.real.clone()?;
            Some(Write { target, text: rewritten.text(source), read_as: stamp.clone() })
        });
        let writes: Vec<Write<'_>> = writes.collect();
        progress.start("writing", writes.len());
        Ok(write_all(&writes, &|steps| progress.step(steps))?)
    }

    fn write_to(&self, destinations: &[PathBuf], progress: &Progress) -> anyhow::Result<()> {
        let writes: Vec<Write<'_>> = self
            .texts()
            .zip(destinations)
            .map(|((_, _, text), target)| Write { target: target.clone(), text, read_as: None })
            .collect();
        progress.start("writing", writes.len());
        Ok(write_all(&writes, &|steps| progress.step(steps))?)
    }

    fn report(&self, cli: &Cli, talk: &Talk) {
        let (findings, left) =
            shown(&self.relocation.analysis.findings, &cli.talk, Severity::Error);
        let (words, drawing) = (talk.words(), &talk.drawing);
        let located =
            |finding: &Finding| self.relocation.locate(self.sources, finding.places.first()?);
        for finding in findings {
            talk.say(&render::finding(self.sources, located(finding), finding, words, drawing));
            talk.say("");
        }
        if let Some(left) = left_out(&left, talk.words()) {
            talk.say(&left);
        }
        if cli.talk.quiet {
            return;
        }
        if cli.talk.verbose {
            for suppressed in &self.relocation.suppressed {
                let located = located(&suppressed.finding);
                talk.say(&render::suppressed(self.sources, located, suppressed, words));
                talk.say("");
            }
            let list = render::sites(self.sources, self.relocation, talk.words());
            if !list.is_empty() {
                talk.say(list.trim_end());
            }
        }
        talk.say(&render::summary(self.relocation, talk.words()));
    }
}

/// Whether Helm 4 has started this program as a plugin.
///
/// Source: helm/helm at v4.2.4, internal/plugin/runtime_subprocess.go.
fn is_plugin_of_helm() -> bool {
    ["HELM_PLUGIN_NAME", "HELM_PLUGIN_DIR"].iter().all(|name| std::env::var_os(name).is_some())
}

/// The answer to a chart that renders nothing: Helm 4 takes an empty one for a failure, and drops
/// the comment.
const NOTHING_RENDERED: &str = "# nothing was rendered\n";

/// The name of a file in a diff: its path below the current directory, where the diff is
/// applied; or below the root directory, when it lies elsewhere.
fn name_in_diff(input: &Input, here: &Path) -> Vec<u8> {
    let path = match (&input.real, &input.origin) {
        (Some(real), _) => real,
        (None, Origin::File(path)) => path,
        (None, Origin::Stdin) => return b"stdin".to_vec(),
    };
    let below = path.strip_prefix(here).unwrap_or(path);
    let parts = below.components().filter_map(|part| match part {
        std::path::Component::Normal(part) => Some(part.as_encoded_bytes()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join(&b'/')
}
