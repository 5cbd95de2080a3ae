//! The command line as it is shown: no command lists options that it doesn't heed.

use super::Cli;
use clap::{Command, CommandFactory as _};

/// Options of all commands that only those heed which read manifests.
const ABOUT_MANIFESTS: [&str; 3] = ["kubelet_root", "from", "windows_kubelet_root"];

/// Options of all commands that say how much is told, and in which language.
const ABOUT_TALK: [&str; 4] = ["quiet", "verbose", "log_file", "lang"];

/// The command line. An option for all commands that one of them doesn't heed is taken there, as a
/// script may set it for every command, and isn't listed.
pub(crate) fn command() -> Command {
    let program = Cli::command();
    let unheeded = [
        ("knowledge", &ABOUT_MANIFESTS[..], &[][..]),
        ("install-plugin", &ABOUT_MANIFESTS, &ABOUT_TALK),
        ("completions", &ABOUT_MANIFESTS, &ABOUT_TALK),
        ("man", &ABOUT_MANIFESTS, &ABOUT_TALK),
    ];
    unheeded.into_iter().fold(program, |program, (name, manifests, talk)| {
        let ids = manifests.iter().chain(talk);
        let hidden: Vec<_> = ids
            .filter_map(|id| program.get_arguments().find(|option| option.get_id() == id))
            .map(|option| option.clone().hide(true))
            .collect();
        program.mut_subcommand(name, |command| command.args(hidden))
    })
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
    }
}
