//! `compare`: what releases of one source tell together.

use std::path::Path;

use serde_json::Value;

use crate::support::{COLUMNS, Outcome, Scratch, crm, person, run, to_csv};

/// The files of a folder, compared.
fn compare(scratch: &Scratch, files: &[&str], more: &[&str]) -> Outcome {
    let paths = files.iter().map(|file| scratch.path(file));
    run(crm(["compare"]).args(paths).args(more))
}

/// The figures, which must be as their schema says.
#[track_caller]
fn figures(outcome: &Outcome) -> Value {
    let value: Value = serde_json::from_slice(&outcome.out).unwrap();
    let schema = include_str!("../../src/report/compared/compare.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
    value
}

/// Two classes of two, and the same people in other classes: who is in both is one person.
const OLD: &str = "annee,code,revenus\n1980-1984,75011,0-20000\n1980-1984,75011,20000-40000\n\
                   1985-1989,75 Paris,0-20000\n1985-1989,75 Paris,40000-60000\n";
const NEW: &str = "annee,code,revenus\n1980-1989,75 Paris,0-20000\n1980-1989,75 Paris,40000-60000\n\
                   1981,*,20000-40000\n1981,*,60000-80000\n";
const ROLES: [&str; 4] = ["--quasi", "annee,code", "--sensitive", "revenus"];

/// A rule table that tells what its output's labels stand for.
const RULES: &str = "version = 1\nindex = \"\"\n\
    [columns.naissance]\nrule = \"year\"\nas = \"annee\"\nattribute = \"quasi-identifying\"\n\
    [columns.adresse]\nrule = \"postal_code\"\nas = \"code\"\nattribute = \"quasi-identifying\"\n\
    [columns.salaire]\nrule = { bucket = { width = 20_000 } }\nas = \"revenus\"\nattribute = \"sensitive\"\n";

#[test]
fn labels_stand_for_what_they_hold() {
    let scratch = Scratch::new();
    scratch.write("old.csv", OLD);
    scratch.write("new.csv", NEW);
    let rules = scratch.write("r.toml", RULES);
    let rules = rules.to_str().unwrap();
    let both = ["old.csv", "new.csv"];
    let told = figures(&compare(&scratch, &both, &["-r", rules, "--format", "json"]).ended(0));
    let pair = &told["comparisons"][0];
    // 0-20000 of 1980-1989 may be either of two; the others that are in both are certain.
    assert_eq!(pair["linked"]["all_columns"], 2);
    assert_eq!(pair["linked"]["quasi_identifying"], 0);
    assert_eq!(pair["candidates"]["least"], 1);
    assert_eq!(pair["newcomers"]["all"], 1);
    assert_eq!(pair["newcomers"]["alone"], 1);
    assert_eq!(pair["gone"], 0);
    assert_eq!(told["columns"]["sensitive"][0], "revenus");
    // Nobody says what the labels hold, so those of codes are mere words.
    let plain = [&ROLES[..], &["-r", "protection", "--format", "json"]].concat();
    let told = figures(&compare(&scratch, &both, &plain).ended(0));
    let pair = &told["comparisons"][0];
    assert_eq!(pair["newcomers"]["quasi_identifying"], 0);
    assert_eq!(pair["gone"], 1);
}

#[test]
fn thresholds_end_with_status_4() {
    let scratch = Scratch::new();
    scratch.write("old.csv", OLD);
    scratch.write("new.csv", NEW);
    scratch.write("none.csv", "annee,code,revenus\n");
    for (case, files, more, status, says) in cases![
        "none", &["old.csv", "new.csv"][..], &[][..], 0, "";
        "linked", &["old.csv", "old.csv"], &["--max-linked", "50%"], 4, "4 of 4 rows (100.00 %) are linked one to one";
        "met", &["old.csv", "old.csv"], &["--max-linked", "100%", "--min-candidates", "2"], 0, "";
        "candidates", &["old.csv", "old.csv"], &["--min-candidates", "3"], 4, "the least number of candidates is 2";
        "of three files, each pair",
        &["old.csv", "old.csv", "new.csv"],
        &["--min-candidates", "2"],
        4,
        "new.csv: the least number of candidates is 1";
        "nobody", &["old.csv", "none.csv"], &["--min-candidates", "2", "--max-linked", "0%"], 0, "";
    ] {
        let outcome = compare(&scratch, files, &[&ROLES[..], more].concat());
        assert_eq!(
            outcome.status.code(),
            Some(status),
            "{case}: {}",
            outcome.err
        );
        assert!(outcome.err.contains(says), "{case}: {}", outcome.err);
        assert!(!outcome.err.contains("0-20000"), "{case}");
    }
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let scratch = Scratch::new();
    scratch.write("old.csv", OLD);
    scratch.write("other.csv", "ville,metier\nLyon,maire\nParis,maire\n");
    scratch.write("broken.csv", "annee,code,revenus\n1980,75011\n");
    for (case, files, more, status, says) in cases![
        "one file", &["old.csv"][..], &[][..], 2, "NEW";
        "no such column", &["old.csv", "old.csv"], &["--quasi", "sexe"], 2, "no column `sexe`";
        "no such person", &["old.csv", "old.csv"], &["--person", "jeton"], 2, "no column `jeton`";
        "nothing in common", &["old.csv", "other.csv"], &["--header"], 2, "no quasi-identifying column";
        "a broken file", &["old.csv", "broken.csv"], &ROLES[..], 3, "broken";
        "no such file", &["old.csv", "nobody.csv"], &[], 1, "nobody.csv";
    ] {
        let outcome = compare(&scratch, files, more);
        assert_eq!(
            outcome.status.code(),
            Some(status),
            "{case}: {}",
            outcome.err
        );
        if case != "a broken file" {
            assert!(outcome.err.contains(says), "{case}: {}", outcome.err);
        }
        assert!(outcome.out.is_empty(), "{case}");
        assert!(!outcome.err.contains("0-20000"), "{case}");
    }
    let twice = run(&mut crm(["compare", "-", "-"]));
    assert_eq!(twice.status.code(), Some(2));
    twice.says(&["only one of the files can be standard input"]);
}

#[test]
fn two_nights_of_the_built_in_table_are_compared() {
    let scratch = Scratch::new();
    let night = |from: u64, to: u64| to_csv(&COLUMNS, (from..=to).map(person), b',');
    scratch.write("in1.csv", night(1, 200));
    scratch.write("in2.csv", night(11, 210));
    for (input, output) in [("in1.csv", "n1.csv"), ("in2.csv", "n2.csv")] {
        let paths = [
            scratch.path(input),
            "-o".into(),
            scratch.path(output),
            "-q".into(),
        ];
        run(&mut crm(paths)).ended(0);
    }
    let html = scratch.path("r.html");
    let report = [
        "--format",
        "json",
        "--report",
        html.to_str().unwrap(),
        "--lang",
        "fr",
    ];
    let mut found = Vec::new();
    for threads in ["1", "3"] {
        let more = [&report[..], &["-j", threads]].concat();
        found.push(figures(
            &compare(&scratch, &["n1.csv", "n2.csv"], &more).ended(0),
        ));
    }
    assert_eq!(found[0], found[1]);
    let pair = &found[0]["comparisons"][0];
    assert_eq!(
        (&pair["old"]["rows"], &pair["new"]["rows"]),
        (&200.into(), &200.into())
    );
    let newcomers = pair["newcomers"]["all"].as_u64().unwrap();
    assert!(newcomers <= 10, "{newcomers}");
    // The order was kept, and the index is another one each night.
    assert_eq!(pair["order"]["in_order"], pair["order"]["linked_pairs"]);
    assert_eq!(pair["index"]["same"], 0);
    let page = String::from_utf8(scratch.read("r.html")).unwrap();
    for part in [
        "Comparaison de versions",
        "moins de 5 candidats",
        "n1.csv",
        "Ordre et index",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<script"), "a script");
    let text = compare(&scratch, &["n1.csv", "n2.csv"], &["--lang", "fr"])
        .ended(0)
        .text();
    assert!(text.contains("plus petit nombre de candidats"), "{text}");
    // A report that would take the place of an input is refused.
    let over = scratch.path("n2.csv");
    let refused = compare(
        &scratch,
        &["n1.csv", "n2.csv"],
        &["--report", over.to_str().unwrap()],
    );
    assert_eq!(refused.status.code(), Some(2), "{}", refused.err);
}

#[test]
fn persons_are_counted_where_they_are_known() {
    let scratch = Scratch::new();
    scratch.write(
        "old.csv",
        "jeton,annee,formule\na,1980,x\na,1980,y\nb,1981,x\nc,1981,x\n",
    );
    scratch.write(
        "new.csv",
        "jeton,annee,formule\nd,1980,x\nd,1980,y\ne,1981,x\nf,1981,x\n",
    );
    let more = [
        "--quasi", "annee", "--ignore", "jeton", "--header", "--format", "json",
    ];
    let by_rows = figures(&compare(&scratch, &["old.csv", "new.csv"], &more).ended(0));
    assert_eq!(by_rows["comparisons"][0]["candidates"]["one"], 0);
    let more = [
        "--quasi", "annee", "--person", "jeton", "--header", "--format", "json",
    ];
    let by_persons = figures(&compare(&scratch, &["old.csv", "new.csv"], &more).ended(0));
    let pair = &by_persons["comparisons"][0];
    assert_eq!(
        (&by_persons["counted"], &pair["new"]["counted"]),
        (&"persons".into(), &3.into())
    );
    assert_eq!(
        (&pair["linked"]["all_columns"], &pair["candidates"]["one"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn standard_input_may_be_one_of_them() {
    let scratch = Scratch::new();
    let old = scratch.write("old.csv", OLD);
    let args = [Path::new("compare"), &old, Path::new("-")];
    let outcome = crate::support::run_with_input(crm(args).args(ROLES), NEW.as_bytes());
    outcome.ended(0);
}
