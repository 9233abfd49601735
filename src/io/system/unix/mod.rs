//! Unix. What only Linux offers, and how other systems do without it, is in [`kernel`].

pub(crate) mod facts;
pub(crate) mod file_id;
pub(crate) mod files;
pub(crate) mod folder;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "other.rs")]
mod kernel;
pub(crate) mod links;
pub(crate) mod owner;
pub(crate) mod room;
pub(crate) mod secrets;
pub(crate) mod signals;
pub(crate) mod terminal;
#[cfg(test)]
pub(crate) mod trial;
pub(crate) mod unnamed;
pub(crate) mod user;
