//! Reading inputs to their end, as UTF-8 text.

use super::Stamp;
use super::find::{Input, Origin};
use crate::source::Source;
use crate::text::{NotText, text};
use anyhow::{Context as _, bail};
use bytesize::ByteSize;
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Fewer inputs than this aren't worth threads.
const WORTH_THREADS: usize = 16;

/// An input that was read.
pub(crate) struct Contents {
    /// Its text; what isn't text is returned as such.
    pub text: Result<Source, Box<NotText>>,
    /// What the file was when it was read; nothing for standard input.
    pub stamp: Option<Stamp>,
}

/// Reads all inputs, in their order; `done` is told after each.
///
/// # Errors
/// When one can't be read to its end, or all together are longer than `limit`.
pub(crate) fn read(
    inputs: &[Input],
    limit: ByteSize,
    done: &(dyn Fn() + Sync),
) -> anyhow::Result<Vec<Contents>> {
    let total = AtomicU64::new(0);
    let read_one = |input: &Input| {
        let (bytes, stamp) = bytes_of(input, limit.as_u64())?;
        let length = bytes.len() as u64;
        if total.fetch_add(length, Ordering::Relaxed) + length > limit.as_u64() {
            bail!(
                "there is more than {limit} of input (at {}); if that is meant, set --max-input \
                 to more",
                input.name()
            );
        }
        done();
        let text = text(&input.name(), bytes);
        let text = if input.named { text } else { text.map(Source::found_in_folder) };
        Ok(Contents { text, stamp })
    };
    if inputs.len() < WORTH_THREADS {
        return inputs.iter().map(read_one).collect();
    }
    inputs.par_iter().map(read_one).collect()
}

/// The bytes of an input, and no more than one byte past the limit.
fn bytes_of(input: &Input, limit: u64) -> anyhow::Result<(Vec<u8>, Option<Stamp>)> {
    let most = limit.saturating_add(1);
    let mut bytes = Vec::new();
    let stamp = match &input.origin {
        Origin::Stdin => {
            let read = io::stdin().lock().take(most).read_to_end(&mut bytes);
            read.context("can't read standard input")?;
            None
        }
        Origin::File(path) => {
            let read = read_file(path, input.named, most, &mut bytes);
            Some(read.with_context(|| format!("can't read {}", path.display()))?)
        }
    };
    Ok((bytes, stamp))
}

fn read_file(path: &Path, named: bool, most: u64, bytes: &mut Vec<u8>) -> io::Result<Stamp> {
    let file = if named { File::open(path)? } else { open_found(path)? };
    // From before it is read: what is written meanwhile has to show, too.
    let metadata = file.metadata()?;
    bytes.reserve_exact(usize::try_from(metadata.len().min(most)).unwrap_or(0));
    file.take(most).read_to_end(bytes)?;
    Ok(Stamp::of(&metadata))
}

/// Opens what was found in a folder. Somebody may have put a pipe in its place meanwhile, whose
/// other end nobody would ever open.
fn open_found(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(io::Error::other("it was a file, and isn't one any more"))
}
