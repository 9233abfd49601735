//! Who runs the program, as the system knows it: not what the environment says.

use rustix::process::getuid;

/// The real user id of the process, and the name that `/etc/passwd` has for it.
pub(crate) fn of_process() -> (Option<u32>, Option<String>) {
    let uid = getuid().as_raw();
    let names = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    (Some(uid), name_of(uid, &names))
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
        assert_eq!(of_process().0, Some(getuid().as_raw()));
    }
}
