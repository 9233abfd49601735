//! A journal that is rotated: one chain through its files, plain or compressed.

use std::fs;

use crate::support::{Scratch, crm, export, gzip, run, zstd};

/// A folder with an input, and the name of the next journal's file.
fn publish(scratch: &Scratch) {
    let mut command = crm(["in.csv", "-qq", "-o", "out.csv", "--journal", "journal"]);
    run(command.current_dir(scratch.folder())).ended(0);
}

/// What `journal verify` says of these files, and how it ends.
#[track_caller]
fn verify(scratch: &Scratch, files: &[&str], status: i32) -> String {
    let arguments = ["journal", "verify"].iter().chain(files);
    let outcome = run(crm(arguments).current_dir(scratch.folder())).ended(status);
    outcome.text() + &outcome.err
}

#[test]
fn a_chain_goes_on_from_file_to_file() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(5));
    let rename = |from: &str, to: &str| fs::rename(scratch.path(from), scratch.path(to)).unwrap();
    publish(&scratch);
    let noted = verify(&scratch, &["journal"], 0);
    let noted = noted.lines().last().unwrap().split_once(": ").unwrap().1;
    // What logrotate does each night, with `compress` and `delaycompress`.
    rename("journal", "journal.1");
    publish(&scratch);
    rename("journal.1", "journal.2");
    let packed = gzip(&scratch.read("journal.2"));
    fs::remove_file(scratch.path("journal.2")).unwrap();
    scratch.write("journal.2.gz", packed);
    rename("journal", "journal.1");
    publish(&scratch);
    let all = ["journal.2.gz", "journal.1", "journal"];
    let told = verify(&scratch, &all, 0);
    assert!(told.starts_with("6 lines, unbroken\n"), "{told}");
    let mut asked = all.to_vec();
    asked.extend(["--noted", noted, "--outputs"]);
    let told = verify(&scratch, &asked, 0);
    assert!(
        told.contains("that of line 2") && told.contains("1 output as published"),
        "{told}"
    );
    // A new file may follow a compressed one.
    scratch.write("journal.1.zst", zstd(&scratch.read("journal")));
    fs::remove_file(scratch.path("journal")).unwrap();
    rename("journal.1", "journal.2");
    publish(&scratch);
    let all = ["journal.2.gz", "journal.2", "journal.1.zst", "journal"];
    let told = verify(&scratch, &all, 0);
    assert!(told.starts_with("8 lines, unbroken\n"), "{told}");
    let mut columns = vec!["journal", "columns", "--column", "sexe"];
    columns.extend(all);
    let told = run(crm(columns).current_dir(scratch.folder()))
        .ended(0)
        .text();
    assert_eq!(told.lines().count(), 4, "{told}");
}

#[test]
fn a_file_that_is_missing_or_changed_breaks_it() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(5));
    let rename = |from: &str, to: &str| fs::rename(scratch.path(from), scratch.path(to)).unwrap();
    publish(&scratch);
    rename("journal", "journal.1");
    publish(&scratch);
    rename("journal.1", "journal.2");
    rename("journal", "journal.1");
    publish(&scratch);
    for (files, expected) in [
        (&["journal"][..], "goes on from a journal before this one"),
        (&["journal.2", "journal"], "`previous` is not the hash"),
        (&["journal.1", "journal.2"], "goes on from a journal before"),
    ] {
        let told = verify(&scratch, files, 3);
        assert!(told.contains(expected), "{files:?}: {told}");
    }
    let anew = scratch.path("new/journal");
    fs::create_dir(scratch.path("new")).unwrap();
    fs::rename(scratch.path("journal"), &anew).unwrap();
    fs::write(&anew, "").unwrap();
    let mut command = crm(["in.csv", "-qq", "-o", "out.csv", "--journal", "new/journal"]);
    run(command.current_dir(scratch.folder())).ended(0);
    let told = verify(&scratch, &["journal.2", "new/journal"], 3);
    assert!(told.contains("begins anew"), "{told}");
    // What is beside it and no journal stops a run before it begins.
    fs::write(scratch.path("new/journal"), "").unwrap();
    fs::write(scratch.path("new/journal.1"), "Canari\n").unwrap();
    let mut command = crm(["in.csv", "-qq", "-o", "out.csv", "--journal", "new/journal"]);
    let refused = run(command.current_dir(scratch.folder())).ended(1);
    assert!(refused.err.contains("journal.1") && !refused.err.contains("Canari"));
}

#[test]
fn an_empty_night_does_not_end_the_chain() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(5));
    publish(&scratch);
    // Two rotations without a run in between.
    fs::rename(scratch.path("journal"), scratch.path("journal.2")).unwrap();
    scratch.write("journal.1", "");
    publish(&scratch);
    let told = verify(&scratch, &["journal.2", "journal.1", "journal"], 0);
    assert!(told.starts_with("4 lines, unbroken\n"), "{told}");
}
