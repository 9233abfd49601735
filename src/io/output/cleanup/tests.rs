//! What is left when a run ends before its time, and what a panic tells.

use super::*;
use std::process::{Command, Stdio};
use std::thread;

#[cfg(unix)]
mod of_unix;

const CHILD: &str = "CRM_ANON_TEST_CHILD";
const CANARY: &str = "marie.canary@example.test";

/// This module's path as the test harness names it, which leaves the crate's name out.
fn module() -> &'static str {
    module_path!().split_once("::").unwrap().1
}

fn is_child(test: &str) -> bool {
    std::env::var_os(CHILD).is_some_and(|child| child == test)
}

#[test]
fn a_panic_tells_its_place_and_no_data() {
    let name = "a_panic_tells_its_place_and_no_data";
    if is_child(name) {
        install_panic_hook();
        let _ = thread::spawn(|| panic!("cell {CANARY} is odd")).join();
        note_written();
        panic!("cell {CANARY} is odd again");
    }
    let out = Command::new(std::env::current_exe().unwrap())
        .args([&format!("{}::{name}", module()), "--exact", "--nocapture"])
        .env(CHILD, name)
        .env("RUST_BACKTRACE", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&out.stderr);
    let shown = String::from_utf8_lossy(&out.stdout);
    assert!(!told.contains("canary"), "{told}");
    assert!(!shown.contains("canary"), "{shown}");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].starts_with("crm-anon: internal error at src/io/output/cleanup/tests.rs:"));
    assert!(lines[0].ends_with(" (nothing was written); please report it"));
    assert!(lines[1].contains("(what was written may be incomplete)"));
    assert!(!out.status.success());
}
