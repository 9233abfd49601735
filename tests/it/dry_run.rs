//! `--dry-run` and `--head`: all is done but to write.

use std::process::Command;

use crate::support::system::NOTHING;
use serde_json::Value;

use crate::support::{OUTPUT_COLUMNS, Scratch, crm, export, run};

/// The program in the folder, with these arguments.
fn program(scratch: &Scratch, arguments: &[&str]) -> Command {
    let mut command = crm(arguments);
    command.current_dir(scratch.folder()).env("LC_ALL", "C");
    command
}

#[test]
fn nothing_is_written_and_it_says_what_would_have_been() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(30));
    scratch.write("old.csv", "last night\n");
    let files = ["--manifest", "run.json", "--journal", "j.jsonl"];
    for (output, more) in [
        ("out.csv", &["--report", "r.html"][..]),
        ("old.csv", &[]),
        ("out.csv.gz", &["--shuffle"]),
        ("out.xlsx", &[]),
        ("-", &["--min-k", "1"]),
        ("out.csv", &["--on-leftover", "mask"]),
    ] {
        let arguments = [&["in.csv", "--dry-run", "-o", output][..], &files, more].concat();
        let done = run(&mut program(&scratch, &arguments)).ended(0);
        assert_eq!(done.out, b"", "{output}");
        assert_eq!(scratch.names(), ["in.csv", "old.csv"], "{output} {more:?}");
        assert_eq!(scratch.read("old.csv"), b"last night\n");
        let told = "dry run: nothing was written; it would have published 30 rows of 19 columns (";
        done.says(&[
            told,
            "the manifest (run.json)",
            "lines of the journal (j.jsonl)",
        ]);
    }
}

#[test]
fn the_exit_status_is_the_runs() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(30));
    scratch.write("bad.csv", "metier,revenus\na,b\n");
    scratch.write("kept.csv", "metier\nmarie.canari@exemple.test\n");
    for (arguments, status) in [
        (&["in.csv"][..], 0),
        (&["none.csv"], 1),
        (&["in.csv", "-o", "none/out.csv"], 1),
        (&["in.csv", "--journal", "none/j.jsonl"], 1),
        (&["in.csv", "-r", "none.toml"], 2),
        (&["in.csv", "-o", "in.csv"], 2),
        (&["bad.csv"], 3),
        (&["kept.csv"], 3),
        (&["in.csv", "--strict"], 0),
        (&["in.csv", "--min-rows", "31"], 3),
        (&["in.csv", "--min-k", "50"], 4),
        (&["in.csv", "--k", "31"], 4),
    ] {
        let files = ["--manifest", "m.json"];
        let dry = [arguments, &files, &["--dry-run"]].concat();
        let done = run(&mut program(&scratch, &dry)).ended(status);
        assert_eq!(done.out, b"", "{arguments:?}");
        assert_eq!(scratch.names(), ["bad.csv", "in.csv", "kept.csv"]);
    }
}

#[test]
fn a_journal_is_checked_and_gets_no_line() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(30));
    let journal = ["in.csv", "-o", "out.csv", "--journal", "j.jsonl", "-q"];
    run(&mut program(&scratch, &journal)).ended(0);
    let before = scratch.read("j.jsonl");
    let dry = [&journal[..], &["--dry-run"]].concat();
    run(&mut program(&scratch, &dry)).ended(0);
    assert_eq!(scratch.read("j.jsonl"), before);
    scratch.write("j.jsonl", "foreign\n");
    let refused = run(&mut program(&scratch, &dry));
    assert_eq!(refused.code(), run(&mut program(&scratch, &journal)).code());
    assert_ne!(refused.code(), 0);
}

#[test]
fn a_vault_stays_as_it_is() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(30));
    scratch.write(
        "table.toml",
        "version = 1\n[columns.id_client]\nrule = { token = { vault = \"v\", role = \"clients\" } }\n",
    );
    run(&mut program(
        &scratch,
        &["keygen", "clients", "-o", "clients.key"],
    ))
    .ended(0);
    let arguments = |input| {
        [
            input, "-r", "table.toml", "--key", "clients.key", "-o", "out.csv",
        ]
    };
    let dry = [&arguments("in.csv")[..], &["--dry-run"]].concat();
    run(&mut program(&scratch, &dry)).ended(0);
    assert!(!scratch.names().contains(&"v".to_owned()));
    run(&mut program(&scratch, &arguments("in.csv"))).ended(0);
    let before = scratch.read("v");
    // Of more people, some of whom are not in it.
    scratch.write("more.csv", export(60));
    let dry = [&arguments("more.csv")[..], &["--dry-run"]].concat();
    run(&mut program(&scratch, &dry)).ended(0);
    assert_eq!(scratch.read("v"), before);
    run(&mut program(&scratch, &arguments("more.csv"))).ended(0);
    assert_ne!(scratch.read("v"), before);
}

#[test]
fn events_call_it_rehearsed() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(30));
    let arguments = ["in.csv", "-o", "out.csv", "--dry-run", "--log", "json"];
    let done = run(&mut program(&scratch, &arguments)).ended(0);
    let end: Value = serde_json::from_str(done.err.lines().last().unwrap()).unwrap();
    assert_eq!(end["outcome"], "rehearsed");
    assert_eq!(end["rows_written"], 30);
}

#[test]
fn the_first_rows_of_the_output_are_shown() {
    let scratch = Scratch::new();
    // A kept cell with a line break in it is one row.
    scratch.write(
        "table.toml",
        "version = 1\nindex = \"n\"\n[columns.a]\nrule = { keep = { multiline = true } }\n[columns.b]\nrule = \"keep\"\n",
    );
    scratch.write("lines.csv", "a,b\n\"x\ny\",1\nz,2\nw,3\n");
    let show = |arguments: &[&str]| run(&mut program(&scratch, arguments)).ended(0).text();
    let shown = show(&["lines.csv", "-r", "table.toml", "--head", "2", "-q"]);
    let cells: Vec<&str> = shown.split(',').collect();
    assert_eq!(cells.len(), 7, "{shown}");
    assert!(shown.starts_with("n,a,b\n"), "{shown}");
    assert_eq!(cells[3], "\"x\ny\"", "{shown}");
    assert!(shown.ends_with(",z,2\n"), "{shown}");

    scratch.write("in.csv", export(30));
    let whole = show(&["in.csv", "--seed", "1", "-q"]);
    for head in [0, 7, 40] {
        let number = head.to_string();
        let shown = show(&[
            "in.csv", "--seed", "1", "-q", "--head", &number, "-o", "out.csv",
        ]);
        let expected: Vec<&str> = whole.lines().take(1 + head).collect();
        assert_eq!(shown.lines().collect::<Vec<_>>(), expected, "{head}");
    }
    // Shuffled, generalised and as a workbook too: rows of the output, numbered from 1.
    for more in [
        &["--shuffle"][..],
        &["--k", "2", "--max-suppressed", "100%"],
        &["-o", "out.xlsx"],
    ] {
        let shown = show(&[&["in.csv", "-q", "--head", "3"], more].concat());
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 4, "{more:?}");
        assert_eq!(lines[0].split(',').count(), OUTPUT_COLUMNS.len());
        if more[0] != "-o" {
            assert!(lines[3].starts_with("3,"), "{}", lines[3]);
        }
    }
    assert_eq!(scratch.names(), ["in.csv", "lines.csv", "table.toml"]);
}

#[test]
fn no_row_is_shown_of_what_could_not_be_published() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(30));
    let mut bad = export(30);
    bad.extend_from_slice(b"short,row\n");
    scratch.write("bad.csv", bad);
    for (arguments, status) in [
        (&["bad.csv"][..], 3),
        (&["in.csv", "--min-k", "50"], 4),
        (&["in.csv", "--encrypt-to", "age1"], 2),
    ] {
        let arguments = [arguments, &["--head", "5"]].concat();
        let done = run(&mut program(&scratch, &arguments)).ended(status);
        assert_eq!(done.out, b"", "{arguments:?}");
    }
}

#[test]
fn an_old_file_is_kept() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(30));
    scratch.write("old", "last night\n");
    for files in [
        &["-o", "old"][..],
        &["-o", "out.csv", "--manifest", "old"],
        &["-o", "out.csv", "--report", "old"],
        &["-o", "old", "--dry-run"],
    ] {
        let arguments = [&["in.csv", "--no-clobber", "--log", "json"], files].concat();
        let done = run(&mut program(&scratch, &arguments)).ended(1);
        let end: Value = serde_json::from_str(done.err.lines().last().unwrap()).unwrap();
        assert_eq!(end["codes"], serde_json::json!(["output_exists"]));
        done.says(&["old is there already, and --no-clobber keeps it"]);
        assert_eq!(scratch.read("old"), b"last night\n");
        assert_eq!(scratch.names(), ["in.csv", "old"], "{files:?}");
    }
    // What is not there is written, and a device has nothing to keep.
    let files = ["-o", "new.csv", "--manifest", "new.json"];
    let arguments = [&["in.csv", "--no-clobber", "-q"], &files[..]].concat();
    run(&mut program(&scratch, &arguments)).ended(0);
    run(&mut program(
        &scratch,
        &["in.csv", "--no-clobber", "-q", "-o", NOTHING],
    ))
    .ended(0);
    assert_eq!(scratch.names(), ["in.csv", "new.csv", "new.json", "old"]);
}

#[test]
fn figures_are_rehearsed_too() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(300));
    let arguments = [
        "aggregate", "in.csv", "--by", "sexe", "-o", "out.csv", "--dry-run",
    ];
    let done = run(&mut program(&scratch, &arguments)).ended(0);
    done.says(&["it would have published a table of figures ("]);
    assert_eq!(scratch.names(), ["in.csv"]);
}
