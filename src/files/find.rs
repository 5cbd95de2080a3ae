//! Which files a run reads: those that were named, and the manifests in the folders that were.

use anyhow::Context as _;
use ignore::WalkBuilder;
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Endings of manifests; what else lies in a folder isn't read.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Where an input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Standard input.
    Stdin,
    /// A file, as it is named in messages.
    File(PathBuf),
}

/// One input of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// Where it comes from.
    pub origin: Origin,
    /// Whether a person named it; otherwise it was found in a folder.
    pub named: bool,
    /// Its path below the folder that was named; the file name of a named file.
    pub below: PathBuf,
    /// The file itself, no link to it; `None` for what has no place in a folder: standard input,
    /// and the pipes that a shell hands over as `/dev/fd/63`.
    pub real: Option<PathBuf>,
}

impl Input {
    /// The name for messages.
    #[must_use]
    pub(crate) fn name(&self) -> String {
        match &self.origin {
            Origin::Stdin => "<stdin>".to_owned(),
            Origin::File(path) => path.display().to_string(),
        }
    }

    /// Whether it is a regular file in a folder, which another one can take the place of.
    #[must_use]
    pub(crate) fn is_replaceable(&self) -> bool {
        self.real.as_ref().is_some_and(|real| real.is_file())
    }

    fn stdin() -> Self {
        Self { origin: Origin::Stdin, named: true, below: "stdin.yaml".into(), real: None }
    }
}

/// How folders are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walk {
    /// Also read what `.gitignore` names.
    pub no_ignore: bool,
    /// Where the output goes, if not to where it comes from. This folder isn't read, also when it
    /// lies in one that is.
    pub output_dir: Option<PathBuf>,
}

/// Why there is nothing to read.
#[derive(Debug)]
pub(crate) enum FindError {
    /// Words that name no file and no folder.
    Missing(Vec<PathBuf>),
    /// A folder without any manifest.
    Empty(PathBuf),
    /// Standard input, more than once.
    StdinTwice,
    /// A folder or file can't be looked at.
    Other(anyhow::Error),
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(words) => {
                let words: Vec<String> =
                    words.iter().map(|word| format!("'{}'", word.display())).collect();
                write!(f, "there is no file {}", words.join(" and no file "))
            }
            Self::Empty(folder) => write!(
                f,
                "there is no manifest in {}: no file that ends in .yaml, .yml or .json\n\n  \
                 files that .gitignore names aren't read; --no-ignore reads them",
                folder.display()
            ),
            Self::StdinTwice => f.write_str("standard input ('-') is named more than once"),
            Self::Other(error) => write!(f, "{error:#}"),
        }
    }
}

impl std::error::Error for FindError {}

impl From<anyhow::Error> for FindError {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// The inputs that the words of a command line name, each once, folders in the order of their
/// paths; standard input when there are no words.
///
/// # Errors
/// When a word names nothing, a folder holds no manifest, or something can't be looked at.
pub(crate) fn find(words: &[PathBuf], walk: &Walk) -> Result<Vec<Input>, FindError> {
    if words.is_empty() {
        return Ok(vec![Input::stdin()]);
    }
    let is_stdin = |word: &PathBuf| word.as_os_str() == "-";
    if words.iter().filter(|word| is_stdin(word)).count() > 1 {
        return Err(FindError::StdinTwice);
    }
    let mut missing = Vec::new();
    for word in words.iter().filter(|word| !is_stdin(word)) {
        let exists = word.try_exists();
        if !exists.with_context(|| format!("can't read {}", word.display()))? {
            missing.push(word.clone());
        }
    }
    if !missing.is_empty() {
        return Err(FindError::Missing(missing));
    }
    let mut inputs = Vec::new();
    for word in words {
        if is_stdin(word) {
            inputs.push(Input::stdin());
        } else if word.is_dir() {
            let found = in_folder(word, walk)?;
            if found.is_empty() {
                return Err(FindError::Empty(word.clone()));
            }
            inputs.extend(found);
        } else {
            let below = word.file_name().map_or_else(|| word.clone(), PathBuf::from);
            inputs.push(file(word.clone(), below, true)?);
        }
    }
    // A file that is named twice, or reached by two ways, is one input, unless it has two places
    // to go.
    let mut seen = HashSet::new();
    inputs.retain(|input| {
        let place = walk.output_dir.as_ref().map(|_| input.below.clone());
        input.real.as_ref().is_none_or(|real| seen.insert((real.clone(), place)))
    });
    Ok(inputs)
}

fn file(path: PathBuf, below: PathBuf, named: bool) -> anyhow::Result<Input> {
    let real = if named { real(&path) } else { path.canonicalize().map(Some) };
    let real = real.with_context(|| format!("can't read {}", path.display()))?;
    Ok(Input { origin: Origin::File(path), named, below, real })
}

/// The file that the path of a named input leads to, if it lies in a folder.
fn real(path: &Path) -> io::Result<Option<PathBuf>> {
    match path.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound && path.exists() => Ok(None),
        real => real.map(Some),
    }
}

/// The manifests in a folder and all below it. Links to files are followed, as kubectl does;
/// links to folders aren't, since they may lead in circles.
fn in_folder(folder: &Path, walk: &Walk) -> anyhow::Result<Vec<Input>> {
    let mut builder = WalkBuilder::new(folder);
    builder
        .standard_filters(false)
        .parents(!walk.no_ignore)
        .git_ignore(!walk.no_ignore)
        .git_exclude(!walk.no_ignore)
        .git_global(!walk.no_ignore)
        .require_git(false)
        .sort_by_file_name(OsStr::cmp);
    let except = walk.output_dir.as_ref().and_then(|folder| folder.canonicalize().ok());
    builder.filter_entry(move |entry| {
        entry.file_name() != ".git"
            && except.as_ref().is_none_or(|except| {
                !entry.path().is_dir() || entry.path().canonicalize().ok().as_ref() != Some(except)
            })
    });
    let mut inputs = Vec::new();
    for entry in builder.build() {
        let entry = entry.with_context(|| format!("can't read all of {}", folder.display()))?;
        let path = entry.path();
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or("");
        let is_manifest = ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
        // A dead link is told of when it's read; a folder or a pipe that is called so isn't meant.
        let is_other = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
        if !is_manifest || is_other {
            continue;
        }
        let below = path.strip_prefix(folder).unwrap_or(path).to_owned();
        let shown = path.strip_prefix(".").unwrap_or(path).to_owned();
        inputs.push(file(shown, below, false)?);
    }
    Ok(inputs)
}

/// Where each input goes below an output directory.
///
/// # Errors
/// The two inputs that would go to one place, and an input that would be overwritten.
pub(crate) fn destinations(inputs: &[Input], folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let read: HashSet<&PathBuf> = inputs.iter().filter_map(|input| input.real.as_ref()).collect();
    let mut taken: HashMap<&Path, &Input> = HashMap::new();
    let mut destinations = Vec::with_capacity(inputs.len());
    for input in inputs {
        let destination = folder.join(&input.below);
        if let Some(other) = taken.insert(&input.below, input) {
            anyhow::bail!(
                "{} and {} would both be written to {}; give each folder a run of its own",
                other.name(),
                input.name(),
                destination.display()
            );
        }
        if destination.canonicalize().is_ok_and(|existing| read.contains(&existing)) {
            anyhow::bail!(
                "{} is itself read in this run; to replace files where they are, use --in-place",
                destination.display()
            );
        }
        destinations.push(destination);
    }
    Ok(destinations)
}
