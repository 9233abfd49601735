//! Runs, and their outputs, from lines of this version and of early ones.

use std::fs;

use super::super::{Checked, NO_LINE, check_outputs, hash};
use super::*;

/// A line as the journal would have it, with what counts for the runs.
fn line(run: Option<&str>, event: &str, output: &str, sha256: Option<&str>) -> serde_json::Value {
    let file = |path: &str, sha256: Option<&str>| serde_json::json!({ "path": path, "bytes": sha256.map(|_| 3), "sha256": sha256 });
    serde_json::json!({
        "run": run,
        "event": event,
        "time": "2026-11-22T10:00:00.000Z",
        "user": { "uid": 1, "name": null },
        "rules": { "name": "table", "sha256": NO_LINE },
        "input": file("/in.csv", None),
        "output": file(output, sha256),
        "columns": null,
    })
}

/// Writes these lines as a chain.
fn chain(path: &Path, lines: &[serde_json::Value]) {
    let (mut text, mut previous) = (String::new(), NO_LINE.to_owned());
    for (number, line) in (1..).zip(lines) {
        let mut line = line.clone();
        line["line"] = number.into();
        line["previous"] = previous.into();
        if line["run"].is_null() {
            // As early versions wrote it.
            line.as_object_mut().unwrap().remove("run");
        }
        let line = line.to_string();
        previous = hash(line.as_bytes());
        text += &line;
        text.push('\n');
    }
    fs::write(path, text).unwrap();
}

/// Lines, and of each run that has begun: its line, how it ended, whether it may have let rows leave.
type Case = (
    &'static str,
    Vec<serde_json::Value>,
    Vec<(u64, Ending, bool)>,
);

#[test]
fn lines_are_put_together_by_run_old_ones_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let (one, two) = (Some("1"), Some("2"));
    let ab = Some("ab");
    let sent = |mut line: serde_json::Value, rows: u64| {
        line["rows_sent"] = rows.into();
        line
    };
    let not_published = |event, sent| Ending::NotPublished { event, sent };
    let cases: [Case; 12] = cases![
        "a file",
        vec![
            line(one, "begun", "/a", ab),
            line(one, "published", "/a", ab),
        ],
        vec![(2, Ending::Published, false)];
        "a file that was not closed", vec![line(one, "begun", "/a", ab)], vec![(1, Ending::Open, true)];
        "a file that failed",
        vec![line(one, "begun", "/a", ab), line(one, "failed", "/a", ab)],
        vec![(1, not_published(Event::Failed, None), false)];
        "two streams at a time",
        vec![
            line(one, "begun", "-", None),
            line(two, "begun", "-", None),
            sent(line(one, "refused", "-", None), 7),
            line(two, "published", "-", ab),
        ],
        vec![
            (1, not_published(Event::Refused, Some(7)), true),
            (4, Ending::Published, false),
        ];
        "a stream that has sent nothing",
        vec![
            line(one, "begun", "-", None),
            sent(line(one, "failed", "-", None), 0),
        ],
        vec![(1, not_published(Event::Failed, Some(0)), false)];
        "a run of the same files that was refused before it began",
        vec![
            line(one, "begun", "/a", ab),
            line(two, "refused", "/a", None),
        ],
        vec![(1, Ending::Open, true)];
        "early: a file", vec![line(None, "published", "/a", ab)], vec![(1, Ending::Published, false)];
        "early: a file that could not have its name",
        vec![
            line(None, "published", "/a", ab),
            line(None, "failed", "/a", ab),
        ],
        vec![];
        "early: a file, then another run that failed",
        vec![
            line(None, "published", "/a", ab),
            line(None, "failed", "/b", None),
        ],
        vec![(1, Ending::Published, false)];
        "early: a stream",
        vec![
            line(None, "begun", "-", None),
            line(None, "published", "-", ab),
        ],
        vec![(2, Ending::Published, false)];
        "early: a stream that was refused",
        vec![
            line(None, "begun", "-", None),
            line(None, "refused", "-", None),
        ],
        vec![(1, not_published(Event::Refused, None), true)];
        "early: one that was killed, then a new one",
        vec![
            line(None, "begun", "-", None),
            line(one, "begun", "-", None),
            line(one, "published", "-", ab),
        ],
        vec![(1, Ending::Open, true), (3, Ending::Published, false)];
    ];
    for (case, lines, expected) in cases {
        chain(&path, &lines);
        let (verified, runs) = runs(&path, None).unwrap();
        assert_eq!(verified.lines, lines.len() as u64, "{case}");
        let found: Vec<_> = runs
            .iter()
            .map(|run| (run.line.line, run.ending, run.may_have_left()))
            .collect();
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn outputs_are_compared_with_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("old"), "old").unwrap();
    fs::write(at("new"), "new").unwrap();
    fs::create_dir(at("folder")).unwrap();
    let (old, new) = (hash(b"old"), hash(b"new"));
    let published = |name: &str, sha256: &str| {
        let path = at(name).display().to_string();
        let mut lines = vec![line(Some(name), "begun", &path, Some(sha256))];
        lines.push(line(Some(name), "published", &path, Some(sha256)));
        lines
    };
    let open = |name: &str, sha256: &str| {
        let path = at(name).display().to_string();
        vec![line(Some("open"), "begun", &path, Some(sha256))]
    };
    let stream = line(Some("s"), "begun", "/dev/null", None);
    let to_null = line(Some("s"), "published", "/dev/null", Some(&old));
    let counts = |whole, missing, different| Checked {
        whole,
        missing,
        different,
        unreadable: 0,
    };
    let cases = cases![
        "whole", published("old", &old), counts(1, 0, 0);
        "missing", published("gone", &old), counts(0, 1, 0);
        "different", published("old", &new), counts(0, 0, 1);
        "a folder", published("folder", &new), counts(0, 0, 1);
        "the last one under a name counts", [published("old", &new), published("old", &old)].concat(), counts(1, 0, 0);
        "the one before has gone", [published("old", &old), published("old", &new)].concat(), counts(0, 0, 1);
        "not closed, and there", [published("new", &old), open("new", &new)].concat(), counts(1, 0, 0);
        "not closed, and the one before is there",
        [published("old", &old), open("old", &new)].concat(),
        counts(1, 0, 0);
        "not closed, and neither is there", [published("old", NO_LINE), open("old", &new)].concat(), counts(0, 0, 1);
        "not closed, and nothing", open("gone", &new), counts(0, 0, 0);
        "a stream", vec![stream, to_null], counts(0, 0, 0);
    ];
    let path = at("journal");
    for (case, lines, expected) in cases {
        chain(&path, &lines);
        let (_, runs) = runs(&path, None).unwrap();
        let (checked, _) = check_outputs(&runs);
        assert_eq!(checked, expected, "{case}");
    }
}
