//! Bringing a file to the disk while it is still being written.
//!
//! A file may have its name only when it is on the disk, so a run ends by waiting for its `fsync`.
//! By default the kernel leaves written pages in memory for seconds; without help that one call
//! has the whole file to write, while every other part of the run stands idle. So a thread
//! has the file written out each time another [`STEP`] has come, and little is left for the end.
//!
//! Measured on a virtual machine of two cores with ext4 on a fast disk, 133 MB in pieces of 130 to
//! 260 KiB made by one or two threads: the last `fsync` takes 0.003 to 0.006 s in place of 0.07 to
//! 0.09 s, and on an idle machine the whole is shorter by as much. The processor time of the whole
//! is up to 6 % more where little else is done, else the same. A step of 16 MiB leaves 0.011 s, one
//! of 32 MiB 0.022 s; 1 to 4 MiB show no gain over 8 MiB that could be told from chance, and cost
//! more calls. To start the write-out without waiting for it (`sync_file_range`) was no faster:
//! that call allocates the blocks on the thread that makes it, the one that writes. It also has no
//! safe binding here.
//!
//! **Errors.** Linux tells of a failed write-out once for each open file, and a cloned descriptor
//! is the same open file. What the thread is told, the last `fsync` is not told again, so the
//! thread's error is kept here. It ends the writing, and [`WriteBack::finish`] returns it each
//! time it is asked.

use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{Builder, JoinHandle};

/// After how many bytes the file is written out again. A file that has fewer starts no thread.
const STEP: usize = 8 << 20;

/// The write-out of one file. Dropping it waits for the thread, so that nothing holds the file
/// open any longer.
#[derive(Debug, Default)]
pub(super) struct WriteBack {
    /// Bytes written since a write-out was last started.
    behind: usize,
    running: Option<Running>,
    failed: Option<io::Error>,
}

#[derive(Debug)]
struct Running {
    /// Without room: it is taken only by a thread that waits, so at most one write-out is on its
    /// way and none is in the queue. Closed, it ends the thread.
    next: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl WriteBack {
    /// Tells whether the file can still become whole; ask before each write.
    ///
    /// # Errors
    /// What an earlier write-out failed with.
    pub(super) fn check(&self) -> io::Result<()> {
        self.failed
            .as_ref()
            .map_or(Ok(()), |error| Err(copy(error)))
    }

    /// Notes that `bytes` more were written to `file`. Never waits.
    pub(super) fn wrote(&mut self, file: &File, bytes: usize) {
        self.wrote_by(bytes, || {
            let file = file.try_clone()?;
            Ok(move || file.sync_data())
        });
    }

    fn wrote_by<S>(&mut self, bytes: usize, open: impl FnOnce() -> io::Result<S>)
    where
        S: FnMut() -> io::Result<()> + Send + 'static,
    {
        self.behind = self.behind.saturating_add(bytes);
        if self.behind < STEP {
            return;
        }
        let Some(running) = &self.running else {
            // The system may refuse a descriptor or a thread: then the end takes longer.
            self.running = open().and_then(start).ok();
            self.behind = 0;
            return;
        };
        match running.next.try_send(()) {
            Ok(()) => self.behind = 0,
            // Still busy; the next write asks again.
            Err(TrySendError::Full(())) => {}
            Err(TrySendError::Disconnected(())) => self.stop(),
        }
    }

    /// Ends the thread and brings the rest of `file` to the disk.
    ///
    /// # Errors
    /// The first that any write-out of this file met, now and whenever it is asked again.
    pub(super) fn finish(&mut self, file: &File) -> io::Result<()> {
        self.finish_by(|| file.sync_all())
    }

    fn finish_by(&mut self, sync: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.stop();
        self.behind = 0;
        if self.failed.is_none() {
            self.failed = sync().err();
        }
        self.check()
    }

    /// Ends the thread, after the write-out that it may be in, and keeps its error.
    fn stop(&mut self) {
        let Some(Running { next, thread }) = self.running.take() else {
            return;
        };
        drop(next);
        let ended = thread.join().unwrap_or_else(|_| {
            let lost = "it is not known whether all was written to the disk";
            Err(io::Error::other(lost))
        });
        if self.failed.is_none() {
            self.failed = ended.err();
        }
    }
}

impl Drop for WriteBack {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Starts the thread, whose first write-out begins at once.
fn start<S>(sync: S) -> io::Result<Running>
where
    S: FnMut() -> io::Result<()> + Send + 'static,
{
    let (next, asked) = sync_channel(0);
    let thread = Builder::new()
        .name("write-back".to_owned())
        .spawn(move || run(sync, &asked))?;
    Ok(Running { next, thread })
}

fn run(mut sync: impl FnMut() -> io::Result<()>, asked: &Receiver<()>) -> io::Result<()> {
    loop {
        sync()?;
        if asked.recv().is_err() {
            return Ok(());
        }
    }
}

/// The same error once more.
fn copy(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

#[cfg(test)]
impl WriteBack {
    /// Whether a thread was started and not ended.
    pub(super) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// The write-out of a file whose disk refuses what it took before.
    pub(super) fn that_fails(kind: io::ErrorKind) -> Self {
        let mut write_back = Self::default();
        write_back.wrote_by(STEP, || Ok(move || Err(kind.into())));
        write_back
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::thread;
    use std::time::{Duration, Instant};

    use crate::io::system::trial::DISK_ERRORS;

    /// Repeats `step` until it says yes; a test that would wait for ever fails.
    fn until(what: &str, mut step: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        while !step() {
            assert!(Instant::now() < end, "{what}");
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_small_file_starts_no_thread() {
        let cases: [(&str, &[usize], bool); 5] = [
            ("empty", &[], false),
            ("one byte short, at once", &[STEP - 1], false),
            ("one byte short, in two", &[STEP - 2, 1], false),
            ("just enough, at once", &[STEP], true),
            ("just enough, in two", &[STEP - 1, 1], true),
        ];
        for (name, pieces, starts) in cases {
            let (mut write_back, mut opened) = (WriteBack::default(), 0);
            for &bytes in pieces {
                write_back.wrote_by(bytes, || {
                    opened += 1;
                    Ok(|| Ok(()))
                });
            }
            assert_eq!(write_back.is_running(), starts, "{name}");
            assert_eq!(opened, usize::from(starts), "{name}");
            write_back.finish_by(|| Ok(())).unwrap();
            assert!(!write_back.is_running(), "{name}");
        }
    }

    #[test]
    fn one_write_out_at_a_time_and_the_last_sees_all() {
        let (written, synced) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let busy = Arc::new(AtomicUsize::new(0));
        let calls = Arc::new(AtomicUsize::new(0));
        let mut write_back = WriteBack::default();
        let mut opened = 0;
        for _ in 0..400 {
            written.fetch_add(STEP / 4, SeqCst);
            write_back.wrote_by(STEP / 4, || {
                opened += 1;
                let (written, synced) = (Arc::clone(&written), Arc::clone(&synced));
                let (busy, calls) = (Arc::clone(&busy), Arc::clone(&calls));
                Ok(move || {
                    assert_eq!(busy.fetch_add(1, SeqCst), 0);
                    calls.fetch_add(1, SeqCst);
                    let now = written.load(SeqCst);
                    thread::sleep(Duration::from_micros(500));
                    synced.store(now, SeqCst);
                    busy.fetch_sub(1, SeqCst);
                    Ok(())
                })
            });
            thread::sleep(Duration::from_micros(100));
        }
        assert_eq!(opened, 1);
        let mut at_the_end = None;
        write_back
            .finish_by(|| {
                at_the_end = Some((busy.load(SeqCst), synced.load(SeqCst)));
                Ok(())
            })
            .unwrap();
        let (busy, synced) = at_the_end.unwrap();
        assert_eq!(busy, 0, "the thread has ended before the last write-out");
        assert!(synced >= STEP, "{synced}");
        let calls = calls.load(SeqCst);
        assert!((2..=100).contains(&calls), "{calls} write-outs");
    }

    #[test]
    fn an_error_of_the_thread_is_kept_and_said_each_time() {
        let [full, quota, broken] = DISK_ERRORS;
        let of_broken = io::Error::from_raw_os_error(broken).kind();
        let cases = [
            ("full disk", full, ErrorKind::StorageFull),
            ("quota", quota, ErrorKind::QuotaExceeded),
            ("broken disk", broken, of_broken),
        ];
        for (name, number, kind) in cases {
            for fails_at in [1, 3] {
                for noticed_by_writing in [false, true] {
                    let case = format!("{name}, {fails_at}, {noticed_by_writing}");
                    let calls = Arc::new(AtomicUsize::new(0));
                    let mut write_back = WriteBack::default();
                    until(&case, || {
                        let calls_inside = Arc::clone(&calls);
                        write_back.wrote_by(STEP, || {
                            Ok(move || match calls_inside.fetch_add(1, SeqCst) + 1 {
                                call if call == fails_at => {
                                    Err(io::Error::from_raw_os_error(number))
                                }
                                _ => Ok(()),
                            })
                        });
                        match noticed_by_writing {
                            true => write_back.check().is_err(),
                            false => calls.load(SeqCst) == fails_at,
                        }
                    });
                    // The kernel tells it once: the last call knows of nothing.
                    for _ in 0..2 {
                        let mut asked = false;
                        let error = write_back
                            .finish_by(|| {
                                asked = true;
                                Ok(())
                            })
                            .unwrap_err();
                        assert_eq!(error.kind(), kind, "{case}");
                        assert_eq!(error.raw_os_error(), Some(number), "{case}");
                        assert!(!asked, "{case}");
                        assert!(write_back.check().is_err(), "{case}");
                    }
                    assert_eq!(calls.load(SeqCst), fails_at, "{case}");
                }
            }
        }
    }

    #[test]
    fn an_error_of_the_last_call_is_kept_too() {
        let mut write_back = WriteBack::default();
        let full = io::Error::from_raw_os_error(DISK_ERRORS[0]);
        for last in [Err(full), Ok(())] {
            let error = write_back.finish_by(|| last).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::StorageFull);
        }
    }

    #[test]
    fn a_thread_that_died_is_an_error() {
        let mut write_back = WriteBack::default();
        write_back.wrote_by(STEP, || Ok(|| -> io::Result<()> { panic!("on purpose") }));
        for _ in 0..2 {
            let error = write_back.finish_by(|| Ok(())).unwrap_err();
            assert!(error.to_string().contains("not known"), "{error}");
        }
    }

    #[test]
    fn dropping_ends_the_thread_and_lets_the_file_go() {
        for pieces in [1, 20] {
            let held = Arc::new(());
            let mut write_back = WriteBack::default();
            for _ in 0..pieces {
                let held = Arc::clone(&held);
                write_back.wrote_by(STEP, || {
                    Ok(move || {
                        let _ = &held;
                        thread::sleep(Duration::from_millis(2));
                        Ok(())
                    })
                });
            }
            assert_eq!(Arc::strong_count(&held), 2);
            drop(write_back);
            assert_eq!(Arc::strong_count(&held), 1);
        }
    }

    #[test]
    fn where_no_thread_can_be_had_the_end_does_all() {
        let mut write_back = WriteBack::default();
        for _ in 0..3 {
            write_back.wrote_by(STEP, || {
                Err::<fn() -> io::Result<()>, _>(io::Error::from_raw_os_error(DISK_ERRORS[2]))
            });
            assert!(!write_back.is_running());
        }
        let mut synced = false;
        write_back
            .finish_by(|| {
                synced = true;
                Ok(())
            })
            .unwrap();
        assert!(synced);
    }
}
