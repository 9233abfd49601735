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
    assert_eq!(first_letters("Nîmes".as_bytes()), Some(*b"Nime"));
    for text in ["aéb", "", "œuvre", "abc\u{301}"] {
        assert_eq!(first_letters(text.as_bytes()), None, "{text}");
    }
    assert_eq!(last_letters::<3>("3 ×2".as_bytes()), None);
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

#[test]
fn names_of_countries_and_towns_abroad_take_a_closer_look() {
    for country in [
        "Grèce", "Suède", "Norvège", "Israël", "Algérie", "Haïti", "Italie", "Mali", "USA", "U.S.A",
    ] {
        for street in [
            format!("rue X {country}"),
            format!("{country} rue X"),
            format!("1 rue {country}"),
            format!("1 rue \"{country}\""),
        ] {
            assert!(!names_no_country(street.as_bytes()), "{street}");
        }
    }
    for street in [
        "quai Voltaire",
        "rue Pasteur",
        "place de la Mairie",
        "rue des Écoles",
        "rue Molière",
        "lieu-dit \"Le Château\"",
    ] {
        let street = format!("1 {street}");
        assert!(names_no_country(street.as_bytes()), "{street}");
    }
    for country in COUNTRIES {
        for gap in [" ", "-", "'"] {
            let plain = country.replace(' ', gap);
            assert!(may_begin_country(plain.as_bytes()), "{plain}");
            for name in [plain.to_uppercase(), plain] {
                let street = format!("12 rue X {name}");
                assert!(may_end_country(street.as_bytes()), "{name}");
            }
        }
    }
    for country in ["Fin\u{301}lande", "Pays\u{a0}Bas", "Cote d’Ivoire"] {
        assert!(
            may_end_country(format!("12 rue X {country}").as_bytes()),
            "{country}"
        );
    }
    for name in NOT_A_TOWN {
        assert!(may_begin_town_abroad(name.as_bytes()), "{name}");
        assert!(may_begin_town_abroad(format!("{name}, 3").as_bytes()));
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
