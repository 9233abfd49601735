//! What is proposed for the columns of the files that go wrong, and what becomes of postal codes.

use crate::support::{Scratch, crm, fixture, run};

fn rule_of<'a>(table: &'a str, column: &str) -> &'a str {
    let start = format!("[columns.\"{column}\"]\nrule = ");
    let (_, behind) = table.split_once(&start).expect("the column");
    behind.lines().next().expect("a rule")
}

#[test]
fn columns_are_proposed_as_they_deserve() {
    let health = "{ drop = { article_9 = \"health\" } }";
    for (file, columns) in cases![
        "macroman.csv",
        &[
            ("Santé", health),
            ("N° de sécurité sociale", "\"drop\""),
            ("Prénom", "\"drop\""),
            ("Téléphone", "\"drop\""),
            ("Ville", "\"keep\""),
        ][..];
        "html_entities.csv",
        &[
            ("Sant&eacute;", health),
            ("Pr&eacute;nom", "\"drop\""),
            ("&Eacute;tat de sant&eacute;", health),
            ("T&eacute;l.", "\"drop\""),
            ("R&eacute;gime alimentaire", health),
            ("M&eacute;decin", health),
        ];
        "staff_names.csv",
        &[
            ("Praticien", "\"drop\""),
            ("Saisi par", "\"drop\""),
            ("Notaire", "\"drop\""),
            ("Sexe", "\"keep\""),
        ];
        "five_digits.csv",
        &[
            ("code_site", "\"drop\""),
            ("N° client", "\"drop\""),
            ("Code Client CP", "\"drop\""),
            ("Adresse facturation", "\"drop\""),
            ("CP étranger", "\"drop\""),
            ("Code postal Belgique", "\"drop\""),
            ("Zip", "\"postal_code\""),
            // Few values, each of which many share.
            ("code_canal_parent", "\"keep\""),
            ("Code INSEE", "\"keep\""),
        ];
        "postal_lost_zero.csv", &[("code_postal", "{ postal_code = { pad = true } }")];
        "header_line_break.csv",
        &[
            ("Nom client", "\"drop\""),
            ("Date naissance", "\"year\""),
            ("Code postal", "\"postal_code\""),
        ];
        "needless_drop.csv",
        &[
            ("Nom", "\"drop\""),
            ("Prénom", "\"drop\""),
            ("Device type", "\"keep\""),
            ("Mobile ou fixe", "\"keep\""),
            ("IP country", "\"keep\""),
            ("UTM source", "\"keep\""),
            ("Web source", "\"keep\""),
            ("Ville", "\"keep\""),
        ];
    ] {
        let path = fixture("cases").join(file);
        let outcome = run(crm(["inspect", "--suggest"]).arg(path)).ended(0);
        let table = outcome.text();
        for (column, rule) in columns {
            assert_eq!(rule_of(&table, column), *rule, "{file} {column}");
        }
    }
}

#[test]
fn codes_without_their_first_zero_are_counted_and_read_when_asked() {
    let scratch = Scratch::new();
    let path = fixture("cases").join("postal_lost_zero.csv");
    for (rule, warned, first) in [
        ("\"postal_code\"", true, ["", "06000", ""]),
        (
            "{ postal_code = { pad = true } }",
            false,
            ["01000", "06000", "06000"],
        ),
    ] {
        let table = format!(
            "version = 1\nname = \"t\"\nindex = \"\"\n[columns.code_postal]\nrule = {rule}\nas = \"cp\"\n\
             [columns.ville]\nrule = \"drop\"\n"
        );
        let table = scratch.write("t.toml", table);
        let outcome = run(crm(["--manifest", "m.json", "-r"])
            .arg(table)
            .arg(&path)
            .current_dir(scratch.folder()));
        let outcome = outcome.ended(0);
        let text = outcome.text();
        let cells: Vec<&str> = text
            .lines()
            .skip(1)
            .take(3)
            .map(|cell| cell.trim_matches('"'))
            .collect();
        assert_eq!(cells, first, "{rule}");
        let is_warned = outcome.err.contains("without their first zero");
        assert_eq!(is_warned, warned, "{rule}: {}", outcome.err);
        let manifest = String::from_utf8(scratch.read("m.json")).unwrap();
        assert!(manifest.contains("lost_zero"), "{rule}: {manifest}");
    }
}
