//! The rows that are nobody, and the first row that is somebody: a file without a header shows none of
//! its cells, whatever the command; a second header, blank rows and totals are never people.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::protected::{keys, protected_fixture, reveal};
use crate::support::{Outcome, Scratch, crm, fixture, records, run, run_with_input};

/// Files whose first row is a person, and what of it must be shown nowhere.
const HEADERLESS: &[(&str, &str, &[&str])] = &cases![
    "a name that a rule has",
    "Zqxanna Petit;zqxanna@example.fr;0612345678;Formation;12/03/1980\n\
     Luc Roy;luc@example.fr;0698765432;Commerce;01/01/1970\n",
    &["zqxanna", "0612345678", "12/03/1980"];
    "an e-mail among known names",
    "nom;sexe;zqxanna@example.fr;formation;revenus\nRoy;H;luc@example.fr;cap;20000\n",
    &["zqxanna"];
    "a date among known names", "nom;sexe;12/03/1985;formation;revenus\nRoy;H;01/01/1970;cap;20000\n", &["12/03/1985"];
    "an official number among known names",
    "nom;sexe;194088908260097;formation\nRoy;H;194088908260097;cap\n",
    &["194088908260097"];
    "a telephone among known names",
    "nom;sexe;06 12 34 56 78;formation\nRoy;H;06 98 76 54 32;cap\n",
    &["06 12 34 56 78"];
    "words alone",
    "Zqxpetit;Zqxanna;Zqxlyon;formation;zqxcadre\nRoy;Luc;Paris;cap;ouvrier\n",
    &["zqxpetit", "zqxanna", "zqxlyon", "zqxcadre"];
    "no line end behind the header",
    "sexe,nom,formation,date_naissanceZqxgerant,Zqxmarie Dupont,zqxmarie@example.fr,1980-03-12\n\
     H,Luc,cap,1970-01-01\n",
    &["zqxgerant", "zqxmarie", "1980-03-12"];
    "no line end behind the header, and nothing that looks like data",
    "nom,sexe,formationZqxdupont,F,Zqxbac\nRoy,H,cap\n",
    &["zqxdupont", "zqxbac"];
];

/// Every way to read the file, with what it may write beside it.
fn readings(scratch: &Scratch, file: &Path) -> Vec<(&'static str, Vec<String>)> {
    let path = |name: &str| scratch.path(name).display().to_string();
    let file = file.display().to_string();
    let ways: [(&str, &[&str]); 15] = [
        ("main", &[]),
        ("main, into a file", &["-o", "@out.csv"]),
        (
            "main, with all that tells",
            &[
                "-o", "@out.csv", "--manifest", "@manifest.json", "--journal", "@journal.jsonl",
                "--report", "@report.html", "-v",
            ],
        ),
        ("main, strict", &["--strict", "-v"]),
        ("main, skipping", &["--on-invalid", "skip", "-v"]),
        ("main, with k", &["--k", "2", "-v"]),
        ("inspect", &["inspect"]),
        ("inspect, as JSON", &["inspect", "--format", "json"]),
        ("a proposal", &["inspect", "--suggest"]),
        ("audit", &["audit"]),
        ("figures", &["aggregate", "--by", "sexe", "-v"]),
        (
            "audit, as JSON",
            &["audit", "--format", "json", "--quasi", "sexe"],
        ),
        ("audit as SQL", &["audit", "--sql", "--dialect", "duckdb"]),
        ("SQL", &["sql", "--dialect", "duckdb", "--csv"]),
        ("reveal", &["reveal", "--key", "@a.key"]),
    ];
    let ways = ways.into_iter().map(|(name, arguments)| {
        let arguments = arguments
            .iter()
            .map(|argument| match argument.strip_prefix('@') {
                Some(file) => path(file),
                None => (*argument).to_owned(),
            });
        (name, arguments.chain([file.clone()]).collect())
    });
    ways.collect()
}

/// Asserts that neither the outcome nor a file in the folder but the input holds one of the markers.
#[track_caller]
fn shows_none(what: &str, outcome: &Outcome, scratch: &Scratch, markers: &[&str]) {
    let mut texts = vec![
        outcome.err.clone(),
        String::from_utf8_lossy(&outcome.out).into_owned(),
    ];
    for name in scratch.names().iter().filter(|name| *name != "in.csv") {
        texts.push(String::from_utf8_lossy(&scratch.read(name)).into_owned());
    }
    for text in texts {
        let text = text.to_lowercase();
        for marker in markers {
            assert!(!text.contains(marker), "{what}: {marker} in\n{text}");
        }
    }
}

#[test]
fn a_first_row_that_may_be_a_person_is_shown_by_no_command() {
    for (case, text, markers) in HEADERLESS {
        let scratch = Scratch::new();
        let file = scratch.write("in.csv", text);
        run(crm(["keygen", "a", "-o"]).arg(scratch.path("a.key"))).ended(0);
        for (way, arguments) in readings(&scratch, &file) {
            let what = format!("{case}: {way}");
            let outcome = run(&mut crm(&arguments));
            assert_eq!(outcome.code(), 3, "{what}: {}", outcome.err);
            shows_none(&what, &outcome, &scratch, markers);
            assert!(outcome.err.contains("--header"), "{what}: {}", outcome.err);
            assert!(!scratch.names().contains(&"out.csv".to_owned()), "{what}");
        }
    }
}

#[test]
fn a_first_row_that_is_said_to_be_a_header_is_read_as_one() {
    let scratch = Scratch::new();
    let file = fixture("cases/headerless.csv");
    let out = scratch.path("out.csv");
    run(crm([&file]).arg("--header").arg("-o").arg(&out)).ended(0);
    let rows = records(&scratch.read("out.csv"), b';');
    assert_eq!(rows[0], ["Index_rd", "formation"]);
    assert_eq!((rows.len(), rows[1][1].as_str()), (2, "Commerce"));
    run(crm(["inspect", "--header"]).arg(&file)).ended(0);
    run(crm(["audit", "--header", "--quasi", "Formation"]).arg(&file)).ended(0);
    run(crm(["sql", "--dialect", "duckdb", "--header", "--csv"]).arg(&file)).ended(0);
}

#[test]
fn real_headers_are_headers() {
    let scratch = Scratch::new();
    for (case, header) in [
        ("years", "nom;sexe;formation;2023;2024"),
        ("quarters", "nom;sexe;formation;Q1 2024;Q2 2024"),
        ("months", "nom;sexe;formation;1;2;3;4;5;6"),
        ("numbered", "nom;sexe;formation;Adresse 1;Adresse 2;N° 2"),
        ("a mail", "nom;sexe;formation;e-mail;E-mail 2"),
        ("a total", "nom;sexe;formation;Total 2022"),
        ("capitals", "NOM;SEXE;FORMATION"),
        ("not known", "nom;sexe;formation;zzz;yyy;xxx"),
        (
            "words run together",
            "nom;sexe;formation;emailOptin;createdAt",
        ),
    ] {
        let row = "x;".repeat(header.matches(';').count()) + "x";
        let file = scratch.write("in.csv", format!("{header}\n{row}\n"));
        let outcome = run(&mut crm([&file]));
        assert_eq!(outcome.code(), 0, "{case}: {}", outcome.err);
    }
}

/// Runs the main job on a text, with a manifest, and gives both.
fn anonymised(text: &str, arguments: &[&str]) -> (Outcome, Option<Value>, String) {
    let scratch = Scratch::new();
    let file = scratch.write("in.csv", text);
    let (out, manifest) = (scratch.path("out.csv"), scratch.path("manifest.json"));
    let mut command = crm([&file]);
    command.arg("-o").arg(&out).arg("--manifest").arg(&manifest);
    let outcome = run(command.args(arguments));
    let told = fs::read(&manifest).ok();
    let told = told.map(|text| serde_json::from_slice(&text).unwrap());
    let rows = fs::read_to_string(&out).unwrap_or_default();
    (outcome, told, rows)
}

fn case(name: &str) -> String {
    fs::read_to_string(fixture(&format!("cases/{name}"))).unwrap()
}

#[test]
fn a_repeated_header_is_skipped_and_told() {
    for text in [
        case("second_header_bom.csv"),
        case("second_header_bom.csv").replace('\u{feff}', ""),
        "sexe,nom,formation\nF,Anna,bac\n\u{feff}SEXE,\"Nom\",Formation\nH,Luc,cap\n".to_owned(),
    ] {
        let (outcome, manifest, rows) = anonymised(&text, &[]);
        let outcome = outcome.ended(0);
        outcome.says(&["1 repetition of the header", "2 out"]);
        let manifest = manifest.unwrap();
        assert_eq!(manifest["rows_skipped_by"]["repeated_header"], 1);
        assert_eq!(
            (&manifest["rows_read"], &manifest["rows_written"]),
            (&3.into(), &2.into())
        );
        assert_eq!(rows.lines().count(), 3, "{rows}");
    }
}

#[test]
fn a_second_header_of_another_order_refuses_the_file_everywhere() {
    let scratch = Scratch::new();
    let file = fixture("cases/second_header_reordered.csv");
    let key = scratch.path("a.key");
    run(crm(["keygen", "a", "-o"]).arg(&key)).ended(0);
    let ways: [&[&str]; 9] = [
        &[],
        &["--on-invalid", "skip"],
        &["--on-invalid", "blank"],
        &["--on-leftover", "mask"],
        &["--k", "2"],
        &["inspect"],
        &["inspect", "--suggest"],
        &["audit", "--quasi", "sexe"],
        &["reveal", "--key", key.to_str().unwrap()],
    ];
    for arguments in ways {
        let outcome = run(crm(arguments).arg(&file)).ended(3);
        outcome.says(&["record 2 (line 3 of the file)", "second header"]);
        assert!(
            !String::from_utf8_lossy(&outcome.out).contains("Luc"),
            "{arguments:?}"
        );
    }
}

#[test]
fn blank_rows_and_totals_are_in_no_count_of_people() {
    let blank = case("blank_rows.csv");
    let (outcome, _, rows) = anonymised(&blank, &["--max-unique", "1%"]);
    outcome.ended(4).says(&["3 of 3"]);
    assert_eq!(rows, "");
    let (outcome, manifest, _) = anonymised(&blank, &[]);
    outcome.ended(0).says(&["400 blank rows"]);
    let manifest = manifest.unwrap();
    assert_eq!(manifest["rows_skipped_by"]["blank"], 400);
    let scratch = Scratch::new();
    let file = scratch.write("in.csv", format!("{blank}----;----;----;----\nTotal;;;\n"));
    let told = run(crm(["inspect", "--format", "json"]).arg(&file))
        .ended(0)
        .text();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["rows"], 3);
    let nobody = serde_json::json!({"repeated_header": 0, "blank": 400, "rule": 1, "total": 1});
    assert_eq!(told["rows_that_are_nobody"], nobody);
    let file = scratch.write("in.csv", blank);
    let told = run(crm(["audit", "--quasi", "sexe", "--format", "json"]).arg(&file))
        .ended(0)
        .text();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["rows"], 3);
}

#[test]
fn a_total_refuses_the_file_or_is_left_out() {
    let text = case("total_row.csv");
    let (outcome, _, rows) = anonymised(&text, &[]);
    outcome
        .ended(3)
        .says(&["1 total", "record 3 (line 4 of the file)"]);
    assert_eq!(rows, "");
    for policy in ["skip", "blank"] {
        let (outcome, manifest, rows) = anonymised(&text, &["--on-invalid", policy]);
        outcome.ended(0).says(&["1 total", "2 out"]);
        assert_eq!(manifest.unwrap()["rows_skipped_by"]["total"], 1);
        assert_eq!(rows.lines().count(), 3, "{rows}");
    }
    let file = fixture("cases/total_row.csv");
    run(crm(["audit", "--quasi", "sexe"]).arg(&file))
        .ended(3)
        .says(&["1 total"]);
}

#[test]
fn rows_in_are_rows_out_and_rows_left_out_by_reason() {
    let text = "nom;sexe;formation;revenus\nAnna;F;bac;20000\n;;;\n----;----;----;----\n\
                nom;sexe;formation;revenus\nLuc;H;cap;x\nTotal;;;20000\nPaul;H\nZoé;F;bac;30000\n";
    let (outcome, manifest, _) = anonymised(text, &["--on-invalid", "skip"]);
    outcome.ended(0);
    let manifest = manifest.unwrap();
    let by = serde_json::json!({
        "invalid": 1, "wrong_width": 1, "repeated_header": 1, "blank": 1, "rule": 1, "total": 1
    });
    assert_eq!(manifest["rows_skipped_by"], by);
    let of = |name: &str| manifest[name].as_u64().unwrap();
    assert_eq!(
        (of("rows_read"), of("rows_written"), of("rows_skipped")),
        (8, 2, 6)
    );
    assert_eq!(
        of("rows_read"),
        of("rows_written") + of("rows_skipped") + of("rows_left_out")
    );
}

#[test]
fn a_file_of_nobody_replaces_none_of_people() {
    let consent = "version = 1\nname = \"c\"\nindex = \"i\"\n\
                   [rows.consent]\ncolumn = \"ok\"\nis = [\"oui\"]\n[columns.sexe]\nrule = \"keep\"\n";
    let scratch = Scratch::new();
    let rules = scratch.write("c.toml", consent);
    let out = scratch.write("out.csv", "yesterday");
    let rules = rules.to_str().unwrap();
    for (case, text, arguments, code, says) in cases![
        "all are invalid",
        "nom;revenus\nAnna;x\nLuc;y\n",
        &["--on-invalid", "skip"][..],
        3,
        &["none of its 2 rows", "2 with invalid cells"][..];
        "all are of another width",
        "nom;sexe;formation\nAnna;F;bac;x\n",
        &["--on-invalid", "skip"],
        3,
        &["none of its 1 row", "1 of another width"];
        "all are left out",
        "sexe;ok\nF;non\nH;non\n",
        &["-r", rules],
        3,
        &["none of its 2 rows", "2 left out by [rows] consent"];
        "all are left out, and none is asked for",
        "sexe;ok\nF;non\n",
        &["-r", rules, "--min-rows", "0"],
        3,
        &["none of its 1 row"];
        "no rows", "nom;sexe;formation\n", &[], 3, &["--min-rows 0"];
        "blank rows", "nom;sexe;formation\n;;\n", &[], 3, &["--min-rows 0"];
        "too few rows", "nom;sexe;formation\nAnna;F;bac\n", &["--min-rows", "2"], 3, &["1 row would", "asks for 2"];
    ] {
        let file = scratch.write("in.csv", text);
        let outcome = run(crm([&file]).arg("-o").arg(&out).args(arguments));
        assert_eq!(outcome.code(), code, "{case}: {}", outcome.err);
        outcome.says(says);
        assert_eq!(scratch.read("out.csv"), b"yesterday", "{case}");
    }
    let file = scratch.write("in.csv", "nom;sexe;formation\n");
    let empty = run(crm([&file]).arg("-o").arg(&out).args(["--min-rows", "0"])).ended(0);
    empty.says(&["0 rows in, 0 out"]);
    run(&mut crm([&file])).ended(0);
    let all = scratch.write("in.csv", "nom;revenus\nAnna;x\n");
    run(crm([&all]).args(["--on-invalid", "skip"])).ended(3);
}

#[test]
fn a_table_for_another_kind_of_file_is_refused() {
    let scratch = Scratch::new();
    for (case, header, code) in [
        ("a dropped name alone", "Nom;E-mail;Ville;Pays;Note", 3),
        ("dropped names alone", "nom;email;employeur", 3),
        (
            "one kept of many",
            "nom;sexe;Ville;Pays;Segment;Société;Date;Prix;Statut",
            3,
        ),
        ("one kept of few", "nom;sexe;Ville", 0),
        ("a third of the file", "nom;sexe;Ville;Pays;Segment;Prix", 0),
        (
            "many kept of a wide file",
            &crate::support::COLUMNS.join(";"),
            0,
        ),
    ] {
        let row = "x;".repeat(header.matches(';').count()) + "x";
        let text = format!("{header}\n{row}\n");
        let file = scratch.write("in.csv", text);
        let outcome = run(crm([&file]).args(["--on-invalid", "blank"]));
        assert_eq!(outcome.code(), code, "{case}: {}", outcome.err);
        if code == 3 {
            outcome.says(&["inspect", "--suggest", "does not fit"]);
        }
    }
}

#[test]
fn revealing_leaves_out_who_is_nobody() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    let file = protected_fixture(&scratch, &keys, "protected.csv");
    let once = fs::read_to_string(&file).unwrap();
    let rows = once.lines().count() - 1;
    let blank = ",".repeat(once.lines().next().unwrap().matches(',').count());
    let twice = scratch.write("twice.csv", format!("{once}{blank}\n{once}"));
    let outcome = reveal(&twice, &keys, &[]).ended(0);
    outcome.says(&["1 repetition of the header", "1 blank row"]);
    assert_eq!(records(&outcome.out, b',').len(), 2 * rows + 1);
}

/// People by their town, age, sex and job, some of which the built-in table does not know.
fn people() -> String {
    let mut text = "Index_rd;Ville;Age;sexe;metier;E-mail;Statut\n".to_owned();
    for n in 0..60 {
        let (town, age) = (["Lyon", "Paris", "Lille"][n % 3], 20 + n % 37);
        let (sex, job) = (["F", "H"][n % 2], ["vendeur", "maçon"][n / 30]);
        text += &format!("{n};{town};{age};{sex};{job};p{n}@example.fr;actif\n");
    }
    text
}

/// What an audit as JSON tells, and by column what it is taken for and who says so.
fn audited(arguments: &[&str]) -> (Value, Vec<(String, String, bool)>) {
    let scratch = Scratch::new();
    let file = scratch.write("in.csv", people());
    let outcome = run(crm(["audit", "--format", "json"])
        .arg(&file)
        .args(arguments))
    .ended(0);
    let told: Value = serde_json::from_str(&outcome.text()).unwrap();
    let columns = told["columns"].as_array().unwrap().iter().map(|column| {
        let text = |name: &str| column[name].as_str().unwrap_or("-").to_owned();
        (
            text("attribute"),
            text("judged_by"),
            column["counted"] == true,
        )
    });
    let columns = columns.collect();
    (told, columns)
}

#[test]
fn an_audit_counts_what_nobody_has_judged() {
    let quasi = |by: &str| ("quasi-identifying".to_owned(), by.to_owned(), true);
    let other = |attribute: &str, by: &str| (attribute.to_owned(), by.to_owned(), false);
    let (told, columns) = audited(&[]);
    let expected = [
        other("-", "index"),
        quasi("contents"),
        quasi("contents"),
        quasi("rules"),
        quasi("rules"),
        other("identifying", "contents"),
        other("insensitive", "contents"),
    ];
    assert_eq!(columns, expected);
    assert_eq!(told["quasi_identifying"].as_array().unwrap().len(), 4);
    // The two that the table knows alone would give less.
    let (few, columns) = audited(&["--quasi", "sexe,metier"]);
    assert_eq!(columns[1], other("-", "nobody"));
    assert!(few["unique_rows"].as_u64() < told["unique_rows"].as_u64());
    let (ignored, columns) = audited(&["--ignore", "Ville,Age"]);
    assert_eq!(columns[1], other("-", "options"));
    assert_eq!(ignored["unique_rows"], few["unique_rows"]);
}

#[test]
fn an_audit_says_which_columns_its_figures_hold_for() {
    let scratch = Scratch::new();
    let file = scratch.write("in.csv", people());
    let report = scratch.path("report.html");
    let mut command = crm(["audit", "--lang", "en", "--ignore", "Statut", "--report"]);
    let text = run(command.arg(&report).arg(&file)).ended(0).text();
    for line in [
        "quasi-identifying by the rule table: `sexe`, `metier`",
        "quasi-identifying by name and contents (--quasi, --sensitive or --ignore to say otherwise): \
         `Ville`, `Age`",
        "not counted, the index: `Index_rd`",
        "not counted, left out with --ignore: `Statut`",
        "`E-mail`",
    ] {
        assert!(text.contains(line), "{line} not in\n{text}");
    }
    let report = fs::read_to_string(&report).unwrap();
    assert!(report.contains("Ville, Age, sexe, metier"), "{report}");
    // Standard input is read twice, too.
    let piped = run_with_input(
        &mut crm(["audit", "--lang", "en", "-"]),
        people().as_bytes(),
    );
    assert!(piped.ended(0).text().contains("`Ville`, `Age`"));
    run(crm(["audit", "--ignore", "Rue"]).arg(&file))
        .ended(2)
        .says(&["no column `Rue`"]);
}
