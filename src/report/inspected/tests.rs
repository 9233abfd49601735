use std::collections::HashSet;
use std::path::Path;

use proptest::prelude::*;

use super::testing::inspected;
use super::*;
use crate::base::lang::Language;
use crate::base::name;
use crate::report::error::Error;
use crate::rules::table::RuleTable;

fn table(text: &str) -> RuleTable {
    RuleTable::parse(text, "suggested", "suggested", Path::new("")).expect(text)
}

fn suggested(text: &str, trusted: bool) -> Result<String, Error> {
    inspected(text, 1, trusted, |file| suggest(file, Language::En))?
}

fn quoted(cells: &[String]) -> String {
    let cells = cells
        .iter()
        .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
    cells.collect::<Vec<_>>().join(",") + "\n"
}

#[test]
fn hostile_names_are_spelled_so_that_the_table_reads_them() {
    let names = [
        "sexe", "a\"b", "a\\b", "a.b", "=1+1", "]\n[", "# x", "\u{202e}gnp", "\u{1b}[2J", "é'è",
        "{{", "'''", "\"\"\"", "a\tb", "😀", "[columns.x]", "Index_rd", "index", "Catégorie",
    ];
    let names: Vec<String> = names.iter().map(|name| name.replace('\n', " ")).collect();
    let mut text = quoted(&names);
    for n in 0..90 {
        let row: Vec<String> = names
            .iter()
            .map(|_| ["rouge", "vert"][n % 2].to_owned())
            .collect();
        text += &quoted(&row);
    }
    let table = table(&suggested(&text, true).unwrap());
    assert_eq!(table.columns.len(), names.len());
    let mut outputs = HashSet::new();
    for (column, name) in table.columns.iter().zip(&names) {
        assert_eq!(column.keys, [name::key(name)]);
        if column.rule.leaves() {
            assert!(outputs.insert(column.output.clone()) && column.output != "Index_rd");
            assert!(
                !column.output.starts_with(['=', '+', '-', '@', '\t']),
                "{}",
                column.output
            );
            assert!(!column.output.contains(char::is_control));
        }
    }
    assert!(
        outputs.contains("sexe") && outputs.contains("colonne_5"),
        "{outputs:?}"
    );
}

#[test]
fn what_may_be_a_person_is_named_nowhere() {
    // A name that its own column has as a value.
    let text = "Dupont,Marie,Lyon\nMartin,Luc,Paris\nDupont,Zoé,Nice\n";
    assert!(matches!(
        suggested(text, false),
        Err(Error::MayLackHeader { columns: 3 })
    ));
    for language in [Language::En, Language::Fr] {
        let told = inspected(text, 1, false, |file| inspect_text(file, language)).unwrap();
        assert!(
            !told.contains("Dupont") && told.contains("--header"),
            "{told}"
        );
    }
    let told = inspected(text, 1, false, inspect_json).unwrap();
    assert!(!told.contains("Dupont"), "{told}");
    // A header of known names that is also a row.
    let text = "client,ville\nclient,Lyon\nprospect,Paris\n";
    assert!(matches!(
        suggested(text, false),
        Err(Error::MayLackHeader { .. })
    ));
    assert!(suggested(text, true).is_ok());
    let broken = "nom,\"ville\nDupont\",email,Lyon\na,b,c\n";
    assert!(matches!(suggested(broken, true), Err(Error::Refused(_))));
}

#[test]
fn texts_that_stand_for_no_date_are_told_and_proposed_as_missing() {
    let rows = (0..60).map(|n| match n % 10 {
        0 => "Martin,00/00/0000\n".to_owned(),
        1 => "Durand,01/01/1900\n".to_owned(),
        _ => format!("Petit,{:02}/05/19{}\n", n % 28 + 1, 40 + n),
    });
    let text = format!("nom,Date de naissance\n{}", rows.collect::<String>());
    let told = inspected(&text, 1, true, |file| inspect_text(file, Language::En)).unwrap();
    assert!(told.contains("\n  00/00/0000 in 10 %: no date;"), "{told}");
    assert!(told.contains("\n  01/01/1900 in 10 %: no date;"), "{told}");
    let suggestion = suggested(&text, true).unwrap();
    assert!(
        suggestion.contains("\"None\", \"00/00/0000\", \"01/01/1900\"]\n"),
        "{suggestion}"
    );
    let table = table(&suggestion);
    for word in ["00/00/0000", "01/01/1900", "", "n/a"] {
        assert!(table.missing.is(word.as_bytes()), "{word}");
    }
    assert!(table.columns[1].rule.leaves(), "{suggestion}");
    let rare = text
        .replace("01/01/1900", "02/01/1950")
        .replace("00/00/0000", "03/01/1950");
    assert!(!suggested(&rare, true).unwrap().contains("missing"));
}

#[test]
fn columns_of_one_name_are_listed_once_with_one_rule() {
    let rows: String = (0..60).map(|n| format!("{},{n}x\n", n % 2)).collect();
    let text = suggested(&format!("Sexe,sexe \n{rows}"), true).unwrap();
    let table = table(&text);
    assert_eq!(table.columns.len(), 1);
    assert!(!table.columns[0].rule.leaves());
}

#[test]
fn french_texts_are_french() {
    let told = inspected("nom,sexe\nDupont,F\n", 1, false, |file| {
        inspect_text(file, Language::Fr)
    });
    let told = told.unwrap();
    for part in [
        "1 ligne, 2 colonnes",
        "remplie à 100 %",
        "son nom l'indique : noms de personnes",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,3}",
        "[0-9]{1,6}([.,][0-9]{1,2})?",
        "(oui|non|F|H)",
        "[12][0-9]{3}-[01][0-9]-[0-3][0-9]",
        any::<String>().prop_map(|text| text.replace(['\0'], "")),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let known = prop_oneof![
        Just("nom"),
        Just("Date de naissance"),
        Just("revenus"),
        Just("adresse"),
        Just("sexe"),
        Just("Nombre d'enfants"),
        Just("Code postal"),
        Just("âge"),
        Just("Religion"),
        Just("SEXE "),
    ];
    let other = any::<String>().prop_map(|text| text.replace(['\0', '\n', '\r'], ""));
    prop_oneof![known.prop_map(str::to_owned), other]
}

/// A file: its names, and rows as wide.
fn file() -> impl Strategy<Value = (Vec<String>, Vec<Vec<String>>)> {
    (2..6_usize).prop_flat_map(|width| {
        let row = prop::collection::vec(cell(), width);
        (
            prop::collection::vec(name(), width),
            prop::collection::vec(row, 0..40),
        )
    })
}

proptest! {
    // Each case reads and inspects whole files.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_file_gives_a_table_that_lists_each_column_once((names, rows) in file()) {
        let text: String = std::iter::once(&names).chain(&rows).map(|row| quoted(row)).collect();
        match suggested(&text, true) {
            Ok(text) => {
                let table = table(&text);
                let mut keys: Vec<String> = table.columns.iter().flat_map(|c| c.keys.clone()).collect();
                let mut expected: Vec<String> = names.iter().map(|name| name::key(name)).collect();
                keys.sort();
                expected.sort();
                expected.dedup();
                prop_assert_eq!(keys, expected);
            }
            // The reader refuses some: two rows merged, for example.
            Err(error) => prop_assert!(matches!(error, Error::Refused(_)), "{}", error),
        }
    }

    #[test]
    fn the_number_of_threads_changes_nothing((names, rows) in file(), times in 1..20_usize) {
        let rows: Vec<String> = rows.iter().map(|row| quoted(row)).collect();
        let text = quoted(&names) + &rows.concat().repeat(times);
        let one = inspected(&text, 1, true, inspect_json);
        let three = inspected(&text, 3, true, inspect_json);
        prop_assert_eq!(one.is_ok(), three.is_ok());
        if let (Ok(one), Ok(three)) = (one, three) {
            prop_assert_eq!(one, three);
        }
    }
}
