//! The kinds that recode and perturb, through the real program: one table with all of them, what
//! comes out cell for cell, what hangs on chance and on what, and that no cell is ever shown.

use crate::support::{Dice, Scratch, crm, records, run, to_csv};
use chrono::NaiveDate;

/// Every kind of rule that recodes or perturbs, and the coding options of those that had none.
const TABLE: &str = r#"
version = 1
name = "recoding"

[columns.naissance]
rule = { year = { before = 1940 } }
as = "annee"

[columns.naissance_2]
rule = "year_month"
as = "mois"
attribute = "quasi-identifying"

[columns.naissance_3]
rule = { age = { at = "2026-01-01", top = 90 } }
as = "age"
attribute = "quasi-identifying"

[columns.demande]
rule = { date_shift = { max_days = 30 } }

[columns.reponse]
rule = { date_shift = { max_days = 30, formats = ["%d.%m.%Y"] } }

[columns.relance]
rule = { date_shift = { max_days = 60 } }

[columns.revenus]
rule = { bucket = { width = 20_000, bottom = 0, top = 200_000 } }
as = "tranche"
attribute = "quasi-identifying"

[columns.revenus_2]
rule = { noise = { distribution = "laplace", scale = 500, min = 0, decimals = 2 } }
as = "bruit"

[columns.revenus_3]
rule = { noise = { distribution = "gaussian", scale = 500, decimals = 2 } }
as = "bruit_2"

[columns.prime]
rule = { round = { to = 100, top = 1_000 } }
attribute = "quasi-identifying"

[columns.points]
rule = { range = { edges = [0, 5.5, 10], decimal = "," } }
attribute = "quasi-identifying"

[columns.adresse]
rule = "departement"
attribute = "quasi-identifying"

[columns.adresse_2]
rule = "region"
as = "region"

[columns.civilite]
rule = { map = { table = { "M." = "H", "Mme" = "F" }, otherwise = "empty", ignore_case = true } }

[columns.metier]
rule = { map = { file = "codes.csv", otherwise = { value = "autre" } } }

[columns.source]
rule = { constant = { value = "CRM" } }

[columns.iris]
rule = { truncate = { length = 2 } }
attribute = "quasi-identifying"

[columns.num_ss]
rule = { mask = { end = 2 } }
"#;

const HEADER: [&str; 18] = [
    "naissance", "naissance_2", "naissance_3", "demande", "reponse", "relance", "revenus",
    "revenus_2", "revenus_3", "prime", "points", "adresse", "adresse_2", "civilite", "metier",
    "source", "iris", "num_ss",
];

/// The columns that hang on chance, counted from the index.
const RANDOM: [usize; 5] = [4, 5, 6, 8, 9];

/// A folder with the table, its codes and an input of these rows.
fn scratch(rows: impl IntoIterator<Item = Vec<String>>) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("rules.toml", TABLE);
    scratch.write("codes.csv", "boulanger;artisan\n\"notaire\";libéral\n");
    scratch.write("in.csv", to_csv(&HEADER, rows, b';'));
    scratch
}

/// The output of a run with these arguments.
#[track_caller]
fn output(scratch: &Scratch, args: &[&str]) -> Vec<Vec<String>> {
    let mut command = crm(["-q", "-r", "rules.toml", "in.csv"]);
    let outcome = run(command.args(args).current_dir(scratch.folder())).ended(0);
    records(&outcome.out, b';')
}

/// Invented person number `n`.
fn person(n: u64) -> Vec<String> {
    let mut dice = Dice(n);
    let (year, month, day) = (
        1920 + dice.below(90),
        1 + dice.below(12),
        1 + dice.below(28),
    );
    let birth = format!("{year}-{month:02}-{day:02}");
    let income = format!("{},{:02}", dice.below(250_000), dice.below(100));
    let place = dice.pick(&[
        "75011 Paris", "69003 Lyon", "29200 Brest", "97400 Saint-Denis",
    ]);
    let address = format!("{} rue Haute, {place}", 1 + dice.below(90));
    vec![
        birth.clone(),
        birth.clone(),
        birth,
        format!("2024-0{}-15", 1 + dice.below(9)),
        format!("{:02}.12.2024", 1 + dice.below(28)),
        "2025-01-31".into(),
        income.clone(),
        income.clone(),
        income,
        dice.below(2_000).to_string(),
        format!("{},5", dice.below(14)),
        address.clone(),
        address,
        dice.pick(&["M.", "Mme", "MME", "Dr"]).into(),
        dice.pick(&["boulanger", "notaire", "docker"]).into(),
        "salon".into(),
        format!("{}{:05}", dice.pick(&["75", "69"]), dice.below(99_999)),
        format!("1850578006{n:05}"),
    ]
}

#[test]
fn every_kind_writes_what_it_says() {
    let row = |cells: &str| -> Vec<String> { cells.split('|').map(str::to_owned).collect() };
    let rows = [
        "23/07/1985|23/07/1985|23/07/1985|2024-03-31 10:00|02.04.2024|2024-05-01|45 000,50 €|45 000,50 €|45 000,50 €|949,99|5,49|12 rue Haute, 94390 Orly|12 rue Haute, 94390 Orly|mme|boulanger|salon|750110101|185057800608491",
        "1939-12-31|1936-01-01|1936-01-02|2024-02-29|01.03.2024|NULL|-0,01|0|-5|-50|-0,1|Brest|00000 Brest|Dr|docker|x|7|12",
        "1940-01-01|2000-02-29|2000-02-29|NA||2025-01-01|200000|n/a|0,005|950|10|97400 Saint-Denis|2A004|M.|notaire|NULL|2A004|NA",
    ];
    let scratch = scratch(rows.map(row));
    let output = output(&scratch, &["--manifest", "run.json"]);
    assert_eq!(
        output[0].join("|"),
        "Index_rd|annee|mois|age|demande|reponse|relance|tranche|bruit|bruit_2|prime|points|adresse|region|civilite|metier|source|iris|num_ss"
    );
    let fixed: Vec<String> = output[1..]
        .iter()
        .map(|row| {
            let cells = row.iter().enumerate().skip(1);
            let cells = cells.filter(|(at, _)| !RANDOM.contains(at));
            cells
                .map(|(_, cell)| cell.as_str())
                .collect::<Vec<_>>()
                .join("|")
        })
        .collect();
    assert_eq!(
        fixed,
        [
            "1985|1985-07|40|40000-60000|900|0-5.5|91 Essonne|Île-de-France|F|artisan|CRM|75|****91",
            "<1940|1936-01|89|<0|-100|<0||||autre|CRM|7|****",
            "1940|2000-02|25|200000+|1000+|10+|974 La Réunion||H|libéral||2A|",
        ]
    );
    let date = |cell: &str| NaiveDate::parse_from_str(cell, "%Y-%m-%d").unwrap();
    // The dates of a row keep their distance, in columns of one max_days.
    let (first, second) = (&output[1], &output[2]);
    assert_eq!(
        date(&first[5]) - date(&first[4]),
        chrono::TimeDelta::days(2)
    );
    assert_eq!(
        date(&second[5]) - date(&second[4]),
        chrono::TimeDelta::days(1)
    );
    for (cell, before, most) in [
        (&first[4], "2024-03-31", 30),
        (&first[6], "2024-05-01", 60),
        (&second[4], "2024-02-29", 30),
    ] {
        assert!(
            (date(cell) - date(before)).num_days().abs() <= most,
            "{cell}"
        );
    }
    assert_eq!(
        [&output[2][6], &output[3][4], &output[3][5], &output[3][8]],
        [""; 4]
    );
    // On its bound an amount has no room; without one it moves, whatever its decimals were.
    assert_eq!(second[8], "0.00");
    for cell in [&first[8], &first[9], &second[9], &output[3][9]] {
        let decimals = cell.split_once('.').map(|(_, decimals)| decimals.len());
        assert_eq!(
            (decimals, cell.parse::<f64>().is_ok()),
            (Some(2), true),
            "{cell}"
        );
    }
    let manifest: serde_json::Value = serde_json::from_slice(&scratch.read("run.json")).unwrap();
    for (column, count, expected) in [
        (7, "unchanged", 1),
        (11, "no_postal_code", 1),
        (12, "no_postal_code", 2),
        (13, "not_in_table", 1),
        (14, "not_in_table", 1),
        (16, "whole", 1),
        (17, "too_short", 1),
    ] {
        assert_eq!(
            manifest["columns"][column][count], expected,
            "{column}, {count}"
        );
    }
}

#[test]
fn chance_hangs_on_the_run_and_not_on_threads() {
    let scratch = scratch((1..=8_000).map(person));
    let seeded = output(&scratch, &["--seed", "7", "-j", "1"]);
    assert_eq!(output(&scratch, &["--seed", "7", "-j", "2"]), seeded);
    let (one, other) = (output(&scratch, &[]), output(&scratch, &[]));
    for column in RANDOM {
        let same = |a: &[Vec<String>], b: &[Vec<String>]| {
            a.iter()
                .zip(b)
                .skip(1)
                .filter(|(a, b)| a[column] == b[column])
                .count()
        };
        // Of 8 000 rows one in 61 gets the same shift by chance, and fewer the same noise.
        for (case, count) in [
            ("two runs", same(&one, &other)),
            ("seeded", same(&one, &seeded)),
        ] {
            assert!(
                count < 300,
                "{case}: {count} of {} alike",
                seeded[0][column]
            );
        }
    }
    for column in (1..seeded[0].len()).filter(|column| !RANDOM.contains(column)) {
        assert!(
            one.iter().zip(&seeded).all(|(a, b)| a[column] == b[column]),
            "{}",
            seeded[0][column]
        );
    }
    // Two columns of the same amounts have noise of their own.
    assert!(seeded.iter().skip(1).all(|row| row[8] != row[9]));
}

#[test]
fn what_was_recoded_can_be_generalised_to_k() {
    let scratch = scratch((1..=500).map(person));
    for recoding in ["global", "local"] {
        let args = [
            "--k", "5", "--min-k", "5", "--recoding", recoding, "--max-suppressed", "50%",
        ];
        let output = output(&scratch, &args);
        assert_eq!(output.len(), 501);
    }
}

#[test]
fn a_cell_that_cannot_be_recoded_is_named_by_its_place_alone() {
    let canary = "canari@example.fr\nune autre ligne";
    let scratch = scratch([HEADER.iter().map(|_| canary.to_owned()).collect()]);
    // Nothing of it is looked up, so it is nothing to refuse: map, constant, departement, region.
    let silent = [
        "civilite", "metier", "source", "adresse", "adresse_2", "num_ss", "iris",
    ];
    let args = [
        "-r", "rules.toml", "in.csv", "-o", "out.csv", "--manifest", "run.json", "-v",
    ];
    let outcome = run(crm(args).current_dir(scratch.folder())).ended(3);
    for column in HEADER {
        // After the tenth problem there are but counts.
        let told = [format!("1 × `{column}`, rule"), format!("`{column}` (1)")];
        let named = told.iter().any(|told| outcome.err.contains(told));
        assert_eq!(
            named,
            !silent.contains(&column),
            "{column}\n{}",
            outcome.err
        );
    }
    let manifest = String::from_utf8(scratch.read("run.json")).unwrap();
    for part in ["canari", "une autre", "example.fr"] {
        assert!(!outcome.err.contains(part), "{part}\n{}", outcome.err);
        assert!(!manifest.contains(part), "{part}\n{manifest}");
    }
    assert_eq!(
        scratch.names(),
        ["codes.csv", "in.csv", "rules.toml", "run.json"]
    );
}

#[test]
fn a_table_of_codes_is_checked_where_it_is_named_and_never_shown() {
    let scratch = scratch([person(1)]);
    for (content, expected) in [
        (Some("canari;a;b\n"), "expected two columns"),
        (
            Some("canari;a\ncanari;b\n"),
            "row 2: two entries for one cell",
        ),
        (None, "codes.csv"),
    ] {
        match content {
            Some(content) => drop(scratch.write("codes.csv", content)),
            None => std::fs::remove_file(scratch.path("codes.csv")).unwrap(),
        }
        let outcome =
            run(crm(["-r", "rules.toml", "in.csv"]).current_dir(scratch.folder())).ended(2);
        outcome.says(&["rules.toml:", "codes.csv", expected]);
        assert!(!outcome.err.contains("canari"), "{}", outcome.err);
        assert!(outcome.out.is_empty());
    }
    // It is an input: nothing overwrites it.
    scratch.write("codes.csv", "docker;port\n");
    let args = ["-q", "-r", "rules.toml", "in.csv", "-o", "codes.csv"];
    run(crm(args).current_dir(scratch.folder())).ended(2);
    assert_eq!(scratch.read("codes.csv"), b"docker;port\n");
}
