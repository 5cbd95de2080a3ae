//! The command line as it is typed. What it means is decided in [`run`](crate::run).

mod environment;
mod heeded;
mod helm;
mod knowledge;
mod root;
mod texts;
mod values;

pub(crate) use heeded::{command, matched};
pub(crate) use helm::HelmValuesArguments;
pub(crate) use knowledge::KnowledgeArguments;
pub(crate) use root::{NamedRoot, TypedRootError, named_root, root};
pub(crate) use texts::{EXAMPLES, EXIT_CODES};
pub(crate) use values::{Color, Emit, ExplainFormat, FailOn, Format, From, KnowledgeFormat, Lang};

use crate::kubepath::{Root, WindowsRoot};
use bytesize::ByteSize;
use clap::{ArgAction, ArgGroup, Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Rewrites Kubernetes CSI manifests for a kubelet whose root directory isn't /var/lib/kubelet.
///
/// Finds every hostPath, mountPath, socket path and registrar path that is tied to the kubelet's
/// root, moves them together, and touches no other byte. The result is proved before it's
/// written: nothing is written when something is wrong.
#[derive(Debug, Parser)]
#[command(
    name = NAME,
    version = VERSION,
    after_help = texts::SHORT_EXAMPLES,
    after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    max_term_width = 100,
    subcommand_help_heading = "Other commands",
    disable_help_subcommand = true,
    override_usage = "csi-relocate --kubelet-root DIR [OPTIONS] [FILE|FOLDER]...\n       \
                      csi-relocate COMMAND",
    group(ArgGroup::new("destination").args(["in_place", "output_dir", "diff", "emit"])),
)]
pub(crate) struct Cli {
    /// A command, where something else than rewriting is wanted.
    #[arg(skip)]
    pub command: Option<Command>,

    /// The roots that the manifests are moved between.
    #[command(flatten)]
    pub roots: RootArguments,

    /// What is read.
    #[command(flatten)]
    pub inputs: InputArguments,

    /// Parse every document, also those that name no kubelet root
    #[arg(long, help_heading = "Input")]
    pub strict: bool,

    /// Replace each file by its rewritten form, all of them or none
    #[arg(short, long, help_heading = "Output")]
    pub in_place: bool,

    /// Write all files below this directory, with the paths they have below their folder
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub output_dir: Option<PathBuf>,

    /// Print what would change as a diff that `git apply -p1` and `patch -p1` take
    ///
    /// Nothing is written. The exit code is 1 when there is a difference.
    #[arg(long, help_heading = "Output")]
    pub diff: bool,

    /// Print what would change as patches for kustomize and Flux
    ///
    /// Every replaced value is tested first: a build fails when the manifests have changed since.
    #[arg(long, value_enum, value_name = "FORM", help_heading = "Output")]
    pub emit: Option<Emit>,

    /// Write nothing and exit with 1 when there is a finding of this severity or worse that isn't suppressed
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Output")]
    pub fail_on: Option<FailOn>,

    /// How much is said, and how.
    #[command(flatten)]
    pub talk: TalkArguments,
}

/// The roots that the manifests are moved between.
#[derive(Debug, Args)]
pub(crate) struct RootArguments {
    /// The kubelet's root directory on your nodes (its --root-dir)
    ///
    /// A word without a slash is the name of a distribution, such as k0s or microk8s, and stands
    /// for the root that it has; `csi-relocate knowledge --distribution` lists them.
    #[arg(long, alias = "root-dir", global = true, value_name = "DIR", env = "CSI_RELOCATE_KUBELET_ROOT", hide_env_values = true, value_parser = root, help_heading = "Roots")]
    pub kubelet_root: Option<Root>,

    /// The root is that of the environment; the configuration of a function goes before it.
    #[arg(skip)]
    pub is_ambient: bool,

    /// The names of distributions that were given for roots.
    #[arg(skip)]
    pub named: Vec<NamedRoot>,

    /// A root that the manifest may be written for; repeatable; `auto` finds the roots in use
    ///
    /// Without it, /var/lib/kubelet. A manifest that somebody has moved before, wholly or in
    /// part, needs its present root here, or `auto`. Names stand for roots as in --kubelet-root.
    #[arg(long, global = true, value_name = "DIR|auto", value_parser = From::parse, action = ArgAction::Append, help_heading = "Roots")]
    pub from: Vec<From>,

    /// The kubelet's root directory on Windows nodes, such as D:\kubelet
    ///
    /// Without it, paths of Windows nodes stay as they are.
    #[arg(long, global = true, value_name = "DIR", value_parser = WindowsRoot::parse, help_heading = "Roots")]
    pub windows_kubelet_root: Option<WindowsRoot>,
}

/// What is read.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// Manifests, and folders of them; `-` or nothing is standard input
    ///
    /// Folders are read with all below them: files that end in .yaml, .yml or .json and that
    /// .gitignore doesn't name. Files that belong together belong in one run: a variable may get
    /// its path from a ConfigMap in another file.
    #[arg(value_name = "FILE|FOLDER", help_heading = "Input")]
    pub files: Vec<PathBuf>,

    /// Also read the files of a folder that .gitignore names
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,

    /// Read no more than this in all
    #[arg(long, value_name = "SIZE", default_value = MAX_INPUT, value_parser = values::size, help_heading = "Input")]
    pub max_input: ByteSize,
}

/// How much is said, and how.
#[derive(Debug, Args)]
pub(crate) struct TalkArguments {
    /// Say nothing on standard error but errors
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Messages")]
    pub quiet: bool,

    /// Tell all: each site with its decision and the reason, what was suppressed, what only looks like a root
    #[arg(short, long, global = true, help_heading = "Messages")]
    pub verbose: bool,

    /// Add what is said on standard error to this file, too
    ///
    /// For programs that run this one and don't pass on what it says, as Helm 4 does.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "CSI_RELOCATE_LOG",
        hide_env_values = true,
        help_heading = "Messages"
    )]
    pub log_file: Option<PathBuf>,

    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto, help_heading = "Messages")]
    pub color: Color,

    /// The language of what is said about manifests; usage and its errors are in English
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE", env = "CSI_RELOCATE_LANG", hide_env_values = true, default_value_t = Lang::En, help_heading = "Messages")]
    pub lang: Lang,
}

/// What else the program does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say whether manifests will work with a kubelet root, and what would break
    #[command(after_help = texts::CHECK)]
    Check(CheckArguments),
    /// Say in plain words what paths, rules and log lines mean
    #[command(after_help = texts::EXPLAIN)]
    Explain(ExplainArguments),
    /// Say which value of a Helm chart moves the kubelet's root, and what the value misses
    #[command(after_help = helm::EXAMPLES)]
    HelmValues(HelmValuesArguments),
    /// Say what is known of drivers, and of the kubelet's root in distributions
    #[command(after_help = knowledge::EXAMPLES)]
    Knowledge(KnowledgeArguments),
    /// Put csi-relocate where kustomize and `kubectl kustomize` look for plugins, or make one for
    /// Helm
    #[command(after_help = texts::INSTALL_PLUGIN)]
    InstallPlugin {
        /// Make the folder of a plugin for Helm 4, which `helm plugin install` takes
        #[arg(long)]
        helm: bool,

        /// The folder: for Helm, of this plugin; else of all plugins, where kustomize looks elsewhere
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Print the completions for a shell
    #[command(after_help = texts::COMPLETIONS)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all of them
    #[command(after_help = texts::MAN)]
    Man {
        /// Write the pages of all commands to this directory
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
}

/// What `check` is asked.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// What is read.
    #[command(flatten)]
    pub inputs: InputArguments,

    /// How findings are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human, help_heading = "Output")]
    pub format: Format,

    /// Ask only whether all paths agree on one root
    #[arg(long, help_heading = "Roots")]
    pub any_root: bool,

    /// Exit with 1 when there is a finding of this severity or worse that isn't suppressed
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error, help_heading = "Output")]
    pub fail_on: FailOn,
}

/// What `explain` is asked.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Ids of rules or symptoms, or manifests and folders of them; `-` or nothing is standard input
    ///
    /// An id of a rule or of a symptom wins over a file of that name; ./NAME is the file.
    #[arg(value_name = "RULE|FILE|FOLDER", help_heading = "Input", conflicts_with = "symptom")]
    pub words: Vec<PathBuf>,

    /// Say which known symptom a log line shows; without a LINE, a log on standard input is read
    ///
    /// A LINE that is the name of a file stands for the log in that file; one that begins with a
    /// dash is written --symptom='LINE'.
    #[arg(long, value_name = "LINE", num_args = 0..=1, default_missing_value = "-", help_heading = "Input")]
    pub symptom: Option<OsString>,

    /// Also read the files of a folder that .gitignore names
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,

    /// Read no more manifests than this in all
    #[arg(long, value_name = "SIZE", default_value = MAX_INPUT, value_parser = values::size, help_heading = "Input")]
    pub max_input: ByteSize,

    /// Draw what the containers of each pod see of the node, as it will be
    #[arg(long, conflicts_with = "symptom", help_heading = "Output")]
    pub mounts: bool,

    /// How the explanation is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ExplainFormat::Human, help_heading = "Output")]
    pub format: ExplainFormat,
}

/// What the program is called in what it says of itself.
const NAME: &str = "csi-relocate";

/// What `--max-input` is without being given.
pub(crate) const MAX_INPUT: &str = "1GiB";

/// With the commit that the program was built from, where that is known.
const VERSION: &str = match option_env!("CSI_RELOCATE_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// Words that will be commands and aren't yet.
pub(crate) const PLANNED: [&str; 2] = ["audit", "doctor"];
