//! What an interrupted write must not leave behind: temporary files, and folders made for them.
//!
//! A signal is for the whole process, and its handler can't be put back safely afterwards. So the
//! process has one registry and, from its first write on, one thread that waits for signals. With
//! no write going on, a signal does what it would do without that thread.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockWriteGuard};
use tempfile::{NamedTempFile, TempPath};

/// Shared by threads that each make a file; whoever puts files in place or removes them has it for
/// himself.
static REGISTRY: RwLock<Registry> =
    RwLock::new(Registry { came: None, next: 0, batches: BTreeMap::new() });

struct Registry {
    /// Set as soon as a signal came; there is none before signals are watched.
    came: Option<Arc<AtomicBool>>,
    next: u64,
    batches: BTreeMap<u64, Batch>,
}

/// What one write has made so far. It is removed with the batch.
#[derive(Default)]
struct Batch {
    files: Mutex<BTreeMap<usize, TempPath>>,
    /// Outer folders come before inner ones.
    folders: Vec<PathBuf>,
    replaced: usize,
    of: usize,
}

impl Drop for Batch {
    fn drop(&mut self) {
        inside(&mut self.files).clear();
        for folder in self.folders.drain(..).rev() {
            // Fails where somebody else has put something in; then the folder has to stay.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// A write that is going on. What it has made and not put in place is removed with it.
pub(super) struct Guard {
    id: u64,
}

impl Guard {
    /// Begins a write of so many files.
    pub(super) fn install(files: usize) -> io::Result<Self> {
        let mut registry = enter();
        if registry.came.is_none() {
            registry.came = Some(watch()?);
        }
        let id = registry.next;
        registry.next += 1;
        registry.batch(id).of = files;
        Ok(Self { id })
    }

    /// Makes the temporary file for the file of that index, and says where it is.
    pub(super) fn file(
        &self,
        index: usize,
        make: impl FnOnce() -> io::Result<NamedTempFile>,
    ) -> io::Result<(File, PathBuf)> {
        let registry = unless_stopping(REGISTRY.read().unwrap_or_else(PoisonError::into_inner));
        let batch = registry.batches.get(&self.id).ok_or(io::ErrorKind::NotFound)?;
        let (file, path) = make()?.into_parts();
        let place = path.to_path_buf();
        batch.files.lock().unwrap_or_else(PoisonError::into_inner).insert(index, path);
        Ok((file, place))
    }

    /// Makes a folder.
    pub(super) fn folder(&self, folder: &Path) -> io::Result<()> {
        let mut registry = enter();
        match std::fs::create_dir(folder) {
            Ok(()) => registry.batch(self.id).folders.push(folder.to_owned()),
            // Somebody else was quicker.
            Err(_) if folder.is_dir() => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Puts the files in place, in their order. A signal has to wait until that is done. An error
    /// comes with the number of files that are in place.
    pub(super) fn commit<'a>(
        &self,
        targets: impl Iterator<Item = &'a Path>,
    ) -> Result<(), (usize, io::Error)> {
        let mut registry = enter();
        let batch = registry.batch(self.id);
        for (index, target) in targets.enumerate() {
            let file =
                inside(&mut batch.files).remove(&index).ok_or(io::ErrorKind::NotFound.into());
            file.and_then(|file| file.persist(target).map_err(|error| error.error))
                .map_err(|error| (batch.replaced, error))?;
            batch.replaced += 1;
        }
        batch.folders.clear();
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        enter().batches.remove(&self.id);
    }
}

impl Registry {
    fn batch(&mut self, id: u64) -> &mut Batch {
        self.batches.entry(id).or_default()
    }
}

fn inside<T>(mutex: &mut Mutex<T>) -> &mut T {
    mutex.get_mut().unwrap_or_else(PoisonError::into_inner)
}

fn lock() -> RwLockWriteGuard<'static, Registry> {
    REGISTRY.write().unwrap_or_else(PoisonError::into_inner)
}

fn enter() -> RwLockWriteGuard<'static, Registry> {
    unless_stopping(lock())
}

/// The registry for a thread that writes. Once a signal came, such a thread only waits for its end.
fn unless_stopping<T: Deref<Target = Registry>>(registry: T) -> T {
    if registry.came.as_ref().is_none_or(|came| !came.load(Ordering::SeqCst)) {
        return registry;
    }
    drop(registry);
    loop {
        std::thread::park();
    }
}

#[cfg(not(unix))]
fn watch() -> io::Result<Arc<AtomicBool>> {
    Ok(Arc::default())
}

#[cfg(unix)]
use on_unix::watch;

#[cfg(unix)]
mod on_unix {
    use super::{Batch, lock};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    use std::ffi::c_int;
    use std::io::{self, Write as _};
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, mpsc};

    /// Starts to watch for signals; the flag is set as soon as one comes.
    pub(super) fn watch() -> io::Result<Arc<AtomicBool>> {
        let ignored = ignored();
        let signals: Vec<c_int> = [SIGINT, SIGTERM, SIGHUP]
            .into_iter()
            .filter(|signal| ignored & (1 << (signal - 1)) == 0)
            .collect();
        let came = Arc::new(AtomicBool::new(false));
        let (sender, receiver) = mpsc::channel::<Signals>();
        // A handler without its thread would swallow signals, so the thread comes first.
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            if let Ok(mut signals) = receiver.recv() {
                signals.forever().for_each(stop);
            }
        })?;
        let _ = sender.send(Signals::new(&signals)?);
        // After the thread has its signals: others wait for it as soon as the flag is set.
        for signal in signals {
            signal_hook::flag::register(signal, Arc::clone(&came))?;
        }
        Ok(came)
    }

    /// The signals that the parent process wants ignored, one bit each: `nohup` does so, and a
    /// shell for what it starts in the background. They have to stay ignored.
    pub(super) fn ignored() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
    }

    /// Ends the process by the signal, with nothing half-done left.
    fn stop(signal: c_int) {
        // Held to the end, so that no other file can come.
        let mut registry = lock();
        let count = |of: fn(&Batch) -> usize| registry.batches.values().map(of).sum::<usize>();
        let (replaced, of) = (count(|batch| batch.replaced), count(|batch| batch.of));
        registry.batches.clear();
        let outcome = match replaced {
            0 => "nothing was changed".to_owned(),
            _ if replaced == of => "all files had been replaced".to_owned(),
            _ => format!("{replaced} of {of} files were replaced; run it again to finish"),
        };
        if of > 0 {
            let _ = writeln!(io::stderr().lock(), "interrupted: {outcome}");
        }
        let _ = emulate_default_handler(signal);
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
