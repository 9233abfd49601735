//! What only Linux offers: files without a name, names exchanged in one step, `/proc`.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd};

use rustix::fs::{AtFlags, CWD, FallocateFlags, Mode, OFlags, PROC_SUPER_MAGIC, RenameFlags, Stat};
use rustix::fs::{fallocate, fstatfs, linkat, openat, renameat, renameat_with, stat};
use rustix::io::Errno;
use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{DumpableBehavior, set_dumpable_behavior};

/// A folder that is opened for names only.
pub(super) const NAMES_ONLY: OFlags = OFlags::PATH;

/// The device that a file is on.
pub(super) fn device(found: &Stat) -> u64 {
    found.st_dev
}

/// Whether a folder is one of `/proc`, whose links are the kernel's.
pub(super) fn has_kernel_links(folder: impl AsFd) -> io::Result<bool> {
    Ok(fstatfs(folder)?.f_type == PROC_SUPER_MAGIC)
}

/// Opens a file without a name in a folder; none where a kernel or a file system has no such files: what
/// open(2) lists.
pub(super) fn open_unnamed(folder: impl AsFd, flags: OFlags) -> io::Result<Option<File>> {
    let flags = flags | OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match openat(folder, ".", flags, Mode::RUSR | Mode::WUSR) {
        Ok(file) => Ok(Some(File::from(file))),
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL | Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The flag of a file that is never to have a name.
pub(super) const NEVER_NAMED: OFlags = OFlags::EXCL;

/// Opens an unnamed file that [`link`] can give a name. Without /proc it might never get one.
pub(super) fn open_nameable(folder: impl AsFd) -> io::Result<Option<File>> {
    let file = open_unnamed(folder, OFlags::empty())?;
    Ok(file.filter(|file| stat(proc_path(file)).is_ok()))
}

/// Where the system shows an open file.
fn proc_path(file: &File) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// Names the unnamed file. `/proc` is the way open to everybody; a link by descriptor alone
/// needs a right, or a recent kernel.
pub(super) fn link(file: &File, folder: impl AsFd, name: &OsStr) -> io::Result<()> {
    let follow = AtFlags::SYMLINK_FOLLOW;
    let linked = match linkat(CWD, proc_path(file), &folder, name, follow) {
        Err(Errno::EXIST) => Err(Errno::EXIST),
        Err(_) => linkat(file, "", &folder, name, AtFlags::EMPTY_PATH),
        Ok(()) => Ok(()),
    };
    Ok(linked?)
}

/// Renames where nothing has the new name. Some file systems cannot say that nothing is to be replaced; there it
/// was looked at just before.
pub(super) fn rename_new(folder: impl AsFd, from: &OsStr, to: &OsStr) -> io::Result<()> {
    let renamed = match renameat_with(&folder, from, &folder, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS) => renameat(&folder, from, &folder, to),
        renamed => renamed,
    };
    Ok(renamed?)
}

/// Exchanges two names in one step.
pub(super) fn exchange(folder: impl AsFd, one: &OsStr, other: &OsStr) -> io::Result<()> {
    let exchanged = renameat_with(&folder, one, &folder, other, RenameFlags::EXCHANGE);
    Ok(exchanged?)
}

/// Takes `bytes` behind the end of a file, whose size stays as it is.
pub(super) fn reserve_behind(file: &File, bytes: u64) -> io::Result<()> {
    let end = file.metadata()?.len();
    loop {
        match fallocate(file, FallocateFlags::KEEP_SIZE, end, bytes) {
            Err(Errno::INTR) => {}
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL | Errno::PERM) => {
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Locks what is in memory now, page by page as it is used.
pub(super) fn lock_memory() {
    // `ONFAULT` is not known to kernels before 4.4.
    let _ = mlockall(MlockAllFlags::CURRENT | MlockAllFlags::ONFAULT);
}

/// Sees to it that neither a signal nor a crash leaves a core dump.
pub(super) fn leave_no_core_dump() -> io::Result<()> {
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

/// Whether a hangup may be watched for: not where the process was started with it ignored (`nohup`), as
/// `/proc/self/status` tells it (there is no call for it that the language holds safe). Where that cannot be
/// read, it is watched.
pub(super) fn may_watch(signal: i32) -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return true;
    };
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let bit = signal
        .checked_sub(1)
        .and_then(|bit| 1_u64.checked_shl(bit.cast_unsigned()));
    !matches!((mask, bit), (Some(mask), Some(bit)) if mask & bit != 0)
}
