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
