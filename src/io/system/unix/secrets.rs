//! Keeping secrets off the disk: memory that is not swapped out, and no core dump.

use rustix::process::{Resource, Rlimit, setrlimit};

use super::kernel;

/// Locks what is in memory now, so that no key of it comes into swap, and sees to it that a crash leaves no
/// core dump. Call it when secrets are about to be read, and again when keys were derived from them.
///
/// Only what has its place now is locked, page by page as it is used: memory that a run takes later for rows may be large, and
/// a limit on it must not end the run. The system may refuse (`RLIMIT_MEMLOCK`, which root does not have);
/// then nothing is locked, and nothing is said, since the user may not be able to change it.
pub(crate) fn keep_off_the_disk() {
    kernel::lock_memory();
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value of a line of a file in `/proc/self`, in its own unit.
    fn told(file: &str, line: &str) -> String {
        let text = std::fs::read_to_string(format!("/proc/self/{file}")).unwrap();
        let found = text.lines().find_map(|told| told.strip_prefix(line));
        found.unwrap_or_default().trim().to_owned()
    }

    #[test]
    fn memory_is_locked_where_that_is_allowed_and_no_core_is_dumped() {
        keep_off_the_disk();
        assert!(told("limits", "Max core file size").starts_with("0 "));
        // CAP_IPC_LOCK is the fifteenth.
        let rights = u64::from_str_radix(&told("status", "CapEff:"), 16).unwrap_or_default();
        let unlimited = told("limits", "Max locked memory").starts_with("unlimited");
        let allowed = unlimited || rights & 1 << 14 != 0;
        let locked = told("status", "VmLck:");
        assert!(locked != "0 kB" || !allowed, "{locked}");
    }
}
