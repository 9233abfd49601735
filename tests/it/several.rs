//! Several inputs in one run, and rule tables that lie beside an input.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Outcome, Scratch, crm, export, run};

fn in_folder(scratch: &Scratch, line: &str) -> Outcome {
    let mut command = crm(line.split(' '));
    run(command.current_dir(scratch.folder()).env("LC_ALL", "C"))
}

fn names(scratch: &Scratch, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(scratch.path(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn each_input_gives_an_output_of_its_name() {
    let scratch = Scratch::new();
    scratch.write("a.csv", export(20));
    scratch.write("b.csv", export(30));
    fs::create_dir(scratch.path("out")).unwrap();
    fs::create_dir(scratch.path("records")).unwrap();
    in_folder(
        &scratch,
        "a.csv b.csv -o out --seed 1 -q --manifest records --journal j.jsonl",
    )
    .ended(0);
    assert_eq!(names(&scratch, "out"), ["a.csv", "b.csv"]);
    assert_eq!(names(&scratch, "records"), ["a.csv.json", "b.csv.json"]);
    for (name, rows) in [("a.csv", 20), ("b.csv", 30)] {
        let alone = in_folder(&scratch, &format!("{name} --seed 1 -qq")).ended(0);
        assert_eq!(scratch.read(&format!("out/{name}")), alone.out, "{name}");
        let manifest = scratch.read(&format!("records/{name}.json"));
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        assert_eq!(manifest["rows_written"], rows);
    }
    in_folder(&scratch, "journal verify j.jsonl").ended(0);
    let journal = String::from_utf8(scratch.read("j.jsonl")).unwrap();
    assert_eq!(journal.matches("\"event\":\"published\"").count(), 2);
    // One file and a folder, too.
    fs::create_dir(scratch.path("one")).unwrap();
    in_folder(&scratch, "a.csv -o one/ -qq").ended(0);
    assert_eq!(names(&scratch, "one"), ["a.csv"]);
}

#[test]
fn what_stops_one_does_not_stop_the_others() {
    let scratch = Scratch::new();
    scratch.write("a.csv", export(20));
    let mut bad = export(20);
    bad.extend_from_slice(b"short,row\n");
    scratch.write("b.csv", bad);
    scratch.write("c.csv", export(20));
    fs::create_dir(scratch.path("out")).unwrap();
    let done = in_folder(&scratch, "a.csv b.csv c.csv -o out/ -qq --journal j.jsonl").ended(3);
    done.says(&["1 of 3 inputs were not published", "the input is refused"]);
    assert_eq!(names(&scratch, "out"), ["a.csv", "c.csv"]);
    let journal = String::from_utf8(scratch.read("j.jsonl")).unwrap();
    assert_eq!(journal.matches("\"event\":\"published\"").count(), 2);
    assert_eq!(journal.matches("\"event\":\"refused\"").count(), 1);
}

#[test]
fn what_cannot_work_is_refused_before_anything_is_written() {
    let scratch = Scratch::new();
    scratch.write("a.csv", export(20));
    scratch.write("b.csv", "sexe,metier,formation\nF,a,b\n");
    for folder in ["out", "other"] {
        fs::create_dir(scratch.path(folder)).unwrap();
    }
    scratch.write("other/a.csv", export(20));
    for (line, status, said) in cases![
        "a.csv b.csv -o out", 3, "b.csv does not have the columns of a.csv";
        "a.csv b.csv", 2, "the output must be a folder that exists, and - is none";
        "a.csv b.csv -o new/", 2, "new/ is none";
        "a.csv b.csv -o out --manifest m.json", 2, "the manifest must be a folder";
        "a.csv b.csv -o out --report r.html", 2, "the report must be a folder";
        "a.csv - -o out", 2, "standard input has no name";
        "a.csv other/a.csv -o out", 2, "under the same name";
        "a.csv b.csv -o out --head 3", 2, "--head shows the rows of one output";
        "a.csv none.csv -o out", 1, "cannot open the input none.csv";
    ] {
        in_folder(&scratch, line).ended(status).says(&[said]);
        assert_eq!(names(&scratch, "out"), [""; 0], "{line}");
    }
    in_folder(&scratch, "a.csv b.csv -o out --each -qq --dry-run").ended(0);
    assert_eq!(names(&scratch, "out"), [""; 0]);
    in_folder(&scratch, "a.csv b.csv -o out --each -qq").ended(0);
    assert_eq!(names(&scratch, "out"), ["a.csv", "b.csv"]);
}

#[test]
fn a_table_beside_the_input_is_proposed_and_not_used() {
    let scratch = Scratch::new();
    let people = "prenom,ville,telephone\nCanari,Paris,0612345678\nSerin,Lyon,0712345678\n";
    scratch.write("people.csv", people);
    let table = "version = 1\n[columns.ville]\nrule = \"keep\"\n";
    let without = in_folder(&scratch, "people.csv").ended(3);
    assert!(!without.err.contains("crm-anon.toml"));
    scratch.write("crm-anon.toml", table);
    let proposed = in_folder(&scratch, "people.csv").ended(3);
    proposed.says(&["if it is the one for this file: --rules crm-anon.toml"]);
    assert_eq!(proposed.out, b"");
    assert!(!proposed.err.to_lowercase().contains("canari"));
    in_folder(&scratch, "people.csv --rules crm-anon.toml -qq").ended(0);
    // Beside the input, too; and never one that is in use already.
    fs::create_dir(scratch.path("exports")).unwrap();
    fs::rename(
        scratch.path("crm-anon.toml"),
        scratch.path("exports/crm-anon.toml"),
    )
    .unwrap();
    scratch.write("exports/people.csv", people);
    scratch.write("exports/others.csv", "a,b\n1,2\n");
    let beside = in_folder(&scratch, "exports/people.csv").ended(3);
    let there = Path::new("exports").join("crm-anon.toml");
    beside.says(&[&format!("--rules {}", there.display())]);
    let used = in_folder(&scratch, "exports/others.csv -r exports/crm-anon.toml").ended(3);
    assert!(!used.err.contains("if it is the one"), "{}", used.err);
    // Where the table fits, the other one says nothing.
    scratch.write("exports/in.csv", export(5));
    let fits = in_folder(&scratch, "exports/in.csv").ended(0);
    assert!(!fits.err.contains("crm-anon.toml"));
}
