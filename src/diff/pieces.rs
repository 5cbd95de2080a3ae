//! Cuts two texts into pieces that can be compared one by one.
//!
//! The comparison looks through all that is left of both texts for each change it finds: a text of
//! 50 MB with 10,000 changes takes half a minute, and one that repeats itself far longer. Our
//! changes are small, and most lines keep their order. So the texts are read side by side here and
//! cut where they are the same; the time then grows with their size alone. Wherever the cuts fall,
//! the diff stays right; at worst it gets longer than it needs to be.

use std::collections::HashMap;

use memchr::{memchr_iter, memrchr, memrchr_iter};

/// So many equal lines in a row bring two texts together again after a change.
const MEETING: usize = 4;

/// Up to this distance each way to meet is tried, the shortest first.
const NEAR: usize = 16;

/// So many equal lines stay around a change, for the comparison to find the best place for it.
const MARGIN: usize = 50;

/// A piece gets no more lines than this, equal and changed ones, if it can be helped. With 1000,
/// some manifests of 10,000 lines had longer diffs than without pieces; with 3000, none had.
const LARGE: usize = 3000;

/// The pieces of both texts, in order, without a gap; each starts at the start of a line.
pub(super) fn pieces<'a>(old: &'a str, new: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut start = (0, 0);
    let cut = |end: (usize, usize)| {
        let piece = (old.get(start.0..end.0), new.get(start.1..end.1));
        start = end;
        (piece.0.unwrap_or_default(), piece.1.unwrap_or_default())
    };
    let mut ends = cuts(old.as_bytes(), new.as_bytes());
    ends.push((old.len(), new.len()));
    ends.into_iter().map(cut).collect()
}

/// Where to cut, as offsets in both texts.
fn cuts(old: &[u8], new: &[u8]) -> Vec<(usize, usize)> {
    let mut cuts = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let mut size = 0;
    loop {
        let (old_rest, new_rest) = (from(old, old_at), from(new, new_at));
        let same = same(old_rest, new_rest);
        let (gone, come) = change(from(old_rest, same), from(new_rest, same));
        let run = old_rest.get(..same).unwrap_or_default();
        let lines = memchr_iter(b'\n', run).count();
        let mut cut = |by: usize| cuts.push((old_at + by, new_at + by));
        if lines >= 2 * MARGIN {
            cut(skip(run, MARGIN));
            cut(memrchr_iter(b'\n', run).nth(MARGIN).map_or(0, |at| at + 1));
            size = MARGIN;
        } else if size + lines + gone.lines + come.lines > LARGE {
            cut(skip(run, lines / 2));
            size = lines - lines / 2;
        } else {
            size += lines;
        }
        (old_at, new_at) = (old_at + same, new_at + same);
        if (gone.bytes, come.bytes) == (0, 0) {
            return cuts;
        }
        size += gone.lines + come.lines;
        // Nothing brings such long stretches together. They are taken to be in step, as a list is
        // of which each second line changes.
        let parts = gone.lines.saturating_mul(come.lines).isqrt() / LARGE + 1;
        let (mut gone_at, mut come_at) = (0, 0);
        for _ in 1..parts {
            gone_at += skip(from(old, old_at + gone_at), gone.lines / parts);
            come_at += skip(from(new, new_at + come_at), come.lines / parts);
            cuts.push((old_at + gone_at, new_at + come_at));
        }
        (old_at, new_at) = (old_at + gone.bytes, new_at + come.bytes);
    }
}

fn from(text: &[u8], at: usize) -> &[u8] {
    text.get(at..).unwrap_or_default()
}

/// The offset behind so many lines.
fn skip(text: &[u8], lines: usize) -> usize {
    match lines.checked_sub(1) {
        None => 0,
        Some(before) => memchr_iter(b'\n', text).nth(before).map_or(text.len(), |at| at + 1),
    }
}

/// How many bytes of whole lines both texts start with alike.
fn same(old: &[u8], new: &[u8]) -> usize {
    let bytes = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    if bytes == old.len().max(new.len()) {
        return bytes;
    }
    memrchr(b'\n', old.get(..bytes).unwrap_or_default()).map_or(0, |at| at + 1)
}

/// The size of one side of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Extent {
    bytes: usize,
    lines: usize,
}

impl Extent {
    fn of(lines: &[&[u8]]) -> Self {
        Self { bytes: lines.iter().map(|line| line.len()).sum(), lines: lines.len() }
    }

    fn whole(text: &[u8]) -> Self {
        Self { bytes: text.len(), lines: memchr_iter(b'\n', text).count() }
    }
}

/// How much both texts have before they meet again: all they have when they never do.
fn change(old: &[u8], new: &[u8]) -> (Extent, Extent) {
    let mut window = NEAR;
    loop {
        let (old_lines, new_lines) = (lines(old, window), lines(new, window));
        let met =
            if window == NEAR { near(&old_lines, &new_lines) } else { far(&old_lines, &new_lines) };
        if let Some((gone, come)) = met {
            let extent =
                |lines: &[&[u8]], count| Extent::of(lines.get(..count).unwrap_or_default());
            return (extent(&old_lines, gone), extent(&new_lines, come));
        }
        if old_lines.len() < MEETING
            || new_lines.len() < MEETING
            || old_lines.len().max(new_lines.len()) < window
        {
            return (Extent::whole(old), Extent::whole(new));
        }
        // What wasn't found in a quarter of the lines is worth as many steps as are taken now.
        window *= 4;
    }
}

fn lines(text: &[u8], count: usize) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').take(count).collect()
}

/// The nearest meeting; lines that change in place are the first choice.
fn near(old: &[&[u8]], new: &[&[u8]]) -> Option<(usize, usize)> {
    let meets = |(gone, come): &(usize, usize)| {
        let old = old.get(*gone..gone + MEETING);
        old.is_some() && old == new.get(*come..come + MEETING)
    };
    (1..NEAR).find_map(|far| {
        let beside = (0..far).flat_map(|less| [(less, far), (far, less)]);
        std::iter::once((far, far)).chain(beside).find(meets)
    })
}

/// The nearest meeting by the first place of each run of lines.
fn far(old: &[&[u8]], new: &[&[u8]]) -> Option<(usize, usize)> {
    let mut places = HashMap::new();
    for (gone, run) in old.windows(MEETING).enumerate() {
        places.entry(run).or_insert(gone);
    }
    let mut best: Option<(usize, usize)> = None;
    for (come, run) in new.windows(MEETING).enumerate() {
        let way = best.map_or(usize::MAX, |(gone, come)| gone + come);
        if come >= way {
            break;
        }
        if let Some(gone) = places.get(run).filter(|gone| **gone + come < way) {
            best = Some((*gone, come));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("{number}\n")).collect()
    }

    /// The pieces, after a check that nothing is lost and lines stay whole.
    fn checked(old: &str, new: &str) -> Vec<(String, String)> {
        let pieces = pieces(old, new);
        let (old_parts, new_parts): (Vec<&str>, Vec<&str>) = pieces.iter().copied().unzip();
        for (text, parts) in [(old, old_parts), (new, new_parts)] {
            assert_eq!(parts.concat(), text);
            let whole = |part: &&str| part.is_empty() || part.ends_with('\n');
            let mut ends = parts.iter().rev().skip_while(|part| part.is_empty()).skip(1);
            assert!(ends.all(whole), "{parts:?}");
        }
        pieces.into_iter().map(|(old, new)| (old.to_owned(), new.to_owned())).collect()
    }

    fn lines_of_the_largest(pieces: &[(String, String)]) -> usize {
        let changed = pieces.iter().filter(|(old, new)| old != new);
        changed.map(|(old, new)| old.lines().count() + new.lines().count()).max().unwrap()
    }

    #[test]
    fn far_changes_stand_in_pieces_of_their_own() {
        let old = numbers(100_000);
        let mut new = old.clone();
        for at in (500..100_000).step_by(1000) {
            new[at] = "changed\n".into();
        }
        new.insert(7_000, "added\n".repeat(30));
        new.splice(9_100..9_400, []);
        let pieces = checked(&old.concat(), &new.concat());
        let changed = pieces.iter().filter(|(old, new)| old != new).count();
        assert_eq!(changed, 102);
        assert_eq!(lines_of_the_largest(&pieces), 2 * 2 * MARGIN + 300);
    }

    #[test]
    fn dense_changes_are_cut_into_pieces_too() {
        for every in [2, 3, 7] {
            let old = numbers(50_000);
            let change = |(at, line): (usize, &String)| match at % every {
                0 => format!("{at} changed\n"),
                _ => line.clone(),
            };
            let new: Vec<String> = old.iter().enumerate().map(change).collect();
            let pieces = checked(&old.concat(), &new.concat());
            assert!(lines_of_the_largest(&pieces) <= 2 * LARGE + 2, "each {every}");
            assert!(pieces.iter().all(|(old, new)| old.lines().count() == new.lines().count()));
        }
    }

    #[test]
    fn texts_meet_again_after_a_large_insertion() {
        let old = numbers(20_000);
        let mut new = old.clone();
        new.splice(5_000..5_000, (0..50_000).map(|at| format!("new {at}\n")));
        for (old, new) in [(old.concat(), new.concat()), (new.concat(), old.concat())] {
            let pieces = checked(&old, &new);
            assert_eq!(pieces.iter().filter(|(old, new)| old != new).count(), 1);
            assert_eq!(lines_of_the_largest(&pieces), 50_000 + 2 * 2 * MARGIN);
        }
    }

    proptest! {
        #[test]
        fn no_byte_is_lost(
            old in prop::collection::vec(("[ab]\r?\n", 1..200_usize), 0..20),
            new in prop::collection::vec(("[ab]\r?\n", 1..200_usize), 0..20),
            ends in ("[ab]{0,2}", "[ab]{0,2}"),
        ) {
            let text = |runs: &[(String, usize)], end: &str| {
                runs.iter().map(|(line, times)| line.repeat(*times)).collect::<String>() + end
            };
            checked(&text(&old, &ends.0), &text(&new, &ends.1));
            let both = [old.clone(), new].concat();
            checked(&text(&old, &ends.0), &text(&both, &ends.1));
            checked(&text(&both, &ends.0), &text(&old, &ends.1));
        }
    }
}
