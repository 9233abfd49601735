//! Protecting a file and the way back: the table `protection`, `reveal`, and hashes that join files.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::protected::{
    HABILITE, IDENTITE, is_encrypted, key, keys, protect, protected_fixture, reveal,
};
use crate::support::system::NOTHING;
use crate::support::{
    Scratch, crm, export, fixture, gzip, person, records, run, run_with_input, to_csv,
};

/// The fixture without its column of blood groups.
fn source() -> Vec<Vec<String>> {
    let mut rows = records(&fs::read(fixture("export_crm.csv")).unwrap(), b',');
    let dropped = rows[0]
        .iter()
        .position(|name| name == "groupe_sanguin")
        .unwrap();
    for row in &mut rows {
        row.remove(dropped);
    }
    rows
}

#[test]
fn the_way_back_gives_every_cell_that_the_keys_open() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    let file = protected_fixture(&scratch, &keys, "protected.csv");
    let (source, protected) = (source(), records(&fs::read(&file).unwrap(), b','));
    let width = source[0].len() + 1;
    assert_eq!(protected[0][1..width], source[0]);
    assert!(protected[0].len() == width + 1 && protected[0][width].starts_with("crm2.run."));
    assert_eq!(protected.len(), source.len());
    for (opened_with, opened) in [
        (&keys[..], [&IDENTITE[..], &HABILITE[..]].concat()),
        (&keys[..1], IDENTITE.to_vec()),
        (&keys[1..], HABILITE.to_vec()),
    ] {
        let outcome = reveal(&file, opened_with, &[]).ended(0);
        for column in &opened {
            outcome.says(&[&format!("`{column}`")]);
        }
        let revealed = records(&outcome.out, b',');
        assert_eq!(revealed[0][..width], protected[0][..width]);
        // What stays encrypted stays sealed.
        let sealed = opened_with.len() < keys.len();
        assert_eq!(revealed[0].len(), width + usize::from(sealed));
        for (row, cells) in revealed.iter().enumerate().skip(1) {
            for (column, cell) in cells.iter().enumerate().take(width) {
                let name = revealed[0][column].as_str();
                let expected = match opened.contains(&name) {
                    true => &source[row][column - 1],
                    false => &protected[row][column],
                };
                assert_eq!(cell, expected, "{name} of row {row}");
            }
        }
        // What is closed is closed, and what is empty says so.
        for (row, cells) in protected.iter().enumerate().skip(1) {
            for (column, cell) in cells.iter().enumerate().take(width).skip(1) {
                let name = protected[0][column].as_str();
                if IDENTITE.contains(&name) || HABILITE.contains(&name) {
                    let empty = source[row][column - 1].is_empty();
                    assert_eq!(cell.is_empty(), empty, "{name} of row {row}");
                    assert_eq!(is_encrypted(cell), !empty, "{name} of row {row}");
                }
            }
        }
    }
    let bare = reveal(&file, &keys, &["--without-index", "-q"]).ended(0);
    assert_eq!(records(&bare.out, b','), source);
    assert_eq!(bare.err, "");
}

#[test]
fn the_output_says_everywhere_that_it_is_pseudonymised() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    for (language, title, said, told) in [
        (
            "en",
            "Pseudonymisation report",
            "This file is not anonymous",
            "pseudonymised: personal data under the GDPR",
        ),
        (
            "fr",
            "Rapport de pseudonymisation",
            "Ce fichier n’est pas anonyme",
            "pseudonymisé : données personnelles au sens du RGPD",
        ),
    ] {
        let (manifest, report) = (scratch.path("m.json"), scratch.path("r.html"));
        let more = [
            "--manifest",
            manifest.to_str().unwrap(),
            "--report",
            report.to_str().unwrap(),
            "--lang",
            language,
        ];
        let outcome = protect(&scratch, &fixture("export_crm.csv"), &keys, "p.csv", &more);
        outcome.ended(0).says(&[told, "groupe_sanguin"]);
        let manifest: serde_json::Value =
            serde_json::from_slice(&fs::read(manifest).unwrap()).unwrap();
        assert_eq!(
            manifest["status"],
            "pseudonymised: personal data under the GDPR"
        );
        let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/manifest.schema.json");
        let schema = serde_json::from_slice(&fs::read(schema).unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&manifest));
        let report = fs::read_to_string(report).unwrap();
        assert!(
            report.contains(title) && report.contains(said),
            "{language}"
        );
    }
    let plain = scratch.path("plain.json");
    let mut command = crm(["-q", "-o", NOTHING, "--manifest"]);
    run(command.arg(&plain).arg(fixture("export_crm.csv"))).ended(0);
    let plain: serde_json::Value = serde_json::from_slice(&fs::read(plain).unwrap()).unwrap();
    assert_eq!(plain.get("status"), None);
}

#[test]
fn two_runs_share_nothing_whatever_their_seed() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    let cells = |file: &str| -> (HashSet<String>, HashSet<String>) {
        let rows = records(&scratch.read(file), b',');
        let index = rows[1..].iter().map(|row| row[0].clone()).collect();
        let cells = rows[1..].iter().flatten().filter(|cell| is_encrypted(cell));
        (index, cells.cloned().collect())
    };
    for (file, more) in [
        ("a", &["-q"][..]),
        ("b", &["-q"]),
        ("c", &["-q", "--seed", "1"]),
        ("d", &["-q", "--seed", "1"]),
    ] {
        protect(&scratch, &fixture("export_crm.csv"), &keys, file, more).ended(0);
    }
    let (a, b, c, d) = (cells("a"), cells("b"), cells("c"), cells("d"));
    assert!(a.0.is_disjoint(&b.0) && a.1.is_disjoint(&b.1));
    assert!(
        a.1.len() > 1500,
        "no two cells of a run are alike either: {}",
        a.1.len()
    );
    // A seed gives the index again, and no nonce.
    assert!(c.0 == d.0 && c.1.is_disjoint(&d.1));
}

#[test]
fn the_bytes_do_not_depend_on_threads_and_dialects_are_read_and_written() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    let mut rows: Vec<Vec<String>> = (1..=3000).map(person).collect();
    rows[7][7] = "two\nlines; \"quoted\"".to_owned();
    rows[8][7] = "NULL".to_owned();
    rows[9][7] = " ".to_owned();
    rows[10][7].clear();
    let input = scratch.write(
        "in.csv",
        to_csv(&crate::support::COLUMNS, rows.clone(), b','),
    );
    protect(
        &scratch,
        &input,
        &keys,
        "p.csv",
        &[
            "-q", "-j", "3", "--output-delimiter", ";", "--crlf", "--bom",
        ],
    )
    .ended(0);
    let file = scratch.path("p.csv");
    let one = reveal(&file, &keys, &["-q", "-j", "1"]).ended(0);
    rows.iter_mut().for_each(|row| drop(row.remove(3)));
    let revealed = records(&one.out, b';');
    for (expected, row) in rows.iter().zip(&revealed[1..]) {
        assert_eq!(&row[1..], expected.as_slice());
    }
    let four = reveal(&file, &keys, &["-q", "-j", "4"]).ended(0);
    assert!(four.out == one.out);
    let packed = scratch.write("p.csv.gz", gzip(&fs::read(&file).unwrap()));
    assert!(reveal(&packed, &keys, &["-q"]).ended(0).out == one.out);
    let mut piped = crm([
        "reveal", "-", "-q", "--output-delimiter", ",", "--crlf", "--bom",
    ]);
    piped.arg("--key").arg(&keys[0]).arg("--key").arg(&keys[1]);
    let piped = run_with_input(&mut piped, &fs::read(&file).unwrap()).ended(0);
    let text = piped.text();
    assert!(text.starts_with('\u{feff}') && text.contains("\r\n"));
    assert_eq!(records(&piped.out[3..], b','), revealed);
}

#[test]
fn a_hash_joins_files_of_one_key_and_of_no_two() {
    let scratch = Scratch::new();
    let (one, two) = (
        key(&scratch, "jointure", "1.key"),
        key(&scratch, "jointure", "2.key"),
    );
    let table = |column: &str, domain: &str| {
        let text = format!(
            "version = 1\nindex = \"\"\n[columns.{column}]\nrule = {{ hash = {{ role = \"jointure\"{domain} }} }}\n"
        );
        scratch.write(&format!("{column}{}.toml", domain.len()), text)
    };
    let hashed = |input: &str, rules: &PathBuf, key: &PathBuf| -> Vec<String> {
        let input = scratch.write("in.csv", input);
        let mut command = crm(["-q"]);
        command
            .arg(input)
            .arg("-r")
            .arg(rules)
            .arg("--key")
            .arg(key);
        let rows = records(&run(&mut command).ended(0).out, b',');
        rows.into_iter()
            .skip(1)
            .map(|mut row| row.remove(0))
            .collect()
    };
    let customers = "email,x\na@example.fr,1\n,2\nb@example.fr,3\nNULL,4\n";
    let orders = "courriel,y\n b@example.fr ,1\na@example.fr,2\nc@example.fr,3\n";
    let (email, courriel) = (
        table("email", ""),
        table("courriel", ", domain = \"E-mail\""),
    );
    let first = hashed(customers, &email, &one);
    let joined = table("email", ", domain = \"e mail\"");
    let customers_joined = hashed(customers, &joined, &one);
    let second = hashed(orders, &courriel, &one);
    assert_eq!(
        [&first[1], &first[3]],
        ["", ""],
        "what is missing has no hash"
    );
    assert_eq!(
        [&customers_joined[0], &customers_joined[2]],
        [&second[1], &second[0]]
    );
    let all = |lists: &[&Vec<String>]| -> HashSet<String> {
        lists
            .iter()
            .flat_map(|list| list.iter().filter(|cell| !cell.is_empty()).cloned())
            .collect()
    };
    let other_key = hashed(customers, &joined, &two);
    assert!(all(&[&other_key]).is_disjoint(&all(&[&first, &customers_joined, &second])));
    assert!(
        all(&[&first]).is_disjoint(&all(&[&customers_joined])),
        "domains are apart"
    );
    assert_eq!(
        hashed(customers, &joined, &one),
        customers_joined,
        "the same each time"
    );
}

#[test]
fn equal_cells_stay_equal_only_where_that_is_asked_for_and_warned_about() {
    let scratch = Scratch::new();
    let role = key(&scratch, "identite", "k");
    let rules = scratch.write(
        "t.toml",
        "version = 1\nindex = \"\"\n[columns.metier]\n\
         rule = { encrypt = { role = \"identite\", deterministic = true } }\n\
         [columns.sexe]\nrule = \"keep\"\n",
    );
    let input = scratch.write("in.csv", export(200));
    let output = scratch.path("p.csv");
    let mut command = crm(["-o"]);
    command
        .arg(&output)
        .arg(&input)
        .arg("-r")
        .arg(rules)
        .arg("--key")
        .arg(&role);
    run(&mut command)
        .ended(0)
        .says(&["`metier` is encrypted deterministically", "pseudonymised"]);
    let rows = records(&fs::read(&output).unwrap(), b',');
    let distinct: HashSet<&String> = rows[1..].iter().map(|row| &row[0]).collect();
    assert!((20..=40).contains(&distinct.len()), "{}", distinct.len());
    // It is bound to its column, not to a row: no index is needed.
    let revealed = records(&reveal(&output, &[role], &["-q"]).ended(0).out, b',');
    let source = records(&fs::read(&input).unwrap(), b',');
    for (row, source) in revealed.iter().zip(&source) {
        assert_eq!([&row[0], &row[1]], [&source[0], &source[6]]);
    }
}

#[test]
fn what_reads_the_input_twice_protects_it_once() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    let (input, source) = (fixture("export_crm.csv"), source());
    let metier = source[0].iter().position(|name| name == "metier").unwrap();
    for more in [
        &["-q", "--on-leftover", "mask"][..],
        &["-q", "--k", "2", "--max-suppressed", "100%"],
    ] {
        protect(&scratch, &input, &keys, "p.csv", more).ended(0);
        let revealed = reveal(&scratch.path("p.csv"), &keys, &["-q", "--without-index"]).ended(0);
        let revealed = records(&revealed.out, b',');
        for (row, expected) in revealed.iter().zip(&source) {
            for (column, cell) in row.iter().enumerate() {
                let name = source[0][column].as_str();
                let opened = IDENTITE.contains(&name) || HABILITE.contains(&name);
                assert!(!opened || *cell == expected[column], "{more:?}: {name}");
            }
        }
        // The search generalises what is kept, and never what is encrypted.
        let changed = revealed
            .iter()
            .zip(&source)
            .any(|(row, expected)| row[metier] != expected[metier]);
        assert_eq!(changed, more.contains(&"--k"));
    }
}
