//! Whose rows are whose: `--person` and `[privacy] person`, and what a run says that nobody told.

use std::path::Path;

use serde_json::Value;

use crate::support::{Outcome, Scratch, crm, run};

/// Customers with several contracts, and the rules for them.
const RULES: &str = "version = 1\nindex = \"\"\n\
    [columns.id_client]\nrule = \"drop\"\nattribute = \"identifying\"\n\
    [columns.ville]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\nleftovers = \"ignore\"\n\
    [columns.dossier]\nrule = \"keep\"\nattribute = \"sensitive\"\nleftovers = \"ignore\"\n";

/// Two customers in A, and one with three contracts in B.
const ROWS: &str =
    "id_client,ville,dossier\nK7001,A,x\nK7002,A,y\nK7009,B,x\nK7009,B,x\nK7009,B,y\n";

fn job(scratch: &Scratch, rules: &str, more: &[&str]) -> Outcome {
    let (input, rules) = (
        scratch.write("in.csv", ROWS),
        scratch.write("r.toml", rules),
    );
    let (out, manifest) = (scratch.path("out.csv"), scratch.path("m.json"));
    let mut command = crm([&input, Path::new("-r"), &rules, Path::new("-o"), &out]);
    command
        .args([Path::new("--manifest"), &manifest])
        .args(more);
    run(&mut command)
}

fn told(scratch: &Scratch) -> Value {
    let manifest: Value = serde_json::from_slice(&scratch.read("m.json")).unwrap();
    manifest["privacy"].clone()
}

#[test]
fn rows_of_one_person_are_no_twins() {
    let scratch = Scratch::new();
    let k = ["--k", "2", "--max-suppressed", "100%"];
    // By rows, B is a class of three.
    let outcome = job(&scratch, RULES, &k).ended(0);
    outcome.says(&[
        "5 rows are those of 3 persons by column `id_client`",
        "--person id_client",
    ]);
    let by_rows = told(&scratch);
    assert_eq!((&by_rows["k"], &by_rows["classes"]), (&2.into(), &2.into()));
    assert_eq!(by_rows["counted"], "rows");
    assert!(
        ["C", "D", "E"]
            .map(Value::from)
            .contains(&by_rows["score"]["letter"])
    );
    let in_table = format!("{RULES}[privacy]\nperson = \"id_client\"\n");
    let in_list = format!("{RULES}[privacy]\nperson = [\"Id-Client\"]\n");
    let said = [&k[..], &["--person", "id_client"]].concat();
    for (case, rules, more) in [
        ("said", RULES, said.as_slice()),
        ("in the table", &in_table, &k),
        ("in a list", &in_list, &k),
    ] {
        let outcome = job(&scratch, rules, more).ended(0);
        assert!(!outcome.err.contains("K70"), "{case}: {}", outcome.err);
        let by_persons = told(&scratch);
        let manifest = String::from_utf8(scratch.read("m.json")).unwrap();
        assert!(!manifest.contains("K70"), "{case}");
        assert_eq!(by_persons["counted"], "persons", "{case}");
        assert_eq!(
            (&by_persons["k"], &by_persons["classes"]),
            (&3.into(), &1.into()),
            "{case}"
        );
        assert_eq!(by_persons["rows"], 5, "{case}");
        assert_eq!(by_persons["persons"]["persons"], 3, "{case}");
        assert_eq!(by_persons["persons"]["with_several_rows"], 1, "{case}");
        assert_eq!(
            by_persons["persons"]["alone_with_all_their_rows"], 1,
            "{case}"
        );
    }
}

#[test]
fn the_verdict_of_the_report_speaks_of_what_was_counted() {
    let scratch = Scratch::new();
    let page = scratch.path("r.html");
    let report = ["--report", page.to_str().unwrap()];
    let k = ["--k", "2", "--max-suppressed", "100%"];
    let person = ["--person", "id_client"];
    let one_row_each = "One person, one row is assumed";
    let together = "persons with several rows (fewer than 5), fewer than 5 would be";
    for (more, verdict, others) in [
        (
            &k[..],
            "Of 5 rows, none is the only one",
            &[one_row_each][..],
        ),
        (
            &[&k[..], &person].concat(),
            "Of 3 persons, none is alone in a group",
            &[together],
        ),
        (
            &person,
            "Of 3 persons, fewer than 5 can be singled out",
            &[],
        ),
    ] {
        job(
            &scratch,
            RULES,
            &[more, &report, &["--lang", "en"]].concat(),
        )
        .ended(0);
        let text = String::from_utf8(scratch.read("r.html")).unwrap();
        let (told, _) = text.split_once("Confidence score</h2>").unwrap();
        assert!(told.contains(verdict), "{more:?}: {told}");
        for said in [one_row_each, together] {
            assert_eq!(
                text.contains(said),
                others.contains(&said),
                "{more:?}: {said}"
            );
        }
    }
}

#[test]
fn thresholds_count_persons() {
    let scratch = Scratch::new();
    for (case, more, status, says) in cases![
        "by rows", &["--min-k", "2"][..], 0, "";
        "by persons", &["--min-k", "2", "--person", "id_client"], 4, "k is 1";
        "persons alone", &["--max-unique", "0%", "--person", "id_client"], 4, "1 of 3 persons (33.33 %) is alone";
        "a share", &["--max-share", "50%"], 4, "66.67 % of a class have one value of dossier";
        "a share that is met", &["--max-share", "67%"], 0, "";
        // Of B's one person both values are known.
        "a share of persons", &["--max-share", "67%", "--person", "id_client"], 4, "100.00 %";
        "no such column", &["--min-k", "2", "--person", "matricule"], 2, "no column `matricule`";
    ] {
        let outcome = job(&scratch, RULES, more).ended(status);
        assert!(outcome.err.contains(says), "{case}: {}", outcome.err);
    }
}

#[test]
fn a_table_names_a_column_or_a_list_of_columns() {
    let scratch = Scratch::new();
    for person in ["[]", "\"\"", "1", "[\"id_client\", 2]"] {
        let rules = format!("{RULES}[privacy]\nperson = {person}\n");
        let outcome = job(&scratch, &rules, &[]).ended(2);
        assert!(
            outcome.err.contains("name of a column"),
            "{person}: {}",
            outcome.err
        );
    }
}

#[test]
fn rows_leave_in_random_order_with_k_unless_told_otherwise() {
    let scratch = Scratch::new();
    let rows: Vec<String> = (0..400).map(|row| format!("K{row},A,v{row}")).collect();
    let input = scratch.write(
        "in.csv",
        format!("id_client,ville,dossier\n{}\n", rows.join("\n")),
    );
    let rules = scratch.write("r.toml", RULES);
    let order = |more: &[&str]| {
        let mut command = crm([&input, Path::new("-r"), &rules]);
        let outcome = run(command.args(["-q", "--on-leftover", "warn"]).args(more)).ended(0);
        outcome.text()
    };
    let kept = order(&[]);
    let mut sorted: Vec<&str> = kept.lines().collect();
    sorted.sort_unstable();
    for (more, keeps) in [
        (&["--k", "2"][..], false),
        (&["--k", "2", "--keep-order"], true),
        (&["--shuffle"], false),
        (&["--keep-order"], true),
    ] {
        let found = order(more);
        assert_eq!(found == kept, keeps, "{more:?}");
        let mut lines: Vec<&str> = found.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, sorted, "{more:?}");
    }
    let mut both = crm([&input, Path::new("-r"), &rules]);
    run(both.args(["--shuffle", "--keep-order"])).ended(2);
}

#[test]
fn values_that_few_have_are_warned_about() {
    let scratch = Scratch::new();
    let outcome = job(&scratch, RULES, &["--k", "2", "--max-suppressed", "100%"]).ended(0);
    assert!(
        !outcome.err.contains("values that fewer"),
        "{}",
        outcome.err
    );
    let more = ["--k", "3", "--max-suppressed", "100%"];
    let outcome = job(&scratch, RULES, &more).ended(0);
    outcome.says(&["values that fewer than 3 rows have: 1 in column `dossier`"]);
    let more = [&more[..], &["--person", "id_client"]].concat();
    let outcome = job(&scratch, RULES, &more).ended(0);
    outcome.says(&["values that fewer than 3 persons have: 2 in column `dossier`"]);
}

#[test]
fn an_audit_counts_persons_of_a_column_of_the_file() {
    let scratch = Scratch::new();
    let input = scratch.write("in.csv", ROWS);
    let audit = |more: &[&str]| {
        let mut command = crm([Path::new("audit"), &input]);
        command.args(["--quasi", "ville", "--sensitive", "dossier", "--header"]);
        run(command.args(more)).ended(0)
    };
    let english = audit(&["--person", "id_client", "--lang", "en"]);
    for line in [
        "3 persons: the figures below count persons",
        "persons with several rows",
        "persons alone in a class",
    ] {
        assert!(english.text().contains(line), "{line}: {}", english.text());
    }
    let french = audit(&["--person", "id_client", "--lang", "fr"]);
    assert!(
        french.text().contains("personnes seules dans une classe"),
        "{}",
        french.text()
    );
    let json: Value =
        serde_json::from_str(&audit(&["--person", "id_client", "--format", "json"]).text())
            .unwrap();
    let schema: Value =
        serde_json::from_str(include_str!("../../src/report/audited/audit.schema.json")).unwrap();
    assert!(
        jsonschema::validator_for(&schema).unwrap().is_valid(&json),
        "{json:#}"
    );
    assert_eq!((&json["k"], &json["unique_rows"]), (&1.into(), &1.into()));
    assert_eq!(json["columns"][0]["judged_by"], "person");
}
