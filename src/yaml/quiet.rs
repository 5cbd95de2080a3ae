//! Runs code whose panics are part of its contract, without a message on stderr.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static SILENT: Cell<bool> = const { Cell::new(false) };
}

static FILTER: Once = Once::new();

/// Runs `work` and returns `None` when it panicked.
///
/// The panic hook belongs to the whole process. The first call wraps the one it finds, once and
/// for good, in a filter that stays silent only while the panicking thread is inside this
/// function; all other panics are reported as before.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Option<T> {
    FILTER.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !SILENT.get() {
                report(info);
            }
        }));
    });
    let outer = SILENT.replace(true);
    // Whatever `work` was changing is given up with it, or is nothing that half a change could harm.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    SILENT.set(outer);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_none() {
        assert_eq!(catch(|| 7), Some(7));
        assert_eq!(catch(|| -> u8 { panic!("never shown") }), None);
        assert!(!SILENT.get());
    }
}
