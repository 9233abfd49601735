//! One place for every way a run can end early: signals, a closed pipe, a panic.
//!
//! Most outputs have no name until they are whole, so that the kernel forgets them with the
//! process. The names that cannot be avoided (on file systems without unnamed files, and for the
//! instant in which an old file is replaced) stand in one registry. Whoever ends the process
//! takes the registry's lock first and never gives it back; whoever gives a file its name holds
//! it too. So a signal falls before a commit or after it, never into it.
//!
//! `kill -9` cannot be answered. It leaves nothing of an unnamed file; a named temporary file
//! stays, beside its destination and readable by its owner only.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::io::system::folder::Folder;
use crate::io::system::signals;
use crate::io::system::terminal::Modes;

static NAMES: Mutex<Vec<Entry>> = Mutex::new(Vec::new());
static WRITTEN: AtomicBool = AtomicBool::new(false);

/// Held while what must not be torn apart is done.
static HELD: Mutex<()> = Mutex::new(());

/// A terminal that does not show what is typed, and how it was before.
static TERMINAL: Mutex<Option<Modes>> = Mutex::new(None);

/// A name to remove, relative to an open folder: it stays right when the folder is moved or the
/// process changes its own.
struct Entry {
    folder: Arc<Folder>,
    name: OsString,
}

impl Entry {
    fn is(&self, folder: &Arc<Folder>, name: &OsStr) -> bool {
        Arc::ptr_eq(&self.folder, folder) && self.name == name
    }
}

/// The registry of temporary names, locked. While it is held no signal ends the process, so keep
/// it for as long as a name and its entry must change together, and no longer.
pub(super) struct Names(MutexGuard<'static, Vec<Entry>>);

impl Names {
    /// Takes the lock, waiting for it.
    pub(super) fn lock() -> Self {
        // A panic elsewhere must not keep the names from being removed.
        Self(NAMES.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Remembers a name that was just made in `folder`.
    pub(super) fn add(&mut self, folder: &Arc<Folder>, name: &OsStr) {
        let folder = Arc::clone(folder);
        let name = name.to_owned();
        self.0.push(Entry { folder, name });
    }

    /// Forgets a name that is no longer there.
    pub(super) fn forget(&mut self, folder: &Arc<Folder>, name: &OsStr) {
        self.0.retain(|entry| !entry.is(folder, name));
    }

    /// Removes a name from its folder, and forgets it.
    pub(super) fn remove(&mut self, folder: &Arc<Folder>, name: &OsStr) {
        // Nothing can be done, nor said, about a name that cannot be removed on the way out.
        let _ = folder.remove(name);
        self.forget(folder, name);
    }

    fn remove_all(&mut self) {
        for entry in self.0.drain(..) {
            let _ = entry.folder.remove(&entry.name);
        }
    }
}

/// No signal ends the process as long as this lives; one that comes meanwhile ends it then.
pub(crate) struct HeldSignals {
    _guard: MutexGuard<'static, ()>,
}

/// Holds signals back, for something short: what the journal says of an output and the output itself.
pub(crate) fn hold_signals() -> HeldSignals {
    HeldSignals {
        _guard: HELD.lock().unwrap_or_else(PoisonError::into_inner),
    }
}

/// Notes that bytes have left under a name or into a stream, so that a panic does not claim the
/// contrary.
pub(super) fn note_written() {
    WRITTEN.store(true, Ordering::Relaxed);
}

/// Prepares the process for its ways out; call it once, before any file is opened.
///
/// * SIGINT, SIGTERM, SIGHUP and SIGQUIT remove the temporary names, let the terminal show again what
///   is typed, and then end the process as
///   the signal itself would (a shell sees 128 + n). A SIGHUP that the parent had ignored (`nohup`)
///   stays ignored.
/// * SIGXFSZ no longer kills: the write that breaks a file size limit fails with `EFBIG`.
/// * The process leaves no core dump, neither after SIGQUIT nor after a crash: it would hold the
///   rows that were being read.
///
/// # Errors
/// When the system refuses a handler or the thread that waits for signals.
pub fn install() -> io::Result<()> {
    signals::watch(end_by)
}

/// Ends the process as a closed pipe on standard output ends any other filter: quietly, by
/// SIGPIPE (a shell sees 141), after the temporary names are removed.
pub fn end_by_sigpipe() -> ! {
    end_by(signals::CLOSED_PIPE)
}

/// Remembers how a terminal was before something was changed about it, for every way out.
pub(crate) fn restore_at_the_end(before: Modes) {
    *TERMINAL.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
}

/// Forgets the terminal, which is again as it was.
pub(crate) fn nothing_to_restore() {
    *TERMINAL.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

fn end_by(signal: i32) -> ! {
    // Held until the end: no commit may follow, and no new temporary name.
    let _held = hold_signals();
    let mut names = Names::lock();
    names.remove_all();
    let terminal = TERMINAL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(before) = &*terminal {
        before.restore();
    }
    signals::end_by(signal)
}

/// Makes panics say where they happened and nothing else: no payload, which can hold a cell, and
/// no backtrace. Unwinding goes on as before.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(tell_panic));
}

fn tell_panic(info: &PanicHookInfo<'_>) {
    if crate::base::panics::are_caught() {
        return;
    }
    let result = if WRITTEN.load(Ordering::Relaxed) {
        fixed!("what was written may be incomplete")
    } else {
        fixed!("nothing was written")
    };
    let (file, line) = info
        .location()
        .map_or(("?", 0), |at| (at.file(), at.line()));
    // `eprintln!` panics when standard error is closed.
    let _ = writeln!(
        io::stderr(),
        "crm-anon: {}",
        text!(
            "internal error at {file}:{line} ({result}); please report it",
            file,
            line,
            result
        )
    );
}

#[cfg(test)]
mod tests;
