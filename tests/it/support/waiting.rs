//! Waiting for a run, or for what it does.

use std::fs;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

/// Long enough for a loaded machine.
pub(crate) const SOON: Duration = Duration::from_secs(60);

/// Waits until `done` says so.
#[track_caller]
pub(crate) fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < SOON, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until the main thread of a process has slept for a while.
pub(crate) fn until_it_waits(child: &Child) {
    let stat = format!("/proc/{}/stat", child.id());
    let mut asleep = 0;
    until("the run never waits", || {
        let text = fs::read_to_string(&stat).unwrap_or_default();
        let state = text.rsplit(')').next().unwrap_or_default().trim();
        asleep = if state.starts_with('S') {
            asleep + 1
        } else {
            0
        };
        asleep >= 30
    });
}
