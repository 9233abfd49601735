use super::*;
use crate::base::mixed::mixed;

fn of(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    words(text.as_bytes(), &mut found);
    found
}

#[test]
fn words_are_runs_of_letters_or_of_digits() {
    for (text, expected) in [
        ("", &[][..]),
        ("Jean-Noël  d'Été", &["Jean", "Noël", "d", "Été"]),
        ("C-0012345;b30a", &["C", "0012345", "b", "30", "a"]),
        ("Lecœur’s", &["Lecœur", "s"]),
        ("12 345,60 €", &["12", "345", "60"]),
        ("Ме́нер 株", &["Ме́нер", "株"]),
    ] {
        let found = of(text);
        let found: Vec<&str> = found
            .iter()
            .map(|word| text.get(word.start..word.end).unwrap())
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn words_of_ascii_are_read_as_they_are_byte_by_byte() {
    let pieces = [
        "a", "Zy", "0", "97", "[", "`", "{", "@", "/", ":", " ", "-", "é", "e\u{301}", "\0",
        "\u{7f}", "ÿ", "abcdefg", "1234567", "œ",
    ];
    for text in mixed(&pieces, 0..=8, 20_000) {
        let mut expected: Vec<Word> = Vec::new();
        let (mut at, mut open) = (0, false);
        while let Some(&byte) = text.as_bytes().get(at) {
            if byte.is_ascii_alphanumeric() {
                let letters = byte.is_ascii_alphabetic();
                let word = going_on(letters, at, &mut open, &mut expected).unwrap();
                word.push(byte | 0x20);
                at += 1;
                word.end = at;
            } else if byte.is_ascii() {
                (open, at) = (false, at + 1);
            } else {
                at = foreign(text.as_bytes(), at, &mut open, &mut expected);
            }
        }
        expected.iter_mut().for_each(Word::finish);
        assert_eq!(of(&text), expected, "{text:?}");
    }
}

#[test]
fn the_first_word_is_read_as_it_is_among_all() {
    for text in [
        "Jean-Noël", "noël", "Été", "É1", "12ab", "a", "Développeuse", "ÿ", "", " x", "Zo\u{e9}",
    ] {
        let latin: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
        for found in [first(text.as_bytes(), false), first(&latin, true)] {
            let word = of(text).first().copied().filter(|word| word.start == 0);
            match (found, word) {
                (First::Word { key, length, .. }, Some(word)) => {
                    assert_eq!((key, length), (word.key, word.length.min(8)), "{text}");
                }
                (found, word) => assert_eq!((found, word), (First::Other, None), "{text}"),
            }
        }
    }
    for (text, decode) in [
        ("œuf", false),
        ("ste\u{301}phane", false),
        ("×", false),
        ("株", false),
        ("ß", false),
        ("\u{9c}", true),
    ] {
        assert_eq!(first(text.as_bytes(), decode), First::Foreign, "{text}");
    }
    let First::Word { bytes, .. } = first("noël".as_bytes(), false) else {
        panic!("a word");
    };
    assert_eq!(bytes, 5);
}

#[test]
fn words_are_the_same_without_case_and_accents() {
    for (one, other) in [
        ("STÉPHANE", "stephane"),
        ("ste\u{301}phane", "Stéphane"),
        ("Lecœur", "LECOEUR"),
        ("Françoise Müller", "francoise muller"),
        ("Ñandú", "nandu"),
        ("Łódź", "ŁÓDZ"),
        ("МЕНЕР", "менер"),
        ("Strauß", "STRAUSS"),
        ("ÿ", "y"),
    ] {
        let same = |text| {
            let words = of(text).into_iter();
            words
                .map(|word| (word.key, word.hash, word.length, word.letters))
                .collect::<Vec<_>>()
        };
        assert_eq!(same(one), same(other), "{one} {other}");
    }
    assert_ne!(of("dupont")[0].hash, of("dupond")[0].hash);
    assert_eq!(of("Dupont")[0].length, 6);
}
