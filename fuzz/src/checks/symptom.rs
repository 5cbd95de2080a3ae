//! Logs: it doesn't matter where they are cut, and reading takes time in proportion.

use super::digest;
use csi_relocate::symptoms::{Symptoms, Tally};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// One in so many inputs is timed.
const TIMED: u64 = 256;

/// An input is repeated up to these sizes when it's timed.
const SMALL: usize = 32 * 1024;
const LARGE: usize = 8 * SMALL;

/// Eight times as much may take this many times as long. A quadratic part would take 64 times.
const SLOWER: u32 = 40;

/// Less than this says nothing on a busy machine.
const SHORT: Duration = Duration::from_secs(2);

/// A busy machine may be slow once, or twice. What grows too fast is slow each time.
const TRIES: usize = 5;

fn symptoms() -> &'static Symptoms {
    static SYMPTOMS: OnceLock<Symptoms> = OnceLock::new();
    SYMPTOMS.get_or_init(|| Symptoms::builtin().unwrap_or_else(|error| panic!("{error}")))
}

/// Checks the bytes as a log and as what a person says.
pub fn check(data: &[u8]) {
    let symptoms = symptoms();
    let read = |pieces: &[&[u8]]| {
        let mut tally = Tally::new(symptoms);
        pieces.iter().for_each(|piece| tally.feed(piece));
        (tally.lines(), tally.unreadable(), tally.finish())
    };
    let whole = read(&[data]);
    let number = digest(data);
    let at = usize::try_from(number % (data.len() as u64 + 1)).unwrap_or_default();
    let (head, tail) = data.split_at(at);
    assert_eq!(whole, read(&[head, tail]), "cut at {at}");
    let pieces: Vec<&[u8]> = data.chunks(7).collect();
    assert_eq!(whole, read(&pieces), "cut into small pieces");
    for group in &whole.2 {
        assert!(group.count > 0 && group.first_line > 0, "{group:?}");
        assert!(group.first_line <= whole.0, "{group:?} of {} lines", whole.0);
    }
    let text = String::from_utf8_lossy(data);
    let _ = symptoms.explain(&text);
    let _ = symptoms.in_words(&text);
    let _ = symptoms.root_of(text.lines().next().unwrap_or_default());
    if !data.is_empty() && number.is_multiple_of(TIMED) {
        let time = |size: usize| {
            let log: Vec<u8> = data.iter().copied().cycle().take(size).collect();
            let began = Instant::now();
            read(&[&log]);
            began.elapsed()
        };
        let times: Vec<_> = (0..TRIES)
            .map(|_| (time(SMALL), time(LARGE)))
            .take_while(|&(small, large)| large >= SHORT && large >= small * SLOWER)
            .collect();
        assert!(times.len() < TRIES, "small and large: {times:?}");
    }
}
