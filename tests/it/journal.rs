//! The journal from outside: every run has its line, before its output has its name.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::system;
use crate::support::system::NOTHING;
use crate::support::{Scratch, crm, export, run};
use serde_json::Value;

fn lines(scratch: &Scratch) -> Vec<Value> {
    let text = String::from_utf8(scratch.read("journal")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn sha256(scratch: &Scratch, name: &str) -> String {
    system::sha256(&scratch.path(name))
}

/// What the tests look at: the event and the status of each line.
fn events(scratch: &Scratch) -> Vec<(String, Option<u64>)> {
    let lines = lines(scratch);
    let event = |line: &Value| {
        (
            line["event"].as_str().unwrap().to_owned(),
            line["status"].as_u64(),
        )
    };
    lines.iter().map(event).collect()
}

fn published() -> (String, Option<u64>) {
    ("published".to_owned(), Some(0))
}

fn begun() -> (String, Option<u64>) {
    ("begun".to_owned(), None)
}

#[test]
fn a_line_tells_of_the_run_and_of_no_cell() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(50));
    let mut command = crm([
        "in.csv", "-q", "-o", "out.csv", "--journal", "journal", "--min-k", "1", "--max-unique",
        "100%",
    ]);
    run(command.current_dir(scratch.folder())).ended(0);
    let text = String::from_utf8(scratch.read("journal")).unwrap();
    for part in ["exemple.test", "Nom1 ", "metier 1", "Société"] {
        assert!(!text.contains(part), "{part}");
    }
    let lines = lines(&scratch);
    let [first, line] = lines.as_slice() else {
        panic!("{text}")
    };
    assert_eq!((&first["line"], &line["line"]), (&1.into(), &2.into()));
    assert_eq!(first["previous"], "0".repeat(64));
    // What is about to be published is announced: the output as it will be.
    assert_eq!(
        (&first["event"], &first["status"]),
        (&"begun".into(), &Value::Null)
    );
    for same in ["run", "user", "rules", "input", "output", "rows_written"] {
        assert_eq!(first[same], line[same], "{same}");
    }
    assert_eq!(
        (&line["event"], &line["status"]),
        (&"published".into(), &0.into())
    );
    assert_eq!(line["user"]["uid"], serde_json::json!(system::user()));
    assert_eq!(line["rules"]["name"], "anonymisation");
    for (side, name) in [("input", "in.csv"), ("output", "out.csv")] {
        assert_eq!(line[side]["sha256"], sha256(&scratch, name), "{side}");
        assert_eq!(line[side]["bytes"], scratch.read(name).len(), "{side}");
        let path = scratch.folder().canonicalize().unwrap().join(name);
        assert_eq!(
            fs::canonicalize(line[side]["path"].as_str().unwrap()).unwrap(),
            path
        );
    }
    assert_eq!(
        (&line["rows_read"], &line["rows_written"]),
        (&50.into(), &50.into())
    );
    assert_eq!(
        (&line["rows_skipped"], &line["rows_left_out"]),
        (&0.into(), &0.into())
    );
    let columns = line["columns"].as_array().unwrap();
    let birth = columns
        .iter()
        .find(|column| column["input"] == "date_naissance")
        .unwrap();
    assert_eq!(
        (&birth["output"], &birth["rule"]),
        (&"Annee_naissance".into(), &"year".into())
    );
    assert!(columns.iter().all(|column| column["input"] != "nom"));
    let gates: Vec<(&str, bool)> = line["gates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gate| {
            (
                gate["gate"].as_str().unwrap(),
                gate["met"].as_bool().unwrap() && gate["measured"].is_number(),
            )
        })
        .collect();
    assert_eq!(gates, [("--min-k", true), ("--max-unique", true)]);
    assert!(system::is_closed(&scratch.path("journal")));
}

#[test]
fn refused_and_missed_runs_have_their_line_and_wrong_usage_has_none() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(20));
    scratch.write("bad.csv", b"metier,revenus\nzqxa,zqxb\n");
    scratch.write("broken.csv", b"metier,nom\na,\"b\n");
    scratch.write("people.csv", b"zqxDupont,zqxMarie\nzqxDurand,zqxPaul\n");
    for (args, code) in [
        (&["bad.csv"][..], 3),
        (&["broken.csv"], 3),
        (&["people.csv"], 3),
        (&["in.csv", "--min-k", "5"], 4),
        (&["in.csv", "--k", "500"], 4),
        (&["in.csv", "-r", "nothing"], 2),
        (&["in.csv", "--encrypt-to", "age1x"], 2),
    ] {
        let mut command = crm(["-q", "-o", "out.csv", "--journal", "journal"]);
        run(command.args(args).current_dir(scratch.folder())).ended(code);
        assert!(!scratch.path("out.csv").exists());
    }
    let refused = |status| ("refused".to_owned(), Some(status));
    assert_eq!(
        events(&scratch),
        [refused(3), refused(3), refused(3), refused(4), refused(4)]
    );
    let lines = lines(&scratch);
    let codes: Vec<&str> = lines
        .iter()
        .map(|line| line["codes"][0].as_str().unwrap())
        .collect();
    let expected = [
        "invalid_data",
        "unclosed_quote",
        "first_row_may_be_a_person",
        "threshold_missed",
        "k_unreachable",
    ];
    assert_eq!(codes, expected);
    let k = serde_json::json!([{ "gate": "--k", "asked": 500.0, "measured": null, "met": false }]);
    assert_eq!(lines[4]["gates"], k);
    // Only what was read to its end has a digest.
    assert_eq!(lines[0]["input"]["sha256"], sha256(&scratch, "bad.csv"));
    assert!(lines[1]["input"]["sha256"].is_null() && lines[2]["columns"].is_null());
    assert_eq!(lines[3]["gates"][0]["measured"], 1.0);
    assert_eq!(
        (&lines[3]["gates"][0]["met"], &lines[3]["output"]["sha256"]),
        (&false.into(), &Value::Null)
    );
    assert!(
        !String::from_utf8(scratch.read("journal"))
            .unwrap()
            .contains("zqx")
    );
}

#[test]
fn what_goes_to_a_stream_is_announced() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(20_000));
    let command = |args: &[&str]| {
        let mut command = crm(["in.csv", "-q", "--journal", "journal"]);
        command.args(args).current_dir(scratch.folder());
        command
    };
    run(&mut command(&[])).ended(0);
    // Somebody who reads only the beginning has got some rows.
    let mut child = command(&[]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    child.wait().unwrap();
    // What is known before anything leaves needs no announcement.
    run(&mut command(&["--min-k", "5"])).ended(4);
    let failed = ("failed".to_owned(), Some(141));
    let refused = ("refused".to_owned(), Some(4));
    assert_eq!(
        events(&scratch),
        [begun(), published(), begun(), failed, refused]
    );
    run(crm(["journal", "verify", "journal"]).current_dir(scratch.folder())).ended(0);
}

#[test]
fn there_is_no_output_without_its_line() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(20));
    let run_once = |journal: &str, output: &str| {
        let mut command = crm(["in.csv", "-q", "-o", output, "--journal", journal]);
        run(command.current_dir(scratch.folder()))
    };
    for journal in [".", NOTHING, "missing/journal", "in.csv/journal"] {
        let outcome = run_once(journal, "out.csv").ended(1);
        outcome.says(&["journal"]);
        assert!(!scratch.path("out.csv").exists(), "{journal}");
    }
    run_once("journal", "out.csv").ended(0);
    let whole = scratch.read("journal");
    fs::remove_file(scratch.path("out.csv")).unwrap();
    scratch.write("journal", [&whole[..], &whole[..100]].concat());
    let outcome = run_once("journal", "out.csv").ended(1);
    outcome.says(&["cut short", &format!("truncate -s {}", whole.len())]);
    assert!(!scratch.path("out.csv").exists());
    scratch.write("journal", &whole);
    run_once("journal", "out.csv").ended(0);
    assert_eq!(
        events(&scratch),
        [begun(), published(), begun(), published()]
    );
}

#[test]
fn a_line_whose_output_cannot_have_its_name_is_taken_back() {
    let scratch = Scratch::new();
    let mut command = crm(["-", "-q", "-o", "out.csv", "--journal", "journal"]);
    command.current_dir(scratch.folder());
    command.stdin(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    while !scratch.path("journal").exists() && start.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(5));
    }
    // The name becomes a folder's while the run waits for its input.
    fs::create_dir(scratch.path("out.csv")).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&export(3)).unwrap();
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(events(&scratch), [begun(), ("failed".to_owned(), Some(1))]);
    let mut command = crm(["journal", "columns", "journal"]);
    let outcome = run(command.current_dir(scratch.folder())).ended(0);
    assert_eq!(outcome.text(), "");
}

#[test]
fn the_journal_is_no_other_file_of_the_run() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(3));
    system::link(&scratch.path("in.csv"), &scratch.path("link"));
    scratch.write("rules.toml", run(&mut crm(["rules"])).ended(0).out);
    let before = scratch.names();
    for journal in [
        "in.csv", "link", "out.csv", "./out.csv", "manifest.json", "rules.toml", "-",
    ] {
        let mut command = crm([
            "in.csv", "-o", "out.csv", "--manifest", "manifest.json", "-r", "rules.toml",
            "--journal", journal,
        ]);
        run(command.current_dir(scratch.folder())).ended(2);
        assert_eq!(scratch.names(), before, "{journal}");
    }
    // Standard output that adds to the journal would tear it.
    run(
        crm(["in.csv", "-q", "-o", "out.csv", "--journal", "journal"])
            .current_dir(scratch.folder()),
    )
    .ended(0);
    let stdout = File::options()
        .append(true)
        .open(scratch.path("journal"))
        .unwrap();
    let mut command = crm(["in.csv", "-q", "--journal", "journal"]);
    let status = command
        .current_dir(scratch.folder())
        .stdout(stdout)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(2));
}

#[test]
fn twenty_runs_at_once_leave_linked_lines() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(20));
    let children: Vec<_> = (0..20)
        .map(|n| {
            let mut command = crm([
                "in.csv",
                "-q",
                "--journal",
                "journal",
                "-o",
                &format!("out{n}.csv"),
            ]);
            command.current_dir(scratch.folder()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    // No line of another run comes between the two of one.
    let both = [begun(), published()];
    let all: Vec<_> = both.iter().cycle().take(40).cloned().collect();
    assert_eq!(events(&scratch), all);
    let outcome = run(crm(["journal", "verify", "journal"]).current_dir(scratch.folder())).ended(0);
    assert!(
        outcome
            .text()
            .starts_with("40 lines, unbroken\nlast line: "),
        "{}",
        outcome.text()
    );
}
