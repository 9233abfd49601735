//! Who runs the program, as the system knows it.

use serde::Serialize;

use crate::io::system::user;

/// A user of the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// The real user id of the process, where users have numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// The name that the system has for it, if it has one.
    pub name: Option<String>,
}

impl User {
    /// Who runs the program.
    pub fn of_process() -> Self {
        let (uid, name) = user::of_process();
        Self { uid, name }
    }
}
