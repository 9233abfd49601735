//! Single cells of every transforming rule, written out by hand: the forms that are read, the label
//! that leaves, and the look-alikes that must be called invalid rather than guessed.

use crate::support::{crm, records, run_with_input, to_csv};

/// Runs the built-in table on `input` with `args` and gives the records, header first.
#[track_caller]
fn anonymise(input: &[u8], args: &[&str]) -> Vec<Vec<String>> {
    let outcome = run_with_input(crm(["-"]).args(args), input).ended(0);
    records(&outcome.out, b',')
}

/// One column's cases: what comes in, and what must come out; `None` where it is invalid.
type Cases<'a> = &'a [(&'a str, Option<&'a str>)];

/// Puts every case into a row of its own beside a kept column that numbers it. Under `skip` the
/// rows that leave must be the valid ones; under `blank` the invalid cells must be empty; under
/// `fail` each invalid cell alone must refuse its file.
#[track_caller]
fn check_cells(column: &str, output_column: &str, cases: Cases) {
    let header = ["metier", column];
    let rows = || {
        cases
            .iter()
            .enumerate()
            .map(|(n, case)| vec![n.to_string(), case.0.to_owned()])
    };
    let file = to_csv(&header, rows(), b',');
    let kept = |row: &[String]| -> Vec<String> { row[1..].to_vec() };

    let skip = anonymise(&file, &["-q", "--on-invalid", "skip"]);
    let blank = anonymise(&file, &["-q", "--on-invalid", "blank"]);
    assert_eq!(skip[0], ["Index_rd", "metier", output_column]);
    assert_eq!(blank[0], skip[0]);
    let numbered = |n: usize, cell: &str| vec![n.to_string(), cell.to_owned()];
    let wanted_blank: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(n, case)| numbered(n, case.1.unwrap_or("")))
        .collect();
    let wanted_skip: Vec<_> = cases
        .iter()
        .enumerate()
        .filter_map(|(n, case)| case.1.map(|cell| numbered(n, cell)))
        .collect();
    for (n, case) in cases.iter().enumerate() {
        let got = blank.get(n + 1).map(|row| row[2].as_str());
        assert_eq!(got, Some(case.1.unwrap_or("")), "{column} {:?}", case.0);
        let left = skip.iter().skip(1).any(|row| row[1] == n.to_string());
        assert_eq!(
            left,
            case.1.is_some(),
            "{column} {:?} leaves under skip",
            case.0
        );
        if case.1.is_none() {
            let alone = to_csv(&header, [vec!["x".into(), case.0.into()]], b',');
            let outcome = run_with_input(&mut crm(["-"]), &alone).ended(3);
            outcome.says(&["record 1", column]);
        }
    }
    assert_eq!(
        blank[1..].iter().map(|r| kept(r)).collect::<Vec<_>>(),
        wanted_blank
    );
    assert_eq!(
        skip[1..].iter().map(|r| kept(r)).collect::<Vec<_>>(),
        wanted_skip
    );
}

#[test]
fn years() {
    let day = |days| {
        let date = chrono::Utc::now().date_naive() + chrono::Duration::days(days);
        date.format("%Y-%m-%d").to_string()
    };
    let (past, future) = (day(-1), day(2));
    let cases: Cases = &[
        ("1985-03-07", Some("1985")),
        ("1985/03/07", Some("1985")),
        ("07/03/1985", Some("1985")),
        ("07-03-1985", Some("1985")),
        ("07.03.1985", Some("1985")),
        ("19850307", Some("1985")),
        ("1985-03-07T11:22", Some("1985")),
        ("1985-03-07 11:22:33", Some("1985")),
        ("1985-03-07T11:22:33.748291Z", Some("1985")),
        ("1985-03-07T11:22:33+02:00", Some("1985")),
        ("07/03/1985 08:15", Some("1985")),
        ("31/12/1999", Some("1999")),
        ("29/02/2000", Some("2000")),
        ("1900-01-01", Some("1900")),
        (&past, Some(&past[..4])),
        ("", Some("")),
        ("  ", Some("")),
        (" Null ", Some("")),
        ("n/a", Some("")),
        ("#N/A", Some("")),
        ("NAN", Some("")),
        ("none", Some("")),
        ("Na", Some("")),
        (&future, None),
        ("1899-12-31", None),
        ("29/02/1900", None),
        ("31/02/1985", None),
        ("03/13/1985", None),
        ("07/03/85", None),
        ("85-03-07", None),
        ("1985", None),
        ("1985-03", None),
        ("1985/03-07", None),
        ("0000-00-00", None),
        ("1985-03-07T25:00", None),
        ("1985-03-07T11:61", None),
        ("1985-03-07T", None),
        ("1985-03-07x", None),
        ("12345678", None),
        ("nul", None),
        ("inconnu", None),
    ];
    check_cells("date_naissance", "Annee_naissance", cases);
}

#[test]
fn buckets() {
    let cases: Cases = &[
        ("0", Some("0-20000")),
        ("0.00", Some("0-20000")),
        ("19999.99", Some("0-20000")),
        ("19999,99", Some("0-20000")),
        ("19999.999999999999999999999999", Some("0-20000")),
        ("20000", Some("20000-40000")),
        ("20000.0", Some("20000-40000")),
        ("-0.01", Some("-20000-0")),
        ("-20000", Some("-20000-0")),
        ("-20000.01", Some("-40000--20000")),
        ("+5", Some("0-20000")),
        ("0.500", Some("0-20000")),
        ("-0,125", Some("-20000-0")),
        ("1234.567", Some("0-20000")),
        ("45000.5", Some("40000-60000")),
        ("45.00", Some("0-20000")),
        ("45.0000", Some("0-20000")),
        ("45 000,50 €", Some("40000-60000")),
        ("45\u{a0}000,50\u{a0}€", Some("40000-60000")),
        ("45\u{202f}000 EUR", Some("40000-60000")),
        ("1\u{2009}234\u{2009}567 euros", Some("1220000-1240000")),
        ("45000€", Some("40000-60000")),
        (
            "123456789012345678901234567890",
            Some("123456789012345678901234560000-123456789012345678901234580000"),
        ),
        (
            "-123456789012345678901234567890",
            Some("-123456789012345678901234580000--123456789012345678901234560000"),
        ),
        ("NaN", Some("")),
        (" N/A ", Some("")),
        ("45.000", None),
        ("45,000", None),
        ("-1.234", None),
        ("999,999", None),
        ("1.234,56", None),
        ("1,234,567", None),
        ("1 23", None),
        ("1 2345", None),
        ("12 34 567", None),
        ("--5", None),
        ("5-", None),
        ("1e5", None),
        ("0x10", None),
        ("$5", None),
        ("5 USD", None),
        ("\u{663}", None),
        ("inf", None),
        ("-", None),
        ("€", None),
        ("beaucoup", None),
    ];
    check_cells("revenus", "Tranche_revenus", cases);
    check_cells(
        "tarif_devis",
        "Tranche_tarif_devis",
        &[
            ("49.99", Some("0-50")),
            ("50", Some("50-100")),
            ("612,30 €", Some("600-650")),
            ("-50", Some("-50-0")),
            ("1.050", None),
        ],
    );
    check_cells(
        "valeur_residuelle_prin",
        "Tranche_valeur_residuelle_prin",
        &[("39999.99", Some("20000-40000")), ("cher", None)],
    );
}

#[test]
fn yes_or_no() {
    let cases: Cases = &[
        ("0", Some("non")),
        ("0.0", Some("non")),
        ("1", Some("oui")),
        ("12", Some("oui")),
        ("0,5", Some("oui")),
        ("", Some("")),
        ("none", Some("")),
        ("-1", None),
        ("-0.5", None),
        ("oui", None),
        ("deux", None),
    ];
    check_cells("nombre_enfants", "Enfant(s)?", cases);
}

#[test]
fn postal_codes() {
    let cases: Cases = &[
        ("12 rue de la Paix, 75002 Paris", Some("75002")),
        ("75002 PARIS CEDEX 02", Some("75002")),
        ("12345 route du Lac, 13001 Marseille", Some("13001")),
        ("10000 rue des 20000 lieues, 44000", Some("20000")),
        ("BP 12345, 69001 Lyon", Some("69001")),
        ("CS 20001, 2 av. X, 2A000", Some("")),
        ("F-75002 Paris", Some("75002")),
        ("4 rue X, 75002", Some("75002")),
        ("4 rue X 75002 - Paris", Some("75002")),
        ("4 rue X (75002), Paris", Some("75002")),
        ("Paris 75002, 12345", Some("75002")),
        ("97410 Saint-Pierre", Some("97410")),
        ("98800 Nouméa", Some("98800")),
        ("98600 Mata-Utu", Some("98600")),
        ("20090 Ajaccio", Some("20090")),
        ("1 rue É, 01000 Bourg", Some("01000")),
        ("4 rue sans code, Paris", Some("")),
        ("750021 Paris", Some("")),
        ("A75002 Paris", Some("")),
        ("é75002 Paris", Some("")),
        ("75002_Paris", Some("")),
        ("00100 Rome", Some("")),
        ("BP 12345, Lyon", Some("")),
        ("BP 69003, Lyon", Some("")),
        ("digicode 54321, Lyon", Some("")),
        ("69003 Lyon, digicode 12345 B", Some("69003")),
        ("69003 Lyon, digicode 75002 B", Some("69003")),
        ("Code client 54321", Some("")),
        ("Code client 75002", Some("")),
        ("10115 Berlin", Some("")),
        ("28013 Madrid", Some("")),
        ("20121 Milano", Some("")),
        ("67000 Kehl, Allemagne", Some("")),
        ("New York, NY 10118", Some("")),
        ("Addison, TX 75001", Some("")),
        ("75 008 Paris", Some("75008")),
        ("７５００８ Paris", Some("75008")),
        ("59895 Lille CEDEX 9", Some("59895")),
        ("59895 Lille", Some("")),
        ("99999 Nulle-Part", Some("")),
        ("96000 Nulle-Part", Some("")),
        ("97900 Nulle-Part", Some("")),
        ("98100 Nulle-Part", Some("")),
        ("NULL", Some("")),
    ];
    check_cells("adresse", "Code_postal", cases);
}
