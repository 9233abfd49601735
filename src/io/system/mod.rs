//! What belongs to one operating system: how Linux resolves names, tells of changed files, reserves
//! room on a disk and keeps memory off it.

pub(crate) mod facts;
pub(crate) mod file_id;
pub(crate) mod links;
pub(crate) mod room;
pub(crate) mod secrets;
pub(crate) mod unnamed;
