//! Keeping secrets off the disk.

/// Memory is not locked: it may come into the paging file. A crash is not dumped unless who administers the machine
/// has set up Windows Error Reporting so.
pub(crate) fn keep_off_the_disk() {}
