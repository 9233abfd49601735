//! Identifiers in kept columns: planted ones are found, masked or let go as asked, and people whose
//! name is an occupation raise no alarm.

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

/// A table that keeps some columns and drops the rest.
const TABLE: &str = r#"
    version = 1
    [columns.nom]
    rule = "drop"
    attribute = "identifying"
    [columns.id]
    rule = "drop"
    attribute = "identifying"
    [columns.employeur]
    rule = "drop"
    attribute = "quasi-identifying"
    [columns.email]
    rule = "drop"
    attribute = "identifying"
    [columns.metier]
    rule = "keep"
    [columns.ville]
    rule = "keep"
    [columns.age]
    rule = "keep"
"#;

#[track_caller]
fn ends(what: &str, table: &str, rows: &[&str], code: i32) -> Outcome {
    let scratch = Scratch::new();
    scratch.write("t.toml", table);
    let text = format!(
        "nom;id;employeur;email;metier;ville;age\n{}\n",
        rows.join("\n")
    );
    scratch.write("in.csv", text);
    let outcome = run_in(&scratch, &["in.csv", "-q", "-r", "t.toml"]);
    assert_eq!(outcome.code(), code, "{what}: {}", outcome.err);
    outcome
}

#[test]
fn what_names_nobody_is_no_leak() {
    for (what, rows) in cases![
        "a baker called Boulanger", &["Paul Boulanger;1;;;boulanger;Lyon;45"][..];
        "a baker's mailbox", &["A B;1;;contact.commercial@a.fr;commercial;Lyon;45"];
        "a first name in a word that others share",
        &[
            "Marie Curie;1;;;mairie de Sainte Marie;Lyon;1",
            "A B;2;;;mairie de Sainte Marie;Lyon;1",
            "C D;3;;;mairie de Sainte Marie;Lyon;1",
            "E F;4;;;Sainte-Marie;Lyon;1",
        ];
        "an employer that is a town", &["A B;1;Bordeaux;;cadre;Bordeaux;45"];
        "an id that is an age", &["A B;45;;;cadre;Lyon;45"];
        "an id that is a code", &["A B;33000;;;cadre;33000;45"];
        "an id that looks like a day", &["A B;19850723;;;cadre;Lyon;45"];
        "short words", &["Le Gall;AB1;SNCF;le.ga@a.fr;le cadre AB1;gal;45"];
        "nothing", &[";;;;;;", "NULL;;;;NULL;;"];
    ] {
        ends(what, TABLE, rows, 0);
    }
}

#[test]
fn what_names_somebody_is_a_leak_however_it_is_written() {
    for (what, rows) in cases![
        "a surname", &["Paul Dupont;1;;;cf. DUPONT;Lyon;45"][..];
        "accents", &["Zoé Bérénice;1;;;berenice;Lyon;45"];
        "a full name of ordinary words", &["Pierre Boulanger;1;;;boulanger Pierre;Lyon;45"];
        "the name in the address", &["A B;1;;l.martinez3@a.fr;Mme Martinez;Lyon;45"];
        "an id", &["A B;C-0012345;;;vu c0012345;Lyon;45"];
        "a long number", &["A B;1234567;;;1234567;Lyon;45"];
        "an employer of several words", &["A B;1;CHU de Lille;;infirmier CHU DE LILLE;Lyon;45"];
        "a street behind another part of the address",
        &["A B;Parc des Pins, 12 rue Basse, 44000 Nantes;;;12 rue Basse;Lyon;45"];
        "one of three with a word that names the others not",
        &[
            "A Martin;1;;;martin;a;1",
            "B C;2;;;martin;a;1",
            "D E;3;;;martin;a;1",
            "F Martin;4;;;martin;a;1",
        ];
        "names of several people",
        &[
            "A Martin;1;;;martin;a;1",
            "B Martin;2;;;Martin;a;1",
            "C Martin;3;;;MARTIN;a;1",
            "D Martin;4;;;martin;a;1",
            "E Martin;5;;;martin;a;1",
        ];
    ] {
        let outcome = ends(what, TABLE, rows, 3);
        assert!(
            !outcome.err.to_lowercase().contains("martin"),
            "{}",
            outcome.err
        );
        outcome.says(&[
            "column `metier`",
            "of the same row",
            "record 1 (line 2 of the file)",
            "--on-leftover mask",
        ]);
    }
}

/// What the table says of the second column of countries.
const COUNTRIES: &str = r#"
    version = 1
    [columns.nom]
    rule = "drop"
    [columns.pays_facturation]
    rule = "drop"
    [columns.pays_livraison]
    rule = "drop"
    [columns.pays]
    rule = "keep"
    [columns.note]
    rule = "keep"
"#;

/// A name that no other row has.
fn name(row: usize) -> String {
    let letter = |place: usize| (b'a' + (row / 26_usize.pow(place as u32) % 26) as u8) as char;
    format!("Perso{}{}{} Untel", letter(0), letter(1), letter(2))
}

/// Customers of whom nearly all have the same country three times over: name, two dropped
/// countries, a kept one, a note.
fn countries(rows: usize) -> Vec<Vec<String>> {
    let mut dice = Dice(7);
    let mut country = |usual: &str, one_in: usize| match dice.below(one_in) {
        0 => ["France", "Belgique", "Suisse", "Andorre"][dice.below(4)].to_owned(),
        _ => usual.to_owned(),
    };
    let row = |number| {
        let kept = country("France", 20);
        let (billed, sent) = (country(&kept, 50), country(&kept, 200));
        vec![name(number), billed, sent, kept, String::new()]
    };
    (0..rows).map(row).collect()
}

#[test]
fn a_second_column_of_countries_names_nobody_but_what_is_typed_there_does() {
    const HEADER: [&str; 5] = ["nom", "pays_facturation", "pays_livraison", "pays", "note"];
    let clean = countries(1_000);
    let with = |row: usize, column: usize, text: &str| {
        let mut rows = clean.clone();
        rows[row][column] = text.to_owned();
        rows
    };
    let names: Vec<String> = (0..1_000).map(name).collect();
    let first = |row: usize| names[row].split(' ').next().unwrap();
    let mixed = format!("France, {}", first(2));
    let noted = format!("rappeler {}", first(999).to_uppercase());
    let identifying = COUNTRIES.replace(
        "[columns.pays_facturation]",
        "[columns.pays_facturation]\n    attribute = \"identifying\"",
    );
    let surnames: Vec<Vec<String>> = people(3, 1_000)
        .into_iter()
        .map(|person| {
            let name = person[column("nom")].clone();
            [
                String::new(),
                name.clone(),
                String::new(),
                String::new(),
                name,
            ]
            .to_vec()
        })
        .collect();
    let few = vec![clean[0].clone(); 5];
    let families = (0..40).map(|row| {
        let name = name(row / 2);
        ["", &name, "", "", &name].map(str::to_owned).to_vec()
    });
    // Who has many rows is a class only where nothing says that it is a person.
    let few_people = |column: usize| {
        let rows = (0..90).map(|row| {
            let mut cells = vec![String::new(); HEADER.len()];
            cells[column] = name(row % 3);
            cells[4] = name(row % 3);
            cells
        });
        rows.collect::<Vec<_>>()
    };
    for (what, table, rows, code) in [
        ("countries", COUNTRIES, clean.clone(), 0),
        ("identifying countries", &identifying, clean.clone(), 3),
        ("countries in a file of a few rows", COUNTRIES, few, 3),
        ("a name", COUNTRIES, with(500, 3, first(500)), 3),
        (
            "a name beside its country",
            COUNTRIES,
            with(2, 3, &mixed),
            3,
        ),
        ("a name in the note", COUNTRIES, with(999, 4, &noted), 3),
        ("surnames", COUNTRIES, surnames, 3),
        ("families", COUNTRIES, families.collect(), 3),
        ("people of many rows", COUNTRIES, few_people(0), 3),
        ("classes of many rows", COUNTRIES, few_people(1), 0),
    ] {
        let scratch = Scratch::new();
        scratch.write("t.toml", table);
        scratch.write("in.csv", to_csv(&HEADER, rows, b','));
        let outcome = run_in(&scratch, &["in.csv", "-q", "-r", "t.toml"]);
        assert_eq!(outcome.code(), code, "{what}: {}", outcome.err);
    }
    // What is masked is the name alone.
    let scratch = Scratch::new();
    scratch.write("t.toml", COUNTRIES);
    let rows = with(2, 3, &mixed);
    let kept: Vec<String> = rows.iter().map(|row| row[3].clone()).collect();
    scratch.write("in.csv", to_csv(&HEADER, rows, b','));
    let args = [
        "in.csv", "-q", "-r", "t.toml", "--on-leftover", "mask", "-o", "out.csv",
    ];
    run_in(&scratch, &args).ended(0);
    let written = records(&scratch.read("out.csv"), b',');
    assert_eq!(written.len(), kept.len() + 1);
    for (row, (cells, kept)) in written[1..].iter().zip(&kept).enumerate() {
        match row {
            2 => assert!(!cells.concat().contains(first(2)), "{cells:?}"),
            _ => assert!(cells.contains(kept), "{row} {cells:?}"),
        }
    }
}

#[test]
fn a_rule_says_what_is_expected() {
    let row = ["Paul Dupont;1;;;Dupont a@b.fr 23/07/1985;Lyon;45"];
    for (value, code) in [
        ("\"check\"", 3),
        ("\"ignore\"", 0),
        ("[\"email\", \"date\"]", 3),
        ("[\"email\", \"same_row\"]", 3),
        ("[\"email\", \"date\", \"same_row\"]", 0),
    ] {
        let with = format!("[columns.metier]\n    leftovers = {value}\n");
        let table = TABLE.replace("[columns.metier]\n", &with);
        ends(value, &table, &row, code);
    }
}

#[test]
fn rows_that_do_not_leave_are_not_looked_at() {
    let rows = "metier,revenus,nom\nPaul Dupont,x,Paul Dupont\ncadre,1,A B\n";
    run_with_input(
        &mut crm(["-q", "-", "--on-invalid", "skip"]),
        rows.as_bytes(),
    )
    .ended(0);
    run_with_input(
        &mut crm(["-q", "-", "--on-invalid", "blank"]),
        rows.as_bytes(),
    )
    .ended(3);
}

#[test]
fn a_stream_gets_no_row_from_a_certain_identifier_on() {
    let mut rows = people(7, 6_000);
    rows[5_000][0] = "zqx@planted.fr".into();
    let input = file(&rows);
    let outcome = run_with_input(&mut crm(["-q", "-"]), &input).ended(3);
    outcome.says(&["record 5001", "standard output", "discard"]);
    let text = String::from_utf8(outcome.out).unwrap();
    assert!(!text.contains("zqx") && text.lines().count() > 1_000);
    let masked = run_with_input(&mut crm(["-q", "-", "--on-leftover", "mask"]), &input).ended(0);
    assert_eq!(records(&masked.out, b',')[5_001][1], "[email]");
    // With a search, the first pass refuses: nothing leaves at all.
    let search = ["-q", "-", "--k", "2", "--max-suppressed", "100%"];
    let outcome = run_with_input(&mut crm(search), &input).ended(3);
    assert!(outcome.out.is_empty());
}

#[test]
fn other_encodings_and_quotes_are_read_the_same() {
    let text = "metier;nom;sexe\n\"cf. \"\"Bérénice\"\"\";Zoé BÉRÉNICE;F\ncadre;A;F\n";
    for (what, bytes) in [
        ("UTF-8", text.as_bytes().to_vec()),
        ("Windows-1252", crate::support::windows_1252(text)),
        ("UTF-16", crate::support::utf16(text, false)),
    ] {
        run_with_input(&mut crm(["-q", "-"]), &bytes)
            .ended(3)
            .says(&["`nom` of the same row", "record 1 (line 2 of the file)"]);
        let masked =
            run_with_input(&mut crm(["-q", "-", "--on-leftover", "mask"]), &bytes).ended(0);
        assert_eq!(records(&masked.out, b';')[1][1], "cf. \"[nom]\"", "{what}");
    }
}
