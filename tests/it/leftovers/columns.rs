//! What a kept column may have in common with what is dropped, and what names somebody.

use super::*;

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
        "an id that looks like a day", &["A B;19850723;;;19850723;Lyon;45"];
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
