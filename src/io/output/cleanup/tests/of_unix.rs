//! Signals.

use super::*;
use signal_hook::consts::{SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM};
use std::os::unix::process::ExitStatusExt;
use std::process::Output;

fn raise_and_wait(signal: i32) -> ! {
    signal_hook::low_level::raise(signal).unwrap();
    thread::sleep(std::time::Duration::from_secs(5));
    std::process::exit(99)
}

/// Runs one test of this module again in a process of its own, where it may die.
fn in_child(test: &str, prefix: &[&str]) -> Output {
    let exe = std::env::current_exe().unwrap();
    // The tests may run under `nohup`; what they start does not, unless they say so.
    Command::new("env")
        .arg("--default-signal=HUP")
        .args(prefix)
        .arg(&exe)
        .args([
            &format!("{}::{test}", module_path!().split_once("::").unwrap().1),
            "--exact",
            "--nocapture",
        ])
        .env(CHILD, test)
        .env("RUST_BACKTRACE", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn signals_remove_temporary_names_and_end_the_process() {
    let name = "signals_remove_temporary_names_and_end_the_process";
    if is_child(name) {
        let folder = std::env::var("CRM_ANON_TEST_FOLDER").unwrap();
        let signal: i32 = std::env::var("CRM_ANON_TEST_SIGNAL")
            .unwrap()
            .parse()
            .unwrap();
        let limits = rustix::process::getrlimit(rustix::process::Resource::Core);
        let raised = rustix::process::Rlimit {
            current: limits.maximum,
            ..limits
        };
        rustix::process::setrlimit(rustix::process::Resource::Core, raised).unwrap();
        install().unwrap();
        let probe = std::path::Path::new(&folder).join("one");
        let held = Arc::new(crate::io::system::links::Place::of(&probe).unwrap().folder);
        for file in ["one", "two"] {
            std::fs::write(format!("{folder}/{file}"), "half a row").unwrap();
            Names::lock().add(&held, OsStr::new(file));
        }
        std::fs::write(format!("{folder}/other"), "not ours").unwrap();
        if signal == SIGPIPE {
            end_by_sigpipe();
        }
        raise_and_wait(signal);
    }
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let folder_set = format!("CRM_ANON_TEST_FOLDER={path}");
        let signal_set = format!("CRM_ANON_TEST_SIGNAL={signal}");
        let out = in_child(name, &["env", "-C", path, &folder_set, &signal_set]);
        assert_eq!(out.status.signal(), Some(signal));
        assert!(!out.status.core_dumped(), "signal {signal} left a core");
        assert!(out.stderr.is_empty());
        let left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["other"], "signal {signal}");
    }
}

#[test]
fn a_signal_waits_for_what_must_not_be_torn_apart() {
    let name = "a_signal_waits_for_what_must_not_be_torn_apart";
    if is_child(name) {
        let folder = std::env::var("CRM_ANON_TEST_FOLDER").unwrap();
        install().unwrap();
        let held = hold_signals();
        signal_hook::low_level::raise(SIGTERM).unwrap();
        thread::sleep(std::time::Duration::from_millis(100));
        std::fs::write(format!("{folder}/done"), "").unwrap();
        drop(held);
        thread::sleep(std::time::Duration::from_secs(5));
        std::process::exit(99);
    }
    let folder = tempfile::tempdir().unwrap();
    let folder_set = format!("CRM_ANON_TEST_FOLDER={}", folder.path().display());
    let out = in_child(name, &["env", &folder_set]);
    assert_eq!(out.status.signal(), Some(SIGTERM));
    assert!(folder.path().join("done").exists());
}

#[test]
fn a_hangup_ignored_by_the_parent_stays_ignored() {
    let name = "a_hangup_ignored_by_the_parent_stays_ignored";
    if is_child(name) {
        install().unwrap();
        signal_hook::low_level::raise(SIGHUP).unwrap();
        thread::sleep(std::time::Duration::from_millis(50));
        std::process::exit(7);
    }
    assert_eq!(in_child(name, &["nohup"]).status.code(), Some(7));
    assert_eq!(in_child(name, &[]).status.signal(), Some(SIGHUP));
}

#[test]
fn a_file_size_limit_is_an_error_and_not_the_end() {
    let name = "a_file_size_limit_is_an_error_and_not_the_end";
    if is_child(name) {
        install().unwrap();
        let limit = rustix::process::Rlimit {
            current: Some(10),
            maximum: Some(10),
        };
        rustix::process::setrlimit(rustix::process::Resource::Fsize, limit).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        let error = file.write_all(&[b'x'; 100]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        std::process::exit(7);
    }
    assert_eq!(in_child(name, &["env"]).status.code(), Some(7));
}
