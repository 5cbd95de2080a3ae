//! Which value of a chart moves the root, and whether it moves all of it.

use super::{print_bytes, roots_named, say_names};
use crate::cli::{Cli, HelmValuesArguments};
use crate::commands::outcome::{Failure, Success};
use crate::error::Unreadable;
use crate::helm::{Chart, Comparison, compare};
use crate::knowledge::{ChartTable, Knowledge};
use crate::kubepath::Root;
use crate::render::helm as render;
use crate::roots::DEFAULT_ROOT;
use crate::source::Source;
use crate::talk::Talk;
use crate::usage;
use anyhow::{Context as _, anyhow};
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

/// Roots that nobody has: what names one of them was moved by the value. One has as many parts as
/// the usual root and the other doesn't, for charts that cut the root into pieces.
const ODD_ROOTS: [&str; 2] = ["/odd-a/k", "/odd-b/x/kubelet"];

/// Answers for a chart.
pub(crate) fn run(
    cli: &Cli,
    arguments: &HelmValuesArguments,
    talk: &Talk,
) -> Result<Success, Failure> {
    let chart = chart(&arguments.chart, talk)?;
    say_names(&cli.roots.named, cli, talk);
    if arguments.verify.is_empty() {
        return tell(cli, &chart, &arguments.chart);
    }
    verify(cli, &chart, arguments, talk)
}

/// Says what is known.
fn tell(cli: &Cli, chart: &Chart, folder: &Path) -> Result<Success, Failure> {
    let table = ChartTable::builtin().map_err(anyhow::Error::from)?;
    let root = cli.roots.kubelet_root.as_ref().map(ToString::to_string);
    let windows = cli.roots.windows_kubelet_root.as_ref().map(ToString::to_string);
    let asked = render::Asked {
        chart,
        folder,
        root: root.as_deref().unwrap_or(render::ANY_ROOT),
        windows: windows.as_deref(),
    };
    let row = chart.known_in(&table);
    let text = match row {
        Some(row) => render::known(row, &asked),
        None => render::unknown(&asked),
    };
    print_bytes(text.as_bytes()).map_err(anyhow::Error::from)?;
    Ok(if row.is_some() { Success::Clean } else { Success::WithFindings })
}

/// Renders the chart with made-up roots, and compares.
fn verify(
    cli: &Cli,
    chart: &Chart,
    arguments: &HelmValuesArguments,
    talk: &Talk,
) -> Result<Success, Failure> {
    let froms = roots_named(&cli.roots);
    let from = froms.first().context("there is no root to move from")?;
    let helm = Helm { arguments };
    let plain = helm.template(&[])?;
    let knowledge = Knowledge::builtin().map_err(anyhow::Error::from)?;
    let mut comparisons = Vec::new();
    for odd in ODD_ROOTS {
        let root = Root::parse(odd).map_err(anyhow::Error::from)?;
        let settings: Vec<String> =
            arguments.verify.iter().map(|key| setting(chart, key, from, odd)).collect();
        let set = helm.template(&settings)?;
        let comparison = compare(&plain, &set, &root, from, &knowledge);
        comparisons.push(comparison.map_err(|error| {
            Failure::Other(anyhow!(error).context("what helm has rendered can't be compared"))
        })?);
    }
    let comparison = Comparison::both(comparisons);
    let text = render::verified(&arguments.verify, &comparison);
    print_bytes(text.as_bytes()).map_err(anyhow::Error::from)?;
    if comparison.has_nothing_to_move() && !cli.talk.quiet {
        talk.say(render::NOTHING_TO_MOVE);
    }
    Ok(if comparison.is_right() { Success::Clean } else { Success::WithFindings })
}

/// `KEY=VALUE` for a root: what follows the old root in the chart's own value follows the new one.
fn setting(chart: &Chart, key: &str, from: &Root, root: &str) -> String {
    let from = from.to_string();
    let own = chart.value(key).unwrap_or_default();
    let below = [from.as_str(), DEFAULT_ROOT].into_iter().find_map(|from| {
        own.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    format!("{key}={root}{}", below.unwrap_or_default())
}

/// Helm, as it was asked for.
struct Helm<'a> {
    arguments: &'a HelmValuesArguments,
}

impl Helm<'_> {
    /// Renders the chart with these values.
    fn template(&self, settings: &[String]) -> Result<String, Failure> {
        let HelmValuesArguments { chart, helm, helm_arguments, .. } = self.arguments;
        let mut command = Command::new(helm);
        // A name without a folder would be one of a repository's charts.
        command
            .args(["template", "release"])
            .arg(std::path::absolute(chart).unwrap_or_else(|_| chart.clone()));
        command.args(helm_arguments);
        for setting in settings {
            command.arg("--set-string").arg(setting);
        }
        let name = helm.display();
        let output = command.output().map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failure::Usage(usage::without_helm(&name.to_string())),
            _ => Failure::Other(anyhow::Error::from(error).context(format!("can't run {name}"))),
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Failure::Usage(usage::helm_failed(&name.to_string(), said.trim())));
        }
        let text = String::from_utf8(output.stdout);
        Ok(text.with_context(|| format!("what {name} has rendered isn't UTF-8"))?)
    }
}

/// Reads a chart's folder.
fn chart(folder: &Path, talk: &Talk) -> Result<Chart, Failure> {
    let path = folder.join("Chart.yaml");
    let chart = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Err(Failure::Usage(usage::no_chart(folder)));
        }
        Err(error) => {
            let problem = format!("can't read {}", path.display());
            return Err(Failure::Other(anyhow::Error::from(error).context(problem)));
        }
    };
    let values_path = folder.join("values.yaml");
    // A chart may have none.
    let values = match std::fs::read_to_string(&values_path) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        values => values.with_context(|| format!("can't read {}", values_path.display()))?,
    };
    Chart::read(&chart, &values).map_err(|(in_values, problem): (bool, Unreadable)| {
        let (path, text) = if in_values { (values_path, values) } else { (path, chart) };
        let source = Source::new(path.display().to_string(), text);
        super::unreadable(&[(&source, &problem)], talk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_root_in_a_value_stays() {
        let values = "a: {b: /var/lib/kubelet/plugins/, c: '', d: /var/lib/kubelet-x}\n";
        let chart = Chart::read("name: x", values).unwrap();
        let from = Root::parse(DEFAULT_ROOT).unwrap();
        let set = |key: &str| setting(&chart, key, &from, "/odd");
        assert_eq!(set("a.b"), "a.b=/odd/plugins/");
        assert_eq!((set("a.c").as_str(), set("a.d").as_str()), ("a.c=/odd", "a.d=/odd"));
        assert_eq!(set("unknown"), "unknown=/odd");
    }
}
