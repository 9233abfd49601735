use super::*;

fn doubt(names: &[&str], rows: &[&[&str]], table: &[&str]) -> Option<Doubt> {
    let owned = |row: &[&str]| -> Vec<String> { row.iter().map(|&cell| cell.into()).collect() };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| owned(row)).collect();
    let known = |name: &str| table.contains(&name);
    Evidence::new(&owned(names), &rows, &known).doubt()
}

#[test]
fn a_first_row_that_may_be_a_person_is_no_header() {
    use Doubt::*;
    for (case, row, expected) in cases![
        "known", &["Nom", "Prénom", "E-mail"][..], None;
        "some known", &["Nom", "couleur", "forme", "Ville"], None;
        "hardly known", &["Nom", "x1", "forme", "taille"], Some(Unknown);
        "none known", &["forme", "taille"], Some(Unknown);
        "words", &["Dupont", "Marie", "Lyon", "boulangère"], Some(Unknown);
        "a phone", &["Nom", "06 12 34 56 78", "E-mail"], Some(Data(2));
        "an e-mail", &["Nom", "Ville", "a@example.fr"], Some(Data(3));
        "a date", &["Nom", "Ville", "12/05/1980"], Some(Data(3));
        "a date first", &["1980-05-12", "Ville", "Nom"], Some(Data(1));
        "an official number", &["Nom", "194088908260097"], Some(Data(2));
        "an account", &["Nom", "FR7630006000011234567890189"], Some(Data(2));
        "an address", &["Nom", "12 rue du Lac, 69003 Lyon"], Some(Data(2));
        "a postal code", &["Nom", "69003"], Some(Data(2));
        "a number", &["Nom", "Ville", "42"], Some(Data(3));
        "an amount", &["Nom", "Ville", "1 250,00"], Some(Data(3));
        "a code", &["Nom", "Ville", "C-0007919"], Some(Data(3));
        "a year in a name", &["Nom", "Ville", "Revenus 2023"], None;
        "a quarter", &["Nom", "Q1 2024", "Ville"], None;
        "a year", &["Nom", "2023", "2024"], None;
        "years", &["Nom", "2020", "2021", "2022"], None;
        "months", &["Nom", "Prénom", "1", "2", "3"], None;
        "a total", &["Nom", "Total 2022", "Ville"], None;
        "an amount of a day", &["Nom", "Solde au 31/12/2024", "Ville"], None;
        "an amount of a day in digits", &["Nom", "CA 20241231", "Ville"], None;
        "a day of somebody", &["Nom", "Inscrit le 31/12/2024", "Ville"], Some(Data(2));
        "numbered", &["Téléphone 1", "Adresse 2", "Ville"], None;
        "a number sign", &["N° 2", "Nom", "e-mail"], None;
        "a person below a name", &["ville\nDupont", "sexe", "formation"], Some(Data(1));
        "a person below a name, in small letters", &["nom", "sexe\r\nmarie dupont", "formation"], Some(Data(2));
        "names of several lines", &["Nom\nclient", "Date\r\nnaissance", "Sexe\n(H/F)", "Code\npostal"], None;
        "a series", &["x1", "produit 17", "produit 18", "produit 19"], None;
        "a number behind a word", &["x1", "x2", "x3", "produit 17"], Some(Unknown);
        "somebody among names", &["sexe", "formation", "DURAND Zoé"], Some(Data(3));
        "somebody with a title", &["nom", "Dr Durand", "formation"], Some(Data(2));
        "somebody in two cells", &["Durand", "Zoé", "sexe", "formation"], Some(Data(1));
        "a word", &["nom", "sexe", "Petit"], None;
        "one", &["Nom"], None;
        "nothing", &[""], Some(Unknown);
        "its line end missing", &["nom", "sexe", "formationDupont", "F", "bac"], Some(Merged(3));
        "its line end missing, with a date",
        &[
            "nom",
            "email",
            "date_naissanceGérant",
            "Marie Dupont",
            "marie@example.fr",
        ],
        Some(Data(5));
        "its line end missing, small letters", &["nom", "sexe", "formationdupont", "f", "bac"], Some(Merged(3));
        "words run together", &["nom", "emailStatus", "ville"], None;
        "a part of a longer name", &["nom", "usage_vehicule", "xyz"], None;
        "words run together, before others", &["nom", "emailingX", "ville"], None;
        "a known name behind", &["nom", "ville", "adresseX", "sexe", "email"], None;
    ] {
        assert_eq!(doubt(row, &[], &[]), expected, "{case}");
    }
}

#[test]
fn the_rows_behind_it_tell() {
    let header = ["nom", "zzz", "formation", "forme"];
    for (case, rows, expected) in [
        ("people", &[&["Anna", "vert", "bac", "x"][..]][..], None),
        ("the header again", &[&header], None),
        (
            "in another order",
            &[&["zzz", "nom", "forme", "formation"]],
            None,
        ),
        (
            "a value",
            &[&["Anna", "Zzz", "bac", "x"]],
            Some(Doubt::Value(2)),
        ),
    ] {
        assert_eq!(doubt(&header, rows, &[]), expected, "{case}");
    }
    let header = ["nom", "sexe", "formation"];
    assert_eq!(
        doubt(&header, &[&header, &header], &[]),
        Some(Doubt::Value(1))
    );
    assert_eq!(doubt(&header, &[&header, &["Anna", "F", "bac"]], &[]), None);
    assert_eq!(doubt(&header, &[&["Anna", "F", "formation"]], &[]), None);
    let header = ["nom", "sexe", "Lyon"];
    let row = ["Anna", "F", "Lyon"];
    assert_eq!(doubt(&header, &[&row], &[]), Some(Doubt::Value(3)));
    let header = ["nom", "sexe", "formation"];
    assert_eq!(
        doubt(&header, &[&["Anna", "F"]], &[]),
        Some(Doubt::Merged(2))
    );
}

#[test]
fn words_above_numbers_are_names() {
    let people: &[&[&str]] = &[
        &["Anna", "12/03/1980", "0612345678"],
        &["Luc", "01/01/1970", "0698765432"],
        &["Zoé", "02/02/1990", "0612345679"],
    ];
    for (case, row, rows, expected) in cases![
        "words", &["Imię", "Urodzona", "Komórka"][..], people, None;
        "few rows", &["Imię", "Urodzona", "Komórka"], &people[..2], Some(Doubt::Unknown);
        "one number", &["Paul", "Urodzona", "0612345677"], people, Some(Doubt::Data(3));
        "nothing known of one", &["Paul", "inconnu", "N/A"], people, Some(Doubt::Unknown);
        "an empty cell", &["Paul", "", "Komórka"], people, Some(Doubt::Unknown);
    ] {
        assert_eq!(doubt(row, rows, &[]), expected, "{case}");
    }
}

#[test]
fn a_rule_table_knows_its_names() {
    assert_eq!(doubt(&["x1", "x2", "42"], &[], &["x1", "x2", "42"]), None);
    assert_eq!(doubt(&["x1", "x2", "x3"], &[], &["x1"]), None);
    assert_eq!(
        doubt(&["x1", "x2", "x3", "x4"], &[], &["x1"]),
        Some(Doubt::Unknown)
    );
}
