//! `--log json`: one line of JSON for each event, with codes that the reference lists.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Scratch, crm, export, run, run_with_input};

/// The events of what was said, each a line of JSON with a time.
#[track_caller]
fn events(said: &str) -> Vec<Value> {
    let lines = said.lines().map(|line| {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let time = event["time"].as_str().unwrap();
        chrono::DateTime::parse_from_rfc3339(time).unwrap_or_else(|e| panic!("{time}: {e}"));
        event
    });
    lines.collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect()
}

#[track_caller]
fn is_documented(code: &Value) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    let page = fs::read_to_string(page).unwrap();
    let code = code.as_str().unwrap();
    assert!(page.contains(&format!("| `{code}` | ")), "{code}");
}

#[test]
fn a_run_is_told_event_by_event() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(30));
    let mut command = crm(["in.csv", "-o", "out.csv", "--seed", "1", "--log", "json"]);
    let outcome = run(command.current_dir(scratch.folder())).ended(0);
    let events = events(&outcome.err);
    assert_eq!(names(&events), ["start", "warning", "warning", "end"]);
    assert_eq!(events[0]["input"], "in.csv");
    assert_eq!(events[0]["rules"], "anonymisation");
    let codes: Vec<&Value> = events[1..3].iter().map(|event| &event["code"]).collect();
    assert_eq!(codes, ["special_category", "seed"]);
    codes.into_iter().for_each(is_documented);
    let end = &events[3];
    for (key, expected) in [
        ("status", Value::from(0)),
        ("outcome", "published".into()),
        ("rows_read", 30.into()),
        ("rows_written", 30.into()),
        ("rows_skipped", 0.into()),
        ("rows_left_out", 0.into()),
        ("warnings", 2.into()),
        ("bytes_written", scratch.read("out.csv").len().into()),
    ] {
        assert_eq!(end[key], expected, "{key}");
    }
}

#[test]
fn a_refused_run_ends_with_its_codes_and_without_a_cell() {
    let mut command = crm(["-", "--log", "json"]);
    let outcome = run_with_input(&mut command, b"metier,revenus\nCanari,serin\n").ended(3);
    let all = events(&outcome.err);
    let end = all.last().unwrap();
    assert_eq!(end["event"], "end");
    assert_eq!(
        (&end["status"], &end["outcome"]),
        (&3.into(), &"refused".into())
    );
    assert_eq!(
        end["codes"],
        serde_json::json!(["invalid_data", "invalid_cells"])
    );
    end["codes"]
        .as_array()
        .unwrap()
        .iter()
        .for_each(is_documented);
    assert!(end["message"].as_str().unwrap().contains("record 1"));
    let said = outcome.err.to_lowercase();
    assert!(
        !said.contains("canari") && !said.contains("serin"),
        "{said}"
    );
    let failed = run(&mut crm(["nowhere.csv", "--log", "json"])).ended(1);
    let end = events(&failed.err).pop().unwrap();
    assert_eq!(
        (&end["outcome"], &end["codes"][0]),
        (&"failed".into(), &"input_open".into())
    );
}

#[test]
fn quiet_and_the_language_hold_for_json_too() {
    let count = |arguments: &[&str]| {
        let mut command = crm(["-", "--log", "json"]);
        let outcome = run_with_input(command.args(arguments), &export(3)).ended(0);
        events(&outcome.err)
    };
    assert_eq!(names(&count(&["-q"])), ["warning"]);
    assert!(count(&["-qq"]).is_empty());
    let french = count(&["--lang", "fr"]);
    assert_eq!(french[1]["code"], "special_category");
    assert!(french[1]["message"].as_str().unwrap().contains("RGPD"));
}

#[test]
fn every_command_that_reads_a_file_tells_its_events() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(60));
    scratch.write(
        "title.csv",
        [b"Export du jour\n\n".to_vec(), export(60)].concat(),
    );
    for (arguments, starts, quiet) in [
        (&["audit", "in.csv", "--quasi", "sexe"][..], 1, false),
        (&["inspect", "in.csv"], 1, false),
        (
            &["compare", "in.csv", "in.csv", "--quasi", "sexe"],
            2,
            false,
        ),
        (&["inspect", "title.csv"], 1, false),
        (&["inspect", "title.csv", "-qq"], 1, true),
    ] {
        let mut command = crm(arguments);
        command.args(["--log", "json"]).env("LC_ALL", "C");
        let done = run(command.current_dir(scratch.folder())).ended(0);
        let events = events(&done.err);
        let names = names(&events);
        let begun = names.iter().filter(|name| **name == "start").count();
        assert_eq!(begun, starts, "{arguments:?}");
        assert_eq!((names[0], *names.last().unwrap()), ("start", "end"));
        assert_eq!(events.last().unwrap()["outcome"], "done");
        let warned = names.contains(&"warning");
        assert_eq!(
            warned,
            arguments[1] == "title.csv" && !quiet,
            "{arguments:?}"
        );
        let warnings = events.iter().filter(|event| event["event"] == "warning");
        warnings.for_each(|warning| is_documented(&warning["code"]));
    }
    let mut command = crm([
        "audit", "in.csv", "--quasi", "sexe", "--min-k", "59", "--log", "json",
    ]);
    let missed = run(command.current_dir(scratch.folder())).ended(4);
    let end = events(&missed.err).pop().unwrap();
    assert_eq!(
        end["codes"],
        serde_json::json!(["threshold_missed", "min_k"])
    );
}

#[test]
fn figures_and_opened_files_are_told_too() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(60));
    let folder = scratch.folder();
    let run_in =
        |arguments: &[&str]| run(crm(arguments).args(["--log", "json"]).current_dir(folder));
    let figures = run_in(&["aggregate", "in.csv", "--by", "sexe", "-o", "figures.csv"]).ended(0);
    let all = events(&figures.err);
    assert_eq!(all[0]["event"], "start");
    assert_eq!(all.last().unwrap()["outcome"], "published");
    run(crm(["keygen", "habilite", "-o", "a.key"]).current_dir(folder)).ended(0);
    run(crm(["keygen", "identite", "-o", "b.key"]).current_dir(folder)).ended(0);
    let protect = [
        "in.csv", "-r", "protection", "--key", "a.key", "--key", "b.key", "-o", "kept.csv",
    ];
    run_in(&protect).ended(0);
    let reveal = ["reveal", "kept.csv", "--key", "a.key", "-o", "open.csv.gz"];
    let all = events(&run_in(&reveal).ended(0).err);
    assert_eq!(
        (&all[0]["event"], &all[0]["output"]),
        (&"start".into(), &"open.csv.gz".into())
    );
    assert_eq!(all.last().unwrap()["outcome"], "done");
    assert!(scratch.read("open.csv.gz").starts_with(&[0x1f, 0x8b]));
}
