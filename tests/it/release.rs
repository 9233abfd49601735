//! `--release` through the real program: what goes on from run to run, and what is refused.

use std::fs;

use crate::support::system;
use crate::support::{Outcome, Scratch, crm, records, run};

const RULES: &str = r#"version = 1
index = ""
[privacy]
k = 3
person = "client"
max_suppressed = "60%"
[columns.client]
rule = "drop"
attribute = "identifying"
[columns.naissance]
rule = "year"
attribute = "quasi-identifying"
[columns.note]
rule = "keep"
attribute = "insensitive"
"#;

struct Desk(Scratch);

impl Desk {
    fn new() -> Self {
        let desk = Self(Scratch::new());
        desk.0.write("rules.toml", RULES);
        desk.people(0..12);
        for key in ["release", "other"] {
            let path = desk.0.path(&format!("{key}.key"));
            run(crm(["keygen", "release", "-o"]).arg(path)).ended(0);
        }
        desk
    }

    /// People of two years, each with a note that nobody else has.
    fn people(&self, numbers: impl IntoIterator<Item = u32>) {
        let mut text = "client,naissance,note\n".to_owned();
        for n in numbers {
            text += &format!(
                "C{n:03},{}-05-06,note {n}\n",
                if n % 2 == 0 { 1960 } else { 2001 }
            );
        }
        self.0.write("in.csv", text);
    }

    fn run(&self, more: &[&str]) -> Outcome {
        self.run_with("rules.toml", "release.key", more)
    }

    fn run_with(&self, rules: &str, key: &str, more: &[&str]) -> Outcome {
        let path = |name: &str| self.0.path(name).display().to_string();
        let mut command = crm([&path("in.csv"), "-q", "-r", &path(rules)]);
        command.args(["--key", &path(key), "--release", &path("kept")]);
        command.args(["-o", &path("out.csv"), "--manifest", &path("run.json")]);
        run(command.args(more))
    }

    fn journal(&self) -> String {
        self.0.path("journal.jsonl").display().to_string()
    }

    /// The notes that were published, each with its year, in order.
    fn published(&self) -> Vec<(String, String)> {
        let rows = records(&self.0.read("out.csv"), b',');
        let mut rows: Vec<_> = rows
            .into_iter()
            .skip(1)
            .map(|row| (row[1].clone(), row[0].clone()))
            .collect();
        rows.sort();
        rows
    }

    fn told(&self) -> serde_json::Value {
        let manifest: serde_json::Value = serde_json::from_slice(&self.0.read("run.json")).unwrap();
        manifest["release"].clone()
    }
}

#[test]
fn everybody_keeps_their_labels_and_newcomers_wait() {
    let desk = Desk::new();
    desk.run(&[]).ended(0);
    let first = desk.published();
    assert_eq!(first.len(), 12);
    // One leaves, and two come.
    desk.people((1..12).chain([20, 22]));
    let outcome = desk.run(&[]).ended(0);
    outcome.says(&["rows held back by the release: 2 "]);
    assert_eq!(
        desk.published(),
        first
            .iter()
            .filter(|(note, _)| note != "note 0")
            .cloned()
            .collect::<Vec<_>>()
    );
    assert_eq!(desk.told()["rows_waiting"], 2);
    // A third: they make a group.
    desk.people((1..12).chain([20, 22, 24]));
    desk.run(&[]).ended(0);
    assert_eq!(desk.published().len(), 14);
    assert_eq!(
        (&desk.told()["number"], &desk.told()["rows_new"]),
        (&3.into(), &3.into())
    );
}

#[test]
fn the_state_is_private_and_names_nobody() {
    let desk = Desk::new();
    desk.run(&[]).ended(0);
    let state = desk.0.path("kept").join("state");
    assert!(system::is_closed(&state));
    let bytes = fs::read(&state).unwrap();
    for text in ["C001", "1960", "2001", "note", "client", "out.csv"] {
        let found = bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes());
        assert!(!found, "{text}");
    }
    let entries = fs::read_dir(desk.0.path("kept")).unwrap().count();
    assert_eq!(entries, 2, "what is kept, and what a run locks");
}

#[test]
fn a_run_that_does_not_publish_leaves_the_release_as_it_was() {
    let desk = Desk::new();
    desk.run(&["--dry-run"]).ended(0);
    assert!(!desk.0.path("kept").exists());
    desk.run(&[]).ended(0);
    let state = || fs::read(desk.0.path("kept").join("state")).unwrap();
    let before = state();
    desk.people((0..12).chain([20, 22, 24]));
    desk.run(&["--dry-run"]).ended(0);
    desk.run(&["--head", "1"]).ended(0);
    desk.run(&["--min-rows", "99"]).ended(3);
    assert_eq!(state(), before);
    desk.run(&[]).ended(0);
    assert_ne!(state(), before);
}

#[test]
fn what_does_not_go_with_a_release_is_refused() {
    let desk = Desk::new();
    let rules = |name: &str, from: &str, to: &str| {
        assert!(RULES.contains(from), "{from}");
        desk.0.write(name, RULES.replace(from, to));
    };
    rules("nobody.toml", "person = \"client\"\n", "");
    rules("k.toml", "k = 3\n", "k = 4\n");
    rules(
        "note.toml",
        "[columns.note]\nrule = \"keep\"",
        "[columns.note]\nrule = \"constant\"",
    );
    rules("merge.toml", "k = 3\n", "k = 3\nthin = \"merge\"\n");
    rules(
        "sample.toml",
        "[privacy]",
        "[rows]\nsample = \"90%\"\n[privacy]",
    );
    rules("l.toml", "k = 3\n", "k = 3\nl = 2\n");
    desk.0.write(
        "hash.toml",
        RULES.replace(
            "[columns.client]\nrule = \"drop\"",
            "[columns.client]\nrule = { hash = { role = \"release\" } }",
        ),
    );
    desk.run(&[]).ended(0);
    let before = desk.0.read("out.csv");
    for (rules, key, more, status, why) in cases![
        "nobody.toml", "release.key", vec![], 2, "whose rows are whose";
        "merge.toml", "release.key", vec![], 2, "other brackets";
        "l.toml", "release.key", vec![], 2, "kept for k alone";
        "sample.toml", "release.key", vec![], 2, "never comes back";
        "hash.toml", "release.key", vec![], 2, "links all that is ever published";
        "rules.toml", "release.key", vec!["--recoding", "global"], 2, "labels of its own";
        "rules.toml", "release.key", vec!["--keep-order"], 2, "--keep-order";
        "k.toml", "release.key", vec![], 2, "begun with another k";
        "rules.toml", "release.key", vec!["--k", "5"], 2, "begun with another k";
        "rules.toml", "release.key", vec!["--person", "note"], 2, "whose rows are whose";
        "rules.toml", "other.key", vec![], 2, "another key";
    ] {
        let outcome = desk.run_with(rules, key, &more).ended(status);
        outcome.says(&[why]);
        assert_eq!(desk.0.read("out.csv"), before);
    }
    let inside = desk.0.path("kept").join("out.csv").display().to_string();
    desk.run(&["--journal", &inside])
        .ended(2)
        .says(&["elsewhere"]);
    let slash = format!("{}/", desk.0.path("kept").display());
    let key = desk.0.path("release.key");
    let mut again = crm(["-q", "--release", &slash, "--key"]);
    again
        .arg(key)
        .arg(desk.0.path("in.csv"))
        .arg("-r")
        .arg(desk.0.path("rules.toml"));
    run(again.arg("-o").arg(desk.0.path("again.csv"))).ended(0);
    // A table that is another, though k is not.
    rules(
        "other.toml",
        "naissance]\nrule = \"year\"",
        "naissance]\nrule = { year = { before = 1905 } }",
    );
    let outcome = desk.run_with("other.toml", "release.key", &[]).ended(2);
    outcome.says(&["another rule table"]);
    desk.run_with("other.toml", "release.key", &["--force-release"])
        .ended(0);
    // The numbers go on, so that the journal tells the folder from one that was put back.
    assert_eq!(desk.told()["number"], 3);
    assert_eq!(desk.told()["rows_new"], 12);
}

#[test]
fn another_source_and_too_many_held_back_are_refused() {
    let desk = Desk::new();
    desk.run(&[]).ended(0);
    desk.people(100..112);
    let outcome = desk.run(&[]).ended(3);
    outcome.says(&["of another source"]);
    desk.run(&["--force-release"]).ended(0);
    desk.people((100..112).chain([0]));
    desk.run(&["--max-suppressed", "0%"]).ended(4);
    desk.run(&["--max-suppressed", "10%"]).ended(0);
}

#[test]
fn a_state_that_is_damaged_or_was_put_back_is_refused() {
    let desk = Desk::new();
    let (state, journal) = (desk.0.path("kept").join("state"), desk.journal());
    let more = ["--journal", journal.as_str()];
    desk.run(&more).ended(0);
    let first = fs::read(&state).unwrap();
    desk.run(&more).ended(0);
    let second = fs::read(&state).unwrap();
    let last = fs::read_to_string(&journal).unwrap();
    let last = last.lines().last().unwrap().to_owned();
    let sha256 = desk.told()["sha256"].as_str().unwrap().to_owned();
    assert!(
        last.contains(&format!("\"number\":2,\"sha256\":\"{sha256}\"")),
        "{last}"
    );
    run(crm(["journal", "verify"]).arg(&journal)).ended(0);
    let put = |bytes: &[u8]| fs::write(&state, bytes).unwrap();
    put(&first);
    let outcome = desk.run(&more).ended(1);
    outcome.says(&["was put back: it is at number 1"]);
    fs::remove_file(&state).unwrap();
    let outcome = desk.run(&more).ended(1);
    outcome.says(&["it is at number 0"]);
    let mut damaged = second.clone();
    damaged[100] ^= 1;
    put(&damaged);
    system::close(&state);
    let outcome = desk.run(&more).ended(1);
    outcome.says(&["is damaged"]);
    put(&second);
    desk.run(&more).ended(0);
}

#[test]
#[cfg(unix)]
fn a_folder_that_others_may_write_to_keeps_no_release() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.run(&[]).ended(0);
    fs::set_permissions(desk.0.path("kept"), fs::Permissions::from_mode(0o777)).unwrap();
    desk.run(&[]).ended(2);
}
