use std::path::Path;

use super::*;
use crate::base::random::Randomness;
use crate::rules::KINDS;

fn columns(text: &str) -> Result<Vec<Invented>, Error> {
    let table = RuleTable::parse(text, "t", "t", Path::new("")).unwrap();
    let run = RunContext::on("2026-06-01".parse().unwrap());
    Invented::columns(
        &table,
        &run,
        &mut Randomness::from_seed(3).stream("fixture"),
    )
}

#[test]
fn every_kind_takes_what_is_invented_for_it() {
    let mut tried = 0;
    for kind in KINDS {
        for sample in kind
            .samples
            .iter()
            .filter(|sample| !sample.contains("file"))
        {
            let rule = match *sample {
                "{}" => format!("\"{}\"", kind.name),
                sample => format!("{{ {} = {sample} }}", kind.name),
            };
            let text = format!("version = 1\n[columns.a]\nrule = {rule}\n");
            let invented = columns(&text).unwrap_or_else(|error| panic!("{rule}: {error}"));
            assert!(!invented[0].published.is_empty(), "{rule}");
            tried += 1;
        }
    }
    assert!(tried >= KINDS.len(), "{tried}");
}

#[test]
fn cells_have_the_form_that_options_ask_for() {
    for (rule, expected) in [
        ("{ year = { formats = [\"%d.%m.%Y\"] } }", "."),
        ("{ year = { formats = [\"%Y%m%d\"] } }", "20"),
        ("{ bucket = { width = 100, decimal = \",\" } }", ","),
        (
            "{ map = { table = { \"M.\" = \"H\", \"Mme\" = \"F\" } } }",
            "M",
        ),
        ("{ keep = { allowed = [\"rouge\", \"bleu\"] } }", "u"),
        ("\"departement\"", ", "),
    ] {
        let invented = columns(&format!("version = 1\n[columns.a]\nrule = {rule}\n")).unwrap();
        let cells = &invented[0].published;
        assert!(
            cells.iter().all(|cell| cell.contains(expected)),
            "{rule}: {cells:?}"
        );
    }
}

#[test]
fn rows_that_are_left_out_are_few() {
    let text = r#"
        version = 1
        [rows]
        consent = { column = "optin", is = ["oui", "o"] }
        retention = { column = "vu", keep = "3 years" }
        [columns.a]
        rule = "keep"
    "#;
    let invented = columns(text).unwrap();
    let names: Vec<&str> = invented.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["a", "optin", "vu"]);
    let mut dice = Randomness::from_seed(1).stream("x");
    for column in &invented[1..] {
        assert!(!column.may_be_missing);
        let cells: Vec<&str> = (0..400).map(|_| column.cell(&mut dice)).collect();
        let left_out = cells
            .iter()
            .filter(|cell| column.left_out.iter().any(|out| out == *cell));
        let left_out = left_out.count();
        assert!((5..100).contains(&left_out), "{}: {left_out}", column.name);
    }
    assert!(
        invented[1]
            .published
            .iter()
            .all(|cell| ["oui", "o"].contains(&cell.as_str()))
    );
    let nobody = "version = 1\n[rows]\nwhere = [{ column = \"a\", at_least = 999_999_999 }]\n[columns.a]\nrule = \"drop\"\n";
    assert!(matches!(columns(nobody), Err(Error::NotInvented { column, .. }) if column == "a"));
}
