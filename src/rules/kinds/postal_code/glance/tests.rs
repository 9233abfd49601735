use super::super::plain::plain_character;
use super::*;

#[test]
fn letters_are_those_of_the_plain_text() {
    for c in '\u{c0}'..='\u{ff}' {
        let bytes = c.to_string().into_bytes();
        let plain = plain_character(c).filter(|plain| *plain != b'/');
        assert_eq!(base_letter(bytes[1]), plain, "{c}");
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

#[test]
fn names_of_countries_and_towns_abroad_take_a_closer_look() {
    for country in [
        "Grèce", "Suède", "Norvège", "Israël", "Algérie", "Haïti", "Italie",
    ] {
        assert!(!names_no_country(
            format!("rue X {country}").as_bytes(),
            b"Lyon"
        ));
        assert!(!names_no_country(
            format!("{country} rue X").as_bytes(),
            b"Lyon"
        ));
        for town in [
            country.to_owned(),
            format!("Béziers {country}"),
            format!("{country}."),
        ] {
            assert!(!names_no_country(b"12 rue X", town.as_bytes()), "{town}");
        }
    }
    for street in [
        "quai Voltaire",
        "rue Pasteur",
        "place de la Mairie",
        "rue des Écoles",
    ] {
        assert!(
            names_no_country(format!("1 {street}").as_bytes(), b"Lyon"),
            "{street}"
        );
    }
    for country in COUNTRIES {
        let upper = country.to_uppercase().replace(' ', "-");
        for name in [*country, &upper] {
            assert!(
                may_end_country(format!("12 rue X {name}").as_bytes()),
                "{name}"
            );
            assert!(
                !no_word_ends_country(format!("X {name}, Y").as_bytes()),
                "{name}"
            );
        }
    }
    for country in ["Fin\u{301}lande", "Pays\u{a0}Bas", "Cote d’Ivoire"] {
        assert!(
            may_end_country(format!("12 rue X {country}").as_bytes()),
            "{country}"
        );
    }
    assert!(!is_no_town_abroad("Ber\u{301}lin".as_bytes()));
    for name in NOT_A_TOWN {
        for name in [(*name).to_owned(), name.to_uppercase() + " 3"] {
            assert!(!is_no_town_abroad(name.as_bytes()), "{name}");
        }
    }
    for town in [
        "Nîmes",
        "Orléans",
        "Lyon",
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
        assert!(
            names_no_country("12 rue Molière".as_bytes(), town.as_bytes()),
            "{town}"
        );
        assert!(is_no_town_abroad(town.as_bytes()), "{town}");
    }
    for town in ["Berlin", "kg", "Málaga", "", "1er", "L’Isle"] {
        let closer =
            !is_no_town_abroad(town.as_bytes()) || !names_no_country(b"1 a", town.as_bytes());
        assert!(closer, "{town}");
    }
}
