//! The fixtures of refusals, each with the place and reason that `fixtures/README.md` states.

use std::fs;

use crate::support::{Outcome, Scratch, crm, fixture, run};

/// A fixture, its options, its exit status, and what the message must hold.
type Fixture = (
    &'static str,
    &'static [&'static str],
    i32,
    &'static [&'static str],
);

const FIXTURES: [Fixture; 21] = cases![
    "text_after_quote.csv", &[], 3, &["record 2", "line 3", "adresse", "closing quote"];
    "text_after_quote_later.csv", &[], 3, &["record 1", "line 2", "adresse", "closing quote"];
    "unclosed_quote.csv", &[], 3, &["record 2", "line 3", "adresse", "never closed"];
    "stray_quote_merge_adjacent.csv", &[], 3, &["record 2", "line 3", "nom", "quote"];
    "stray_quote_merge_apart.csv", &[], 3, &["record 2", "line 3", "nom", "quote"];
    "line_break_in_kept.csv", &[], 3, &["record 2", "line 3", "sexe", "line break"];
    "short_row.csv", &[], 3, &["record 3", "line 4", "6", "7"];
    "long_row.csv", &[], 3, &["record 3", "line 4", "8", "7"];
    "nul_byte.csv", &[], 3, &["record 2", "line 3", "nom", "NUL"];
    "empty.csv", &[], 3, &["empty"];
    "blank_only.csv", &[], 3, &["empty"];
    "no_header.csv", &[], 3, &["header"];
    "no_known_column.csv", &[], 3, &["header"];
    "field_over_limit.csv", &["--max-field-size", "100"], 3, &["record 2", "line 3", "adresse", "100"];
    "invalid_utf8_after_utf8.csv", &[], 3, &["record 2", "line 3", "adresse", "UTF-8"];
    "invalid_windows1252.csv", &[], 3, &["record 3", "line 4", "nom", "Windows-1252"];
    "utf16_no_bom.csv", &[], 3, &["line 1", "NUL", "UTF-16"];
    "truncated.csv.gz", &[], 1, &[];
    "invalid_cells.csv", &[], 3, &["record 2", "line 3", "date_naissance", "--on-invalid"];
    "empty_header_name.csv", &["--strict"], 3, &["2"];
    "doubled_column.csv", &["--no-such-option"], 2, &["--no-such-option"];
];

#[test]
fn every_refusal_fixture_is_refused_in_its_place_without_a_word_of_its_rows() {
    let mut present: Vec<_> = fs::read_dir(fixture("refusals"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut listed: Vec<_> = FIXTURES.iter().map(|f| f.0.to_owned()).collect();
    present.sort();
    listed.sort();
    assert_eq!(present, listed);
    for (name, args, code, says) in FIXTURES {
        let scratch = Scratch::new();
        let path = fixture("refusals").join(name);
        let outcome = run(crm(["-o"])
            .arg(scratch.path("out.csv"))
            .arg(&path)
            .args(args));
        assert_eq!(outcome.code(), code, "{name}: {}", outcome.err);
        outcome.says(says);
        assert!(scratch.names().is_empty(), "{name}: {:?}", scratch.names());
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let first_row = usize::from(name != "no_header.csv" && name != "no_known_column.csv");
        for cell in text
            .lines()
            .skip(first_row)
            .flat_map(|line| line.split([',', '"']))
        {
            let cell = cell.trim();
            assert!(
                cell.len() < 6 || !outcome.err.contains(cell),
                "{name}: {cell:?} in {}",
                outcome.err
            );
        }
    }
}

#[test]
fn what_the_fixtures_say_can_pass_passes() {
    let sound =
        |name: &str, args: &[&str]| run(crm(args).arg(fixture("refusals").join(name))).ended(0);
    let rows = |outcome: &Outcome| crate::support::records(&outcome.out, b',').len() - 1;
    sound("field_over_limit.csv", &[]);
    sound("empty_header_name.csv", &[]).says(&["2"]);
    let doubled = sound("doubled_column.csv", &[]);
    doubled.says(&["revenus"]);
    assert_eq!(
        doubled
            .text()
            .lines()
            .next()
            .unwrap()
            .matches("Tranche_revenus")
            .count(),
        2
    );
    assert_eq!(
        rows(&sound("invalid_cells.csv", &["--on-invalid", "blank"])),
        6
    );
    assert_eq!(
        rows(&sound("invalid_cells.csv", &["--on-invalid", "skip"])),
        1
    );
}
