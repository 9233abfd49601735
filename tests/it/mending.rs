//! The lines that a refusal offers: pasted into the rule table, each lets the run go on.

use std::fs;

use crate::support::{Scratch, crm, run};

/// A rule table with a line that a message offers under a heading: it takes the place of the key's line, or is
/// added.
fn pasted(table: &str, heading: &str, line: &str) -> String {
    let (before, behind) = table.split_once(&format!("{heading}\n")).unwrap();
    let (entry, rest) = match behind.find("\n[") {
        Some(end) => behind.split_at(end),
        None => (behind, ""),
    };
    let key = line.split_once(" = ").unwrap().0;
    let is_old = |old: &&str| old.split_once(" = ").is_some_and(|(old, _)| old == key);
    let kept: Vec<&str> = entry.lines().filter(|old| !is_old(old)).collect();
    format!("{before}{heading}\n{line}\n{}\n{rest}", kept.join("\n"))
}

/// The lines of a message to paste: the heading they go under, and the line.
fn offered(message: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = message.lines().collect();
    let pairs = lines
        .windows(2)
        .filter(|two| two[1].starts_with("        "));
    let pairs = pairs.map(|two| {
        let at = two[0].rfind("[columns.").expect("a heading");
        let heading = two[0][at..].trim_end_matches([':', ' ']);
        (heading.to_owned(), two[1].trim().to_owned())
    });
    pairs.collect()
}

/// Cells of a column, its rule, the line that is offered, and what is then written.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
    &'static [&'static str],
);

const CASES: &[Case] = &cases![
    "month first",
    &["02/25/1980", "03/04/1981"],
    "\"year\"",
    "rule = { year = { formats = [\"%m/%d/%Y\"] } }",
    &["1980", "1981"];
    "month first, under another rule",
    &["02/25/1980"],
    "\"year_month\"",
    "rule = { year_month = { formats = [\"%m/%d/%Y\"] } }",
    &["1980-02"];
    "years of two digits",
    &["12/03/80", "01/02/1975"],
    "{ year = { before = 1940 } }",
    "rule = { year = { before = 1940, formats = [{ format = \"%d/%m/%y\", century = 1930 }, \"%d/%m/%Y\"] } }",
    &["1980", "1975"];
    "names of months",
    &["12 mars 1980", "1er août 1981"],
    "\"year\"",
    "rule = { year = { formats = [{ format = \"%d %B %Y\", months = \"fr\" }] } }",
    &["1980", "1981"];
    "days of a spreadsheet", &["29292"], "\"year\"", "rule = { year = { formats = [\"excel\"] } }", &["1980"];
    "a dot before thousands",
    &["45.000", "1.234,56"],
    "{ bucket = { width = 20_000 } }",
    "rule = { bucket = { width = 20_000, decimal = \",\" } }",
    &["40000-60000", "0-20000"];
    "units",
    &["12 k€", "(30,00)"],
    "{ round = { to = 10 } }",
    "rule = { round = { to = 10, wide = true } }",
    &["12000", "-30"];
    "a value that is not in the table",
    &["M.", "X"],
    "{ map = { table = { \"M.\" = \"H\" } } }",
    "rule = { map = { table = { \"M.\" = \"H\" }, otherwise = \"empty\" } }",
    &["H", ""];
    "a value that is not allowed",
    &["Or", "Platine"],
    "{ keep = { allowed = [\"Or\"] } }",
    "rule = { keep = { allowed = [\"Or\"], otherwise = { value = \"autre\" } } }",
    &["Or", "autre"];
];

#[test]
fn a_line_that_is_offered_lets_the_run_go_on() {
    for (name, cells, rule, expected, written) in CASES {
        let scratch = Scratch::new();
        let rows: String = cells.iter().map(|cell| format!("x;{cell}\n")).collect();
        let input = scratch.write("in.csv", format!("ville;Le champ\n{rows}").as_bytes());
        let table = format!(
            "version = 1\nindex = \"\"\n[columns.ville]\nrule = \"drop\"\n[columns.\"Le champ\"]\nrule = {rule}\n\
             aliases = [\"champ\"]\n"
        );
        let rules = scratch.write("rules.toml", table.as_bytes());
        for language in ["en", "fr"] {
            let refused = run(crm(["-q", "--lang", language, "-r"])
                .arg(&rules)
                .arg(&input));
            let refused = refused.ended(3);
            let offers = offered(&refused.err);
            let expected = ("[columns.\"Le champ\"]".to_owned(), (*expected).to_owned());
            assert_eq!(offers, [expected], "{name}: {}", refused.err);
        }
        let mended = pasted(&table, "[columns.\"Le champ\"]", expected);
        fs::write(&rules, mended).unwrap();
        let done = run(crm(["-q", "-r"]).arg(&rules).arg(&input)).ended(0);
        let text = done.text();
        let lines: Vec<&str> = text
            .lines()
            .skip(1)
            .map(|line| line.trim_matches('"'))
            .collect();
        assert_eq!(lines, *written, "{name}");
    }
}

#[test]
fn finds_are_allowed_by_the_line_that_is_offered() {
    let scratch = Scratch::new();
    let input = scratch.write(
        "in.csv",
        "nom;note\nDurand;dit Durand\nPetit;06 12 34 56 78\n".as_bytes(),
    );
    let table = "version = 1\nindex = \"\"\n[columns.nom]\nrule = \"drop\"\n[columns.note]\nrule = \"keep\"\n\
                 leftovers = [\"date\"]\n";
    let rules = scratch.write("rules.toml", table.as_bytes());
    let refused = run(crm(["-q", "-r"]).arg(&rules).arg(&input)).ended(3);
    let offers = offered(&refused.err);
    let [(heading, line)] = offers.as_slice() else {
        panic!("{}", refused.err);
    };
    assert!(line.starts_with("leftovers = [\"date\", "), "{line}");
    fs::write(&rules, pasted(table, heading, line)).unwrap();
    run(crm(["-q", "-r"]).arg(&rules).arg(&input)).ended(0);
}

#[test]
fn a_refusal_is_read_at_one_glance() {
    let scratch = Scratch::new();
    let names: Vec<String> = (1..=30).map(|n| format!("montant_{n}")).collect();
    let entry =
        |name: &String| format!("[columns.{name}]\nrule = {{ bucket = {{ width = 10 }} }}\n");
    let entries: String = names.iter().map(entry).collect();
    let rules = scratch.write("rules.toml", format!("version = 1\n{entries}").as_bytes());
    let row = |cell: &str| vec![cell; names.len()].join(";");
    let text = format!(
        "{}\n{}\n{}\n",
        names.join(";"),
        row("1.234"),
        row("beaucoup")
    );
    let input = scratch.write("in.csv", text.as_bytes());
    let refused = run(crm(["-q", "-r"]).arg(&rules).arg(&input)).ended(3);
    assert!(refused.err.lines().count() < 25, "{}", refused.err);
    refused.says(&["60 invalid cells", "and more: ", "`montant_30` (1)"]);
    assert_eq!(
        refused.err.matches(" of the file)").count(),
        1,
        "{}",
        refused.err
    );
}
