//! A thousand headers that somebody changed: columns renamed, swapped, added, doubled, lost, left
//! without a name, or written another way. Only what the table lists ever leaves, each cell comes
//! from its own column, and `--strict` stops at every header that is not as listed.

use std::collections::HashSet;
use std::thread;

use crate::support::oracle::{self, Fate, LISTED};
use crate::support::{COLUMNS, Dice, crm, postal_code, records, run_with_input, to_csv};

/// Names that no rule lists, many of them close to one that is.
const UNLISTED: [&str; 24] = [
    "metier2", "surnom", "nom_de_jeune_fille", "telephone", "e mail perso", "sexe ?", "Index_rd",
    "revenu", "Tranche_revenus", "Annee_naissance", "Code_postal", "adresse_2", "lat.", "latitude",
    "né", "commentaire;libre", "a,b", "dit \"le nom\"", "Enfant(s)?", "*", "columns.nom",
    "formules", "date__naissance", "num\u{200b}ss",
];

/// One column of a mutated file: its name as written, and the listed column that it is.
#[derive(Clone, Debug)]
struct Column {
    written: String,
    listed: Option<&'static str>,
}

impl Column {
    fn plain(name: &'static str) -> Self {
        Self {
            written: name.into(),
            listed: Some(name),
        }
    }

    fn unlisted(name: &str) -> Self {
        Self {
            written: name.into(),
            listed: None,
        }
    }
}

/// The same name as people and programs write it: another case, accents, spaces around, and a
/// space or `-` for `_`.
fn variant(name: &str, dice: &mut Dice) -> String {
    let mut written = String::new();
    for c in name.chars() {
        let upper = dice.below(3) == 0;
        let accented = match (c, dice.below(3)) {
            ('e', 0) => "é",
            ('e', 1) => "e\u{301}",
            ('a', 0) => "à",
            ('u', 0) => "ü",
            ('c', 0) => "ç",
            ('i', 0) => "i\u{308}",
            ('_', 0) => " ",
            ('_', 1) => "-",
            _ => "",
        };
        let letter = if accented.is_empty() {
            c.to_string()
        } else {
            accented.to_owned()
        };
        written.push_str(&if upper { letter.to_uppercase() } else { letter });
    }
    let around = ["", "", "", " ", "  ", "\t", "\u{a0}"];
    format!("{}{written}{}", dice.pick(&around), dice.pick(&around))
}

/// A header with one to six changes.
fn mutated(dice: &mut Dice) -> Vec<Column> {
    let mut columns: Vec<Column> = COLUMNS.into_iter().map(Column::plain).collect();
    for _ in 0..=dice.below(6) {
        let (at, other) = (dice.below(columns.len()), dice.below(columns.len()));
        match dice.below(8) {
            0 => columns[at] = Column::unlisted(dice.pick(&UNLISTED)),
            1 => columns[at] = Column::plain(dice.pick(&LISTED)),
            2 => columns.swap(at, other),
            3 => columns.insert(at, Column::unlisted(dice.pick(&UNLISTED))),
            4 => {
                let again = columns[other].clone();
                columns.insert(at, again);
            }
            5 => drop(columns.remove(at)),
            6 => columns[at] = Column::unlisted(dice.pick(&["", " ", "\t"])),
            _ => {
                for column in &mut columns {
                    if let Some(name) = column.listed {
                        column.written = variant(name, dice);
                    }
                }
            }
        }
    }
    columns
}

/// A cell that only this column and row can have given its output.
fn cell(column: &Column, position: usize, row: usize) -> String {
    let n = position * 3 + row;
    match column.listed.and_then(oracle::fate).map(|fate| fate.0) {
        Some(Fate::Year) => format!("{}-05-06", 1900 + n),
        Some(Fate::YesNo) => ((position >> row) & 1).to_string(),
        Some(Fate::Bucket(width)) => (i128::try_from(n).unwrap() * width).to_string(),
        Some(Fate::PostalCode) => format!("1 rue X, {} Ville", postal_code(n as u64)),
        _ => format!("p{position} r{row}"),
    }
}

const ROWS: usize = 3;

/// Runs one mutation and compares every name and cell.
fn check(columns: &[Column]) {
    let header: Vec<&str> = columns.iter().map(|c| c.written.as_str()).collect();
    let row = |n| {
        columns
            .iter()
            .enumerate()
            .map(|(at, c)| cell(c, at, n))
            .collect::<Vec<_>>()
    };
    let input = to_csv(&header, (0..ROWS).map(row), b',');

    let outcome = run_with_input(&mut crm(["-", "-d", ","]), &input);
    assert_eq!(outcome.code(), 0, "{header:?}: {}", outcome.err);
    let leaving: Vec<(usize, Fate, &str)> = columns
        .iter()
        .enumerate()
        .filter_map(|(at, c)| {
            c.listed
                .and_then(oracle::fate)
                .map(|(fate, name)| (at, fate, name))
        })
        .filter(|(_, fate, _)| *fate != Fate::Drop)
        .collect();
    let mut wanted = vec![leaving.iter().map(|l| l.2.to_owned()).collect::<Vec<_>>()];
    wanted.extend((0..ROWS).map(|n| {
        let cells = row(n);
        leaving
            .iter()
            .map(|(at, fate, _)| oracle::cell(*fate, &cells[*at]).unwrap())
            .collect()
    }));
    let output = oracle::without_index(&records(&outcome.out, b','));
    assert_eq!(output, wanted, "{header:?}");

    let listed: HashSet<&str> = columns.iter().filter_map(|c| c.listed).collect();
    let unlisted = columns.iter().any(|c| c.listed.is_none());
    let lacking: Vec<&&str> = LISTED
        .iter()
        // An export has one of the two.
        .filter(|name| !["valeur_residuelle_prin", "valeur_residence_prin"].contains(*name))
        .filter(|name| !listed.contains(**name))
        .collect();
    for name in &lacking {
        assert!(
            outcome.err.contains(**name),
            "no warning that {name} is missing: {}",
            outcome.err
        );
    }
    let strict = run_with_input(&mut crm(["-", "-d", ",", "--strict"]), &input);
    let wanted = if unlisted || !lacking.is_empty() {
        3
    } else {
        0
    };
    assert_eq!(
        strict.code(),
        wanted,
        "--strict on {header:?}: {}",
        strict.err
    );
    assert_eq!(strict.out.is_empty(), wanted == 3);
}

#[test]
fn a_thousand_mutated_headers() {
    thread::scope(|scope| {
        for part in 0..2 {
            scope.spawn(move || {
                let mut dice = Dice(2026 + part);
                for _ in 0..500 {
                    check(&mutated(&mut dice));
                }
            });
        }
    });
}

#[test]
fn strict_lets_a_header_pass_that_has_every_listed_column() {
    let mut dice = Dice(4);
    for _ in 0..20 {
        let mut columns: Vec<Column> = LISTED.into_iter().map(Column::plain).collect();
        let (at, other) = (dice.below(columns.len()), dice.below(columns.len()));
        columns.swap(at, other);
        for column in &mut columns {
            column.written = variant(column.listed.unwrap(), &mut dice);
        }
        let again = columns[other].clone();
        columns.insert(at, again);
        check(&columns);
    }
}

#[test]
fn every_unlisted_name_is_warned_about_by_name() {
    for name in UNLISTED
        .iter()
        .filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
    {
        let input = to_csv(&["metier", name], [vec!["a".into(), "b".into()]], b',');
        run_with_input(&mut crm(["-"]), &input)
            .ended(0)
            .says(&[name]);
    }
    // A column without a name is told by its place.
    run_with_input(&mut crm(["-"]), b"metier,,sexe\na,b,c\n")
        .ended(0)
        .says(&["2"]);
}

#[test]
fn two_columns_on_one_rule_are_warned_about_and_both_get_it() {
    let input = b"date_naissance,metier,Date Naissance,M\xc3\x89TIER\n1985-01-02,a,1990-01-02,b\n";
    let outcome = run_with_input(&mut crm(["-"]), input).ended(0);
    outcome.says(&["date_naissance", "warning"]);
    let output = oracle::without_index(&records(&outcome.out, b','));
    assert_eq!(
        output[0],
        ["Annee_naissance", "metier", "Annee_naissance", "metier"]
    );
    assert_eq!(output[1], ["1985", "a", "1990", "b"]);
}

#[test]
fn a_header_s_name_cannot_write_on_the_terminal() {
    let input = b"metier,\"x\x1b[2J\x1b]0;owned\x07\xe2\x80\xaey\"\na,b\n";
    let outcome = run_with_input(&mut crm(["-"]), input).ended(0);
    for control in ['\u{1b}', '\u{7}', '\u{202e}'] {
        assert!(!outcome.err.contains(control), "{:?}", outcome.err);
    }
}
