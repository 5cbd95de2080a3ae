//! `knowledge`: what is known of drivers, and of the kubelet's root in distributions.

use super::{page, print, print_bytes, unless_closed};
use crate::cli::{Cli, KnowledgeArguments, KnowledgeFormat};
use crate::commands::outcome::{Failure, Success};
use crate::knowledge::{ChartTable, Distribution, Distributions, Drivers, Known, Listed, search};
use crate::render::knowledge as render;
use crate::report;
use crate::talk::Talk;
use crate::usage;

/// Says what is known.
pub(crate) fn run(
    cli: &Cli,
    arguments: &KnowledgeArguments,
    talk: &Talk,
) -> Result<Success, Failure> {
    let text = match &arguments.distribution {
        Some(name) => distributions(cli, name, arguments.format, talk)?,
        None => drivers(cli, arguments, talk)?,
    };
    let written = match arguments.format {
        KnowledgeFormat::Json => print_bytes(text.as_bytes()),
        KnowledgeFormat::Human => print(cli, &text),
    };
    written.or_else(unless_closed)?;
    Ok(Success::Clean)
}

fn drivers(cli: &Cli, arguments: &KnowledgeArguments, talk: &Talk) -> Result<String, Failure> {
    let files = Drivers::default();
    let listed = Listed::builtin().map_err(anyhow::Error::from)?;
    let charts = ChartTable::builtin().map_err(anyhow::Error::from)?;
    let all = Known::all(&files, &listed).map_err(anyhow::Error::from)?;
    let found = match &arguments.driver {
        Some(word) => search(word, &all),
        None => all.clone(),
    };
    if let (Some(word), []) = (&arguments.driver, found.as_slice()) {
        let names = all.iter().flat_map(|known| known.names());
        return Err(Failure::Usage(usage::not_known("driver", word, names)));
    }
    let page = page(cli, talk);
    Ok(match (arguments.format, found.as_slice()) {
        (KnowledgeFormat::Json, found) => report::drivers(found, charts.rows()),
        (KnowledgeFormat::Human, [Known::Driver(name, driver)]) => {
            render::driver(name, driver, charts.rows(), page)
        }
        (KnowledgeFormat::Human, [Known::Listed(row)]) => render::listed(row, page),
        (KnowledgeFormat::Human, found) => match arguments.driver {
            Some(_) => render::hits(found, page),
            None => render::table(found, page),
        },
    })
}

/// All distributions, or the one with this name.
fn distributions(
    cli: &Cli,
    name: &str,
    format: KnowledgeFormat,
    talk: &Talk,
) -> Result<String, Failure> {
    let table = Distributions::builtin().map_err(anyhow::Error::from)?;
    let one = table.named(name);
    if one.is_none() && !name.is_empty() {
        return Err(Failure::Usage(usage::not_known("distribution", name, table.names())));
    }
    let rows: Vec<&Distribution> =
        one.map_or_else(|| table.rows().iter().collect(), |row| vec![row]);
    Ok(match (format, one) {
        (KnowledgeFormat::Json, _) => report::distributions(&rows),
        (KnowledgeFormat::Human, Some(row)) => render::distribution(row, page(cli, talk)),
        (KnowledgeFormat::Human, None) => render::distributions(table.rows(), page(cli, talk)),
    })
}
