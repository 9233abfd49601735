//! Work on ranges, on several threads.

use std::ops::Range;
use std::thread;

/// Cuts `0..len` into a range for each thread and gives what `work` makes of each, in their order.
/// A panic of one goes on in the caller.
pub(crate) fn ranges<T: Send>(
    len: usize,
    threads: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    on_each(cut(len, threads), work)
}

/// A range of `0..len` for each thread.
pub(crate) fn cut(len: usize, threads: usize) -> Vec<Range<usize>> {
    let threads = threads.clamp(1, len.max(1));
    let size = len.div_ceil(threads).max(1);
    let cut = (0..threads).map(|at| (at * size).min(len)..((at + 1) * size).min(len));
    cut.collect()
}

/// What `work` makes of each item, in their order, with a thread for each.
pub(crate) fn on_each<I: Send, T: Send>(items: Vec<I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    if items.len() <= 1 {
        return items.into_iter().map(work).collect();
    }
    let work = &work;
    thread::scope(|scope| {
        let handles: Vec<_> = items
            .into_iter()
            .map(|item| scope.spawn(move || work(item)))
            .collect();
        handles
            .into_iter()
            .map(|handle| match handle.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}
