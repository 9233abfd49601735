//! Five digits that are no postal code of France.

use super::*;

#[test]
fn numbers_of_something_else_are_no_codes() {
    for word in NUMBERED.iter().chain(NUMBERED_OR_STREET) {
        for (before, gap) in [
            ("", " "),
            ("12 rue du Lac, ", " : "),
            ("Lyon, ", ". "),
            ("(", "-"),
        ] {
            for word in [(*word).to_owned(), word.to_uppercase()] {
                assert_eq!(
                    code(&format!("{before}{word}{gap}69003, Lyon")),
                    None,
                    "{word}"
                );
                let address = format!("{before}{word}{gap}75011, 69003 Lyon");
                assert_eq!(code(&address).as_deref(), Some("69003"), "{address}");
                let address = format!("69003 Lyon, {word}{gap}75011 B");
                assert_eq!(code(&address).as_deref(), Some("69003"), "{address}");
            }
        }
    }
    for address in [
        "N°69003",
        "n° 69003",
        "n ° 69003",
        "Nº 69003",
        "№ 69003",
        "#69003",
        "# 69003 Lyon",
        "numéro 69003",
        "Numéro : 69003",
        "Réf. 69003",
        "référence 69003",
        "Étage 69003, Lyon",
        "Bât. 69003",
        "tél. 06000",
        "Téléphone : 06000",
        "digicode 69003, Lyon",
        "Digicode : 69003",
        "code 69003",
        "Code : 69003",
        "code d'accès 69003",
        "Code d’entrée : 69003",
        "code de la porte 69003",
        "Code client 69003",
        "Code Client CP 69003",
        "code immeuble: 69003",
        "code INSEE 69003",
        "codes 69003",
        "BP 69 003 Lyon",
        "B.P. 69003 Lyon",
        "BP n° 69003 Lyon",
        "boîte postale 69003",
        "CS 69003, Lyon",
        "T.S.A. 69003",
        "client no. 69003",
        "dossier n°69003",
        "69003 euros",
        "69003 km",
        "lot 69003",
        "porte 69003",
    ] {
        assert_eq!(code(address), None, "{address}");
    }
}

#[test]
fn words_of_numbers_in_names_of_streets_do_not_hide_a_code() {
    for (address, expected) in [
        ("12 rue de la Porte 29200 Brest", "29200"),
        ("3 quai du Lot 46000 Cahors", "46000"),
        ("rue de la Poste 69003 Lyon", "69003"),
        ("chemin du Pin 31000 Toulouse", "31000"),
        ("3e étage 75011 Paris", "75011"),
        ("2ème étage 75011 Paris", "75011"),
        ("4° étage 75011 Paris", "75011"),
        ("dernier étage 75011 Paris", "75011"),
        ("BP 12, 69003 Lyon", "69003"),
        ("BP 12 69003 Lyon", "69003"),
        ("digicode 12A45, 69003 Lyon", "69003"),
        ("digicode 54321 69003 Lyon", "69003"),
        ("code postal 69003", "69003"),
        ("Code postal : 69003", "69003"),
        ("code-postal 69003", "69003"),
        ("CP 69003 Lyon", "69003"),
        ("CP: 69003", "69003"),
        ("postal code 69003", "69003"),
        ("ZIP code: 69003", "69003"),
        ("Postcode 69003", "69003"),
        ("Résidence Le Lot, 69003 Lyon", "69003"),
    ] {
        assert_eq!(code(address).as_deref(), Some(expected), "{address}");
    }
}

#[test]
fn addresses_abroad_have_no_french_code() {
    for country in COUNTRIES {
        for address in [
            format!("5 Hauptstrasse, 67000 Kehl, {country}"),
            format!("5 Hauptstrasse, 67000 Kehl ({})", country.to_uppercase()),
            format!("67000 Kehl - {country}."),
            format!("{country}, 67000 Kehl"),
            format!("Kehl {country} 67000"),
            format!("67000 Kehl {country}"),
            format!("Hauptstrasse 5, {country}, 67000 Kehl"),
        ] {
            assert_eq!(code(&address), None, "{address}");
        }
        for address in [
            format!("12 rue de {country}, 67000 Strasbourg"),
            format!("67000 Strasbourg, place d'{country}"),
            format!("67000 Strasbourg, 3 avenue {country}"),
            format!("hôtel du {country} 67000 Strasbourg"),
        ] {
            assert_eq!(code(&address).as_deref(), Some("67000"), "{address}");
        }
    }
    for town in NOT_A_TOWN {
        assert_eq!(code(&format!("Via Roma 3, 20121 {town}")), None, "{town}");
        assert_eq!(
            code(&format!("20121 {}", town.to_uppercase())),
            None,
            "{town}"
        );
    }
    for state in STATES {
        for behind in ["", ", USA", "-1234", ".", " USA"] {
            let address = format!("12 Main St, Town, {} 75001{behind}", state.to_uppercase());
            assert_eq!(code(&address), None, "{address}");
        }
    }
    for address in [
        "10115 Berlin",
        "28013 Madrid",
        "NY 10118",
        "D-67000 Kehl",
        "I-20121 Milano",
        "DE-67000",
        "L-1234",
        "B-1000 Bruxelles",
        "1000;Bruxelles",
        "Suède 20121",
        "67000 Kehl, États-Unis",
        "67000 X, Côte d’Ivoire",
        "67000 X, ESPAÑA",
        "67000 X, Österreich",
        "67000 X, Pays Bas",
        "67000 X, U.S.A.",
        "67000 München",
    ] {
        assert_eq!(code(address), None, "{address}");
    }
    for (address, expected) in [
        ("67000 Strasbourg, France", "67000"),
        ("F-67000 Strasbourg", "67000"),
        ("FR-67000", "67000"),
        ("98000 Monaco", "98000"),
        ("2 rue Grimaldi, 98000 Monaco, Monaco", "98000"),
        ("04500 Allemagne-en-Provence", "04500"),
        ("Place d’Italie, 75013 Paris", "75013"),
        ("quai des États-Unis 06300 Nice", "06300"),
        ("20121 Azzana", "20121"),
    ] {
        assert_eq!(code(address).as_deref(), Some(expected), "{address}");
    }
}
