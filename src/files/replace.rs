//! Writing many files, all or none.
//!
//! Every new file is first made beside its target and flushed to the disk; only when all are there,
//! each is renamed over its target. So a file is wholly old or wholly new at any time, also after a
//! kill or a power loss. The folders aren't flushed: a power loss may take back the last renames,
//! but it can't leave a file empty or cut off.
//!
//! As a file is replaced and not overwritten, its other names (hard links) keep the old text, as
//! with `sed -i`. What else belongs to it is carried over: see `keep`.

mod error;
mod keep;

pub(crate) use self::error::WriteError;
use self::keep::keep;
use super::Stamp;
use super::interrupt::Guard;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Threads that write. They mostly wait for the disk, which flushes many files in one go.
const THREADS: usize = 64;

/// Bytes of a file's name that its temporary file shows; a name may have 255 in all, or 143.
const SHOWN_NAME: usize = 100;

/// One file to be written.
pub(crate) struct Write<'a> {
    /// Where to; what a link leads to is replaced, and the link stays.
    pub target: PathBuf,
    /// What it shall hold.
    pub text: &'a str,
    /// What the file was when its text was read, where the new text is made of that: what somebody
    /// else has written since would be lost.
    pub read_as: Option<Stamp>,
}

/// Writes all files or, when anything fails before the first is in place, none.
///
/// A file that exists keeps its permissions and, where that is allowed, its owner; its access
/// control list in any case, on Linux. A new one is made along with its folders. `progress` is told
/// how many more files are ready, from any thread.
///
/// SIGINT, SIGTERM and SIGHUP leave no temporary file: while files are made ready they change
/// nothing, and while files are put in place they have to wait. After that they do what they did.
///
/// # Errors
///
/// When a file can't be written, or isn't what was read; the error knows how many were written.
pub(crate) fn write_all(
    writes: &[Write<'_>],
    progress: &(dyn Fn(usize) + Sync),
) -> Result<(), WriteError> {
    if writes.is_empty() {
        return Ok(());
    }
    let guard = Guard::install(writes.len()).map_err(WriteError::Start)?;
    let pool = pool(writes.len()).map_err(|error| WriteError::Start(io::Error::other(error)))?;
    let plans = plan(writes, &pool)?;
    make_folders(&plans, &guard)?;
    each(&plans, &pool, |index, plan| plan.stage(index, &guard))?;
    // After all, and not each at once: the disk then takes many in one go.
    each(&plans, &pool, |_, plan| plan.flush().map(|()| progress(1)))?;
    // As late as can be: what is written between this and the renaming is lost all the same.
    each(&plans, &pool, |_, plan| plan.see_unchanged())?;
    guard.commit(plans.iter().map(|plan| plan.path.as_path())).map_err(|(replaced, source)| {
        let target = writes.get(replaced).map(|write| write.target.clone()).unwrap_or_default();
        WriteError::Unfinished { target, replaced, of: writes.len(), source }
    })
}

/// Does something for every file, and stops when it fails for one.
fn each<'a>(
    plans: &[Plan<'a>],
    pool: &ThreadPool,
    work: impl Fn(usize, &Plan<'a>) -> Result<(), WriteError> + Sync,
) -> Result<(), WriteError> {
    let fails = |(index, plan)| work(index, plan).err();
    let failed = pool.install(|| plans.par_iter().enumerate().find_map_first(fails));
    failed.map_or(Ok(()), Err)
}

fn pool(files: usize) -> Result<ThreadPool, ThreadPoolBuildError> {
    // Where so many threads aren't allowed, the one that is there has to do.
    ThreadPoolBuilder::new()
        .num_threads(files.min(THREADS))
        .build()
        .or_else(|_| ThreadPoolBuilder::new().num_threads(1).use_current_thread().build())
}

/// How one file is written.
struct Plan<'a> {
    write: &'a Write<'a>,
    /// The file itself, no link to it.
    path: PathBuf,
    /// What is there now.
    old: Option<Metadata>,
    /// What it has to be until it is replaced.
    stamp: Option<Stamp>,
    /// Where the new file waits.
    staged: OnceLock<PathBuf>,
}

/// Sees which files are meant, and that each can be written.
fn plan<'a>(writes: &'a [Write<'a>], pool: &ThreadPool) -> Result<Vec<Plan<'a>>, WriteError> {
    let plans: Vec<_> = pool.install(|| writes.par_iter().map(Plan::new).collect());
    let plans = plans.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut writes = HashMap::new();
    for plan in &plans {
        if let Some(other) = writes.insert(plan.path.as_path(), plan.write) {
            let other = other.target.clone();
            return Err(WriteError::Twice { target: plan.write.target.clone(), other });
        }
    }
    for plan in plans.iter().filter(|plan| plan.old.is_none()) {
        // A new file can't be the folder of another.
        if let Some(other) = plan.path.ancestors().skip(1).find_map(|folder| writes.get(folder)) {
            return Err(WriteError::NotAFile(other.target.clone()));
        }
    }
    Ok(plans)
}

fn make_folders(plans: &[Plan<'_>], guard: &Guard) -> Result<(), WriteError> {
    fn make(folder: &Path, guard: &Guard) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        folder.parent().map_or(Ok(()), |parent| make(parent, guard))?;
        guard.folder(folder)
    }
    let new = plans.iter().filter(|plan| plan.old.is_none());
    let folders: Vec<&Path> = new.map(Plan::folder).collect();
    let mut seen = HashSet::new();
    for folder in folders {
        if seen.insert(folder) {
            make(folder, guard)
                .map_err(|source| WriteError::Folder { folder: folder.to_owned(), source })?;
        }
    }
    Ok(())
}

impl<'a> Plan<'a> {
    fn new(write: &'a Write<'a>) -> Result<Self, WriteError> {
        let target = &write.target;
        let fail = |source| WriteError::File { target: target.clone(), source };
        let path = match target.canonicalize() {
            Ok(path) => path,
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(fail(error)),
            Err(_) if target.is_symlink() => return Err(WriteError::DeadLink(target.clone())),
            Err(_) => {
                let path = settle(target).map_err(fail)?;
                return Ok(Self { write, path, old: None, stamp: None, staged: OnceLock::new() });
            }
        };
        let old = path.metadata().map_err(fail)?;
        if !old.is_file() {
            return Err(WriteError::NotAFile(target.clone()));
        }
        if old.permissions().readonly() {
            return Err(WriteError::ReadOnly(target.clone()));
        }
        if write.read_as.as_ref().is_some_and(|read_as| *read_as != Stamp::of(&old)) {
            return Err(WriteError::Changed(target.clone()));
        }
        // A rename doesn't ask whether the file itself may be written. Where layers of file systems
        // lie over each other, it has other numbers from now on.
        let opened = File::options().write(true).open(&path).map_err(fail)?;
        let stamp = write.read_as.as_ref().and_then(|_| opened.metadata().ok());
        let stamp = stamp.as_ref().map(Stamp::of);
        Ok(Self { write, path, old: Some(old), stamp, staged: OnceLock::new() })
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    /// Makes the new file ready beside the target.
    fn stage(&self, index: usize, guard: &Guard) -> Result<(), WriteError> {
        let prefix = prefix(self.path.file_name().unwrap_or_default());
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".tmp");
        let make = || builder.make_in(self.folder(), |path| create(path, self.old.is_some()));
        let (file, path) = guard
            .file(index, make)
            .map_err(|source| WriteError::Folder { folder: self.folder().to_owned(), source })?;
        let _ = self.staged.set(path);
        self.fill(file).map_err(|source| self.failure(source))
    }

    fn fill(&self, mut file: File) -> io::Result<()> {
        file.write_all(self.write.text.as_bytes())?;
        match &self.old {
            Some(old) => keep(&file, &self.path, old, self.folder()),
            None => Ok(()),
        }
    }

    /// Sees that the new file is on the disk.
    fn flush(&self) -> Result<(), WriteError> {
        let Some(path) = self.staged.get() else { return Ok(()) };
        let file = File::options().write(true).open(path);
        file.and_then(|file| file.sync_all()).map_err(|source| self.failure(source))
    }

    /// Sees that nobody else has written into the file.
    fn see_unchanged(&self) -> Result<(), WriteError> {
        let Some(stamp) = &self.stamp else { return Ok(()) };
        match self.path.metadata() {
            Ok(now) if *stamp == Stamp::of(&now) => Ok(()),
            _ => Err(WriteError::Changed(self.write.target.clone())),
        }
    }

    fn failure(&self, source: io::Error) -> WriteError {
        WriteError::File { target: self.write.target.clone(), source }
    }
}

/// The path of a file that doesn't exist, with no link in it; its folders needn't exist either.
fn settle(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        // Its parent would be itself again.
        Err(error) if error.kind() == ErrorKind::NotFound && path == Path::new(".") => {
            Err(io::Error::new(error.kind(), "the current directory doesn't exist any more"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let parent = path.parent().ok_or(error)?;
            let parent = if parent == Path::new("") { Path::new(".") } else { parent };
            let mut settled = settle(parent)?;
            match path.file_name() {
                Some(name) => settled.push(name),
                None => drop(settled.pop()),
            }
            Ok(settled)
        }
        settled => settled,
    }
}

/// What the name of a temporary file starts with.
fn prefix(name: &OsStr) -> String {
    let mut name = name.to_string_lossy().into_owned();
    name.truncate(name.floor_char_boundary(SHOWN_NAME));
    format!(".{name}.csi-relocate-")
}

/// Makes a file that isn't there yet. Until it has the permissions of an old one it is private.
#[cfg_attr(not(unix), expect(unused_variables, reason = "there are no modes"))]
fn create(path: &Path, private: bool) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o666 });
    options.open(path)
}

#[cfg(test)]
mod tests;
