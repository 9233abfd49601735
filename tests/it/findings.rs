//! What `check` and `audit` find, in the forms that services for continuous integration show.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Outcome, Scratch, crm, export, run};

const FORMATS: [&str; 5] = ["json", "github", "gitlab", "sarif", "junit"];

/// A SARIF log, which must be as the schema of SARIF says.
#[track_caller]
fn sarif(text: &[u8]) -> Value {
    let log: Value = serde_json::from_slice(text).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/schemas/sarif-2.1.0.json");
    let mut schema: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    // As published, this pattern closes a bracket that it does not open.
    let definitions = schema["definitions"].as_object_mut().unwrap();
    for definition in definitions.values_mut() {
        if let Some(language) = definition.pointer_mut("/properties/language/pattern") {
            *language = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
        }
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors = validator.iter_errors(&log).map(|error| error.to_string());
    let errors: Vec<String> = errors.collect();
    assert!(errors.is_empty(), "{errors:#?}\n{log:#}");
    log
}

/// The codes of the findings, by the form of the text.
#[track_caller]
fn codes(format: &str, text: &[u8]) -> Vec<String> {
    let strings = |values: &Value, key: &str| -> Vec<String> {
        let values = values.as_array().unwrap().iter();
        values
            .map(|value| value[key].as_str().unwrap().to_owned())
            .collect()
    };
    match format {
        "json" => {
            let findings: Value = serde_json::from_slice(text).unwrap();
            strings(&findings["findings"], "code")
        }
        "github" => {
            let lines = std::str::from_utf8(text).unwrap().lines();
            let lines = lines.map(|line| {
                let rest = line.strip_prefix("::error file=").unwrap();
                let (_, rest) = rest.split_once(",title=").unwrap();
                rest.split_once("::").unwrap().0.to_owned()
            });
            lines.collect()
        }
        "gitlab" => strings(&serde_json::from_slice(text).unwrap(), "check_name"),
        "sarif" => strings(&sarif(text)["runs"][0]["results"], "ruleId"),
        "junit" => {
            let text = std::str::from_utf8(text).unwrap();
            let document = roxmltree::Document::parse(text).unwrap();
            let failures = document.descendants();
            let failures = failures.filter(|node| node.has_tag_name("failure"));
            failures
                .map(|node| node.attribute("type").unwrap().to_owned())
                .collect()
        }
        other => panic!("{other}"),
    }
}

fn in_form(scratch: &Scratch, arguments: &[&str], format: &str) -> Outcome {
    let mut command = crm(arguments);
    command.args(["--format", format]).env("LC_ALL", "C");
    run(command.current_dir(scratch.folder()))
}

#[test]
fn each_form_holds_the_same_findings_and_no_cell() {
    let scratch = Scratch::new();
    let people = "Marie Canari,F,bac,canari@exemple.test\n";
    scratch.write(
        "drift.csv",
        format!("nom,sexe,formations,Segment\n{people}"),
    );
    scratch.write("short.toml", "version = 1\n[columns.nom]\nrule = \"drop\"\n[columns.sexe]\nrule = \"keep\"\n[columns.formation]\nrule = \"keep\"\n[columns.ville]\nrule = \"keep\"\n");
    scratch.write(
        "wrong.toml",
        "version = 1\n[columns.nom]\nrule = \"dorp\"\n",
    );
    scratch.write("rows.csv", export(40));
    scratch.write("broken.csv", "nom,sexe\n\"Canari,F\n");
    for (arguments, status, expected) in cases![
        &["check", "anonymisation"][..], 0, &[][..];
        &["check", "short.toml", "--columns", "sexe,formation,ville,nom"], 0, &[];
        &["check", "short.toml", "drift.csv"], 3, &["column_renamed", "column_added", "column_gone"];
        &["check", "wrong.toml"], 2, &["table_wrong"];
        &["check", "none.toml"], 2, &["table_unknown"];
        &["audit", "rows.csv", "--quasi", "sexe"], 0, &[];
        &[
            "audit", "rows.csv", "--quasi", "metier,revenus", "--min-k", "30", "--max-unique",
            "0%",
        ],
        4,
        &["min_k", "max_unique"];
        &["audit", "broken.csv"], 3, &["unclosed_quote"];
        &["audit", "none.csv"], 1, &["input_open"];
    ] {
        for format in FORMATS {
            if format == "json" && arguments[0] == "audit" {
                continue;
            }
            let done = in_form(&scratch, arguments, format).ended(status);
            let found = codes(format, &done.out);
            assert_eq!(found, expected, "{arguments:?} as {format}");
            let all = (done.text() + &done.err).to_lowercase();
            assert!(!all.contains("canari"), "{arguments:?} as {format}");
        }
    }
}

#[test]
fn a_wrong_table_is_shown_at_its_line() {
    let scratch = Scratch::new();
    scratch.write(
        "wrong.toml",
        "version = 1\n[columns.nom]\nrule = \"dorp\"\n",
    );
    let at = |format: &str| in_form(&scratch, &["check", "wrong.toml"], format).ended(2);
    assert!(
        at("github")
            .text()
            .starts_with("::error file=wrong.toml,line=3,col=8,title=table_wrong::")
    );
    let log = sarif(&at("sarif").out);
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startLine"], 3);
    assert_eq!(
        log["runs"][0]["tool"]["driver"]["rules"][0]["id"],
        "table_wrong"
    );
    let report: Value = serde_json::from_slice(&at("gitlab").out).unwrap();
    assert_eq!(report[0]["location"]["lines"]["begin"], 3);
}

#[test]
fn columns_that_have_changed_end_with_status_3() {
    let scratch = Scratch::new();
    scratch.write("rows.toml", "version = 1\n[columns.revenus]\nrule = { bucket = { width = 100 } }\n[columns.sexe]\nrule = \"keep\"\n[columns.ville]\nrule = \"keep\"\noptional = true\n");
    scratch.write("names.txt", "revenus\nsexe\n");
    let check = |more: &[&str]| {
        let mut command = crm(["check", "rows.toml"]);
        run(command
            .args(more)
            .env("LC_ALL", "C")
            .current_dir(scratch.folder()))
    };
    check(&["--columns", "revenus,sexe"]).ended(0);
    check(&["--columns", "names.txt"]).ended(0);
    check(&["--columns", "Revenus,SEXE,ville"]).ended(0);
    let done = check(&["--columns", "revenu,sexe,age"]).ended(3);
    done.says(&[
        "the columns are not those of the rule table, 2 changes:",
        "perhaps renamed: `revenus` is now `revenu`",
        "added: `age`",
    ]);
    assert_eq!(done.out, b"");
    check(&["--columns", "revenus"])
        .ended(3)
        .says(&["1 change:", "gone: `sexe`"]);
    // The old way tells and accepts.
    scratch.write("a.csv", "revenus,sexe,age\n1,F,20\n");
    check(&["a.csv"]).ended(3).says(&["added: `age`"]);
    check(&["--header", "a.csv"]).ended(0);
    check(&["a.csv", "--columns", "a"]).ended(2);
    check(&["a.csv", "--header", "a.csv"]).ended(2);
}
