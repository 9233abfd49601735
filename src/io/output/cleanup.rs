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
#[cfg(unix)]
mod tests {
    use super::*;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM};
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Output, Stdio};
    use std::thread;

    const CHILD: &str = "CRM_ANON_TEST_CHILD";
    const CANARY: &str = "marie.canary@example.test";

    /// Runs one test of this module again in a process of its own, where it may die.
    fn in_child(test: &str, prefix: &[&str]) -> Output {
        let exe = std::env::current_exe().unwrap();
        // The tests may run under `nohup`; what they start does not, unless they say so.
        Command::new("env")
            .arg("--default-signal=HUP")
            .args(prefix)
            .arg(&exe)
            .args([&format!("{}::{test}", module()), "--exact", "--nocapture"])
            .env(CHILD, test)
            .env("RUST_BACKTRACE", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// This module's path as the test harness names it, which leaves the crate's name out.
    fn module() -> &'static str {
        module_path!().split_once("::").unwrap().1
    }

    fn is_child(test: &str) -> bool {
        std::env::var_os(CHILD).is_some_and(|child| child == test)
    }

    fn raise_and_wait(signal: i32) -> ! {
        signal_hook::low_level::raise(signal).unwrap();
        thread::sleep(std::time::Duration::from_secs(5));
        std::process::exit(99)
    }

    #[test]
    fn a_panic_tells_its_place_and_no_data() {
        let name = "a_panic_tells_its_place_and_no_data";
        if is_child(name) {
            install_panic_hook();
            let _ = thread::spawn(|| panic!("cell {CANARY} is odd")).join();
            note_written();
            panic!("cell {CANARY} is odd again");
        }
        let out = in_child(name, &[]);
        let told = String::from_utf8_lossy(&out.stderr);
        let shown = String::from_utf8_lossy(&out.stdout);
        assert!(!told.contains("canary"), "{told}");
        assert!(!shown.contains("canary"), "{shown}");
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 2, "{told}");
        assert!(lines[0].starts_with("crm-anon: internal error at src/io/output/cleanup.rs:"));
        assert!(lines[0].ends_with(" (nothing was written); please report it"));
        assert!(lines[1].contains("(what was written may be incomplete)"));
        assert!(!out.status.success());
    }

    #[test]
    fn signals_remove_temporary_names_and_end_the_process() {
        let name = "signals_remove_temporary_names_and_end_the_process";
        if is_child(name) {
            let folder = std::env::var("CRM_ANON_TEST_FOLDER").unwrap();
            let signal: i32 = std::env::var("CRM_ANON_TEST_SIGNAL")
                .unwrap()
                .parse()
                .unwrap();
            let limits = rustix::process::getrlimit(rustix::process::Resource::Core);
            let raised = rustix::process::Rlimit {
                current: limits.maximum,
                ..limits
            };
            rustix::process::setrlimit(rustix::process::Resource::Core, raised).unwrap();
            install().unwrap();
            let probe = std::path::Path::new(&folder).join("one");
            let held = Arc::new(crate::io::system::links::Place::of(&probe).unwrap().folder);
            for file in ["one", "two"] {
                std::fs::write(format!("{folder}/{file}"), "half a row").unwrap();
                Names::lock().add(&held, OsStr::new(file));
            }
            std::fs::write(format!("{folder}/other"), "not ours").unwrap();
            if signal == SIGPIPE {
                end_by_sigpipe();
            }
            raise_and_wait(signal);
        }
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().to_str().unwrap();
            let folder_set = format!("CRM_ANON_TEST_FOLDER={path}");
            let signal_set = format!("CRM_ANON_TEST_SIGNAL={signal}");
            let out = in_child(name, &["env", "-C", path, &folder_set, &signal_set]);
            assert_eq!(out.status.signal(), Some(signal));
            assert!(!out.status.core_dumped(), "signal {signal} left a core");
            assert!(out.stderr.is_empty());
            let left: Vec<_> = std::fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name())
                .collect();
            assert_eq!(left, ["other"], "signal {signal}");
        }
    }

    #[test]
    fn a_signal_waits_for_what_must_not_be_torn_apart() {
        let name = "a_signal_waits_for_what_must_not_be_torn_apart";
        if is_child(name) {
            let folder = std::env::var("CRM_ANON_TEST_FOLDER").unwrap();
            install().unwrap();
            let held = hold_signals();
            signal_hook::low_level::raise(SIGTERM).unwrap();
            thread::sleep(std::time::Duration::from_millis(100));
            std::fs::write(format!("{folder}/done"), "").unwrap();
            drop(held);
            thread::sleep(std::time::Duration::from_secs(5));
            std::process::exit(99);
        }
        let folder = tempfile::tempdir().unwrap();
        let folder_set = format!("CRM_ANON_TEST_FOLDER={}", folder.path().display());
        let out = in_child(name, &["env", &folder_set]);
        assert_eq!(out.status.signal(), Some(SIGTERM));
        assert!(folder.path().join("done").exists());
    }

    #[test]
    fn a_hangup_ignored_by_the_parent_stays_ignored() {
        let name = "a_hangup_ignored_by_the_parent_stays_ignored";
        if is_child(name) {
            install().unwrap();
            signal_hook::low_level::raise(SIGHUP).unwrap();
            thread::sleep(std::time::Duration::from_millis(50));
            std::process::exit(7);
        }
        assert_eq!(in_child(name, &["nohup"]).status.code(), Some(7));
        assert_eq!(in_child(name, &[]).status.signal(), Some(SIGHUP));
    }

    #[test]
    fn a_file_size_limit_is_an_error_and_not_the_end() {
        let name = "a_file_size_limit_is_an_error_and_not_the_end";
        if is_child(name) {
            install().unwrap();
            let limit = rustix::process::Rlimit {
                current: Some(10),
                maximum: Some(10),
            };
            rustix::process::setrlimit(rustix::process::Resource::Fsize, limit).unwrap();
            let mut file = tempfile::tempfile().unwrap();
            let error = file.write_all(&[b'x'; 100]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
            std::process::exit(7);
        }
        assert_eq!(in_child(name, &["env"]).status.code(), Some(7));
    }
}
