//! An output that is the input under any name is refused before anything is written: the export
//! would be gone.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::time::Duration;

use crate::support::{Scratch, crm, exit_code, export, gzip, run, wait_at_most};

/// A folder with an export and its other names.
fn folder() -> (Scratch, Vec<u8>) {
    let scratch = Scratch::new();
    let bytes = export(200);
    scratch.write("in.csv", &bytes);
    fs::hard_link(scratch.path("in.csv"), scratch.path("hard.csv")).unwrap();
    symlink("in.csv", scratch.path("soft.csv")).unwrap();
    symlink("soft.csv", scratch.path("soft2.csv")).unwrap();
    fs::create_dir(scratch.path("sub")).unwrap();
    symlink("..", scratch.path("sub/up")).unwrap();
    (scratch, bytes)
}

const NAMES: [&str; 7] = [
    "in.csv", "./in.csv", "hard.csv", "soft.csv", "soft2.csv", "sub/../in.csv", "sub/up/hard.csv",
];

#[test]
fn an_output_that_is_the_input_is_refused() {
    let (scratch, bytes) = folder();
    let before = scratch.names();
    for input in ["in.csv", "hard.csv", "soft.csv"] {
        for output in NAMES {
            let outcome = run(crm([input, "-o", output]).current_dir(scratch.folder()));
            assert_eq!(outcome.code(), 2, "{input} -o {output}: {}", outcome.err);
            assert!(scratch.read("in.csv") == bytes, "{input} -o {output}");
            assert_eq!(scratch.names(), before);
            assert!(
                fs::symlink_metadata(scratch.path("soft.csv"))
                    .unwrap()
                    .is_symlink()
            );
        }
    }
}

#[test]
fn redirected_standard_input_is_the_input_too() {
    let (scratch, bytes) = folder();
    for output in NAMES {
        let stdin = File::open(scratch.path("in.csv")).unwrap();
        let outcome = run(crm(["-", "-o", output])
            .stdin(stdin)
            .current_dir(scratch.folder()));
        assert_eq!(outcome.code(), 2, "< in.csv -o {output}: {}", outcome.err);
        assert!(scratch.read("in.csv") == bytes, "< in.csv -o {output}");
    }
}

#[test]
fn a_manifest_may_not_be_the_input_or_the_output() {
    let (scratch, bytes) = folder();
    for manifest in ["in.csv", "hard.csv", "soft.csv"] {
        let mut command = crm(["in.csv", "-o", "out.csv", "--manifest", manifest]);
        let outcome = run(command.current_dir(scratch.folder()));
        assert_eq!(outcome.code(), 2, "--manifest {manifest}: {}", outcome.err);
        assert!(scratch.read("in.csv") == bytes, "--manifest {manifest}");
    }
    for manifest in ["out.csv", "./out.csv", "sub/../out.csv"] {
        let mut command = crm(["in.csv", "-o", "out.csv", "--manifest", manifest]);
        let outcome = run(command.current_dir(scratch.folder()));
        assert_eq!(outcome.code(), 2, "--manifest {manifest}: {}", outcome.err);
        assert!(!scratch.path("out.csv").exists());
    }
}

#[test]
fn standard_output_that_adds_to_the_input_is_refused() {
    let (scratch, bytes) = folder();
    for input in ["in.csv", "hard.csv"] {
        let stdout = File::options()
            .append(true)
            .open(scratch.path("in.csv"))
            .unwrap();
        let mut command = crm(["-q", input]);
        command
            .current_dir(scratch.folder())
            .stdout(stdout)
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        // It must not read for ever what it wrote itself.
        let status = wait_at_most(&mut child, Duration::from_secs(20));
        assert_eq!(exit_code(status), 2, "{input} >> in.csv");
        assert!(scratch.read("in.csv") == bytes, "{input} >> in.csv");
    }
}

#[test]
fn another_file_with_the_same_content_is_not_the_input() {
    let (scratch, bytes) = folder();
    scratch.write("twin.csv", &bytes);
    scratch.write("in.csv.gz", gzip(&bytes));
    run(crm(["-q", "in.csv", "-o", "twin.csv"]).current_dir(scratch.folder())).ended(0);
    run(crm(["-q", "in.csv.gz", "-o", "out.csv"]).current_dir(scratch.folder())).ended(0);
    run(crm(["-q", "in.csv", "-o", "sub/in.csv"]).current_dir(scratch.folder())).ended(0);
    assert!(scratch.read("in.csv") == bytes);
}
