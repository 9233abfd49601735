//! The signals that end a run.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::kernel;

/// What a closed pipe ends a process with.
pub(crate) const CLOSED_PIPE: i32 = SIGPIPE;

/// Calls `end` with the first of SIGINT, SIGTERM, SIGHUP and SIGQUIT, on a thread of its own. A SIGHUP that the
/// parent had ignored (`nohup`) stays ignored. SIGXFSZ no longer kills: the write that breaks a file size limit
/// fails with `EFBIG`. The process leaves no core dump.
pub(crate) fn watch(end: fn(i32) -> !) -> io::Result<()> {
    kernel::leave_no_core_dump()?;
    // A handler that does nothing of note is enough: only the default action kills.
    signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    let mut watched = vec![SIGINT, SIGTERM, SIGQUIT];
    if kernel::may_watch(SIGHUP) {
        watched.push(SIGHUP);
    }
    let mut signals = Signals::new(watched)?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            if let Some(signal) = signals.forever().next() {
                end(signal);
            }
        })?;
    Ok(())
}

/// Ends the process as the signal itself would (a shell sees 128 + n).
pub(crate) fn end_by(signal: i32) -> ! {
    let _ = emulate_default_handler(signal);
    std::process::exit(128_i32.saturating_add(signal))
}
