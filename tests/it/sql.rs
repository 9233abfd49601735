//! `crm-anon sql` and `audit --sql` from outside: what is printed parses, names are set apart, and
//! what cannot be expressed is refused. That it does what the main job does is shown on real engines
//! by `tests/sql/conformance.py`.

use std::fs;
use std::path::Path;

use crate::support::{Outcome, crm, run};
use crm_anon::inside::{DIALECTS, dialect, samples, support_matrix};
use sqlparser::dialect::{Dialect, dialect_from_str};
use sqlparser::parser::Parser;
use tempfile::TempDir;

/// A parser for what a dialect prints.
fn parser(name: &str) -> Box<dyn Dialect> {
    let known = match name {
        "spark" => "databricks",
        "mariadb" => "mysql",
        name => name,
    };
    dialect_from_str(known).unwrap_or_else(|| panic!("no parser for {name}"))
}

#[track_caller]
fn parses(name: &str, query: &str) {
    // Calls within calls take a lot of stack in a parser that is not optimised.
    let parsed = std::thread::scope(|scope| {
        let parse = || {
            let dialect = parser(name);
            let parser = Parser::new(&*dialect).with_recursion_limit(200);
            parser.try_with_sql(query)?.parse_statements()
        };
        let thread = std::thread::Builder::new().stack_size(256 << 20);
        thread.spawn_scoped(scope, parse).unwrap().join().unwrap()
    });
    let statements = parsed.unwrap_or_else(|error| panic!("{name}: {error}\n{query}"));
    assert!(!statements.is_empty());
}

fn sql(name: &str, arguments: &[&str]) -> Outcome {
    run(crm(["sql", "--dialect", name]).args(arguments))
}

/// A rule table in a folder.
fn table(folder: &TempDir, text: &str) -> String {
    let path = folder.path().join("table.toml");
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn every_rule_that_is_expressed_parses() {
    let folder = TempDir::new().unwrap();
    let matrix = support_matrix();
    assert_eq!(matrix.len(), samples().count());
    for (at, dialect) in DIALECTS.iter().enumerate() {
        for line in &matrix {
            let rule = format!(
                "version = 1\n[columns.c]\nrule = {{ {} = {} }}\n[columns.id]\nrule = 'keep'\n",
                line.kind, line.options
            );
            let rules = table(&folder, &rule);
            let outcome = sql(dialect.name(), &["-r", &rules]);
            match &line.refusals[at] {
                None => parses(dialect.name(), &text(&outcome.ended(0).out)),
                Some(why) => {
                    let outcome = outcome.ended(2);
                    outcome.says(&["`c`", line.kind, dialect.title(), &why.to_string()]);
                    assert!(outcome.out.is_empty());
                }
            }
        }
    }
}

#[test]
fn the_built_in_table_parses_under_every_policy_and_target() {
    for dialect in DIALECTS {
        let name = dialect.name();
        let whole = text(&sql(name, &[]).ended(0).out);
        for column in ["metier", "date_naissance", "adresse"] {
            assert!(whole.contains(&dialect.name_of(column)), "{column}");
        }
        for dropped in ["num_ss", "email", "groupe_sanguin"] {
            assert!(!whole.contains(dropped), "{dropped}");
        }
        for arguments in [
            &["--on-invalid", "blank"][..],
            &["--on-invalid", "skip"],
            &["--table", "crm.base client"],
            &["--create", "view", "anonyme"],
            &["--create", "table", "crm.anonyme"],
        ] {
            parses(name, &text(&sql(name, arguments).ended(0).out));
        }
        let audit = run(&mut crm([
            "audit", "--sql", "--dialect", name, "--table", "a b", "--sensitive", "formule",
        ]))
        .ended(0);
        parses(name, &text(&audit.out));
    }
    parses(
        "postgresql",
        &text(&sql("postgresql", &["--copy-to", "-"]).ended(0).out),
    );
    parses(
        "duckdb",
        &text(&sql("duckdb", &["--copy-to", "a.parquet"]).ended(0).out),
    );
}

#[test]
fn hostile_names_stay_names() {
    let folder = TempDir::new().unwrap();
    let names = [
        "select", "a\"b", "a`b", "l'été", "a;b", "--", "/*", "${x", "a\\",
    ];
    for dialect in DIALECTS {
        for name in names {
            let quoted = toml_text(name);
            let rules = format!(
                "version = 1\n[columns.{quoted}]\nrule = 'keep'\n[columns.b]\nrule = 'keep'\nas = {}\n",
                toml_text(&format!("out {name}"))
            );
            let rules = table(&folder, &rules);
            let outcome = sql(
                dialect.name(),
                &[
                    "-r",
                    &rules,
                    "--table",
                    &format!("\"{}\"", name.replace('"', "\"\"")),
                ],
            );
            if dialect.name() == "spark" && name.contains("${") {
                outcome.ended(2).says(&["settings"]);
                continue;
            }
            let query = text(&outcome.ended(0).out);
            parses(dialect.name(), &query);
            for name in [name.to_owned(), format!("out {name}")] {
                assert!(query.contains(&dialect.name_of(&name)), "{name}\n{query}");
            }
        }
    }
}

/// A text in TOML, between quotes.
fn toml_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[test]
fn what_cannot_be_expressed_is_refused() {
    let folder = TempDir::new().unwrap();
    let keep = "[columns.a]\nrule = 'keep'\n";
    let long = "é".repeat(32);
    for (case, name, rules, arguments, expected) in cases![
        "the case of a sigma",
        "duckdb",
        format!("version = 1\nmissing = ['ς']\n{keep}[columns.b]\nrule = 'year'"),
        &[][..],
        "`ς`";
        "rows",
        "duckdb",
        format!("version = 1\n[rows]\nconsent = {{ column = 'b', is = 'oui' }}\n{keep}"),
        &[],
        "[rows]";
        "a goal", "spark", format!("version = 1\n[privacy]\nk = 5\n{keep}"), &[], "[privacy]";
        "a long name",
        "postgresql",
        format!("version = 1\n[columns.{}]\nrule = 'keep'", toml_text(&long)),
        &[],
        "63 bytes";
        "a control character",
        "duckdb",
        "version = 1\n[columns.\"a\\u200bb\"]\nrule = 'keep'".to_owned(),
        &[],
        "control character";
        "two columns", "duckdb", format!("version = 1\n{keep}"), &["--columns", "a,A"], "`a`";
        "no such column", "duckdb", format!("version = 1\n{keep}"), &["--columns", "x"], "rule table";
        "no table's name", "duckdb", format!("version = 1\n{keep}"), &["--table", "a."], "no table's name";
        "a file of nobody", "duckdb", format!("version = 1\n{keep}"), &["--csv", "s3://b/*.csv"], "--columns";
        "CSV in PostgreSQL",
        "postgresql",
        format!("version = 1\n{keep}"),
        &["--csv", "a.csv", "--columns", "a"],
        "--table";
        "Parquet in PostgreSQL", "postgresql", format!("version = 1\n{keep}"), &["--copy-to", "a.parquet"], "Parquet";
        "CSV in MariaDB", "mariadb", format!("version = 1\n{keep}"), &["--csv", "a.csv", "--columns", "a"], "--table";
        "a file of MariaDB's", "mariadb", format!("version = 1\n{keep}"), &["--copy-to", "a.csv"], "--create";
        "a name of 65 characters",
        "mariadb",
        format!("version = 1\n[columns.{}]\nrule = 'keep'", "a".repeat(65)),
        &[],
        "64 characters";
        "a blank behind a name",
        "mariadb",
        "version = 1\n[columns.a]\nrule = 'keep'\nas = 'b '".to_owned(),
        &[],
        "end with a blank";
        "a character beyond U+FFFF",
        "mariadb",
        "version = 1\n[columns.\"a👍\"]\nrule = 'keep'".to_owned(),
        &[],
        "U+FFFF";
        "CSV in ClickHouse",
        "clickhouse",
        format!("version = 1\n{keep}"),
        &["--csv", "a.csv", "--columns", "a"],
        "--table";
        "an output with the name of a step",
        "clickhouse",
        "version = 1\n[columns.a]\nrule = 'keep'\nas = 'out_1'".to_owned(),
        &[],
        "steps of such names";
        "a column with the name of a step",
        "clickhouse",
        "version = 1\n[columns.c1_nom]\nrule = 'keep'".to_owned(),
        &[],
        "steps of such names";
        "an index with the name of a step",
        "clickhouse",
        format!("version = 1\nindex = 'random_order'\n{keep}"),
        &[],
        "steps of such names";
        "one column", "duckdb", format!("version = 1\nindex = ''\n{keep}"), &["--copy-to", "a.csv"], "one column";
        "no view", "duckdb", format!("version = 1\n{keep}"), &["--create", "index", "a"], "--create";
    ] {
        let rules = table(&folder, &rules);
        let outcome = run(crm(["sql", "--dialect", name, "-r", &rules]).args(arguments));
        let status = if case == "no such column" { 3 } else { 2 };
        let outcome = outcome.ended(status);
        outcome.says(&[expected]);
        assert!(outcome.out.is_empty(), "{case}");
    }
    run(&mut crm(["sql"])).ended(2);
    run(&mut crm(["sql", "--dialect", "oracle"])).ended(2);
    run(&mut crm([
        "audit", "--sql", "--dialect", "duckdb", "--min-k", "5",
    ]))
    .ended(2);
}

/// A rule table of figures, and with more in `[aggregate]`.
fn of_figures(more: &str) -> String {
    format!(
        "version = 1\n[columns.sexe]\nrule = 'keep'\nattribute = 'quasi-identifying'\n[columns.formule]\nrule = 'keep'\n\
         attribute = 'sensitive'\n[columns.id]\nrule = 'drop'\n[aggregate]\nunit = 'id'\n{more}"
    )
}

#[test]
fn figures_are_counted_and_what_takes_more_is_refused() {
    let folder = TempDir::new().unwrap();
    let rules = table(&folder, &of_figures("by = ['sexe']\n"));
    for dialect in DIALECTS {
        let name = dialect.name();
        let query = text(&sql(name, &["-r", &rules, "--aggregate"]).ended(0).out);
        parses(name, &query);
        assert!(query.contains(&dialect.name_of("statut")) && !query.contains("formule"));
        let persons = [
            "audit", "--sql", "--dialect", name, "--person", "id", "--person", "agence",
        ];
        parses(name, &text(&run(&mut crm(persons)).ended(0).out));
    }
    for (case, more, expected) in [
        ("no columns", "", "one to four columns"),
        ("totals", "by = ['sexe']\ntotals = true", "totals"),
        (
            "a mean",
            "by = ['sexe']\nstats = [{ mean = 'revenus' }]",
            "statistics beside the count",
        ),
        ("rounding", "by = ['sexe']\nround = 5", "rounding"),
        ("a sensitive column", "by = ['formule']", "insensitive"),
        (
            "noise",
            "by = ['sexe']\n[differential_privacy]\nepsilon = '1'",
            "noise",
        ),
    ] {
        let rules = table(&folder, &of_figures(more));
        let outcome = sql("duckdb", &["-r", &rules, "--aggregate"]).ended(2);
        outcome.says(&["[aggregate]", expected, "crm-anon aggregate"]);
        assert!(outcome.out.is_empty(), "{case}");
    }
}

#[test]
fn levels_of_a_run_are_applied_and_of_no_other() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (manifest, out) = (path("found.json"), path("out.csv"));
    let levelled =
        "version = 1\n[columns.date_naissance]\nrule = 'year'\nattribute = 'quasi-identifying'\n";
    let rules = table(&folder, levelled);
    let found = |more: &[&str]| {
        let run_of = [
            "fixtures/export_crm.csv",
            "-q",
            "-r",
            &rules,
            "--k",
            "5",
            "-o",
            &out,
        ];
        run(crm(run_of).args(["--manifest", &manifest]).args(more)).ended(0);
    };
    found(&["--recoding", "local"]);
    let asked = ["-r", &rules, "--k-levels", &manifest];
    sql("duckdb", &asked)
        .ended(2)
        .says(&["--k-levels", "--recoding global"]);
    found(&["--recoding", "global"]);
    for dialect in DIALECTS {
        let name = dialect.name();
        let query = text(&sql(name, &asked).ended(0).out);
        parses(name, &query);
        assert!(
            query.contains("class_size < 5") && query.contains("1980-19"),
            "{query}"
        );
    }
    let other = table(
        &folder,
        &format!("{levelled}[columns.sexe]\nrule = 'keep'\n"),
    );
    let outcome = sql("duckdb", &["-r", &other, "--k-levels", &manifest]).ended(2);
    outcome.says(&["another rule table"]);
    sql("duckdb", &["--k-levels", &rules])
        .ended(2)
        .says(&["manifest"]);
    sql("duckdb", &["--k-levels", &path("none")])
        .ended(1)
        .says(&["manifest"]);
}

#[test]
fn a_header_is_read_and_no_row() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("l'export.csv");
    fs::write(&file, "Sexe;telephone;MÉTIER\nF;0612345678;canary\n").unwrap();
    let to = folder.path().join("query.sql");
    let (file, to) = (file.display().to_string(), to.display().to_string());
    let outcome = sql("duckdb", &["--csv", &file, "-o", &to]).ended(0);
    outcome.says(&["`telephone`", "does not have"]);
    let query = fs::read_to_string(Path::new(&to)).unwrap();
    parses("duckdb", &query);
    assert!(query.contains("delim = ';'") && query.contains("l''export.csv"));
    assert!(query.contains("\"MÉTIER\"") && query.contains("AS \"metier\""));
    assert!(!query.contains("canary") && !query.contains("telephone"));
    let spark = text(&sql("spark", &["--csv", &file]).ended(0).out);
    assert!(spark.contains("columnPruning 'false'") && spark.contains("l\\'export.csv"));
}

#[test]
fn columns_may_come_from_a_file() {
    let folder = TempDir::new().unwrap();
    let names = folder.path().join("names.txt");
    fs::write(&names, "formule\r\n\r\nSexe, ou genre\nsexe\n").unwrap();
    let names = names.display().to_string();
    let query = text(&sql("postgresql", &["--columns", &names]).ended(0).out);
    let order = [query.find("\"formule\" AS"), query.find("\"sexe\" AS")];
    assert!(order[0].is_some() && order[0] < order[1], "{query}");
    assert!(dialect("postgresql").is_some() && dialect("oracle").is_none());
}

#[test]
fn a_first_digit_tells_nothing_where_a_missing_word_begins_with_one() {
    let folder = TempDir::new().unwrap();
    for (missing, shortcut) in [("['', 'NA']", true), ("['', 'NA', '0']", false)] {
        let rules = format!("version = 1\nmissing = {missing}\n[columns.b]\nrule = 'year'\n");
        let rules = table(&folder, &rules);
        for dialect in DIALECTS {
            let query = text(&sql(dialect.name(), &["-r", &rules]).ended(0).out);
            parses(dialect.name(), &query);
            let found = query.contains("WHEN ascii(c1_b) BETWEEN 48 AND 57 THEN c1_b");
            assert_eq!(found, shortcut, "{missing}\n{query}");
        }
    }
}
