//! What belongs to one operating system: how Linux resolves names, tells of changed files and reserves
//! room on a disk.

pub(crate) mod facts;
pub(crate) mod file_id;
pub(crate) mod links;
pub(crate) mod room;
pub(crate) mod unnamed;
