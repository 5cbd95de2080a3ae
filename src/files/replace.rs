//! Writing many files, all or none.
use std::path::PathBuf;
/// x
pub struct Write<'a> { /// x
pub target: PathBuf, /// x
pub text: &'a str }
/// x
pub fn write_all(writes: &[Write<'_>], progress: &(dyn Fn(usize) + Sync)) -> std::io::Result<()> {
    for write in writes { std::fs::write(&write.target, write.text)?; progress(1); }
    Ok(())
}
