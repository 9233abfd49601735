//! `inspect` prints no cell, whatever the file: markers in every cell, in files that are sound,
//! that lack a header, and that are broken.

use crate::support::{COLUMNS, Scratch, crm, gzip, run, run_with_input, to_csv, utf16};

/// In every cell of text, and in every number and date.
const MARKERS: [&str; 3] = ["zqxmark", "7310052", "zqx"];

/// A row with a marker in each of its cells; `n` makes it one of several, or always the same.
fn marked(n: usize) -> Vec<String> {
    COLUMNS
        .iter()
        .map(|column| match *column {
            "date_naissance" | "date_demande" => format!("1985-07-03T01:02:03.7310052{n}"),
            "revenus" | "tarif_devis" | "lat" | "lon" | "nombre_enfants" => format!("7310052.{n}"),
            "age_vehicule" | "points_perdus" | "num_ss" => format!("7310052{n:06}"),
            "adresse" => format!("{n} rue Zqxmark, 75002 Zqxmark"),
            "email" => format!("zqxmark{n}@zqxmark.example"),
            "sexe" => ["zqxmark-F", "zqxmark-H"][n % 2].to_owned(),
            "etat_dossier" => "zqxmark".to_owned(),
            other => format!("zqxmark-{other}-{n}"),
        })
        .collect()
}

#[track_caller]
fn holds_none(what: &str, text: &str) {
    let text = text.to_lowercase();
    for marker in MARKERS {
        assert!(!text.contains(marker), "{marker} in {what}:\n{text}");
    }
}

/// Runs every form of `inspect` over a file and standard input in turn, and gives the exit codes.
#[track_caller]
fn nothing_is_shown(what: &str, input: &[u8], options: &[&str]) -> Vec<i32> {
    let scratch = Scratch::new();
    let path = scratch.write("in.csv", input);
    let mut codes = Vec::new();
    let forms = [
        &["--lang", "en"][..],
        &["--lang", "fr"],
        &["--format", "json"],
        &["--suggest"],
        &["--suggest", "--lang", "fr", "-j", "2"],
    ];
    for (place, form) in forms.into_iter().enumerate() {
        let mut named = crm(["inspect"]);
        named
            .args(options)
            .args(form)
            .arg(&path)
            .env("RUST_BACKTRACE", "full");
        let mut piped = crm(["inspect", "-"]);
        piped.args(options).args(form);
        let outcome = match place % 2 {
            0 => run(&mut named),
            _ => run_with_input(&mut piped, input),
        };
        holds_none(&format!("{what} {form:?}: output"), &outcome.text());
        holds_none(&format!("{what} {form:?}: messages"), &outcome.err);
        assert!(!outcome.err.contains("panicked"), "{what}: {}", outcome.err);
        codes.push(outcome.code());
    }
    codes
}

fn file(rows: impl Iterator<Item = Vec<String>>) -> String {
    String::from_utf8(to_csv(&COLUMNS, rows, b',')).unwrap()
}

#[test]
fn nothing_is_shown_of_sound_files() {
    let different = file((1..=60).map(marked));
    let alike = file((1..=60).map(|_| marked(1)));
    let few = file((1..=90).map(|n| marked(n % 6)));
    let one = file(std::iter::once(marked(1)));
    for (what, text) in [
        ("different", &different),
        ("alike", &alike),
        ("few", &few),
        ("one", &one),
    ] {
        let mut forms = vec![("plain", text.clone().into_bytes())];
        if what == "different" {
            forms.push(("gzip", gzip(text.as_bytes())));
            forms.push(("UTF-16", utf16(text, true)));
        }
        for (form, bytes) in forms {
            let codes = nothing_is_shown(&format!("{what}, {form}"), &bytes, &[]);
            assert!(
                codes.iter().all(|code| *code == 0),
                "{what}, {form}: {codes:?}"
            );
        }
    }
}

#[test]
fn nothing_is_shown_of_files_without_a_header() {
    let text = file((1..=60).map(marked));
    let rows = text.split_once('\n').unwrap().1.to_owned();
    let first = rows.lines().next().unwrap().to_owned();
    let words: String = (0..40)
        .map(|n| format!("zqxmark,Zqxmark{n},zqx rue\n"))
        .collect();
    let known: String = (0..40).map(|_| "client,prospect,zqxmark\n").collect();
    for (what, input) in [
        ("rows", rows.clone()),
        ("one row", first),
        ("words", words),
        ("words, one row", "zqxmark,Zqxmark,zqx\n".to_owned()),
        ("one column", "zqxmark\nzqxmark\n".to_owned()),
        ("known words that return", known),
        ("a number", "nom,prénom,7310052\na,b,c\n".to_owned()),
        (
            "an address",
            "nom,prénom,zqxmark@zqxmark.example\na,b,c\n".to_owned(),
        ),
        (
            "a long text",
            format!("nom,prénom,ville,{}\na,b,c,d\n", "zqxmark ".repeat(40)),
        ),
    ] {
        let codes = nothing_is_shown(what, input.as_bytes(), &[]);
        assert_eq!(codes, [3; 5], "{what}");
    }
    let broken = rows.replacen("zqxmark-nom-20", "\"zqxmark", 1);
    let codes = nothing_is_shown("a broken quote", broken.as_bytes(), &[]);
    assert_eq!(codes, [3; 5]);
}

#[test]
fn nothing_is_shown_of_broken_files() {
    let text = file((1..=60).map(marked));
    let instead = |to: &str| text.replacen("zqxmark-nom-20", to, 1).into_bytes();
    for (what, input, options, code) in cases![
        "text after a quote", instead("\"zqxmark\" zqxmark"), &[][..], 3;
        "an open quote", instead("\"zqxmark"), &[], 3;
        "a NUL", instead("zqx\0mark"), &[], 3;
        "a long field", instead(&"zqxmark".repeat(160_000)), &[], 3;
        "the wrong delimiter", text.clone().into_bytes(), &["-d", ";"], 3;
        "a cut gzip", gzip(text.as_bytes())[..300].to_vec(), &[], 1;
        "a row in a name", b"nom,\"ville\nzqxmark\",email\na,b,c\n".to_vec(), &[], 3;
        "rows in the header", b"nom,\"ville,email\nzqxmark,zqxmark\",sexe\na,b,c\n".to_vec(), &[], 3;
    ] {
        let codes = nothing_is_shown(what, &input, options);
        // A header that may be a row is proposed no table.
        let suggested = if code == 0 { 3 } else { code };
        let expected = [[code; 3].as_slice(), &[suggested; 2]].concat();
        assert_eq!(codes, expected, "{what}");
    }
    let wide = instead("zqxmark,zqxmark");
    assert_eq!(nothing_is_shown("a wide row", &wide, &[]), [0; 5]);
}

#[test]
fn the_markers_are_where_they_can_be_found() {
    for (column, cell) in COLUMNS.iter().zip(marked(3)) {
        let cell = cell.to_lowercase();
        assert!(
            MARKERS.iter().any(|marker| cell.contains(marker)),
            "{column}: {cell}"
        );
    }
    assert!(std::panic::catch_unwind(|| holds_none("test", "x ZQXMark")).is_err());
}
