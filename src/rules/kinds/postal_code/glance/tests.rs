//! What is told at a glance, beside the closer look.

use super::super::plain::plain_character;
use super::*;

#[test]
fn letters_are_those_of_the_plain_text() {
    for c in '\u{c0}'..='\u{ff}' {
        let bytes = c.to_string().into_bytes();
        let plain = plain_character(c);
        assert_eq!(plain_letter(bytes[1]), plain, "{c}");
        let letter = plain.filter(|plain| *plain != b'/');
        assert_eq!(base_letter(bytes[1]), letter, "{c}");
    }
    assert_eq!(last_letters("Grèce".as_bytes()), Some(*b"ece"));
    assert_eq!(last_letters("thé".as_bytes()), Some(*b"the"));
    assert_eq!(first_letters("Nîmes".as_bytes()), Some(*b"Nim"));
    for text in ["aé", "", "œuvre", "a\u{301}"] {
        assert_eq!(first_letters(text.as_bytes()), None, "{text}");
    }
    assert_eq!(last_letters("3 ×2".as_bytes()), None);
}

#[test]
fn words_that_number_take_a_closer_look() {
    for street in [
        "12 rue X, code du hall",
        "12 rue X, Códe du hall",
        "12 rue X, CODÉ hall",
        "12 rue X, digicode entrée",
        "12 rue X, cod\u{301}e hall",
        "12 rue X, co\u{10f}e hall",
        "12 rue X client",
        "12 rue X no",
        "12 rue X c.s",
        "12 rue 06",
    ] {
        assert!(!numbers_nothing(street.as_bytes()), "{street}");
    }
    for street in [
        "12 rue du Lac",
        "12 rue Molière",
        "3 allée des Mimosas",
        "1 rue du Dôme",
    ] {
        assert!(numbers_nothing(street.as_bytes()), "{street}");
    }
}

/// Whether this street and this town, which stands at the end of an address, are in France.
fn are_in_france(street: &str, town: &str) -> bool {
    let address = format!("{}{town}", "9".repeat(TAIL));
    let tail = address.as_bytes().last_chunk().unwrap();
    is_in_france(street.as_bytes(), tail, TAIL.saturating_sub(town.len()))
}

#[test]
fn names_of_countries_and_towns_abroad_take_a_closer_look() {
    for country in [
        "Grèce", "Suède", "Norvège", "Israël", "Algérie", "Haïti", "Italie", "Mali", "USA", "U.S.A",
    ] {
        assert!(!are_in_france(&format!("rue X {country}"), "Lyon"));
        assert!(!are_in_france(&format!("{country} rue X"), "Lyon"));
        assert!(!are_in_france(&format!("1 rue {country}"), "Lyon"));
        for town in [
            country.to_owned(),
            format!("Béziers {country}"),
            format!("{country}."),
            format!("É-{country},"),
        ] {
            assert!(!are_in_france("12 rue X", &town), "{town}");
        }
    }
    for street in [
        "quai Voltaire",
        "rue Pasteur",
        "place de la Mairie",
        "rue des Écoles",
    ] {
        assert!(are_in_france(&format!("1 {street}"), "Lyon"), "{street}");
    }
    for country in COUNTRIES {
        for gap in [" ", "-", "'"] {
            let plain = country.replace(' ', gap);
            assert!(may_begin_country(plain.as_bytes()), "{plain}");
            for name in [plain.to_uppercase(), plain] {
                let street = format!("12 rue X {name}");
                assert!(may_end_country(street.as_bytes()), "{name}");
                for town in [format!("X {name}, Y"), format!("X {name}"), name] {
                    // A longer one is not looked at here.
                    let long = town.len() > TAIL;
                    assert!(long || !are_in_france("12 rue X", &town), "{town}");
                }
            }
        }
    }
    for country in ["Fin\u{301}lande", "Pays\u{a0}Bas", "Cote d’Ivoire"] {
        assert!(
            may_end_country(format!("12 rue X {country}").as_bytes()),
            "{country}"
        );
    }
    assert!(!are_in_france("1 a", "Ber\u{301}lin"));
    for name in NOT_A_TOWN {
        assert!(may_begin_town_abroad(name.as_bytes()), "{name}");
        assert!(may_begin_town_abroad(format!("{name}, 3").as_bytes()));
        for name in [
            (*name).to_owned(),
            name.to_uppercase() + " 3",
            format!("{name} é"),
        ] {
            assert!(!are_in_france("1 a", &name), "{name}");
        }
    }
    for town in [
        "Nîmes",
        "Orléans",
        "Lyon",
        "Pau",
        "Saint-Étienne",
        "Besançon",
        "Nantes",
        "Strasbourg Cedex",
        "Clermont-Ferrand",
        "Nanterre",
        "La Roche-sur-Yon",
        "Marseille",
        "Brest",
        "Valence",
    ] {
        assert!(are_in_france("12 rue Molière", town), "{town}");
    }
    for town in ["Berlin", "kg", "Málaga", "", "1er", "L’Isle"] {
        assert!(!are_in_france("1 a", town), "{town}");
    }
}

#[test]
fn words_that_number_may_be_such_in_plain_characters() {
    for word in NUMBERED.iter().chain(NUMBERED_OR_STREET).chain(CODES) {
        for text in [
            (*word).to_owned(),
            format!("12 {word}"),
            format!("x,{word}"),
        ] {
            assert!(may_end_number_word(text.as_bytes()), "{text}");
        }
    }
    assert!(!may_end_number_word(b"rue du bac"));
    assert!(!may_begin_country(b"lyon"));
    assert!(!may_begin_town_abroad(b"lyon"));
}
