//! What the chapters on nightly exports and on cron and CI say, and no other test holds.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Outcome, Scratch, crm, export, gzip, records, run};

const RULES: &str = r#"version = 1
index = ""
[privacy]
k = 4
person = "client"
[columns.client]
rule = "drop"
attribute = "identifying"
[columns.naissance]
rule = "year"
attribute = "quasi-identifying"
[columns.note]
rule = "keep"
attribute = "insensitive"
[columns.ville]
rule = "keep"
attribute = "insensitive"
optional = true
"#;

/// The program in this folder, with the words of `line`.
fn told(scratch: &Scratch, line: &str) -> Outcome {
    run(crm(line.split_whitespace()).current_dir(scratch.folder()))
}

/// A folder with a rule table, two keys, and an input of 40 people: five of each of eight years.
fn desk() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("rules.toml", RULES);
    people(&scratch, "in.csv", 0..40);
    told(&scratch, "keygen release -o release.key").ended(0);
    told(&scratch, "keygen other -o other.key").ended(0);
    scratch
}

fn person(n: u32) -> String {
    format!("C{n:05},{}-05-06,note {n}\n", 1960 + n % 8)
}

fn people(scratch: &Scratch, name: &str, numbers: impl IntoIterator<Item = u32>) {
    let rows: String = numbers.into_iter().map(person).collect();
    scratch.write(name, format!("client,naissance,note\n{rows}"));
}

const RELEASE: &str = "-r rules.toml --release kept --key release.key --manifest run.json -q";

/// A run of the release that publishes `input`.
fn release(scratch: &Scratch, input: &str, more: &str) -> Outcome {
    told(scratch, &format!("{input} {RELEASE} -o out.csv {more}"))
}

fn manifest(scratch: &Scratch) -> Value {
    serde_json::from_slice(&scratch.read("run.json")).unwrap()
}

/// How many rows have each label of the first column.
fn classes(scratch: &Scratch, name: &str) -> BTreeMap<String, usize> {
    let mut classes = BTreeMap::new();
    for row in records(&scratch.read(name), b',').into_iter().skip(1) {
        *classes.entry(row[0].clone()).or_default() += 1;
    }
    classes
}

#[test]
fn groups_of_a_release_have_half_as_many_persons_again_as_k() {
    let scratch = desk();
    told(&scratch, "in.csv -r rules.toml -q -o alone.csv").ended(0);
    let alone = classes(&scratch, "alone.csv");
    assert_eq!((alone.len(), alone["1960"]), (8, 5));
    release(&scratch, "in.csv", "").ended(0);
    let groups = classes(&scratch, "out.csv");
    assert!(groups.values().all(|size| *size >= 6), "{groups:?}");
    assert_eq!(manifest(&scratch)["release"]["groups"], groups.len());
}

#[test]
fn a_changed_row_is_new_and_never_comes_back_as_it_was() {
    let scratch = desk();
    release(&scratch, "in.csv", "").ended(0);
    let altered = (0..40).map(person).collect::<String>();
    let altered = altered.replace("note 7\n", "note changed\n");
    scratch.write("altered.csv", format!("client,naissance,note\n{altered}"));
    let counts = |outcome: Outcome| {
        outcome.ended(0).says(&["\"code\":\"rows_held_back\""]);
        let told = manifest(&scratch);
        let release = &told["release"];
        let of = |value: &Value| value.as_u64().unwrap();
        (
            of(&release["rows_waiting"]),
            of(&release["rows_retired"]),
            of(&told["rows_left_out"]),
        )
    };
    let waits = release(&scratch, "altered.csv", "--log json");
    assert_eq!(counts(waits), (1, 0, 1));
    let back = release(&scratch, "in.csv", "--log json");
    assert_eq!(counts(back), (0, 1, 1));
    // Three of 43 are more than the 5 % that may be held back.
    people(&scratch, "more.csv", 0..43);
    let before = scratch.read("out.csv");
    release(&scratch, "more.csv", "").ended(4);
    assert_eq!(scratch.read("out.csv"), before);
    release(&scratch, "more.csv", "--max-suppressed 20%").ended(0);
}

#[test]
fn what_a_release_cannot_go_on_with_is_refused() {
    let scratch = desk();
    release(&scratch, "in.csv", "").ended(0);
    people(&scratch, "half.csv", (0..40).step_by(2));
    people(&scratch, "less.csv", (0..38).step_by(2));
    let wide = (0..40).map(|n| person(n).replace('\n', ",Paris\n"));
    let wide: String = wide.collect();
    scratch.write("wide.csv", format!("client,naissance,note,ville\n{wide}"));
    let rules = |name: &str, from: &str, to: &str| {
        assert!(RULES.contains(from), "{from}");
        scratch.write(name, RULES.replace(from, to));
    };
    let note = "[columns.note]\nrule = \"keep\"";
    let client = "[columns.client]\nrule = \"drop\"";
    let noise = "[columns.note]\nrule = { noise = { distribution = \"laplace\", scale = 5 } }";
    let encrypt = "[columns.client]\nrule = { encrypt = { role = \"release\" } }";
    let token = "[columns.client]\nrule = { token = { role = \"release\", vault = \"v\" } }";
    rules("noise.toml", note, noise);
    // What they write belongs to a row that has a number.
    for (name, rule) in [("encrypt.toml", encrypt), ("token.toml", token)] {
        let text = RULES.replace(client, rule);
        scratch.write(name, text.replace("index = \"\"", "index = \"n\""));
    }
    rules("t.toml", "k = 4\n", "k = 4\nt = 0.5\n");
    let go_on = "--dry-run --max-suppressed 100%";
    release(&scratch, "half.csv", go_on).ended(0);
    for (line, status, why) in cases![
        "less.csv --key release.key -r rules.toml -o out.csv", 3, "19 are in this input unaltered";
        "wide.csv --key release.key -r rules.toml -o out.csv", 2, "other columns in the output";
        "in.csv --key release.key -r rules.toml -o out.csv --person naissance", 2, "whose rows are whose";
        "in.csv --key release.key -r rules.toml", 2, "standard output cannot be taken back";
        "in.csv -r rules.toml -o out.csv", 2, "encrypted under a role's key";
        "in.csv --key release.key -r t.toml -o out.csv", 2, "drop `l` and `t`";
        "in.csv --key release.key -r noise.toml -o out.csv", 2, "draws anew in each run";
        "in.csv --key release.key -r encrypt.toml -o out.csv", 2, "links all that is ever published";
        "in.csv --key release.key -r token.toml -o out.csv", 2, "links all that is ever published";
    ] {
        let outcome = told(&scratch, &format!("{line} --release kept -q"));
        assert_eq!(outcome.code(), status, "{line}: {}", outcome.err);
        outcome.says(&[why]);
    }
    // Another run has the folder.
    let lock = File::options()
        .write(true)
        .open(scratch.path("kept/lock"))
        .unwrap();
    lock.lock().unwrap();
    let meanwhile = release(&scratch, "in.csv", "");
    assert_ne!(meanwhile.code(), 0);
    meanwhile.says(&["is used by another run"]);
    drop(lock);
    // Of several keys it is that of the role `release`.
    release(&scratch, "in.csv", "--key other.key").ended(0);
}

#[test]
fn the_state_has_32_bytes_for_each_row() {
    let scratch = desk();
    let size = |rows: u32| {
        people(&scratch, "in.csv", 0..rows);
        let line = "in.csv -r rules.toml -q --key release.key -o out.csv --release kept";
        told(&scratch, &format!("{line}{rows}")).ended(0);
        let state = scratch.path(&format!("kept{rows}")).join("state");
        fs::metadata(state).unwrap().len()
    };
    assert_eq!(size(1_120) - size(120), 32 * 1_000);
}

#[test]
fn a_failed_run_changes_neither_output_nor_manifest() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(20));
    let packed = gzip(&export(20));
    scratch.write("cut.csv.gz", &packed[..packed.len() - 9]);
    let files = "-qq -o out.csv --manifest run.json --journal j.jsonl";
    told(&scratch, &format!("in.csv {files}")).ended(0);
    let left = || (scratch.read("out.csv"), scratch.read("run.json"));
    let journal = || String::from_utf8(scratch.read("j.jsonl")).unwrap();
    let (before, lines) = (left(), journal());
    // What cannot be opened leaves no line either.
    told(&scratch, &format!("gone.csv {files}")).ended(1);
    assert_eq!((left(), journal()), (before.clone(), lines));
    told(&scratch, &format!("cut.csv.gz {files}")).ended(1);
    assert_eq!(left(), before);
    let last: Value = serde_json::from_str(journal().lines().last().unwrap()).unwrap();
    assert_eq!(last["event"], "failed");
}

#[test]
fn several_exports_end_with_the_status_of_the_first_refusal() {
    let scratch = Scratch::new();
    scratch.write("bad.csv", [export(20), b"short,row\n".to_vec()].concat());
    scratch.write("few.csv", export(20));
    fs::create_dir(scratch.path("out")).unwrap();
    let more = "-r anonymisation --k 50 --max-suppressed 1% -qq -o out/";
    told(&scratch, &format!("few.csv bad.csv {more}")).ended(4);
    told(&scratch, &format!("bad.csv few.csv {more}")).ended(3);
}

#[test]
fn head_leaves_no_file_and_a_wrong_command_line_no_event() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(20));
    let files = "-o out.csv --manifest run.json --report r.html --journal j.jsonl";
    let shown = told(&scratch, &format!("in.csv -q --head 2 {files}")).ended(0);
    assert_eq!(shown.text().lines().count(), 3);
    let wrong = told(&scratch, "in.csv --log json --frobnicate").ended(2);
    wrong.says(&["unexpected argument"]);
    assert!(!wrong.err.contains('{'), "{}", wrong.err);
    assert_eq!(scratch.names(), ["in.csv"]);
}

#[test]
fn columns_that_change_upstream_are_told() {
    let scratch = Scratch::new();
    let table = "version = 1\nindex = \"\"\n[columns.ville]\nrule = \"keep\"\n\
                 [columns.formule]\nrule = \"keep\"\n";
    scratch.write("crm.toml", table);
    scratch.write("lax.toml", format!("{table}optional = true\n"));
    scratch.write("more.csv", "ville,formule,segment\nParis,a,x\n");
    scratch.write("other.csv", "villes,formule\nParis,a\n");
    scratch.write("less.csv", "ville\nParis\n");
    scratch.write("nothing.csv", "");
    let quiet = told(&scratch, "more.csv -r crm.toml -q -o out.csv").ended(0);
    quiet.says(&["column `segment` is not in the rule table"]);
    assert_eq!(scratch.read("out.csv"), b"ville,formule\nParis,a\n");
    let silent = told(&scratch, "more.csv -r crm.toml -qq -o out.csv").ended(0);
    assert_eq!(silent.err, "");
    for (line, status) in [
        ("more.csv -r crm.toml --strict", 3),
        ("other.csv -r crm.toml --strict", 3),
        ("less.csv -r crm.toml --strict", 3),
        ("less.csv -r lax.toml --strict", 0),
        ("nothing.csv -r crm.toml --min-rows 0", 3),
    ] {
        let outcome = told(&scratch, &format!("{line} -o out.csv"));
        assert_eq!(outcome.code(), status, "{line}: {}", outcome.err);
    }
    // `check` says the same of a file and of a list of names, and a wrong table is wrong usage.
    scratch.write("columns.txt", "villes\nformule\n");
    scratch.write("wrong.toml", "version = 1\n");
    for (line, status) in [
        ("check crm.toml other.csv", 3),
        ("check crm.toml --header less.csv", 0),
        ("check crm.toml --columns columns.txt", 3),
        ("check wrong.toml --columns columns.txt", 2),
    ] {
        let outcome = told(&scratch, line);
        assert_eq!(outcome.code(), status, "{line}: {}", outcome.err);
    }
}

#[test]
fn an_empty_journal_goes_on_from_the_latest_date() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(5));
    let publish = || told(&scratch, "in.csv -qq -o out.csv --journal j.jsonl").ended(0);
    // Rotated in this order, so that neither the age of a file nor the folder's order helps.
    for date in ["20260131", "20260228"] {
        publish();
        let rotated = scratch.path(&format!("j.jsonl-{date}"));
        fs::rename(scratch.path("j.jsonl"), rotated).unwrap();
    }
    publish();
    let all = "journal verify j.jsonl-20260131 j.jsonl-20260228 j.jsonl";
    let told = told(&scratch, all).ended(0).text();
    assert!(told.starts_with("6 lines, unbroken\n"), "{told}");
}

#[test]
fn a_closing_line_that_is_cut_short_stops_the_next_run_and_its_output_is_found() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(5));
    let publish = |output: &str| {
        let line = format!("in.csv -qq -o {output} --journal j.jsonl");
        told(&scratch, &line)
    };
    publish("out.csv").ended(0);
    let whole = scratch.read("j.jsonl");
    let first = 1 + whole.iter().position(|byte| *byte == b'\n').unwrap();
    scratch.write("j.jsonl", &whole[..first + 50]);
    let stopped = publish("next.csv").ended(1);
    stopped.says(&[&format!("truncate -s {first}")]);
    assert!(!scratch.path("next.csv").exists());
    scratch.write("j.jsonl", &whole[..first]);
    let verified = told(&scratch, "journal verify j.jsonl --outputs").ended(0);
    let verified = verified.text();
    assert!(
        verified.contains("whole, though the run was not closed"),
        "{verified}"
    );
    publish("next.csv").ended(0);
}

#[test]
#[cfg(unix)]
fn a_line_has_the_user_s_name_in_etc_passwd() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(5));
    told(&scratch, "in.csv -qq -o out.csv --journal j.jsonl").ended(0);
    let journal = String::from_utf8(scratch.read("j.jsonl")).unwrap();
    let line: Value = serde_json::from_str(journal.lines().next().unwrap()).unwrap();
    let uid = line["user"]["uid"].as_u64().unwrap().to_string();
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let mut users = users
        .lines()
        .map(|user| user.split(':').collect::<Vec<_>>());
    let user = users.find(|user| user[2] == uid);
    assert_eq!(line["user"]["name"].as_str(), user.map(|user| user[0]));
}

#[test]
fn without_at_ages_are_counted_on_the_first_of_january() {
    let scratch = Scratch::new();
    let table = "version = 1\nindex = \"\"\n[columns.ne]\nrule = { age = {} }\n[columns.n]\nrule = \"keep\"\n";
    scratch.write("crm.toml", table);
    scratch.write("in.csv", "ne,n\n1990-01-01,1\n1990-01-02,2\n1990-12-31,3\n");
    told(&scratch, "in.csv -r crm.toml -q -o out.csv").ended(0);
    let rows = records(&scratch.read("out.csv"), b',');
    let ages: Vec<u32> = rows[1..]
        .iter()
        .map(|row| row[0].parse().unwrap())
        .collect();
    assert_eq!((ages[0], ages[2]), (ages[1] + 1, ages[1]));
}

/// The only line of the page that begins like this, without that, and with the folders taken out of its paths.
fn of_page(begin: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/nightly-exports.md");
    let page = fs::read_to_string(page).unwrap();
    let mut lines = page.lines().filter_map(|line| line.strip_prefix(begin));
    let (line, None) = (lines.next().unwrap().to_owned(), lines.next()) else {
        panic!("two lines begin with {begin:?}");
    };
    let folders = [
        "/srv/crm/", "/srv/shared/", "/etc/crm-anon/", "/var/lib/crm-anon/", "/var/log/crm-anon/",
        "/usr/bin/", "\\",
    ];
    folders
        .into_iter()
        .fold(line, |line, folder| line.replace(folder, ""))
}

#[test]
#[cfg(unix)]
fn the_lines_of_cron_and_systemd_run() {
    let program = Path::new(crate::support::program()).parent().unwrap();
    let scratch = desk();
    let of_crm = |text: &str| text.replace("client", "id_client");
    scratch.write("crm.toml", of_crm(RULES));
    let input = String::from_utf8(scratch.read("in.csv")).unwrap();
    scratch.write("export.csv", of_crm(&input));
    let shell = |line: &str| {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-c", line]).env("LC_ALL", "C");
        command.env("PATH", format!("{}:{path}", program.display()));
        run(command.current_dir(scratch.folder()))
    };
    for begin in ["0 2 * * * flock -n /run/lock/crm-anon.lock ", "ExecStart="] {
        shell(&of_page(begin)).ended(0);
        for file in ["anon.csv", "anon.json", "exports.jsonl"] {
            fs::remove_file(scratch.path(file)).unwrap();
        }
    }
    // The first night there is nothing to compare with, so that nothing is passed on.
    let line = of_page("0 2 * * * cd /srv/anon && flock -n /run/lock/crm-anon.lock ");
    shell(&line).ended(2);
    assert!(!scratch.path("anon.csv").exists());
    let today = scratch
        .names()
        .into_iter()
        .find(|name| name.starts_with("anon-"));
    let today = today.unwrap();
    fs::rename(scratch.path(&today), scratch.path("anon-2020-01-01.csv")).unwrap();
    shell(&line).ended(0);
    assert_eq!(scratch.read("anon.csv"), scratch.read(&today));
}
