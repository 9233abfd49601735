//! The command line: arguments, commands and exit statuses.

pub mod arguments;
pub(crate) mod codes;
pub(crate) mod commands;
pub(crate) mod completion;
pub mod exit;
pub(crate) mod log;
pub(crate) mod manual;
pub mod reference;
pub mod suggestion;
pub mod usage;
