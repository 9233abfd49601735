//! What belongs to one operating system: how it resolves names, gives a file its name, tells of changed files and of
//! who may read them, reserves room on a disk, keeps memory off it, and ends a process.
//!
//! Nothing outside this room asks which system it is. `docs/systems.md` lists what they promise differently.

pub(crate) mod shared;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(all(test, unix))]
pub(crate) use unix::trial;
#[cfg(unix)]
pub(crate) use unix::{
    facts, file_id, files, folder, links, owner, room, secrets, signals, terminal, unnamed, user,
};
#[cfg(all(test, windows))]
pub(crate) use windows::trial;
#[cfg(windows)]
pub(crate) use windows::{
    facts, file_id, files, folder, links, owner, room, secrets, signals, terminal, unnamed, user,
};
