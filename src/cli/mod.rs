//! The command line: arguments, commands and exit statuses.

pub mod arguments;
pub(crate) mod commands;
pub mod exit;
pub mod reference;
pub mod suggestion;
pub mod usage;
