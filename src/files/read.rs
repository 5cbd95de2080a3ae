//! Reading inputs to their end, as UTF-8 text.

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

/// Reads all inputs, in their order; `done` is told after each. What isn't text is returned as
/// such.
///
/// # Errors
/// When one can't be read to its end, or all together are longer than `limit`.
pub(crate) fn read(
    inputs: &[Input],
    limit: ByteSize,
    done: &(dyn Fn() + Sync),
) -> anyhow::Result<Vec<Result<Source, Box<NotText>>>> {
    let total = AtomicU64::new(0);
    let read_one = |input: &Input| {
        let bytes = bytes_of(input, limit.as_u64())?;
        let length = bytes.len() as u64;
        if total.fetch_add(length, Ordering::Relaxed) + length > limit.as_u64() {
            bail!(
                "there is more than {limit} of input (at {}); if that is meant, set --max-input \
                 to more",
                input.name()
            );
        }
        done();
        let source = text(&input.name(), bytes);
        Ok(if input.named { source } else { source.map(Source::found_in_folder) })
    };
    if inputs.len() < WORTH_THREADS {
        return inputs.iter().map(read_one).collect();
    }
    inputs.par_iter().map(read_one).collect()
}

/// The bytes of an input, and no more than one byte past the limit.
fn bytes_of(input: &Input, limit: u64) -> anyhow::Result<Vec<u8>> {
    let most = limit.saturating_add(1);
    let mut bytes = Vec::new();
    match &input.origin {
        Origin::Stdin => io::stdin()
            .lock()
            .take(most)
            .read_to_end(&mut bytes)
            .context("can't read standard input")?,
        Origin::File(path) => read_file(path, input.named, most, &mut bytes)
            .with_context(|| format!("can't read {}", path.display()))?,
    };
    Ok(bytes)
}

fn read_file(path: &Path, named: bool, most: u64, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let file = if named { File::open(path)? } else { open_found(path)? };
    let length = file.metadata()?.len().min(most);
    bytes.reserve_exact(usize::try_from(length).unwrap_or(0));
    file.take(most).read_to_end(bytes)
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
