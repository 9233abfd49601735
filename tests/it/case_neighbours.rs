//! Files of the kinds that go wrong, through the commands that read one: the status of the main job, and
//! that no cell is in a message, the manifest, the journal, a table of rules or a query.

use crate::cases::{COMMANDS, arguments, told};
use crate::support::{Scratch, crm, run};

/// Files of the same kinds: their text, the status of the main job, and cells that nobody may see.
const NEIGHBOURS: &[(&str, &str, i32, &[&str])] = &[
    (
        "no header, tabs",
        "Marie Dupont\tF\t12/03/1980\tbac\nLuc Roy\tH\t01/01/1970\tcap\n",
        3,
        &["Marie", "Luc", "1980"],
    ),
    (
        "no header, a mark",
        "\u{feff}Dupont,Marie,F,sexe,marie@example.fr\nRoy,Luc,H,x,luc@example.fr\n",
        3,
        &["Dupont", "marie@"],
    ),
    (
        "no header, quotes",
        "\"Dupont\";\"Marie\";\"Formation\";\"0612345678\"\r\n\"Roy\";\"Luc\";\"Commerce\";\"0698765432\"\r\n",
        3,
        &["Dupont", "0612345678"],
    ),
    (
        "no header, words",
        "Dupont;Marie;Lyon;Formation\nRoy;Luc;Nantes;Commerce\n",
        3,
        &["Dupont", "Lyon", "Roy"],
    ),
    (
        "no header, German",
        "Müller;Hans;Berlin;10115\nSchmidt;Ute;Köln;50667\n",
        3,
        &["Müller", "Berlin", "Schmidt"],
    ),
    (
        "no header, one column",
        "marie@example.fr\nluc@example.fr\n",
        3,
        &["marie@", "luc@"],
    ),
    (
        "no line end behind the header",
        "nom,sexe,formationDupont,F,bac\nRoy,H,cap\nPetit,F,bts\n",
        3,
        &["Dupont", "Roy"],
    ),
    (
        "a person in a name",
        "\"ville\nDupont\";sexe;formation\nLyon;F;bac\nNantes;H;cap\n",
        3,
        &["Dupont", "Nantes"],
    ),
    (
        "a person in the second name",
        "nom;\"sexe\nMarie Dupont\";formation\nLyon;F;bac\nNantes;H;cap\n",
        3,
        &["Dupont", "Nantes"],
    ),
    (
        "names of several lines",
        "\"Nom\r\nclient\";\"Sexe\";\"Date\r\nnaissance\";formation\r\nAnna;F;12/03/1980;bac\r\n",
        0,
        &["Anna"],
    ),
    (
        "the header in capitals",
        "nom;sexe;formation\nAnna;F;bac\nNOM;Sexe;FORMATION\nLuc;H;cap\n",
        0,
        &["Anna", "Luc"],
    ),
    (
        "the header between quotes",
        "nom;sexe;formation\nAnna;F;bac\n\u{feff}\"nom\";\"sexe\";\"formation\"\nLuc;H;cap\n",
        0,
        &["Anna", "Luc"],
    ),
    (
        "a narrower header",
        "nom;sexe;formation\nAnna;F;bac\nnom;sexe\nLuc;H\n",
        3,
        &["Anna", "Luc"],
    ),
    (
        "a wider header",
        "nom;sexe;formation\nAnna;F;bac\nnom;sexe;formation;email\nLuc;H;cap;luc@x.fr\n",
        3,
        &["Anna", "Luc"],
    ),
    (
        "a header in English",
        "nom;sexe;formation\nAnna;F;bac\nName;Sex;Education\nLuc;H;cap\n",
        3,
        &["Anna", "Luc"],
    ),
    (
        "a header of other columns",
        "nom;sexe;formation\nAnna;F;bac\nprenom;email;telephone\nLuc;luc@x.fr;0612345678\n",
        3,
        &["Anna", "luc@", "0612"],
    ),
    (
        "blank rows of commas",
        "nom,sexe,formation\nAnna,F,bac\n,,\n , ,\n\"\",\"\",\"\"\nLuc,H,cap\n",
        0,
        &["Anna", "Luc"],
    ),
    (
        "rules",
        "nom;sexe;formation\nAnna;F;bac\n----;----;----\n====;;\nLuc;H;cap\n",
        0,
        &["Anna", "Luc"],
    ),
    (
        "blanks that do not break",
        "nom;sexe;formation\nAnna;F;bac\n\u{a0};\u{a0};\u{a0}\nLuc;H;cap\n",
        0,
        &["Anna", "Luc"],
    ),
    (
        "nothing but blank rows",
        "nom;sexe;formation\n;;\n;;\n",
        3,
        &[],
    ),
    ("a header alone", "nom;sexe;formation\n", 3, &[]),
    (
        "a grand total",
        "nom;sexe;revenus;formation\nAnna;F;20000;bac\nTOTAL GENERAL;;20000;\n",
        3,
        &["Anna"],
    ),
    (
        "a subtotal",
        "nom;sexe;revenus;formation\nAnna;F;20000;bac\nSubtotal;;20000;\n",
        3,
        &["Anna"],
    ),
    (
        "a total in the second column",
        "nom;sexe;revenus;formation\nAnna;F;20000;bac\n;Total;55000;\n",
        3,
        &["Anna", "55000"],
    ),
    (
        "somebody called Total",
        "nom;sexe;revenus;formation\nTotal Marie;F;20000;bac\nSomme;H;30000;cap\n",
        0,
        &["Marie", "Somme"],
    ),
    (
        "trailing commas",
        "nom,sexe,formation\nAnna,F,bac,\nLuc,H,cap,\n",
        0,
        &["Anna", "Luc"],
    ),
    (
        "two trailing delimiters",
        "nom;sexe;formation\nAnna;F;bac;;\nLuc;H;cap;;\n",
        0,
        &["Anna", "Luc"],
    ),
    (
        "a trailing delimiter on some rows",
        "nom;sexe;formation\nAnna;F;bac;\nLuc;H;cap\n",
        3,
        &["Anna", "Luc"],
    ),
    (
        "sep= with a tab",
        "sep=\t\nnom\tsexe\tformation\nAnna\tF\tbac\n",
        0,
        &["Anna"],
    ),
    (
        "sep= behind a mark",
        "\u{feff}sep=;\r\nnom;sexe;formation\r\nAnna;F;bac\r\n",
        0,
        &["Anna"],
    ),
    (
        "a title with delimiters",
        "Relevé;Marie Leroy;;\n\nnom;sexe;date_naissance;formation\nAnna;F;12/03/1980;bac\n",
        0,
        &["Relevé", "Leroy", "Anna"],
    ),
    (
        "a title between quotes",
        "\"Relevé, par Marie Leroy\"\n\nnom,sexe,date_naissance\nAnna,F,12/03/1980\n",
        0,
        &["Relevé", "Leroy", "Anna"],
    ),
    (
        "an English title",
        "Customer list\nGenerated by John Smith on 2026-03-12\n\nnom,sexe,date_naissance\nAnna,F,1980-03-12\n",
        0,
        &["Customer", "Smith"],
    ),
    (
        "texts as formulas",
        "nom,sexe,date_naissance\n=\"Anna\",=\"F\",=\"1980-03-12\"\n",
        0,
        &["Anna", "1980-03"],
    ),
    (
        "texts as formulas, quoted",
        "nom;sexe;date_naissance\n\"=\"\"Anna\"\"\";\"=\"\"F\"\"\";\"=\"\"1980-03-12\"\"\"\n",
        0,
        &["Anna", "1980-03"],
    ),
    ("one column", "sexe\nF\nH\n", 0, &[]),
    (
        "an end mark",
        "nom;sexe;formation\r\nAnna;F;bac\r\n\u{1a}",
        0,
        &["Anna"],
    ),
    (
        "lines that end with CR",
        "nom;sexe;formation\rAnna;F;bac\rLuc;H;cap\r",
        0,
        &["Anna", "Luc"],
    ),
    ("nothing", "", 3, &[]),
];

#[test]
fn neighbours_of_the_cases_show_no_cell_either() {
    for (case, text, status, cells) in NEIGHBOURS {
        let scratch = Scratch::new();
        scratch.write("in.csv", text);
        for (name, words) in COMMANDS {
            if !["main", "suggest", "audit", "sql"].contains(&name) {
                continue;
            }
            let mut command = crm(arguments(words, &scratch));
            let outcome = run(command.current_dir(scratch.folder()));
            let told = told(&scratch, &outcome);
            let code = outcome.code();
            match name {
                "main" => assert_eq!(code, *status, "{case}:\n{told}"),
                _ => assert!([0, 2, 3].contains(&code), "{case} {name}: {code}\n{told}"),
            }
            for cell in *cells {
                assert!(
                    !told.contains(cell),
                    "{case} {name}: {cell:?} is in\n{told}"
                );
            }
        }
    }
}
