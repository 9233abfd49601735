//! Unix systems other than Linux (macOS): a file has a hidden name until it is whole, and what no call offers
//! that the language holds safe is not promised (`docs/systems.md`).

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use rustix::fs::{AtFlags, OFlags, Stat, linkat, unlinkat};
use rustix::process::{Resource, Rlimit, setrlimit};

/// A folder that is opened for names only must be one that may be listed.
pub(super) const NAMES_ONLY: OFlags = OFlags::RDONLY;

/// The flag of a file that is never to have a name.
pub(super) const NEVER_NAMED: OFlags = OFlags::EXCL;

/// The device that a file is on.
pub(super) fn device(found: &Stat) -> u64 {
    found.st_dev.cast_unsigned().into()
}

/// Only Linux has links that are not paths.
pub(super) fn has_kernel_links(_: impl AsFd) -> io::Result<bool> {
    Ok(false)
}

/// There are no files without a name.
pub(super) fn open_unnamed(_: impl AsFd, _: OFlags) -> io::Result<Option<File>> {
    Ok(None)
}

/// The same for those that could get one.
pub(super) fn open_nameable(_: impl AsFd) -> io::Result<Option<File>> {
    Ok(None)
}

/// There is nothing to link.
pub(super) fn link(_: &File, _: impl AsFd, _: &OsStr) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Renames where nothing has the new name: a link never replaces.
pub(super) fn rename_new(folder: impl AsFd, from: &OsStr, to: &OsStr) -> io::Result<()> {
    linkat(&folder, from, &folder, to, AtFlags::empty())?;
    Ok(unlinkat(&folder, from, AtFlags::empty())?)
}

/// Names are not exchanged: a file that replaced another stays.
pub(super) fn exchange(_: impl AsFd, _: &OsStr, _: &OsStr) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// No room is taken.
pub(super) fn reserve_behind(_: &File, _: u64) -> io::Result<()> {
    Ok(())
}

/// Memory is not locked.
pub(super) fn lock_memory() {}

/// Sees to it that neither a signal nor a crash leaves a core dump.
pub(super) fn leave_no_core_dump() -> io::Result<()> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    Ok(setrlimit(Resource::Core, none)?)
}

/// Whether a hangup was ignored by who started the program is not told, so it keeps its default action: the one
/// that `nohup` has set.
pub(super) fn may_watch(_: i32) -> bool {
    false
}
