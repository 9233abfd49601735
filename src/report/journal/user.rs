//! Who runs the program, as the system knows it: not what the environment says.

use rustix::process::getuid;
use serde::Serialize;

/// A user of the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// The real user id of the process.
    pub uid: u32,
    /// The name that `/etc/passwd` has for it, if it has one.
    pub name: Option<String>,
}

impl User {
    /// Who runs the program.
    pub fn of_process() -> Self {
        let uid = getuid().as_raw();
        let names = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let name = name_of(uid, &names);
        Self { uid, name }
    }
}

/// The first name with that id among lines as passwd(5) describes them.
fn name_of(uid: u32, names: &str) -> Option<String> {
    names.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, id) = (fields.next()?, fields.nth(1)?);
        (id.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_id() {
        let names = "root:x:0:0:root:/root:/bin/bash\n# note\n\nodd\nmarie:x:1000:100:M:/h:/b\n\
                     other:x:1000:100::/h:/b\n";
        for (uid, name) in [(0, Some("root")), (1000, Some("marie")), (100, None)] {
            assert_eq!(name_of(uid, names).as_deref(), name, "{uid}");
        }
        assert_eq!(User::of_process().uid, getuid().as_raw());
    }
}
