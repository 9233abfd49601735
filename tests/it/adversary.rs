//! What an attacker's own files got through: seen from outside, with the right value.

use crate::support::{Scratch, crm, run};

/// A rule table that keeps a column `note`, and an `id` that nobody looks at.
const TABLE: &str = "version = 1\nindex = \"\"\n[columns.id]\nrule = \"keep\"\nleftovers = \"ignore\"\n\
                     [columns.note]\nrule = \"keep\"\n";

/// A file of notes.
fn notes(cells: impl IntoIterator<Item = String>) -> String {
    let rows = cells.into_iter().enumerate();
    let rows: String = rows.map(|(id, cell)| format!("{id};{cell}\n")).collect();
    format!("id;note\n{rows}")
}

/// Digits that look drawn.
fn digits(n: u64, count: u32) -> String {
    let drawn = n
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(0x9E37_79B9_7F4A_7C15)
        >> 20;
    format!(
        "{:0width$}",
        drawn % 10_u64.pow(count),
        width = count as usize
    )
}

#[test]
fn columns_of_numbers_and_names_are_refused_however_they_are_written() {
    let scratch = Scratch::new();
    let table = scratch.write("table.toml", TABLE);
    let mobile = |n: u64| format!("0{}{}", 6 + n % 2, digits(n, 8));
    type Cells = Box<dyn Fn(u64) -> String>;
    let cases: Vec<(&str, Cells, i32)> = vec![
        ("mobiles", Box::new(mobile), 3),
        (
            "without their zero",
            Box::new(move |n| mobile(n)[1..].into()),
            3,
        ),
        (
            "decimals",
            Box::new(move |n| format!("{},0", &mobile(n)[1..])),
            3,
        ),
        (
            "with a no-break blank",
            Box::new(|n| format!("Mme\u{a0}{}", ["Leroy", "Durand", "Faure"][n as usize % 3])),
            3,
        ),
        (
            "days apart",
            Box::new(|n| format!("{:02} 07 19{}", 1 + n % 28, 40 + n % 60)),
            3,
        ),
        (
            "short years",
            Box::new(|n| format!("{} mai {}", 1 + n % 28, 40 + n % 60)),
            3,
        ),
        (
            "meetings",
            Box::new(|n| format!("réunion du {:02}/03/2025 à 10 h", 1 + n % 28)),
            0,
        ),
        (
            "laws",
            Box::new(|_| "loi n° 78-17 du 6 janvier 1978".into()),
            0,
        ),
        (
            "builds",
            Box::new(|n| format!("6.{}.{}.{}", n % 10, 100 + n % 90, 10 + n * 7 % 240)),
            0,
        ),
        (
            "articles",
            Box::new(|n| {
                let (a, b) = (n as usize % 4, n as usize / 4 % 4);
                format!(
                    "{}-{}-{}",
                    ["AX", "BR", "CD", "GT"][a],
                    digits(n, 3),
                    ["BL", "RG", "VT", "JN"][b]
                )
            }),
            0,
        ),
        (
            "towns",
            Box::new(|n| {
                [
                    "Lons-le-Saunier",
                    "Boulogne-Billancourt",
                    "Lyon",
                    "Saint-Denis",
                ][n as usize % 4]
                    .into()
            }),
            0,
        ),
    ];
    for (case, cell, status) in cases {
        let file = scratch.write("notes.csv", notes((0..120).map(cell)));
        let mut command = crm(["-q", "-d", ";", "-r"]);
        let outcome = run(command.arg(&table).arg(&file));
        assert_eq!(outcome.code(), status, "{case}: {}", outcome.err);
    }
}

#[test]
fn a_find_under_one_of_another_kind_is_masked() {
    // One number of nine digits in ten passes for a SIREN.
    let scratch = Scratch::new();
    let table = scratch.write("table.toml", TABLE);
    let mobiles = (0..80).map(|n| format!("6{}", digits(n, 8)));
    let file = scratch.write("notes.csv", notes(mobiles));
    let mut command = crm(["-q", "--on-leftover", "mask", "-d", ";", "-r"]);
    let outcome = run(command.arg(&table).arg(&file)).ended(0);
    assert_eq!(outcome.text().matches("[phone]").count(), 80);
}

#[test]
fn rows_of_nothing_but_null_are_nobody() {
    let scratch = Scratch::new();
    let people = "boulanger;F;1980-03-12\ncadre;H;1975-01-01\nmaçon;H;1990-02-02\n";
    let nobody = "NULL;NULL;NULL\n".repeat(400);
    let file = scratch.write(
        "null.csv",
        format!("metier;sexe;date_naissance\n{people}{nobody}"),
    );
    let mut command = crm(["-q", "--max-unique", "1%", "-o"]);
    let outcome = run(command.arg(scratch.path("out.csv")).arg(&file));
    outcome.ended(4).says(&["100"]);
}

#[test]
fn a_category_called_total_stays_a_person() {
    let scratch = Scratch::new();
    let file = scratch.write(
        "total.csv",
        "id_client;metier;sexe;formule\n1042;;;TOTAL\n1043;;;tiers\n",
    );
    let outcome = run(crm(["-q"]).arg(&file)).ended(0);
    assert_eq!(outcome.text().lines().count(), 3);
    assert!(outcome.text().contains("TOTAL"));
}

#[test]
fn check_says_how_a_header_is_trusted() {
    let scratch = Scratch::new();
    let table = "version = 1\n[columns.nom]\nrule = \"drop\"\n[columns.sexe]\nrule = \"keep\"\n";
    let table = scratch.write("table.toml", table);
    let file = scratch.write("odd.csv", "nom;sexe;12\nDupont;F;x\nRoy;H;y\n");
    let check = |more: &[&str]| {
        let mut command = crm(["check"]);
        run(command.arg(&table).arg("--header").arg(&file).args(more))
    };
    let refused = check(&[]).ended(3);
    refused.says(&["say --trust-header; else check --delimiter"]);
    assert!(!refused.err.contains("Dupont"));
    check(&["--trust-header"]).ended(0);
}

#[test]
fn a_table_whose_names_begin_like_json_or_html_is_read() {
    let scratch = Scratch::new();
    for (case, header, status) in [
        ("braces", "{\"nom\"};sexe;formation", 0),
        ("a tag", "<table>;sexe;formation", 0),
        ("JSON", "{\"nom\": \"a\", \"sexe\": 1}", 3),
        ("HTML", "<table><tr><td>a</td></tr></table>", 3),
    ] {
        let file = scratch.write("odd.csv", format!("{header}\nx;F;bac\ny;H;cap\n"));
        let outcome = run(crm(["-q", "--header"]).arg(&file));
        assert_eq!(outcome.code(), status, "{case}: {}", outcome.err);
    }
}
