//! `inspect`: what it proposes for exports as CRMs make them, held against the built-in table and
//! against the main job, and what its JSON says.

mod exports;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use exports::EXPORTS;
use serde_json::Value;

use crate::support::{Scratch, crm, run};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

fn inspect(path: &Path, options: &[&str]) -> String {
    let mut command = crm(["inspect", "--lang", "en"]);
    run(command.arg(path).args(options)).ended(0).text()
}

/// The rules of a table: the kind and its options, by column.
fn rules(text: &str) -> BTreeMap<String, (String, toml::Table)> {
    let table: toml::Table = text.parse().unwrap();
    let columns = table["columns"].as_table().unwrap();
    let rule = |value: &toml::Value| match &value["rule"] {
        toml::Value::String(kind) => (kind.clone(), toml::Table::new()),
        toml::Value::Table(rule) => {
            let (kind, options) = rule.iter().next().unwrap();
            (kind.clone(), options.as_table().unwrap().clone())
        }
        other => panic!("{other:?}"),
    };
    columns
        .iter()
        .map(|(name, value)| (name.clone(), rule(value)))
        .collect()
}

/// Whether a rule takes at least as much away as another: `drop` more than what makes coarser, that
/// more than `keep`; of one kind, the wider; of two that make coarser, none.
fn at_least_as_strict(a: &(String, toml::Table), b: &(String, toml::Table)) -> bool {
    let rank = |kind: &str| match kind {
        "drop" => 2,
        "keep" => 0,
        "year" | "bucket" | "postal_code" | "yes_no" => 1,
        other => panic!("{other:?}"),
    };
    let number = |options: &toml::Table, key: &str| {
        options
            .get(key)
            .map_or(0, |value| value.as_integer().unwrap())
    };
    match (rank(&a.0), rank(&b.0)) {
        (1, 1) => {
            a.0 == b.0
                && ["width", "min_population"]
                    .iter()
                    .all(|key| number(&a.1, key) >= number(&b.1, key))
        }
        // A category of article 9 must stay named.
        (2, 2) => {
            b.1.get("article_9")
                .is_none_or(|category| a.1.get("article_9") == Some(category))
        }
        (a, b) => a > b || a == 0 && b == 0,
    }
}

#[test]
fn strictness_is_an_order() {
    let rule = |text: &str| {
        rules(&format!("[columns.a]\nrule = {text}"))
            .remove("a")
            .unwrap()
    };
    let drop = rule("\"drop\"");
    let health = rule("{ drop = { article_9 = \"health\" } }");
    let (wide, narrow) = (
        rule("{ bucket = { width = 9 } }"),
        rule("{ bucket = { width = 5 } }"),
    );
    let (year, keep) = (rule("\"year\""), rule("\"keep\""));
    for (a, b, expected) in [
        (&drop, &keep, true),
        (&drop, &wide, true),
        (&keep, &drop, false),
        (&keep, &year, false),
        (&year, &keep, true),
        (&wide, &narrow, true),
        (&narrow, &wide, false),
        (&wide, &year, false),
        (&year, &year, true),
        (&keep, &keep, true),
        (&health, &drop, true),
        (&drop, &health, false),
    ] {
        assert_eq!(at_least_as_strict(a, b), expected, "{a:?} {b:?}");
    }
}

#[test]
fn the_proposal_for_the_28_columns_is_at_least_as_strict_as_the_built_in_table() {
    let builtin = rules(&run(&mut crm(["rules"])).ended(0).text());
    for name in [
        "export_crm.csv",
        "export_crm_excel.csv",
        "export_crm_bom.csv",
        "export_crm_utf16le.csv",
        "export_crm_utf16be.csv",
        "export_crm.csv.gz",
        "export_crm.csv.zst",
    ] {
        let proposed = rules(&inspect(&fixture(name), &["--suggest"]));
        assert_eq!(proposed.len(), 28, "{name}");
        for (column, rule) in &proposed {
            let known = &builtin[column];
            assert!(
                at_least_as_strict(rule, known),
                "{name}: {column}: {rule:?} < {known:?}"
            );
        }
        // To drop everything would be strict, and of no use.
        for (column, kind) in [
            ("sexe", "keep"),
            ("date_naissance", "year"),
            ("revenus", "bucket"),
            ("adresse", "postal_code"),
            ("nombre_enfants", "yes_no"),
            ("tarif_devis", "bucket"),
        ] {
            assert_eq!(proposed[column].0, kind, "{name}: {column}");
        }
    }
}

#[test]
fn no_identifier_of_thirteen_products_leaves_and_the_main_job_takes_the_tables() {
    for (name, identifiers) in EXPORTS {
        let path = fixture(&format!("crm/{name}.csv"));
        let text = inspect(&path, &["--suggest"]);
        let proposed = rules(&text);
        for column in *identifiers {
            let (kind, _) = proposed
                .get(*column)
                .unwrap_or_else(|| panic!("{name}: no {column}"));
            assert_eq!(kind, "drop", "{name}: {column}");
        }
        let leaving = proposed.values().filter(|(kind, _)| kind != "drop").count();
        assert!(
            leaving >= 5,
            "{name}: only {leaving} columns leave:\n{text}"
        );

        let scratch = Scratch::new();
        let table = scratch.write("table.toml", &text);
        let mut command = crm(["-q", "--strict", "-o", "out.csv", "--rules"]);
        command.arg(&table).arg(&path).current_dir(scratch.folder());
        run(&mut command).ended(0);
        let header = String::from_utf8(scratch.read("out.csv")).unwrap();
        let header = header.lines().next().unwrap().split([',', ';']).count();
        assert_eq!(header, leaving + 1, "{name}");
    }
}

#[test]
#[cfg(unix)]
fn the_exports_are_what_their_generator_writes() {
    let mut command = Command::new("python3");
    run(command.arg(fixture("crm/make.py")).arg("--check")).ended(0);
}

#[test]
fn the_json_is_as_its_schema_says_and_depends_on_no_thread() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/inspected/inspect.schema.json");
    let schema: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let crms = EXPORTS.iter().map(|(name, _)| format!("crm/{name}.csv"));
    let others = [
        "export_crm.csv",
        "export_crm_excel.csv",
        "export_crm.csv.zst",
        "export_crm_utf16le.csv",
        "partners.csv",
        "refusals/short_row.csv",
    ];
    for name in crms.chain(others.map(str::to_owned)) {
        let text = inspect(&fixture(&name), &["--format", "json"]);
        let json: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}\n{text}");
        let three = inspect(&fixture(&name), &["--format", "json", "-j", "3"]);
        assert_eq!(text, three, "{name}");
    }
}

#[test]
fn figures_and_dialects_are_right() {
    for (name, delimiter, encoding, compression, line_end) in [
        ("export_crm.csv", "comma", "UTF-8", "none", "LF"),
        ("export_crm.csv.gz", "comma", "UTF-8", "gzip", "LF"),
        ("export_crm.csv.zst", "comma", "UTF-8", "zstd", "LF"),
        (
            "export_crm_excel.csv",
            "semicolon",
            "Windows-1252",
            "none",
            "CRLF",
        ),
        ("export_crm_utf16be.csv", "comma", "UTF-16BE", "none", "LF"),
    ] {
        let json: Value =
            serde_json::from_str(&inspect(&fixture(name), &["--format", "json"])).unwrap();
        let dialect = &json["dialect"];
        let found = ["delimiter", "encoding", "compression", "line_end"].map(|key| &dialect[key]);
        assert_eq!(
            found,
            [delimiter, encoding, compression, line_end],
            "{name}"
        );
        assert_eq!(
            (&json["rows"], &json["may_lack_header"]),
            (&200.into(), &false.into())
        );
        let column = |name: &str| {
            let columns = json["columns"].as_array().unwrap();
            columns
                .iter()
                .find(|column| column["name"] == name)
                .unwrap()
        };
        let (income, sex, mail) = (column("revenus"), column("sexe"), column("email"));
        assert_eq!(
            (&income["filled"], &sex["distinct"]),
            (&188.into(), &2.into()),
            "{name}"
        );
        assert_eq!(
            (&mail["type"], &mail["attribute"]),
            (&"email".into(), &"identifying".into())
        );
        assert_eq!(mail["detected"][0]["cells"], 200);
        assert_eq!(column("date_naissance")["type"], "date");
    }
}

#[test]
fn a_file_that_may_lack_a_header_is_proposed_no_table() {
    let path = fixture("refusals/no_header.csv");
    let outcome = run(crm(["inspect", "--suggest"]).arg(&path)).ended(3);
    outcome.says(&["may be a person", "--header"]);
    assert!(outcome.out.is_empty());
    run(crm(["inspect", "--suggest", "--header"]).arg(&path)).ended(0);
    run(crm(["inspect", "--suggest", "--format", "json"]).arg(&path)).ended(2);
}
