//! What is said when the command line can't be followed: what's wrong, and what to type instead.

use crate::cli::{PLANNED, command};
use crate::files::find::FindError;
use crate::near::nearest;
use std::path::{Path, PathBuf};

/// Where to read on.
const MORE: &str = "For more information, try '--help'.";

/// Without a root there is nothing to move to.
pub(crate) fn without_root(command: &str) -> String {
    root_is_missing(command, "")
}

/// A verdict needs a root, or a weaker question.
pub(crate) fn check_without_root() -> String {
    let or = "  or, to ask only whether all paths agree: csi-relocate check --any-root FILE\n";
    root_is_missing("check", or)
}

/// `or` is a line with another way out.
fn root_is_missing(command: &str, or: &str) -> String {
    let command = if command.is_empty() { String::new() } else { format!("{command} ") };
    format!(
        "--kubelet-root is missing: which directory is the kubelet's --root-dir on your nodes?\n\n  \
         for example: csi-relocate {command}--kubelet-root /data/kubelet < csi-nfs-node.yaml\n{or}\n{MORE}"
    )
}

/// Paths of Windows nodes aren't judged.
pub(crate) fn no_windows_verdict() -> String {
    format!(
        "check doesn't judge paths of Windows nodes, so that --windows-kubelet-root has nothing \
         to say there\n\n{MORE}"
    )
}

/// Agreement is less than fitting a root.
pub(crate) fn any_root_and_a_root() -> String {
    format!(
        "--any-root asks less than --kubelet-root does; leave one of them out \
         (CSI_RELOCATE_KUBELET_ROOT counts as well)\n\n{MORE}"
    )
}

/// Standard input would be typed by hand.
pub(crate) fn nothing_to_read(command: &str) -> String {
    let command = if command.is_empty() { String::new() } else { format!("{command} ") };
    format!(
        "there is nothing to read: name a manifest or a folder, or pipe a manifest in\n\n  \
         for example: csi-relocate {command}--kubelet-root /data/kubelet csi-nfs-node.yaml\n  \
         '-' reads what is typed\n\n{MORE}"
    )
}

/// kustomize reads what a plugin writes.
pub(crate) fn not_for_plugins() -> String {
    format!(
        "a plugin of kustomize reads its standard input and writes to its standard output: files, \
         --in-place, --output-dir and --diff have no place in argsOneLiner\n\n{MORE}"
    )
}

/// Several inputs can't share standard output.
pub(crate) fn one_output_for_many() -> String {
    format!(
        "a folder, or several files, can't be written to standard output as one\n\n  \
         --in-place       replaces each file\n  \
         --output-dir DIR writes them below another directory\n  \
         --diff           only shows what would change\n\n{MORE}"
    )
}

/// Standard input has no place.
pub(crate) fn stdin_in_place() -> String {
    format!(
        "standard input can't be replaced: --in-place needs files or folders\n\n  \
         without --in-place the result is written to standard output\n\n{MORE}"
    )
}

/// A pipe or a device has no place for a new file.
pub(crate) fn not_replaceable(name: &str) -> String {
    format!(
        "{name} is not a regular file, and --in-place can replace nothing else\n\n  \
         without --in-place the result is written to standard output\n\n{MORE}"
    )
}

/// What is said would become a part of what is read.
pub(crate) fn input_is_log(path: &Path) -> String {
    is_log(path, "read")
}

/// The log would be lost.
pub(crate) fn output_is_log(path: &Path) -> String {
    is_log(path, "written")
}

fn is_log(path: &Path, what_is_done: &str) -> String {
    format!(
        "{} is {what_is_done} in this run, and can't be its log file, too\n\n  \
         --log-file FILE or CSI_RELOCATE_LOG names it\n\n{MORE}",
        path.display()
    )
}

/// Pages and manifests are explained in different ways.
pub(crate) fn rules_and_files<'i>(
    others: impl Iterator<Item = &'i PathBuf>,
    ids: impl Iterator<Item = &'i str>,
) -> String {
    let ids: Vec<&str> = ids.collect();
    for word in others.filter_map(|word| word.to_str()) {
        if let Some(id) = nearest(word, ids.iter().copied()).first() {
            return format!(
                "no rule and no symptom is called '{word}'\n\n  did you mean '{id}'?\n\n{MORE}"
            );
        }
    }
    format!(
        "rules and files can't be explained in one run; a file that is called like a rule or a \
         symptom is ./NAME\n\n{MORE}"
    )
}

/// A driver or a distribution that isn't known.
pub(crate) fn not_known<'i>(
    what: &str,
    word: &str,
    known: impl Iterator<Item = &'i str>,
) -> String {
    let hint = match nearest(word, known).first() {
        Some(near) => format!("did you mean '{near}'?"),
        None => {
            let option = if what == "driver" { "" } else { " --distribution" };
            format!("csi-relocate knowledge{option} lists what is known")
        }
    };
    format!("no {what} that is known is called '{word}'\n\n  {hint}\n\n{MORE}")
}

/// Rules and log lines have no paths to move.
pub(crate) fn only_for_manifests(option: &str) -> String {
    format!("{option} is about manifests, and means nothing with rules and log lines\n\n{MORE}")
}

/// Several symptoms are one log.
pub(crate) fn symptom_is_a_folder(path: &Path) -> String {
    format!(
        "{} is a folder: --symptom takes a log line, or the name of a log\n\n{MORE}",
        path.display()
    )
}

/// A compressed log has no lines; `command` is what gives them.
pub(crate) fn unreadable_log(command: &str) -> String {
    format!(
        "this log is no text: it's compressed, or in a format of its own\n\n  \
         for example: {command} FILE | csi-relocate explain --symptom\n\n{MORE}"
    )
}

/// A log would be typed by hand.
pub(crate) fn no_log_to_read() -> String {
    format!(
        "there is no log to read: give a log line, or pipe a log in\n\n  \
         for example: journalctl -u kubelet | csi-relocate explain --symptom\n  \
         '--symptom -' reads what is typed\n\n{MORE}"
    )
}

/// A word that names no file may be a mistyped rule.
pub(crate) fn nothing_to_explain<'i>(
    error: &FindError,
    ids: impl Iterator<Item = &'i str>,
) -> String {
    if let FindError::Missing(words) = error {
        let ids: Vec<&str> = ids.collect();
        let named: Vec<String> = words.iter().map(|word| format!("'{}'", word.display())).collect();
        let error = format!("there is no rule, symptom or file called {}", named.join(" or "));
        for word in words.iter().filter_map(|word| word.to_str()) {
            if let Some(id) = nearest(word, ids.iter().copied()).first() {
                return format!("{error}\n\n  did you mean '{id}'?\n\n{MORE}");
            }
            if word.trim().contains(' ') {
                return format!("{error}\n\n  is it a log line? then: --symptom 'LINE'\n\n{MORE}");
            }
        }
        return format!("{error}\n\n{MORE}");
    }
    nothing_found(error)
}

/// A folder that is no chart.
pub(crate) fn no_chart(folder: &Path) -> String {
    format!(
        "{} has no Chart.yaml: name the folder of a chart\n\n  \
         helm pull --untar REPOSITORY/CHART fetches one\n\n{MORE}",
        folder.display()
    )
}

/// Verifying renders.
pub(crate) fn without_helm(program: &str) -> String {
    format!(
        "there is no program '{program}', and --verify renders the chart with it\n\n  \
         --helm PROGRAM or HELM_BIN names another one\n\n{MORE}"
    )
}

/// A chart that can't be rendered.
pub(crate) fn helm_failed(program: &str, said: &str) -> String {
    format!(
        "{program} can't render the chart:\n\n{said}\n\n  values that it asks for stand behind `--`: \
         csi-relocate helm-values --verify KEY CHART -- --values my-values.yaml"
    )
}

/// Another command doesn't write anything.
pub(crate) fn not_for_commands() -> String {
    format!(
        "what stands before a command belongs to rewriting, which is done without a command; \
         only --kubelet-root and the options about roots and messages may stand there\n\n{MORE}"
    )
}

/// A word that names no file may be a mistyped or misplaced command; say which.
pub(crate) fn nothing_found(error: &FindError) -> String {
    let mut message = error.to_string();
    if let FindError::Missing(words) = error
        && let Some(hint) = words.iter().find_map(|word| hint(word))
    {
        message.push_str("\n\n  ");
        message.push_str(&hint);
    }
    format!("{message}\n\n{MORE}")
}

fn hint(word: &Path) -> Option<String> {
    let word = word.to_str()?;
    let command = command();
    let commands: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    if commands.contains(&word) {
        return Some(format!("'{word}' is a command; a file of that name is ./{word}"));
    }
    if let Some(known) = nearest(word, commands).first() {
        return Some(format!("did you mean the command '{known}'?"));
    }
    let planned = *nearest(word, PLANNED.iter().copied()).first()?;
    Some(format!("'{planned}' would be a command, which this version doesn't have"))
}

/// The short help, for someone who typed the bare name.
pub(crate) fn short_help() -> String {
    command().render_help().to_string().trim_end().to_owned()
}
