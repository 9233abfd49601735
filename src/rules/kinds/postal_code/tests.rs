//! Addresses against tables of named cases and against a slow reading of the same.

mod elsewhere;
mod spellings;

use proptest::prelude::*;

use super::reading::{find, find_at_a_glance};
use super::words::{CODES, COUNTRIES, NOT_A_TOWN, NUMBERED, NUMBERED_OR_STREET, POSTAL, STATES};
use super::*;
use crate::rules::options::testing::{refuses, rule, transform, write};

/// The code that the kind writes, or nothing where it counts that there is none.
fn code(address: &str) -> Option<String> {
    let transform = transform(&KIND, "{}");
    let code = match write(transform.as_ref(), address).unwrap() {
        (code, Outcome::Written) => Some(code),
        (empty, Outcome::Counted(0)) if empty.is_empty() => None,
        other => panic!("{other:?}"),
    };
    let number = transform.number(address.as_bytes());
    assert_eq!(number.map(|number| format!("{number:05}")), code);
    code
}

#[test]
fn finds_the_code_in_french_addresses() {
    for (address, expected) in [
        ("12 rue de la Paix, 75002 Paris", "75002"),
        ("12 rue de la Paix 75002 PARIS", "75002"),
        ("12 rue de la Paix\n75002 PARIS\nFRANCE", "75002"),
        ("12 rue de la Paix\r\n75002\r\nPARIS", "75002"),
        ("3 bis av. Jean-Jaurès, 69007 Lyon, France", "69007"),
        ("1 place du Capitole 31000 Toulouse Cedex 6", "31000"),
        ("Mairie, 31040 TOULOUSE CEDEX 9", "31040"),
        ("TSA 70011, 59895 LILLE CEDEX 9", "59895"),
        ("BP 12345, 33000 Bordeaux", "33000"),
        ("B.P. 12345 - 44000 Nantes", "44000"),
        ("CS 70123 35000 Rennes", "35000"),
        ("CS 70123, 35708 Rennes cedex 7", "35708"),
        ("75002 Paris, CS 70123", "75002"),
        ("75002 Paris BP 12345", "75002"),
        ("12 cours Napoléon, 20000 Ajaccio", "20000"),
        ("Route de Bastia 20290 Borgo", "20290"),
        ("5 rue Frébault, 97110 Pointe-à-Pitre", "97110"),
        ("97200 Fort-de-France", "97200"),
        ("8 av. du Général de Gaulle, 97300 Cayenne", "97300"),
        ("24 rue Juliette-Dodu 97400 Saint-Denis", "97400"),
        ("97500 Saint-Pierre", "97500"),
        ("Rue du Commerce, 97600 Mamoudzou", "97600"),
        ("97133 Saint-Barthélemy", "97133"),
        ("97150 Marigot", "97150"),
        ("2 rue du Portier, 98000 Monaco", "98000"),
        ("98600 Mata-Utu", "98600"),
        ("BP 115, 98714 Papeete", "98714"),
        ("98800 Nouméa", "98800"),
        ("10250 route de Nice, 06600 Antibes", "06600"),
        ("10250 chemin des Vignes 84000 Avignon", "84000"),
        ("2 rue Haute F-75002 Paris", "75002"),
        ("F-67000 Strasbourg", "67000"),
        ("2 rue Haute FR - 75002 Paris", "75002"),
        ("13001 – Marseille", "13001"),
        ("13001\u{2011}Marseille", "13001"),
        ("13001,Marseille", "13001"),
        ("13001, - Marseille", "13001"),
        ("01000\u{a0}Bourg-en-Bresse", "01000"),
        ("95000\u{202f}Cergy", "95000"),
        ("76600 Évreux ou Le Havre", "76600"),
        ("27000 Évreux", "27000"),
        ("27000 e\u{301}vreux", "27000"),
        ("Paris, rue de la Paix 12, 75002", "75002"),
        ("Paris (75002)", "75002"),
        ("75002", "75002"),
        ("  75002  ", "75002"),
        ("Paris 75002.", "75002"),
        ("75002 Paris, tél. 01 42 60 12 34", "75002"),
        ("75002 Paris, tél. 0142601234", "75002"),
        ("75002 Paris, 01.42.60.12.34", "75002"),
        ("75002 Paris, SIRET 73282932000074", "75002"),
        ("75002 Paris, SIRET 732 829 320 00074", "75002"),
        ("Chez M. Petit, 13001 Marseille puis 69001 Lyon", "69001"),
        ("69001 Lyon, ancien code 13001", "69001"),
        ("13001 / 69001", "69001"),
        ("rue du 8 mai 1945, 59000 Lille", "59000"),
        ("00100 Rome, 75002 Paris", "75002"),
        ("75002 12 rue de la Paix", "75002"),
        // Nothing tells these numbers from a code: the last before a word wins.
        ("10250 chemin des Vignes, Avignon 84000", "10250"),
    ] {
        assert_eq!(code(address).as_deref(), Some(expected), "{address}");
    }
}

#[test]
fn leaves_empty_where_there_is_no_code() {
    for address in [
        "",
        "No 75002° Paris",
        "BP 115, 98713 Papeete",
        "98799 Clipperton",
        "35708",
        "35708 Rennes",
        "Paris",
        "12 rue de la Paix, Paris",
        "7500 Paris",
        "750022 Paris",
        "F75002 Paris",
        "75002Paris",
        "75002_Paris",
        "_75002 Paris",
        "é75002 Paris",
        "75002é",
        "75002½",
        "Ω75002",
        "x75002",
        "00123 Nulle-Part",
        "96000 Nulle-Part",
        "97000 Nulle-Part",
        "97900 Nulle-Part",
        "98100 Nulle-Part",
        "98500 Nulle-Part",
        "98900 Nulle-Part",
        "99000 Nulle-Part",
        "0142601234",
        "01 42 60 12 34",
        "SIRET 732 829 320 00074",
        "SIRET 73282932000074",
        "٧75002 Paris",
        "1000 Bruxelles",
        "10115x Berlin",
    ] {
        assert_eq!(code(address), None, "{address}");
    }
    assert_eq!(rule(&KIND, "{}").counts(), ["no_postal_code", "lost_zero"]);
    assert_eq!(rule(&KIND, "{}").kind().name, "postal_code");
}

/// What the kind writes with a least population, and whether it made the code coarser.
fn populous(least: u64, address: &str) -> (String, bool) {
    let options = format!("{{ min_population = {least} }}");
    match write(transform(&KIND, &options).as_ref(), address).unwrap() {
        (code, Outcome::Written) => (code, false),
        (label, Outcome::Counted(GENERALISED)) => (label, true),
        other => panic!("{other:?}"),
    }
}

#[test]
fn makes_codes_of_few_people_coarser() {
    for (least, address, expected) in [
        (5_000, "Le Bourg, 48250 Luc", "48 Lozère"),
        (852, "Le Bourg, 48250 Luc", "48250"),
        (853, "Le Bourg, 48250 Luc", "48 Lozère"),
        (5_000, "Aérogare, 94390 Orly", "91 Essonne"),
        (5_000, "3 rue du Four, 07580 Berzème", "07 Ardèche"),
        (5_000, "2 rue de Rivoli, 75001 Paris", "75001"),
        (15_114, "2 rue de Rivoli, 75001 Paris", "75001"),
        (15_115, "2 rue de Rivoli, 75001 Paris", "75 Paris"),
        (5_000, "69001 Lyon", "69001"),
        (5_000, "13001 Marseille", "13001"),
        (5_000, "12 cours Napoléon, 20000 Ajaccio", "20000"),
        (5_000, "20200 Bastia", "20200"),
        (5_000, "20126 Évisa", "2A Corse-du-Sud"),
        (5_000, "20250 Corte", "20250"),
        (5_000, "20224 Calacuccia", "2B Haute-Corse"),
        (5_000, "97400 Saint-Denis", "97400"),
        (5_000, "97133 Saint-Barthélemy", "97133"),
        (20_000, "97133 Saint-Barthélemy", "977 Saint-Barthélemy"),
        (5_000, "98610 Futuna", "986 Wallis et Futuna"),
        // Nobody knows how many.
        (1, "CS 70123, 35708 Rennes cedex 7", "35 Ille-et-Vilaine"),
        (1, "20188 Ajaccio cedex 9", "2A Corse-du-Sud"),
        (1, "20401 Bastia cedex 9", "2B Haute-Corse"),
        (1, "97159 Pointe-à-Pitre cedex", "971 Guadeloupe"),
        (1, "98000 Monaco", "980 Monaco"),
        (i64::MAX as u64, "75015 Paris", "75 Paris"),
    ] {
        let coarser = (expected.to_owned(), expected.contains(' '));
        assert_eq!(populous(least, address), coarser, "{least}, {address}");
    }
    let of_many = rule(&KIND, "{ min_population = 5_000 }");
    assert_eq!(
        of_many.counts(),
        ["no_postal_code", "lost_zero", "generalised"]
    );
    let none = write(
        transform(&KIND, "{ min_population = 5_000 }").as_ref(),
        "Paris",
    );
    assert_eq!(none, Ok((String::new(), Outcome::Counted(NO_POSTAL_CODE))));
}

#[test]
fn every_code_of_the_table_is_read_and_no_other() {
    let of_many = transform(&KIND, "{ min_population = 5_000 }");
    let mut coarser = 0;
    for number in 0..100_000 {
        let code = format!("{number:05}");
        let known = geography::lookup(&code);
        let read = (known.is_some() || code == "98000").then_some(code.as_str());
        assert_eq!(self::code(&code).as_deref(), read, "{code}");
        // The others are too many to look at each in an address.
        if read.is_some() || number % 89 == 0 {
            let in_address = format!("12 rue du Lac, {code} Xyz");
            assert_eq!(self::code(&in_address).as_deref(), read, "{in_address}");
        }
        let (written, outcome) = write(of_many.as_ref(), &code).unwrap();
        if read.is_none() {
            assert_eq!(written, "", "{code}");
        } else if known.is_some_and(|known| known.population >= 5_000) {
            assert_eq!((&written, outcome), (&code, Outcome::Written));
        } else {
            assert_eq!(Some(written.as_str()), geography::departement_label(&code));
            assert_eq!(outcome, Outcome::Counted(GENERALISED), "{code}");
            coarser += 1;
        }
    }
    assert_eq!(coarser, 2_651 + 1);
}

#[test]
fn takes_bytes_that_are_not_utf8_for_letters() {
    for (text, expected) in [
        (&b"\xff75002 Paris"[..], None),
        (b"75002\xe9 Paris", None),
        (b"75002\xe2\x80", None),
        (b"75002 \xe9vreux 13001", Some(*b"75002")),
    ] {
        assert_eq!(find(text), expected);
        // Long enough to be looked at from afar.
        let long = [&b"chez Monsieur Petit, "[..], text].concat();
        assert_eq!(find_at_a_glance(&long), None);
    }
}

#[test]
fn usual_addresses_are_read_at_a_glance_and_others_are_not() {
    for (address, at_a_glance) in [
        ("12 rue de la Paix, 75002 Paris", true),
        ("12 rue de la Paix 75002 PARIS", true),
        ("42 rue Molière, 30000 Nîmes", true),
        ("42 rue Molière 30000 Nîmes", true),
        ("Chemin des Forêts 45000 Orléans", true),
        ("4 rue Haute, 01000 Bourg", true),
        ("16 rue Molière, F-58000 Nevers", true),
        ("85 boulevard Carnot, Poitiers 86000", true),
        ("Lieu-dit \"Le Château\", 75002 Paris", true),
        ("Résidence La Forêt\n72000 Le Mans", true),
        ("17 rue de l'Église, 55000 Bar-le-Duc, FRANCE", true),
        ("Résidence La Forêt, BP 108, 31012 Toulouse CEDEX 6", true),
        ("Résidence La Forêt, BP 108, 31012 Toulouse", false),
        ("12 rue des Oliviers, 69003 Lyon, Grèce", false),
        ("12 rue des Oliviers, 69003, 4", false),
        ("69001 Lyon, 12 rue des Oliviers 69003", false),
        ("12 rue des Oliviers, 75001", false),
        ("Addison, TX 75001", false),
        ("A-75001 Paris", false),
        ("12 rue du Chemin Vert - 42000 Saint-Étienne", false),
        ("12 rue des Oliviers, BP 69003 Lyon", false),
        ("12 rue du Lac, digicode du hall 69003 Lyon", false),
        ("12 rue des Oliviers, client 69003 Lyon", false),
        ("12 avenue des Frères, porte 69003 Lyon", false),
        ("12 rue de la Grèce 69003 Grèce", false),
        ("12 rue des Oliviers 10115 Berlin", false),
    ] {
        let text = address.as_bytes();
        let found = find_at_a_glance(text);
        assert_eq!(found.is_some(), at_a_glance, "{address}");
        assert!(found.is_none() || found == find(text), "{address}");
    }
    let numbered = NUMBERED.iter().chain(NUMBERED_OR_STREET).chain(CODES);
    let numbered = numbered.flat_map(|word| {
        let between = [" ", " : ", ". ", " n° ", " du hall ", "\n", ", F-", ", "];
        between.map(|between| format!("12 rue des Oliviers, {word}{between}69003"))
    });
    let towns = COUNTRIES.iter().chain(NOT_A_TOWN).chain(POSTAL);
    let towns = towns.flat_map(|town| {
        let around = ["", "Béziers ", "É-"];
        around.map(|before| format!("12 rue des Oliviers, 69003 {before}{town}"))
    });
    let behind = ["", " Lyon", ", FRANCE", " Cedex 2", " 3", ".", " X"];
    for address in numbered.chain(towns) {
        for behind in behind {
            let address = format!("{address}{behind}");
            let found = find_at_a_glance(address.as_bytes());
            let same = found.is_none() || found == find(address.as_bytes());
            assert!(same, "{address}");
        }
    }
}

#[test]
fn refuses_options() {
    refuses(
        &KIND,
        &[
            ("{ country = 'FR' }", "country", "unknown field `country`"),
            ("{ min_population = 0 }", "0", "a whole number from 1"),
            ("{ min_population = -5 }", "-5", "a whole number from 1"),
            ("{ min_population = 5e3 }", "5e3", "a whole number from 1"),
            (
                "{ min_population = '5000' }",
                "'5000'",
                "a whole number from 1",
            ),
            ("[]", "[]", "expected a table of options"),
            ("true", "true", "expected a table of options"),
        ],
    );
}

/// The same, the slow way and by the book: every window of five characters, for addresses without
/// other countries and other numbers.
fn reference(text: &str) -> Option<String> {
    let text: Vec<char> = text.chars().collect();
    let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let between = |c: &char| c.is_whitespace() || ",-‐‑‒–—―".contains(*c);
    let mut candidates = Vec::new();
    for start in 0..text.len().saturating_sub(4) {
        let code: String = text[start..start + 5].iter().collect();
        let before = start.checked_sub(1).and_then(|at| text.get(at));
        let after = &text[start + 5..];
        let five_digits = code.chars().all(|c| c.is_ascii_digit());
        if !five_digits || word(before) || word(after.first()) {
            continue;
        }
        let town: String = after.iter().skip_while(|c| between(c)).collect();
        let is_town = after.first().is_some_and(between) && town.starts_with(char::is_alphabetic);
        // A town of letters and blanks, then the word.
        let upper = town.to_uppercase();
        let cedex = is_town
            && upper.match_indices("CEDEX").any(|(at, _)| {
                let name = upper.get(..at).unwrap();
                name.ends_with([' ', '-'])
                    && name
                        .chars()
                        .all(|c| c.is_alphabetic() || " -\u{a0}".contains(c))
            });
        let known = geography::lookup(&code).is_some() || code == "98000";
        if known || cedex && geography::departement_of(&code).is_some() {
            candidates.push((is_town, code));
        }
    }
    let last = candidates.last().cloned();
    candidates
        .into_iter()
        .rfind(|(town, _)| *town)
        .or(last)
        .map(|(_, code)| code)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn finds_what_the_reference_finds(
        address in prop_oneof![
            "([0-9]{6}|[zéà_]{3,4}|(75|69|13|20|97)[0-9]0[0-9]|(75|13)00[1-9]|(97|20)1[0-9]0|[,–\u{a0}\n]{1,2}|, ){0,12}",
            "[0-9]{0,3}[x-z ]{3,20}[,\né_]{1,2}(13|75|69)00[0-9]{1,2}[ ,-]{0,2}[X-ZÉ-]{0,18}",
            "[0-9]{1,2} (rue|quai|cours) [X-ZÉ][x-zéèç]{2,6} (75|69)00[0-9] [X-ZÉ][x-zîé]{2,8}( CEDEX)?",
            "((75|69|13|3[0-9])[0-9]00[.;/‐―\u{2009}²½_-]{1,3}){0,5}",
            "[0-9]{1,3} rue [X-Z][y-zéè]{2,6}, [0-9]{2}000, ([0-9]{5}|13001) [X-ZÉ][x-z]{3,8}( CEDEX)?",
            any::<String>(),
        ],
    ) {
        let found = find_at_a_glance(address.as_bytes());
        prop_assert!(found.is_none() || found == find(address.as_bytes()));
        prop_assert_eq!(code(&address), reference(&address));
    }
}
