//! `--population`, and `population` in `[privacy]`: the journalist's risk by a table of the population.

use std::path::Path;

use serde_json::Value;

use crate::support::{Outcome, Scratch, crm, run, schema};

/// Two women of four; one of one; three men of two, by a table of another year; one whom it does not know.
const FILE: &str =
    "code_postal,sexe\n75011,F\n75011,F\n69001,F\n69001,M\n69001,M\n69001,M\n13001,F\n";
const POPULATION: &str = "place;sex;count\n75011;F;4\n75011;M;10\n69001;F;1\n69001;M;2\n";

fn audit(scratch: &Scratch, more: &[&str]) -> Outcome {
    let (file, table) = (scratch.path("file.csv"), scratch.path("p.csv"));
    let mut command = crm([Path::new("audit"), &file, Path::new("--population"), &table]);
    run(command.args(more))
}

fn scratch(file: &str, population: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("file.csv", file);
    scratch.write("p.csv", population);
    scratch
}

#[test]
fn the_inhabitants_of_postal_codes_are_built_in() {
    let scratch = scratch(FILE, POPULATION);
    let told = |more: &[&str]| {
        let file = scratch.path("file.csv");
        let insee = ["--population", "insee", "--quasi", "code_postal,sexe"];
        let mut command = crm([Path::new("audit"), &file]);
        run(command.args(insee).args(more)).ended(0)
    };
    let json: Value = serde_json::from_slice(&told(&["--format", "json"]).out).unwrap();
    let population = &json["population"];
    assert_eq!(population["file"], "insee");
    assert_eq!(population["columns"][0]["column"], "code_postal");
    assert_eq!(population["beyond"][0], "sexe");
    // All people in France, and nobody of the file is alone among those of a postal code.
    let persons = population["persons"].as_f64().unwrap();
    assert!((66e6..72e6).contains(&persons), "{persons}");
    let alone = population["table_alone"]["highest"].as_f64().unwrap();
    assert!(alone < 1e-3, "{alone}");
    let average = |model: &str| population[model]["average"].as_f64().unwrap();
    assert!(average("table_alone") < average("estimated"));
    assert!(
        told(&["--lang", "en"])
            .text()
            .contains("insee (inhabitants")
    );
    // In a rule table, and in a run that writes a report beside its output.
    scratch.write(
        "t.toml",
        "version = 1\n[privacy]\npopulation = \"insee\"\n\
         [columns.code_postal]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\n\
         [columns.sexe]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\n",
    );
    let path = |name: &str| scratch.path(name).into_os_string().into_string().unwrap();
    let (file, table) = (path("file.csv"), path("t.toml"));
    let (output, report, manifest) = (path("o.csv"), path("r.html"), path("m.json"));
    let written = ["-o", &output, "--report", &report, "--manifest", &manifest];
    run(crm([file.as_str(), "-r", &table]).args(written)).ended(0);
    let manifest: Value = serde_json::from_slice(&std::fs::read(manifest).unwrap()).unwrap();
    assert_eq!(manifest["privacy"]["population"]["file"], "insee");
    assert!(std::fs::read_to_string(report).unwrap().contains("insee"));
}

#[test]
fn risks_are_those_in_the_population() {
    let scratch = scratch(FILE, POPULATION);
    let quasi = ["--quasi", "code_postal,sexe"];
    let outcome = audit(&scratch, &[&quasi[..], &["--format", "json"]].concat()).ended(0);
    let told: Value = serde_json::from_slice(&outcome.out).unwrap();
    let of_audit = include_str!("../../src/report/audited/audit.schema.json");
    let of_audit: Value = serde_json::from_str(of_audit).unwrap();
    jsonschema::validate(&of_audit, &told).unwrap();
    let population = &told["population"];
    for (name, expected) in [
        ("persons", 17.0),
        ("expected_unique", 2.0),
        ("expected_unique_share", 2.0 / 7.0),
        ("classes_above_threshold", 4.0),
        ("classes_undercounted", 1.0),
        ("classes_unknown", 1.0),
    ] {
        let found = population[name].as_f64().unwrap();
        assert!((found - expected).abs() < 1e-12, "{name}: {found}");
    }
    let average = |model: &Value| model["average"].as_f64().unwrap();
    // 2 · 1/4 + 1 + 3 · 1/3 + 1, of 7.
    for model in [
        &population["table_alone"],
        &population["estimated"],
        &told["risk"]["journalist"],
    ] {
        assert!((average(model) - 0.5).abs() < 1e-12, "{model}");
    }
    assert_eq!(average(&told["risk"]["prosecutor"]), 4.0 / 7.0);
    assert_eq!(
        told["risk"]["marketer"],
        told["risk"]["journalist"]["average"]
    );
    assert_eq!(population["columns"][0]["column"], "code_postal");
    assert_eq!(population["beyond"], Value::Array(Vec::new()));
    let english = audit(&scratch, &[&quasi[..], &["--lang", "en"]].concat()).ended(0);
    assert!(
        english
            .text()
            .contains("p.csv: 17 persons by place = code_postal, sex = sexe")
    );
    assert!(english.text().contains("2.0 expected, 28.57%"));
    assert!(!english.text().contains("for the whole population"));
    let french = audit(&scratch, &[&quasi[..], &["--lang", "fr"]].concat()).ended(0);
    assert!(
        french
            .text()
            .contains("17 personnes par place = code_postal")
    );
    assert!(french.text().contains("2,0 attendues"));
}

#[test]
fn columns_that_the_table_does_not_have_are_estimated() {
    let scratch = scratch(
        "code,sexe,metier\n75011,F,a\n75011,F,b\n75011,M,a\n",
        "place;count\n75011;300\n",
    );
    let quasi = ["--quasi", "code,sexe,metier", "--format", "json"];
    let told = ["--population-column", "place=code"];
    let outcome = audit(&scratch, &[&quasi[..], &told].concat()).ended(0);
    let told: Value = serde_json::from_slice(&outcome.out).unwrap();
    let population = &told["population"];
    assert_eq!(population["beyond"], serde_json::json!(["sexe", "metier"]));
    // No two of the three have the same sex and job: a shape of 1 − 0.9, and p = 3 / 300.
    let unique = population["expected_unique"].as_f64().unwrap();
    assert!((unique - 3.0 * 0.01_f64.powf(0.1)).abs() < 1e-9, "{unique}");
    let average = |model: &str| population[model]["average"].as_f64().unwrap();
    assert!((average("table_alone") - 1.0 / 300.0).abs() < 1e-12);
    assert!(average("estimated") > unique / 3.0 && average("estimated") < 1.0);
}

const RULES: &str = "version = 1\nindex = \"\"\n\
    [privacy]\npopulation = { file = \"p.csv\", place = \"Code\" }\n\
    [columns.code_postal]\nrule = \"keep\"\nas = \"Code\"\nattribute = \"quasi-identifying\"\nleftovers = \"ignore\"\n\
    [columns.sexe]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\n";

#[test]
fn the_main_job_tells_it_in_manifest_report_and_summary() {
    let scratch = scratch(FILE, POPULATION);
    let (file, rules) = (scratch.path("file.csv"), scratch.write("r.toml", RULES));
    let (out, manifest) = (scratch.path("out.csv"), scratch.path("m.json"));
    let report = scratch.path("r.html");
    let job = |more: &[&str]| {
        let mut command = crm([&file, Path::new("-r"), &rules, Path::new("-o"), &out]);
        command.args([Path::new("--manifest"), &manifest]);
        command.args([Path::new("--report"), &report]);
        run(command.args(["--lang", "en"]).args(more))
    };
    let outcome = job(&[]).ended(0);
    outcome.says(&["expected to be unique in the population: 2.0"]);
    let told = schema::manifest(&scratch.read("m.json"));
    let population = &told["privacy"]["population"];
    assert_eq!(population["expected_unique"], 2.0);
    assert_eq!(population["columns"][0]["column"], "Code");
    assert_eq!(told["rules"]["files"][0]["sha256"], population["sha256"]);
    let page = String::from_utf8(scratch.read("r.html")).unwrap();
    assert!(
        page.contains("Rows expected to be unique in the population"),
        "{page}"
    );
    // The command line comes first; generalised labels are held by their places.
    scratch.write(
        "q.csv",
        "place;count\n75011;40\n75012;60\n69001;50\n13001;1\n",
    );
    let other = scratch.path("q.csv");
    job(&["--population", other.to_str().unwrap(), "--k", "2"]).ended(0);
    let told = schema::manifest(&scratch.read("m.json"));
    let population = &told["privacy"]["population"];
    assert_eq!(population["persons"], 151.0);
    assert_eq!(population["classes_unknown"], 0);
}

#[test]
fn what_does_not_fit_is_refused() {
    let by_age = "place;age;count\n75011;30-34;5\n";
    for (case, file, population, more, expected) in [
        (
            "no column of the table's",
            "metier,ville\na,b\n",
            POPULATION,
            &["--quasi", "metier,ville"][..],
            "none of the quasi-identifying columns is a place",
        ),
        (
            "years in the data, ages in the table",
            "code_postal,annee_naissance\n75011,1990\n",
            by_age,
            &["--quasi", "code_postal,annee_naissance"],
            "name its column `birth_year`",
        ),
        (
            "a column that does not count",
            FILE,
            POPULATION,
            &[
                "--quasi",
                "sexe",
                "--population-column",
                "place=code_postal",
            ],
            "`code_postal` is not a quasi-identifying column",
        ),
        (
            "no value of a column",
            "code_postal\n33000\n33100\n",
            POPULATION,
            &["--quasi", "code_postal"],
            "no value of column `code_postal`",
        ),
        (
            "a part that the table lacks",
            FILE,
            "place;count\n75011;5\n",
            &["--quasi", "sexe", "--population-column", "sex=sexe"],
            "no column `sex`",
        ),
        (
            "no part",
            FILE,
            POPULATION,
            &["--quasi", "sexe", "--population-column", "town=sexe"],
            "expected place=COLUMN",
        ),
        (
            "a bad count",
            FILE,
            "place;count\n75011;-5\n",
            &["--quasi", "sexe"],
            "row 2: the count is no number from 0 on",
        ),
        (
            "as a query",
            FILE,
            POPULATION,
            &["--sql", "--dialect", "duckdb"],
            "--population",
        ),
    ] {
        let scratch = scratch(file, population);
        let outcome = audit(&scratch, &[more, &["--header", "--lang", "en"]].concat());
        assert_eq!(outcome.code(), 2, "{case}: {}", outcome.err);
        outcome.says(&[expected]);
        assert!(!outcome.err.contains("33000"), "{case}");
    }
    let scratch = Scratch::new();
    scratch.write("r.toml", RULES);
    let rules = scratch.path("r.toml");
    let file = scratch.write("file.csv", FILE);
    let outcome = run(&mut crm([
        &file,
        Path::new("-r"),
        &rules,
        Path::new("--lang"),
        Path::new("en"),
    ]));
    outcome
        .ended(2)
        .says(&["the population file", "p.csv", "os error 2"]);
}

#[test]
fn the_report_never_replaces_the_table() {
    let scratch = scratch(FILE, POPULATION);
    let table = scratch.path("p.csv");
    let report = [
        "--quasi",
        "code_postal,sexe",
        "--report",
        table.to_str().unwrap(),
    ];
    audit(&scratch, &report).ended(2);
    assert_eq!(scratch.read("p.csv"), POPULATION.as_bytes());
}
