//! Work on several processors where that pays.

use rayon::prelude::*;

/// From this many bytes on, threads cost less than they save.
const WORTH_THREADS: usize = 512 * 1024;

/// What `work` makes of each item, in their order. `bytes` is how much there is to do in all:
/// a small input is done before threads would have been started for it.
pub(crate) fn map<T: Sync, R: Send>(
    items: &[T],
    bytes: usize,
    work: impl Fn(&T) -> R + Sync + Send,
) -> Vec<R> {
    if items.len() < 2 || bytes < WORTH_THREADS {
        return items.iter().map(work).collect();
    }
    items.par_iter().map(work).collect()
}

/// So many of many small things are done together.
const STRETCH: usize = 64;

/// What `work` makes of stretches of the items, each with the place of its first one, in their
/// order; of all at once where there is little to do.
pub(crate) fn stretches<T: Sync, R: Send>(
    items: &[T],
    bytes: usize,
    work: impl Fn(usize, &[T]) -> R + Sync + Send,
) -> Vec<R> {
    if !are_stretches(items, bytes) {
        return vec![work(0, items)];
    }
    let stretches = items.par_chunks(STRETCH).enumerate();
    stretches.map(|(number, items)| work(number * STRETCH, items)).collect()
}

/// Whether there are several stretches.
pub(crate) fn are_stretches<T>(items: &[T], bytes: usize) -> bool {
    items.len() > STRETCH && bytes >= WORTH_THREADS
}

/// What both make, side by side where it pays.
pub(crate) fn both<A: Send, B: Send>(
    bytes: usize,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if bytes < WORTH_THREADS {
        return (one(), other());
    }
    rayon::join(one, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_kept() {
        let items: Vec<usize> = (0..10_000).collect();
        for bytes in [0, WORTH_THREADS] {
            assert_eq!(map(&items, bytes, |item| item + 1), (1..10_001).collect::<Vec<_>>());
            let stretches = stretches(&items, bytes, |first, items| {
                assert_eq!(items.first(), Some(&first));
                items.to_vec()
            });
            assert_eq!(stretches.len() > 1, bytes > 0);
            assert_eq!(stretches.concat(), items);
        }
    }
}
