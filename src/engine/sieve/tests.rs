use std::io::Cursor;

use super::*;
use crate::io::csv::{Ends, Options, Reader};

/// What the sieve makes of the rows of a file; `Err` gives the record that refuses it.
fn sifted(text: &str) -> Result<Vec<Option<Nobody>>, u64> {
    let mut reader =
        Reader::open(Box::new(Cursor::new(text.to_owned())), Options::default()).unwrap();
    let sieve = Sieve::new(reader.header());
    let (mut batch, mut ends, mut found) = (Batch::new(), Ends::default(), Vec::new());
    while reader.fill(&mut batch).unwrap() {
        batch.check(reader.shown_header(), &mut ends).unwrap();
        for row in batch.rows(&ends) {
            let judged = match sieve.suspects(&row) {
                true => sieve.judge(&row, &batch).map_err(|refusal| {
                    assert_eq!(refusal.reason, Malformed::SecondHeader);
                    refusal.place.map_or(0, |place| place.record)
                })?,
                false => None,
            };
            found.push(judged);
        }
    }
    Ok(found)
}

/// The header of most cases, and a person.
const HEADER: &str = "nom;prenom;sexe;date_naissance;revenus;formation\n";
const PERSON: &str = "Petit;Anna;F;1980-03-12;20000;bac\n";

/// What the sieve makes of a row between people.
fn row(row: &str) -> Result<Option<Nobody>, u64> {
    let found = sifted(&format!("{HEADER}{PERSON}{row}\n{PERSON}"))?;
    assert_eq!((found.len(), found[0], found[2]), (3, None, None), "{row}");
    Ok(found[1])
}

#[test]
fn the_header_again_is_nobody() {
    for (case, text) in cases![
        "as it is", "nom;prenom;sexe;date_naissance;revenus;formation";
        "capitals", "NOM;PRENOM;SEXE;DATE_NAISSANCE;REVENUS;FORMATION";
        "accents", "Nom;Prénom;Sexe;Date naissance;Revenus;Formation";
        "dashes", "nom;prenom;sexe;date-naissance;revenus;formation";
        "blanks", " nom; prenom ;sexe;date  naissance;revenus;formation ";
        "a mark", "\u{feff}nom;prenom;sexe;date_naissance;revenus;formation";
        "a mark and quotes", "\u{feff}\"nom\";prenom;sexe;date_naissance;revenus;formation";
        "a mark misread", "ï»¿nom;prenom;sexe;date_naissance;revenus;formation";
        "quotes", "\"nom\";\"prenom\";\"sexe\";\"date_naissance\";\"revenus\";\"formation\"";
        "a delimiter behind", "nom;prenom;sexe;date_naissance;revenus;formation;";
    ] {
        assert_eq!(row(text), Ok(Some(Nobody::Header)), "{case}");
    }
}

#[test]
fn a_header_of_other_columns_refuses_the_file() {
    for (case, text) in cases![
        "another order", "prenom;nom;sexe;date_naissance;revenus;formation";
        "reversed", "formation;revenus;date_naissance;sexe;prenom;nom";
        "one of its own", "nom;prenom;sexe;date_naissance;revenus;couleur";
        "one fewer", "nom;prenom;sexe;date_naissance;revenus";
        "one more", "nom;prenom;email;sexe;date_naissance;revenus;formation";
        "half of them", "nom;prenom;sexe;x;y;z";
        "English", "Last name;First name;Gender;Date of birth;Income;Education";
        "German", "Nachname;Vorname;Geschlecht;Geburtsdatum;Einkommen;Ausbildung";
        "German, in another order", "Straße;PLZ;Ort;Vorname;Nachname;Telefon";
        "Dutch", "Achternaam;Voornaam;Geslacht;Geboortedatum;Inkomen;Opleiding";
        "Italian", "Cognome;Nome;Sesso;Data di nascita;Reddito;Indirizzo";
        "Spanish", "Apellidos;Nombre;Sexo;Fecha de nacimiento;Ingresos;Dirección";
        "others", "Nom de famille;E-mail;Téléphone;Code postal;Ville;Pays";
        "wider", "Civilité;Nom;Prénom;Adresse;Code postal;Ville;Téléphone;E-mail";
        "an unknown one first", "zzz;Nom client;E-mail;Téléphone;Code postal;Ville";
        "a mark", "\u{feff}prenom;nom;sexe;date_naissance;revenus;formation";
    ] {
        assert_eq!(row(text), Err(2), "{case}");
    }
    assert_eq!(
        sifted("nom,formation,sexe\nAnna,bac,F\nformation,sexe,nom\n"),
        Err(2)
    );
}

#[test]
fn blank_rows_and_lines_are_nobody() {
    for (case, text, expected) in cases![
        "delimiters", ";;;;;", Nobody::Blank;
        "fewer of them", ";;", Nobody::Blank;
        "more of them", ";;;;;;;;", Nobody::Blank;
        "blanks", " ; ;\t; ; ; ", Nobody::Blank;
        "one blank", " ", Nobody::Blank;
        "no-break spaces", "\u{a0};\u{202f};;;;", Nobody::Blank;
        "empty quotes", "\"\";\"\";\"\";\"\";\"\";\"\"", Nobody::Blank;
        "quoted blanks", "\" \";\"\";;;;", Nobody::Blank;
        "a rule", "----;----;----;----;----;----", Nobody::Rule;
        "one cell of it", "----------", Nobody::Rule;
        "equal signs", "====;====;====;====;====;====", Nobody::Rule;
        "underscores", "____;;;;;", Nobody::Rule;
        "behind empty cells", ";;;----;;", Nobody::Rule;
        "stars", "***;***;***;***;***;***", Nobody::Rule;
        "a drawn frame", "+----+;+---+;+---+;+---+;+---+;+---+", Nobody::Rule;
        "dots", ".;.;.;.;.;.", Nobody::Rule;
        "nothing, as databases write it", "NULL;NULL;NULL;NULL;NULL;NULL", Nobody::Blank;
        "nothing, as spreadsheets do", "#N/A;n/a;;;NaN;", Nobody::Blank;
        "nothing in quotes", "\"null\";;None;;;", Nobody::Blank;
        "dashes", "-;-;-;-;-;-", Nobody::Rule;
        "long dashes", "———;———;;;;", Nobody::Rule;
    ] {
        assert_eq!(row(text), Ok(Some(expected)), "{case}");
    }
}

#[test]
fn totals_are_nobody() {
    for (case, text) in cases![
        "total", "Total;;;;55000;";
        "capitals", "TOTAL;;;;55000;";
        "a colon", "Total :;;;;55 000,00 €;";
        "of clients", "Total clients;;;;55000;";
        "a number in it", "TOTAL : 3 clients;;;;55000;";
        "general", "TOTAL GÉNÉRAL;;;;55000;";
        "grand", "Grand Total;;;;55000;";
        "sub", "Sous-total;;;;55000;";
        "of a group", "Sous-total Lyon;;;;55000;";
        "behind its group", "Lyon;Sous-total;;;55000;";
        "of a group, as Excel has it", "Total Lyon;;;;55000;";
        "as Excel has it in English", "Lyon Total;;;;55000;";
        "later in the row", ";;Total;;55000;";
        "sum", "Somme;;;;55000;";
        "German", "Summe;;;;55000;";
        "German, in between", "Zwischensumme;;;;55000;";
        "mean", "Moyenne;;;;27500,5;";
        "count", "Nombre de lignes;2;;;;";
        "stars around", "*** TOTAL ***;;;;55000;";
        "dashes beside", "Total;-;-;-;55000;-";
        "nothing beside", "Total;;;;;";
        "alone", "Total";
        "of another width", "Total;55000";
        "quoted", "\"Total\";\"\";\"\";\"\";\"55000\";\"\"";
        "a share", "Total;;;;100 %;";
        "in the last cell", ";;;2;55000;Total";
        "in the last cell, one figure", ";;;;55000;Total";
        "people counted where a day stands", "TOTAL;;;3 clients;55000;";
        "people counted beside it", "TOTAL;3 clients;;;55000;";
        "the sign of sums", "∑;;;;55000;";
        "the deviation", "Écart-type;;;;5500;";
        "the least", "Minimum;;;;20000;";
        "the least, in short", "Min;;;;20000;";
        "the greatest, in short", "MAX :;;;;35000;";
        "the greatest value", "Valeur max;;;;35000;";
        "the mean, in short", "Moy.;;;;27500,5;";
        "the mean in English", "Avg;;;;27500.5;";
        "the deviation in English", "Std Dev;;;;5500;";
        "a quartile", "Q1;;;;21000;";
        "a quartile in words", "1er quartile;;;;21000;";
        "the third one", "3e quartile;;;;33000;";
        "the second one, with an accent", "2ème quartile;;;;25000;";
        "German, the mean", "Durchschnitt;;;;27500,5;";
        "German, the count", "Anzahl Zeilen;2;;;;";
        "carried over", "À reporter;;;;55000;";
        "the title of a second export", "Export CRM du 12/03/2026;;;;;";
        "the number of a second file", "Fichier 2;;;;;";
        "in the last cell, sure", ";2;3;2;55000;Total général";
        "a count", "2 lignes;;;;;";
        "a count alone", "2 lignes";
        "a count as psql has it", "(2 rows);;;;;";
        "a count in groups of three", "12 345 enregistrements;;;;;";
        "a count of those that were found", "2 contacts exportés;;;;;";
        "the day of the export", "Exporté le 12/03/2026 à 10:00;;;;;";
        "the day in English", "Generated on 2026-03-12";
        "who made it", "Généré par le CRM;;;;;";
        "an extraction", "Date d’extraction : 12/03/2026;;;;;";
        "a page", "Page 1/2;;;;;";
        "a page, last", ";;;;;Page 1 sur 2";
        "the end", "Fin du fichier;;;;;";
        "the end in English", "End of report;;;;;";
        "the end in one word", "EOF";
        "a source", "Source : CRM;;;;;";
    ] {
        assert_eq!(row(text), Ok(Some(Nobody::Total)), "{case}");
    }
}

#[test]
fn people_are_people() {
    for (case, text) in [
        ("a person", PERSON.trim_end()),
        ("called Total", "Total;Marie;F;1980-03-12;20000;bac"),
        ("with a first name", "Total;Marie;;;;"),
        ("with a sex alone", "Total;;F;;20000;"),
        ("with a date of birth alone", "Total;;;12/03/1980;20000;"),
        ("with an e-mail", "Total;a@example.fr;;;20000;"),
        ("with a phone", "Total;06 12 34 56 78;;;20000;"),
        ("with a number of ten digits", "Total;;;;1234567890;"),
        ("called Max", "Max;Anna;;;35000;"),
        ("called Max, with a sex", "Max;;H;;35000;"),
        ("called Min, with a day", "Min;;;12/03/1980;35000;"),
        ("called Max, alone", "Max;;;;;"),
        ("called Quartile", "Quartile;Luc;H;;35000;cap"),
        ("called Somme", "Somme;Luc;H;;35000;cap"),
        ("called Grand", "Grand;Luc;H;;35000;cap"),
        ("called Nombre", "Nombre;;;;35000;"),
        ("at a firm", "TotalEnergies;;;;35000;"),
        ("with one cell", "Petit;;;;;"),
        ("with none of some", ";;F;;;"),
        ("suppressed", "*;*;*;*;*;*"),
        ("a category called total", "1042;;;;;TOTAL"),
        ("called Report", "Report;Anna;F;;20000;bac"),
        ("at Export Conseil", "Export Conseil;;;;;"),
        ("without most of it", "NULL;Anna;NULL;NULL;NULL;NULL"),
        ("called Null", "Null;;F;;;"),
        ("called Page", "Page;Anna;F;;20000;bac"),
        ("called Page, with one cell", "Page;;;;;"),
        ("called Fin", "Fin;Luc;H;;35000;cap"),
        ("with a count last", "Petit;Anna;F;;20000;2 lignes"),
        ("with a total last", "Petit;Anna;F;;20000;Total"),
        ("an address alone", "2 rue des Clients;;;;;"),
        ("an export manager", "Export;Anna;F;;20000;bac"),
        ("an export department", "Export manager;;;;;"),
        ("called Nom", "Nom;Anna;F;;20000;bac"),
        ("a cell that is a name", "Petit;prenom;F;;20000;bac"),
        (
            "words that columns have",
            "Client;Email;Web;Agent;Statut;Conseiller",
        ),
        ("channels", "Contact;Email;Téléphone;SMS;Web;Mobile"),
        ("an accent first", "Éric;Anna;F;;20000;bac"),
        ("a dash in a name", "-;Anna;F;;20000;bac"),
        ("a negative amount", ";;;;-5000;bac"),
    ] {
        assert_eq!(row(text), Ok(None), "{case}");
    }
}

#[test]
fn somebody_called_max_with_figures_is_no_total() {
    assert_eq!(
        sifted("prenom;age;revenus;enfants\nAnna;40;20000;1\nMax;34;30000;\nMin;35;25000;2\n"),
        Ok(vec![None; 3])
    );
}

#[test]
fn a_category_called_total_is_no_total() {
    assert_eq!(
        sifted("id;formule\n1;Platine\n4;TOTAL\n5;Total\n"),
        Ok(vec![None; 3])
    );
}

#[test]
fn one_column_alone_says_little() {
    let found = sifted("nom\nAnna\n\"\"\nnom\n-----\nTotal\n-\nTotal général\n");
    assert_eq!(
        found,
        Ok(vec![
            None,
            None,
            Some(Nobody::Header),
            Some(Nobody::Rule),
            None,
            None,
            Some(Nobody::Total)
        ])
    );
}

#[test]
fn a_place_is_told() {
    let text =
        format!("{HEADER}{PERSON}{PERSON}prenom;nom;sexe;date_naissance;revenus;formation\n");
    assert_eq!(sifted(&text), Err(3));
}

mod first_sight;

#[test]
fn rows_are_judged_alike_with_and_without_a_first_look_at_their_names() {
    let cells = [
        "Nom", "nom", " PRÉNOM ", "\"nom\"", "sexe", "F", "tous risques", "E-mail", "Téléphone",
        "Ville", "ville", "Vorname", "PLZ", "médiane", "tiers", "1", "12", "", "-", "Bac pro",
        "n\u{a0}om", "\u{feff}nom", "\"a;\"\"b\"", "x@y", "formation", "date_naissance",
        "Date  naissance", "revenus", "CAP ; BEP", "Straße", "null", "total", "œuvre",
        "Code postal", "Pays", "pre-nom", "nom\u{301}",
    ];
    let mut state = 11_usize;
    let mut headers = [0; 3];
    for round in 0..400 {
        let mut draw = |most: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % most
        };
        let width = 2 + draw(6);
        // Half of the rounds draw from few cells, so that they come together.
        let pool = if round % 2 == 0 { cells.len() } else { 14 };
        let mut row = |_| {
            let drawn: Vec<&str> = (0..width).map(|_| cells[draw(pool)]).collect();
            drawn
                .iter()
                .map(|cell| match cell.contains(';') && !cell.starts_with('"') {
                    true => format!("\"{cell}\""),
                    false => (*cell).to_owned(),
                })
                .collect::<Vec<_>>()
                .join(";")
        };
        let rows: Vec<String> = (0..12).map(&mut row).collect();
        let header = "nom;prenom;sexe;date_naissance;revenus;formation;ville;pays";
        let header = header.split(';').take(width).collect::<Vec<_>>().join(";");
        let text = format!("{header}\n{}\n", rows.join("\n"));
        let options = Options {
            delimiter: Some(b';'),
            ..Options::default()
        };
        let mut reader = Reader::open(Box::new(Cursor::new(text)), options).unwrap();
        let sieve = Sieve::new(reader.header());
        let (mut batch, mut ends) = (Batch::new(), Ends::default());
        while reader.fill(&mut batch).unwrap() {
            if batch.check(reader.shown_header(), &mut ends).is_err() {
                continue;
            }
            for row in batch.rows(&ends) {
                let fields = (0..row.width()).filter_map(|column| row.field(column));
                let filled = fields.filter(|field| !is_blank_ascii(field));
                let long = match sieve.may_be_names(filled) {
                    true => sieve.read(&row, &batch, true).map_err(|_| ()),
                    false => sieve.judge(&row, &batch).map_err(|_| ()),
                };
                let short = sieve.judge(&row, &batch).map_err(|_| ());
                assert_eq!(short, long, "{}: {rows:?}", row.number);
                headers[0] += usize::from(short == Ok(Some(Nobody::Header)));
                headers[1] += usize::from(short.is_err());
                headers[2] += usize::from(short == Ok(None));
            }
        }
    }
    assert!(headers.iter().all(|count| *count > 0), "{headers:?}");
}
