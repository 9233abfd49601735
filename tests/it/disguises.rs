//! Identifiers that are disguised, outvoted, or of somebody else: they are found in kept columns by the
//! program as by the detectors, masked where they stand, and told without the cell.

use crate::support::{Outcome, Scratch, crm, run};

const TABLE: &str = r#"
    version = 1
    index = ""
    [columns.nom]
    rule = "drop"
    attribute = "identifying"
    [columns.adresse]
    rule = "drop"
    attribute = "identifying"
    [columns.note]
    rule = "keep"
"#;

/// A file of people with these notes.
fn notes(notes: impl IntoIterator<Item = String>) -> String {
    let rows = notes
        .into_iter()
        .map(|note| format!("Zqx Wvu,,\"{note}\"\n"));
    format!("nom,adresse,note\n{}", rows.collect::<String>())
}

#[track_caller]
fn run_on(scratch: &Scratch, text: &str, args: &[&str]) -> Outcome {
    scratch.write("t.toml", TABLE);
    scratch.write("in.csv", text);
    let args = [&["in.csv", "-r", "t.toml"], args].concat();
    run(crm(args).current_dir(scratch.folder()))
}

/// Disguised identifiers: what is told, and what must not be.
const DISGUISED: [(&str, &str); 16] = [
    ("email", "jean\u{200B}.dupont@exam\u{AD}ple.fr"),
    ("email", "jean.dupont＠example.fr"),
    ("email", "jean.dupont&#64;example.fr"),
    ("email", "jean.dupont&commat;example&period;fr"),
    ("email", "jean.dupont%40example.fr"),
    ("email", "jеаn.dupоnt@ехаmple.fr"),
    ("phone", "０６ １２ ３４ ５６ ７８"),
    ("phone", "٠٦ ١٢ ٣٤ ٥٦ ٧٨"),
    ("phone", "06\u{2011}12\u{2011}34\u{2011}56\u{2011}78"),
    ("phone", "%2B33%206%2012%2034%2056%2078"),
    ("phone", "&plus;33 6 12 34 56 78"),
    ("phone", "0\u{200B}6 1\u{200B}2 34 56 78"),
    ("nir", "1 85 05 78 006 ０８４ 91"),
    ("iban", "FR76\u{2003}3000\u{2003}6000 0112 3456 7890 189"),
    ("iban", "FR76 &#51;000 6000 0112 3456 7890 189"),
    ("person_name", "M&period; Du\u{AD}rand"),
];

#[test]
fn disguised_identifiers_are_found_and_masked() {
    let scratch = Scratch::new();
    for (kind, hidden) in DISGUISED {
        let text = notes([format!("voir {hidden} (rappel)"), "rien".to_owned()]);
        let outcome = run_on(&scratch, &text, &["-q", "-o", "out.csv"]).ended(3);
        outcome.says(&[kind, "record 1 (line 2 of the file)"]);
        assert!(!outcome.err.contains(hidden), "{}", outcome.err);
        assert!(!scratch.names().contains(&"out.csv".to_owned()), "{hidden}");

        let mask = ["-q", "-o", "out.csv", "--on-leftover", "mask"];
        run_on(&scratch, &text, &mask).ended(0);
        let out = String::from_utf8(scratch.read("out.csv")).unwrap();
        let row = out.lines().nth(1).unwrap().replace('\u{200B}', "");
        let ends = row.starts_with("voir ") && row.ends_with(" (rappel)");
        assert!(
            ends && row.contains(&format!("[{kind}]")),
            "{hidden}: {row}"
        );
        assert_eq!(out.lines().nth(2), Some("rien"));
        std::fs::remove_file(scratch.path("out.csv")).unwrap();
    }
}

#[test]
fn what_does_not_leave_of_a_row_is_recognised_in_disguise_on_either_side() {
    let scratch = Scratch::new();
    for (name, address, note) in [
        ("Hélène Zqxberg", "", "vu h&eacute;l&egrave;ne zqxberg"),
        ("H&eacute;l&egrave;ne Dupont", "", "rappeler helene"),
        ("%48%C3%A9l%C3%A8ne", "", "rappeler Hélène"),
        ("Paul Zqxberg", "", "cf. Zqx\u{AD}berg"),
        ("Paul Zqx\u{200B}berg", "", "cf. zqxberg"),
        ("Paul Du\u{AD}crozet", "", "cf. ducrozet"),
        ("Paul Ducrozet", "", "cf. Duсrоzеt"),
        ("Paul Duсrоzеt", "", "cf. ducrozet"),
        ("Paul Ｄｕｃｒｏｚｅｔ", "", "cf. ducrozet"),
        ("Anne Zqxberg", "", "cf. %5A%71xberg"),
        (
            "X Y",
            "12 rue de l&rsquo;&Eacute;glise, 44000 Nantes",
            "12 rue de l’Église",
        ),
        ("X Y", "12 rue Ba\u{AD}sse", "12 RUE BASSE"),
    ] {
        let text = format!("nom,adresse,note\n\"{name}\",\"{address}\",\"{note}\"\n");
        let outcome = run_on(&scratch, &text, &["-q"]);
        let leaks = outcome.code() == 3 && outcome.err.contains("row");
        assert!(leaks, "{name} {address} {note}: {}", outcome.err);
        let masked = run_on(&scratch, &text, &["-q", "--on-leftover", "mask"]).ended(0);
        let kinds = ["[nom]", "[adresse]", "[address]"];
        assert!(kinds.iter().any(|kind| masked.text().contains(kind)));
        assert!(!masked.text().contains(note), "{}", masked.text());
    }
}

#[test]
fn texts_with_accents_and_signs_raise_no_alarm() {
    let scratch = Scratch::new();
    let clean = [
        "R&D",
        "AT&T",
        "remise de 20 %",
        "50%40",
        "étudiant·e·s",
        "5 m²",
        "nº 12",
        "Москва",
        "l’œuvre – à 12 €",
        "100 % coton & lin",
        "Ａ３",
        "½ journée",
    ];
    let text = notes(clean.map(str::to_owned));
    let outcome = run_on(&scratch, &text, &["-q"]).ended(0);
    for cell in clean {
        assert!(outcome.text().contains(cell), "{cell}: kept as it is");
    }
}

/// A social-security number with its key.
fn nir(n: u64) -> String {
    let body = 1_500_178_006_000 + n * 1_000_003 % 999 + n % 45 * 10_000_000_000;
    format!("{body}{:02}", 97 - body % 97)
}

/// A number of 15 digits that is none.
fn parcel(n: u64) -> String {
    (610_000_000_000_000 + n * 7_919_301_234_567 % 99_999_999_999_999).to_string()
}

#[test]
fn identifiers_are_not_outvoted_by_other_numbers() {
    let scratch = Scratch::new();
    let mixed = || (0..90).map(nir).chain((0..110).map(parcel));
    let outcome = run_on(&scratch, &notes(mixed()), &["-q", "-o", "out.csv"]).ended(3);
    outcome.says(&["nir", "column `note`"]);
    assert!(!outcome.err.contains(&nir(3)), "{}", outcome.err);
    // Parcels that are repeated are no more draws than they were.
    let repeated = (0..3000).map(|n| parcel(n % 110)).chain((0..90).map(nir));
    run_on(&scratch, &notes(repeated), &["-q"]).ended(3);
    run_on(&scratch, &notes((0..2000).map(parcel)), &["-q"]).ended(0);
    let orders = (0..3000).map(|n| format!("01{:08}", 23_000_000 + n));
    run_on(&scratch, &notes(orders), &["-q"]).ended(0);

    let named = notes(mixed()).replacen("note", "parcelle", 1);
    scratch.write("in.csv", named);
    let suggested = run(crm(["inspect", "--suggest", "in.csv"]).current_dir(scratch.folder()));
    let suggested = suggested.ended(0).text();
    assert!(
        suggested.contains("nir") && !suggested.contains("\"keep\""),
        "{suggested}"
    );
}

/// Notes without a name.
fn note(n: u64) -> String {
    let what = ["livraison", "facture", "contrat", "dossier", "devis"][(n % 5) as usize];
    format!("{what} numéro {n} à revoir avec le client")
}

#[test]
fn names_of_third_persons_are_found_in_free_text() {
    let scratch = Scratch::new();
    for name in [
        "M. Durand",
        "Mme Marie LEROY",
        "Dr Petit",
        "Maître Faure",
        "Karim Benali",
        "LEROY Julie",
        "Mlle Nguyen",
        "Monsieur Jean-Luc Moreau",
        "Sophie Le Goff",
        "Julie MOREAU",
    ] {
        let text = notes((0..60).map(|n| match n {
            41 => format!("à revoir avec {name} avant midi"),
            n => note(n),
        }));
        let outcome = run_on(&scratch, &text, &["-q", "-o", "out.csv"]).ended(3);
        outcome.says(&["person_name", "record 42 (line 43"]);
        assert!(!outcome.err.contains(name), "{}", outcome.err);
        let args = ["-q", "-o", "out.csv", "--on-leftover", "mask"];
        run_on(&scratch, &text, &args).ended(0);
        let out = String::from_utf8(scratch.read("out.csv")).unwrap();
        assert!(
            out.contains("[person_name] avant midi") && !out.contains(name),
            "{name}"
        );
        std::fs::remove_file(scratch.path("out.csv")).unwrap();
        let args = ["-q", "-o", "out.csv", "--on-leftover", "warn"];
        run_on(&scratch, &text, &args).ended(0);
        assert!(
            String::from_utf8(scratch.read("out.csv"))
                .unwrap()
                .contains(name)
        );
        std::fs::remove_file(scratch.path("out.csv")).unwrap();
    }
}

#[test]
fn kept_free_text_is_warned_about_and_never_proposed() {
    let scratch = Scratch::new();
    let outcome = run_on(&scratch, &notes((0..300).map(note)), &[]).ended(0);
    outcome.says(&[
        "column `note` is kept but is free text",
        "300 different texts in 300 cells",
    ]);
    assert!(!outcome.err.contains("à revoir"), "{}", outcome.err);
    let labels = (0..3000).map(|n| note(n % 12));
    let quiet = run_on(&scratch, &notes(labels), &[]).ended(0);
    assert!(!quiet.err.contains("free text"), "{}", quiet.err);

    // Each text comes so often that a category might be kept.
    for column in ["note", "metier", "formule"] {
        let rows = (0..1000).map(|n| format!("{},{n}\n", note(n % 125)));
        let text = format!("{column},age\n{}", rows.collect::<String>());
        scratch.write("texts.csv", text);
        let args = ["inspect", "--suggest", "texts.csv"];
        let suggested = run(crm(args).current_dir(scratch.folder())).ended(0).text();
        assert!(!suggested.contains("rule = \"keep\""), "{suggested}");
    }
}

#[test]
fn whole_columns_of_names_are_found() {
    let scratch = Scratch::new();
    let first =
        "Julie Karim Sophie Nathalie Thierry Kévin Aurélie Mohamed Chantal Sébastien Hélène Didier";
    let last =
        "MOREAU GARCIA LEFEBVRE FAURE GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU DURAND PERRIN";
    let cells = |text: &str| notes(text.split(' ').map(str::to_owned));
    for names in [first, last] {
        run_on(&scratch, &cells(names), &["-q"])
            .ended(3)
            .says(&["person_name"]);
    }
    let towns =
        "Paris Lyon Nantes Lille Rennes Brest Dijon Angers Tours Caen Metz Nancy Laval Blois";
    run_on(&scratch, &cells(towns), &["-q"]).ended(0);
}

#[test]
fn what_is_found_does_not_depend_on_threads() {
    let scratch = Scratch::new();
    let rows = (0..12_000_u64).map(|n| match n % 40 {
        0 => nir(n / 40 % 90),
        1 => format!("dossier {n} suivi par Mme Lefebvre"),
        2 => format!("mail jean{n}&#64;example.fr"),
        3..=20 => note(n),
        _ => parcel(n % 110),
    });
    let text = notes(rows);
    let of_threads = |threads| {
        let outcome = run_on(&scratch, &text, &["-j", threads, "-o", "out.csv"]);
        let lines = outcome
            .err
            .lines()
            .filter(|line| !line.contains(" rows in, "));
        (outcome.code(), lines.map(str::to_owned).collect::<Vec<_>>())
    };
    let one = of_threads("1");
    assert_eq!(one.0, 3);
    for kind in ["email", "person_name", "nir"] {
        assert!(
            one.1.iter().any(|line| line.contains(kind)),
            "{kind}: {:?}",
            one.1
        );
    }
    assert!(
        ["2", "5"]
            .into_iter()
            .all(|threads| of_threads(threads) == one)
    );
}
