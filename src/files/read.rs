//! Reading inputs to their end, as UTF-8 text.

use super::find::{Input, Origin};
use crate::error::Unreadable;
use crate::source::Source;
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
pub fn read(
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

/// Bytes that are no text, with as much of them as can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotText {
    /// The bytes with what can't be shown replaced.
    pub shown: Source,
    /// What is wrong and where in `shown`.
    pub unreadable: Unreadable,
}

/// Takes bytes as the text of a source.
///
/// # Errors
/// When the bytes aren't UTF-8 or contain a NUL, as binary files do.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<Source, Box<NotText>> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(not_text(
            name,
            &bytes,
            0,
            "this is UTF-16; Kubernetes manifests are UTF-8",
            "convert it first, for example with `iconv -f utf-16 -t utf-8`",
        ));
    }
    if let Some(at) = memchr::memchr(0, &bytes) {
        return Err(not_text(
            name,
            &bytes,
            at,
            "this is a binary file, not a manifest: it holds a NUL byte",
            "pass the manifest itself; an archive has to be unpacked first",
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(not_text(
                name,
                error.as_bytes(),
                at,
                "this isn't UTF-8 text",
                "save the file as UTF-8; kubectl reads no other encoding either",
            ))
        }
    }
}

fn not_text(name: &str, bytes: &[u8], at: usize, message: &str, help: &str) -> Box<NotText> {
    // The line up to the bad byte and a little more is all that is shown.
    let end = bytes.len().min(at + 40);
    let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default()).into_owned();
    let after = String::from_utf8_lossy(bytes.get(at..end).unwrap_or_default()).into_owned();
    let offset = before.len();
    let shown = Source::new(name, format!("{before}{after}"));
    let unreadable = Unreadable { message: message.to_owned(), offset, help: help.to_owned() };
    Box::new(NotText { shown, unreadable })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let error = text("x", b"a: b\nc\0d".to_vec()).unwrap_err();
        assert!(error.unreadable.message.contains("binary"));
        assert_eq!(error.shown.line_col(error.unreadable.offset).line, 2);
        let error = text("x", b"a: \xff".to_vec()).unwrap_err();
        assert_eq!(error.unreadable.offset, 3);
        assert!(
            text("x", vec![0xff, 0xfe, b'a', 0]).unwrap_err().unreadable.message.contains("UTF-16")
        );
        assert_eq!(text("x", "ä: b".into()).unwrap().text(), "ä: b");
    }
}
