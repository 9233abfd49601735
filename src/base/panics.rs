//! Panics of other people's code that are an answer: caught, and not told by the hook.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// What `work` gives; nothing if it panics. What it worked on must not be used any more then.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    done.ok()
}

/// Whether a panic of this thread is caught.
pub(crate) fn are_caught() -> bool {
    CAUGHT.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_gives_nothing_and_the_next_one_is_told_again() {
        assert_eq!(caught(|| 1), Some(1));
        let nested = caught(|| {
            assert!(caught(|| -> u8 { panic!("inner") }).is_none());
            assert!(are_caught());
            panic!("outer")
        });
        assert_eq!(nested, None::<()>);
        assert!(!are_caught());
    }
}
