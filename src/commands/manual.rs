//! Completions and manual pages, made from the command line itself.

use super::print_bytes;
use crate::cli::{self, EXAMPLES, EXIT_CODES};
use anyhow::Context as _;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::path::Path;

/// What the program looks at besides its arguments.
const ENVIRONMENT: &str = "\
CSI_RELOCATE_KUBELET_ROOT
    what --kubelet-root says when it isn't given
NO_COLOR, FORCE_COLOR, CI
    no colours; colours in messages also where no terminal is";

/// Prints the completions for a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::command(), "csi-relocate", &mut script);
    let mut script = String::from_utf8(script)?;
    if shell == clap_complete::Shell::Bash {
        // Where a program's name has a dash, the options of its commands stand under other labels
        // than are looked for: clap-rs/clap#6421.
        script = script.replace("csi__subcmd__relocate", "csi__relocate");
    }
    Ok(print_bytes(script.as_bytes())?)
}

/// Prints the manual page of the program.
pub(crate) fn print_page() -> anyhow::Result<()> {
    let (_, page) = page(&command())?;
    Ok(print_bytes(&page)?)
}

/// Writes the manual pages of the program and of all its commands.
pub(crate) fn write_pages(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("can't create {}", folder.display()))?;
    for (name, page) in pages()? {
        let path = folder.join(name);
        std::fs::write(&path, page).with_context(|| format!("can't write {}", path.display()))?;
    }
    Ok(())
}

/// Each page with its file name, the program's own first.
fn pages() -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let command = command();
    let mut pages = vec![page(&command)?];
    for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        pages.push(page(command)?);
    }
    Ok(pages)
}

/// The command line. Its version is the release's: a page is the same for all its commits.
fn command() -> clap::Command {
    let mut command = cli::command().version(env!("CARGO_PKG_VERSION"));
    command.build();
    command
}

fn page(command: &clap::Command) -> anyhow::Result<(String, Vec<u8>)> {
    let is_program = command.get_name() == "csi-relocate";
    let own_examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let man = Man::new(command.clone().after_help("").after_long_help(""));
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if is_program {
        man.render_subcommands_section(&mut page)?;
        section(&mut page, "EXAMPLES", EXAMPLES)?;
        section(&mut page, "EXIT STATUS", below_title(EXIT_CODES))?;
        section(&mut page, "ENVIRONMENT", ENVIRONMENT)?;
    } else {
        section(&mut page, "EXAMPLES", below_title(&own_examples))?;
    }
    Ok((man.get_filename(), page))
}

/// A section whose lines are kept as they are.
fn section(page: &mut Vec<u8>, title: &str, text: &str) -> std::io::Result<()> {
    let mut roff = Roff::default();
    roff.control("SH", [title]).control("nf", []).text([roman(text)]).control("fi", []);
    roff.to_writer(page)
}

fn below_title(text: &str) -> &str {
    text.split_once('\n').map_or(text, |(_, rest)| rest)
}
