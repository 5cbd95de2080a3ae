//! The command line as it is shown, and as it is read: no command lists options that it doesn't
//! heed, and none is made ready that isn't asked for.

use super::environment::{self, Unusable};
use super::{Cli, Command as Asked, NAME};
use clap::error::ErrorKind;
use clap::{ArgMatches, Args as _, Command, CommandFactory as _, Error, Subcommand as _};
use std::ffi::OsString;

/// Options of all commands that only those heed which read manifests.
const ABOUT_MANIFESTS: [&str; 3] = ["kubelet_root", "from", "windows_kubelet_root"];

/// Options of all commands that say how much is told, and in which language.
const ABOUT_TALK: [&str; 4] = ["quiet", "verbose", "log_file", "lang"];

/// Commands, and the options of all commands that each doesn't heed.
const UNHEEDED: [(&str, &[&str], &[&str]); 4] = [
    ("knowledge", &ABOUT_MANIFESTS, &[]),
    ("install-plugin", &ABOUT_MANIFESTS, &ABOUT_TALK),
    ("completions", &ABOUT_MANIFESTS, &ABOUT_TALK),
    ("man", &ABOUT_MANIFESTS, &ABOUT_TALK),
];

/// The command line. An option for all commands that one of them doesn't heed is taken there, as a
/// script may set it for every command, and isn't listed.
pub(crate) fn command() -> Command {
    command_without(&[])
}

/// The command line, with options for which the environment doesn't stand.
fn command_without(unusable: &[Unusable]) -> Command {
    let program = Cli::augment_args(Asked::augment_subcommands(Command::new(NAME)));
    let program = environment::without(program, unusable);
    UNHEEDED.into_iter().fold(program, |program, (name, manifests, talk)| {
        let ids = manifests.iter().chain(talk);
        let hidden: Vec<_> = ids
            .filter_map(|id| program.get_arguments().find(|option| option.get_id() == id))
            .map(|option| option.clone().hide(true))
            .collect();
        program.mut_subcommand(name, |command| command.args(hidden))
    })
}

/// What a command line's words are, and the command line that they were read by; `variable` tells
/// what a variable of the environment is set to.
///
/// # Errors
/// When it can't be followed, or asks for help or the version.
pub(crate) fn matched(
    words: impl IntoIterator<Item = OsString>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<(Command, ArgMatches), Error> {
    let words: Vec<OsString> = words.into_iter().collect();
    let unusable = environment::unusable(variable);
    let (program, matches) = read(&words, &unusable)?;
    let name = matches.subcommand_name();
    let unheeded = UNHEEDED.into_iter().find(|(command, ..)| Some(*command) == name);
    let is_heeded = |option: &str| {
        !unheeded.is_some_and(|(_, manifests, talk)| {
            manifests.contains(&option) || talk.contains(&option)
        })
    };
    environment::refuse(&unusable, is_heeded, &matches)?;
    Ok((program, matches))
}

fn read(words: &[OsString], unusable: &[Unusable]) -> Result<(Command, ArgMatches), Error> {
    let is_command = |word: &OsString| word.to_str().is_some_and(Asked::has_subcommand);
    // Every command gets a copy of each option for all. A line without the name of one is read
    // without them; what is wrong with it, or asks for help, is answered with them.
    if !words.iter().any(is_command) {
        let mut program = environment::without(Cli::command(), unusable);
        if let Ok(matches) = program.try_get_matches_from_mut(words) {
            return Ok((program, matches));
        }
    }
    let mut program = command_without(unusable);
    match program.try_get_matches_from_mut(words) {
        // The help names every variable, whatever it is set to.
        Err(error) if error.kind() == ErrorKind::DisplayHelp && !unusable.is_empty() => {
            program = command();
            let matches = program.try_get_matches_from_mut(words)?;
            Ok((program, matches))
        }
        matches => Ok((program, matches?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The help of a command, by its name.
    fn help(name: &str) -> String {
        let mut program = command();
        program.build();
        program.find_subcommand_mut(name).unwrap().render_long_help().to_string()
    }

    #[test]
    fn a_command_lists_what_it_heeds() {
        for name in ["man", "completions", "install-plugin"] {
            let help = help(name);
            let is_listed = |option: &&str| help.contains(option);
            let options = ["--kubelet-root <", "--from <", "--windows", "--verbose", "--lang"];
            assert_eq!(options.iter().find(|option| is_listed(option)), None, "{name}:\n{help}");
            assert!(help.contains("--color <"), "{name}");
        }
        assert!(!help("knowledge").contains("--kubelet-root <"));
        assert!(help("knowledge").contains("--lang <"));
        assert!(help("check").contains("--kubelet-root <"));
    }

    #[test]
    fn what_is_not_listed_is_taken_nevertheless() {
        let before = ["csi-relocate", "--kubelet-root", "/data/kubelet", "man"];
        let after = ["csi-relocate", "man", "--kubelet-root", "/data/kubelet"];
        for arguments in [before, after] {
            let matches = command().try_get_matches_from(arguments).unwrap();
            assert!(matches.contains_id("kubelet_root"), "{arguments:?}");
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
        Cli::command().debug_assert();
    }

    #[test]
    fn commands_are_made_ready_only_where_one_may_be_asked_for() {
        let read = |line: &str| matched(line.split_whitespace().map(OsString::from), |_| None);
        let commands = |line: &str| read(line).unwrap().0.get_subcommands().count();
        assert_eq!(commands("csi-relocate --kubelet-root /data/kubelet -q node.yaml"), 0);
        assert_ne!(commands("csi-relocate --kubelet-root /data/kubelet check node.yaml"), 0);
        assert_ne!(commands("csi-relocate --kubelet-root /data/kubelet ./check check"), 0);
        for line in ["csi-relocate --help", "csi-relocate -h"] {
            let help = read(line).unwrap_err().to_string();
            assert!(help.contains("Other commands"), "{line}: {help}");
        }
        for line in
            ["csi-relocate --kubelet-root a:b", "csi-relocate --nothing", "csi-relocate -q -v"]
        {
            let words = || line.split_whitespace().map(OsString::from);
            let error = command().try_get_matches_from(words()).unwrap_err();
            assert_eq!(matched(words(), |_| None).unwrap_err().to_string(), error.to_string());
        }
    }
}
