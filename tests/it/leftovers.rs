//! Identifiers in kept columns: planted ones are found, masked or let go as asked, and people whose
//! name is an occupation raise no alarm.

mod columns;

// The generator of invented exports, of which its own program uses more.
#[path = "../../benches/generate/ids.rs"]
mod ids;
#[allow(dead_code)]
#[path = "../../benches/generate/line.rs"]
mod line;
#[allow(dead_code)]
#[path = "../../benches/generate/person.rs"]
mod person;
#[path = "../../benches/generate/places.rs"]
mod places;
#[path = "../../benches/generate/rng.rs"]
mod rng;
#[path = "../../benches/generate/words.rs"]
mod words;

use std::collections::BTreeMap;

use crate::support::{
    COLUMNS, Dice, Outcome, Scratch, crm, oracle, records, run, run_with_input, to_csv,
};
use line::{Dialect, Line};
use person::Lists;
use rng::Rng;
use serde_json::Value;

/// Invented people as the generator makes them.
fn people(seed: u64, rows: u64) -> Vec<Vec<String>> {
    let (lists, mut scratch) = (Lists::new(false), String::new());
    let mut text = String::new();
    for number in 1..=rows {
        let mut line = Line {
            text: String::new(),
            dialect: Dialect::Plain,
            habits: Rng::for_row(seed, number, 1),
        };
        let mut rng = Rng::for_row(seed, number, 0);
        lists.row(number, &mut rng, None, &mut line, &mut scratch);
        line.text.pop();
        text += &line.text;
        text.push('\n');
    }
    records(text.as_bytes(), b',')
}

fn column(name: &str) -> usize {
    COLUMNS.iter().position(|column| *column == name).unwrap()
}

fn kept() -> Vec<usize> {
    let kept = |at: &usize| oracle::fate(COLUMNS[*at]).unwrap().0 == oracle::Fate::Keep;
    (0..COLUMNS.len()).filter(kept).collect()
}

fn file(rows: &[Vec<String>]) -> Vec<u8> {
    to_csv(&COLUMNS, rows.iter().cloned(), b',')
}

/// Identifiers of nobody in the file, by the detector that is to find them.
const FOREIGN: [(&str, &str); 14] = [
    ("email", "zqx.planted@mail.test"),
    ("phone", "06 98 76 54 31"),
    ("nir", "1 85 05 78 006 084 91"),
    ("iban", "FR76 3000 6000 0112 3456 7890 189"),
    ("card", "4539 1488 0343 6467"),
    ("plate", "ZQ-731-XV"),
    ("siren", "732 829 320"),
    ("siret", "73282932000074"),
    ("ip", "81.56.112.207"),
    ("ip", "2a01:cb00:731::1"),
    ("url", "https://zqx.test/u/42"),
    ("date", "23/07/1931"),
    ("coordinates", "48.8567, 2.3523"),
    ("address", "12 bis rue Zqxplanted, 75002"),
];

/// What of the row itself is planted: a column, and what is made of its cell.
type OfRow = (&'static str, fn(&str) -> String);

const OF_ROW: [OfRow; 8] = [
    ("nom", |name| name.to_uppercase()),
    ("nom", |name| {
        let mut long = name
            .split([' ', '-', '\''])
            .filter(|word| word.chars().count() >= 4);
        format!("voir M. {}", long.next_back().unwrap_or(name))
    }),
    ("id_client", str::to_lowercase),
    ("id_site_web", |id| format!("dossier {id}!")),
    ("num_ss", str::to_owned),
    ("email", |address| address.replace('@', " chez ")),
    ("adresse", |address| {
        let street = address.split(',').find(|part| part.contains("rue "));
        street.unwrap_or(address).replace('é', "E")
    }),
    ("employeur", |employer| format!("au {employer}")),
];

/// Surnames that are occupations.
const OCCUPATIONS: [&str; 15] = [
    "Boulanger", "Meunier", "Berger", "Boucher", "Couturier", "Tisserand", "Maçon", "Pêcheur",
    "Barbier", "Pelletier", "Mercier", "Marchand", "Chevalier", "Vigneron", "Charpentier",
];

/// What was planted: its row from 0, its kept column, and the kind it is to be found as.
struct Planted {
    row: usize,
    column: usize,
    kind: &'static str,
    text: String,
}

/// Plants one leftover of each kind in a random kept column of a row of its own.
fn plant(rows: &mut [Vec<String>], seed: u64) -> Vec<Planted> {
    let (mut dice, kept) = (Dice(seed), kept());
    let mut planted: Vec<Planted> = Vec::new();
    let mut put = |rows: &mut [Vec<String>], kind, text: &dyn Fn(&[String]) -> Option<String>| {
        loop {
            let (row, column) = (dice.below(rows.len()), dice.pick(&kept));
            let text = text(&rows[row]);
            if let Some(text) = text.filter(|_| planted.iter().all(|other| other.row != row)) {
                rows[row][column] = match dice.below(3) {
                    0 => text.clone(),
                    1 => format!("{} - {text}", rows[row][column]),
                    _ => format!("({text}) à revoir"),
                };
                planted.push(Planted {
                    row,
                    column,
                    kind,
                    text,
                });
                return;
            }
        }
    };
    for (kind, text) in FOREIGN {
        put(rows, kind, &|_| Some(text.to_owned()));
    }
    for (source, of) in OF_ROW {
        put(rows, "same_row", &|row| {
            let cell = &row[column(source)];
            let fits = match source {
                "nom" => {
                    // Those called like an occupation are not known by that word alone.
                    let surname = cell.rsplit(' ').next().unwrap_or(cell);
                    surname.len() > 5 && !OCCUPATIONS.contains(&surname)
                }
                "adresse" => {
                    cell.starts_with(|first: char| first.is_ascii_digit()) && cell.contains(" rue ")
                }
                "employeur" => cell.contains(' ') && cell.len() > 10,
                _ => true,
            };
            fits.then(|| of(cell))
        });
    }
    planted
}

/// By column and kind, how many cells a manifest tells of.
fn told(manifest: &Value) -> BTreeMap<(String, String), u64> {
    let mut told = BTreeMap::new();
    for column in manifest["columns"].as_array().unwrap() {
        let leftovers = column["leftovers"].as_object().into_iter().flatten();
        for (kind, cells) in leftovers {
            let name = column["input"].as_str().unwrap().to_owned();
            told.insert((name, kind.clone()), cells.as_u64().unwrap());
        }
    }
    told
}

#[track_caller]
fn run_in(scratch: &Scratch, args: &[&str]) -> Outcome {
    run(crm(args).current_dir(scratch.folder()))
}

#[test]
fn one_planted_leftover_of_each_kind_is_found_among_ten_thousand_rows() {
    let scratch = Scratch::new();
    for seed in [1, 2] {
        let mut rows = people(seed, 10_000);
        let planted = plant(&mut rows, seed);
        scratch.write("in.csv", file(&rows));
        let args = [
            "in.csv", "-o", "out.csv", "--manifest", "m.json", "--on-leftover", "warn",
        ];
        run_in(&scratch, &args)
            .ended(0)
            .says(&["left over in column"]);
        let manifest: Value = serde_json::from_slice(&scratch.read("m.json")).unwrap();
        assert_eq!(manifest["on_leftover"], "warn");
        let told = told(&manifest);
        let mut expected: BTreeMap<(String, String), u64> = BTreeMap::new();
        for one in &planted {
            let key = (COLUMNS[one.column].to_owned(), one.kind.to_owned());
            *expected.entry(key).or_default() += 1;
        }
        for (key, cells) in &expected {
            let texts = planted.iter().filter(|one| COLUMNS[one.column] == key.0);
            let texts: Vec<&str> = texts.map(|one| one.text.as_str()).collect();
            assert_eq!(
                told.get(key),
                Some(cells),
                "seed {seed} {key:?} {texts:?}: {told:?}"
            );
        }
        // Whatever else is told is a person's number that is also of a detector's kind.
        for (key, cells) in &told {
            let also = planted.iter().filter(|one| {
                COLUMNS[one.column] == key.0 && one.kind == "same_row" && one.text.len() > 8
            });
            let most = expected.get(key).copied().unwrap_or(0) + also.count() as u64;
            assert!(*cells <= most, "seed {seed} {key:?}: {told:?}");
        }

        let outcome = run_in(&scratch, &["in.csv", "-o", "refused.csv", "-q"]).ended(3);
        assert!(!scratch.names().contains(&"refused.csv".to_owned()));
        for one in &planted {
            let breaks = |cells: &[String]| {
                cells
                    .iter()
                    .map(|cell| cell.matches('\n').count())
                    .sum::<usize>()
            };
            let before: usize = rows[..one.row].iter().map(|row| 1 + breaks(row)).sum();
            let line = 2 + before + breaks(&rows[one.row][..one.column]);
            let place = format!("record {} (line {line}", one.row + 1);
            let column = format!("column `{}`", COLUMNS[one.column]);
            let ends = [format!("{place})"), format!("{place} of the file)")];
            assert!(ends.iter().any(|place| outcome.err.contains(place)));
            outcome.says(&[&column, one.kind.strip_prefix("same_").unwrap_or(one.kind)]);
            assert!(!outcome.err.contains(&one.text), "{}", outcome.err);
        }
    }
}

#[test]
fn masked_output_holds_nothing_that_was_planted_and_passes_a_second_time() {
    let scratch = Scratch::new();
    let mut rows = people(3, 1_200);
    let planted = plant(&mut rows, 3);
    scratch.write("in.csv", file(&rows));
    for extra in [
        &[][..],
        &["--shuffle"],
        &["--output-delimiter", ";", "--crlf"],
        &["--k", "2", "--max-suppressed", "100%"],
        &["--on-invalid", "skip", "-j", "1"],
    ] {
        let args = [
            &["in.csv", "-q", "-o", "out.csv", "--on-leftover", "mask"],
            extra,
        ]
        .concat();
        run_in(&scratch, &args).ended(0);
        let text = String::from_utf8(scratch.read("out.csv")).unwrap();
        for one in &planted {
            assert!(!text.contains(&one.text), "{extra:?}: {}", one.text);
        }
        run_in(&scratch, &["out.csv", "-q", "-o", "again.csv"]).ended(0);
    }
    run_in(
        &scratch,
        &["in.csv", "-q", "-o", "out.csv", "--on-leftover", "mask"],
    )
    .ended(0);
    let output = records(&scratch.read("out.csv"), b',');
    let mut expected = vec![COLUMNS.map(str::to_owned).to_vec()];
    expected.extend(rows.iter().cloned());
    let plain = oracle::table(&expected);
    let (mut changed, mut masked) = (0, 0);
    for (row, before) in oracle::without_index(&output).iter().zip(&plain) {
        let differs = row
            .iter()
            .zip(before)
            .filter(|(cell, before)| cell != before);
        for (cell, before) in differs {
            changed += 1;
            masked += usize::from(cell.contains('[') && cell.contains(']') && cell != before);
        }
    }
    assert_eq!((changed, masked), (planted.len(), planted.len()));
}

#[test]
fn threads_change_neither_bytes_nor_messages() {
    let scratch = Scratch::new();
    let mut rows = people(4, 6_000);
    plant(&mut rows, 4);
    // A kept column that has the names of all: more hits than places.
    for row in &mut rows {
        row[column("formule")] = row[column("nom")].clone();
    }
    scratch.write("in.csv", file(&rows));
    for policy in ["fail", "mask", "warn"] {
        let came: Vec<_> = ["1", "2", "5"]
            .iter()
            .map(|threads| {
                let args = [
                    "in.csv", "--seed", "1", "-j", threads, "--on-leftover", policy,
                ];
                let outcome = run_in(&scratch, &args);
                let message: Vec<String> = outcome
                    .err
                    .lines()
                    .filter(|line| !line.contains(" rows in, "))
                    .map(str::to_owned)
                    .collect();
                let out = if policy == "fail" {
                    Vec::new()
                } else {
                    outcome.out.clone()
                };
                (outcome.code(), message, out)
            })
            .collect();
        assert_eq!(came[0].0, if policy == "fail" { 3 } else { 0 });
        assert!(came[0].1.iter().any(|line| line.contains("`formule`")));
        assert!(came.iter().all(|one| *one == came[0]), "{policy}");
    }
}

#[test]
fn people_as_they_are_raise_no_alarm() {
    for (seed, rows) in [(1, 60), (2, 300), (3, 300), (4, 1_500), (6, 6_000)] {
        let outcome = run_with_input(&mut crm(["-qq", "-"]), &file(&people(seed, rows)));
        assert_eq!(outcome.err, "", "seed {seed}, {rows} rows");
        assert_eq!(outcome.code(), 0);
    }
}
