//! Windows. A file has a hidden name until it is whole, and that name is gone when the process is, however it ended:
//! the kernel removes it as it closes the file. So nothing has to be done about Ctrl-C, a closed window or a killed
//! process. `docs/systems.md` lists what is promised differently.

pub(crate) mod facts;
pub(crate) mod file_id;
pub(crate) mod files;
pub(crate) mod folder;
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

#[cfg(test)]
mod tests;
