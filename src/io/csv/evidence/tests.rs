//! Texts in every encoding, and what they are taken for.

use super::*;

fn encoded(encoding: Encoding, text: &str) -> Vec<u8> {
    let table = Table::of(encoding);
    let byte = |character| (0..=255).find(|byte| table.character(*byte) == Some(character));
    let bytes = text
        .chars()
        .map(|character| byte(character).unwrap_or_else(|| panic!("{encoding} lacks {character}")));
    bytes.collect()
}

/// Whether an encoding has every character of a text.
fn has(encoding: Encoding, text: &str) -> bool {
    let table = Table::of(encoding);
    text.chars()
        .all(|c| (0..=255).any(|byte| table.character(byte) == Some(c)))
}

/// Reads a text in every encoding that has its characters; gives those in which it is not
/// clear. None may read as another text.
fn unclear(text: &str) -> Vec<Encoding> {
    let mut unclear = Vec::new();
    for encoding in SINGLE_BYTE
        .into_iter()
        .filter(|encoding| has(*encoding, text))
    {
        let bytes = encoded(encoding, text);
        match decide(&bytes) {
            Ok(decided) => {
                let table = Table::of(decided);
                let characters = bytes.iter().filter_map(|byte| table.character(*byte));
                let read: String = characters.collect();
                assert_eq!(read, text, "{encoding} read as {decided}");
            }
            Err(fits) => {
                assert!(
                    fits.iter().any(|fit| fit == encoding),
                    "{text:?} in {encoding}: {fits}"
                );
                unclear.push(encoding);
            }
        }
    }
    unclear
}

#[test]
fn a_few_words_are_enough_to_tell_the_encoding() {
    for text in [
        "métier;nom\n",
        "Santé\n",
        "SANTÉ;PRÉNOM\n",
        "Prénom;Âge\n",
        "Régime alimentaire\n",
        "N° de sécurité sociale\n",
        "Médecin traitant;Téléphone\n",
        "3 rue du Chêne, Zoé\n",
        "retraité\n",
        "où;naïf;forêt;août;été\n",
        "Noël;élève;Œuvre\n",
        "5 €;élève\n",
        "l’été\n",
        "Zoé Béraud;Gérôme;collège\n",
        "François;Benoît;Hélène\n",
        "ÉCOLE;COLLÈGE;LYCÉE\n",
        "« été » ; 12 m² ; 3 °C ; à Paris\n",
        "Gérôme\n",
    ] {
        assert_eq!(unclear(text), [], "{text:?}");
    }
}

#[test]
fn words_that_are_not_enough_are_never_read_as_others() {
    let mut all = 0;
    for text in [
        "François\n",
        "forêt\n",
        "Élève\n",
        "Noël\n",
        "N° client\n",
        "Chêne\n",
        "Benoît\n",
        "contrôle\n",
        "père\n",
        "cœur\n",
        "Straße;Müller;Köln\n",
        "España;Muñoz;Peña\n",
        "Käse;Jäger\n",
        "Škoda\n",
        "Ærø;Bjørn\n",
    ] {
        all += unclear(text).len();
    }
    assert!((1..=25).contains(&all), "{all}");
}

#[test]
fn what_windows_writes_stays_windows() {
    for text in [
        "l´avenir", "a×b", "3½ pièces", "5 ‰", "…", "place … Lyon", "à", "10 €", "§ 3", "x²",
        "“quoted”", "‘quoted’", "„Zitat“", "© Dupont", "Dupont®", "dateÉvénement", "RENé",
        "MICHéLE", "Bø", "¿Qué?", "¡Hola!", "Paris–Lyon", "Iñárritu", "Łódź", "œuvre", "Œuvre",
        "L’Haÿ-les-Roses", "Škoda", "Žižka", "·", "1 000 000 €", "20 £", "n° 3", "Nº 3", "±2",
    ] {
        if !has(Encoding::Windows1252, text) {
            continue;
        }
        let bytes = encoded(Encoding::Windows1252, text);
        assert_eq!(decide(&bytes), Ok(Encoding::Windows1252), "{text}");
    }
}

#[test]
fn where_it_is_not_clear_the_encodings_that_would_fit_are_told() {
    for (case, text) in [
        ("undefined, alone", &b"a;\x81;b"[..]),
        ("letters that no word has", b"x\x8fy\x80z\x9d"),
        ("drawings", b"a\xdb\xb2\x9f b\xc9\xcd\xcd\xbb"),
    ] {
        let decided = decide(text);
        let Err(fits) = decided else {
            panic!("{case}: {decided:?}")
        };
        let usual = fits
            .iter()
            .any(|encoding| encoding == Encoding::Windows1252);
        assert!(!usual && fits.iter().count() > 0, "{case}: {fits}");
    }
}

#[test]
fn what_never_speaks_against_an_encoding_is_told_by_its_sides() {
    for encoding in SINGLE_BYTE {
        let table = Table::of(encoding);
        let mut against = Against::of(encoding);
        for this in 0x80..=0xFF {
            for before in 0..=0xFF {
                for (earlier, behind) in [(b'A', b'n'), (b'a', b'A'), (b' ', b'7'), (b'A', b'\n')] {
                    let text = [earlier, before, this, behind];
                    let expected = weight_at(table, &text, 2) < 0;
                    assert_eq!(against.holds(&text, 2), expected, "{encoding}: {text:x?}");
                }
            }
        }
    }
}
