//! Encrypted cells: published vectors, and what must always hold.

use proptest::prelude::*;

use super::*;
use crate::crypto::keys::known;

pub(in crate::crypto) fn decode_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

const ORIGIN: Origin = Origin {
    run: RunId([9; 12]),
    column: 3,
    row: 123_456_789_012_345,
};

fn cipher(role: &str, byte: u8, method: Method, column: &str) -> ColumnCipher {
    ColumnCipher::new(&known(role, byte), method, column).unwrap()
}

fn sealed(cipher: &ColumnCipher, cell: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    cipher.seal(cell, ORIGIN, &mut out).unwrap();
    out
}

fn opened(cipher: &ColumnCipher, text: &[u8]) -> Result<(Vec<u8>, Option<Origin>), Closed> {
    let mut cell = Vec::new();
    let origin = cipher.open(text, &mut cell)?;
    Ok((cell, origin))
}

#[test]
fn siv_gives_the_vector_of_rfc_5297_and_of_its_256_bit_form() {
    // RFC 5297, appendix A.1: AES-128, which the same code does.
    let key: [u8; 32] =
        decode_hex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
            .try_into()
            .unwrap();
    let header = decode_hex("101112131415161718191a1b1c1d1e1f2021222324252627");
    let mut text = decode_hex("112233445566778899aabbccddee");
    let tag = aes_siv::siv::Aes128Siv::new(&key.into())
        .encrypt_inout_detached([&header], text.as_mut_slice().into())
        .unwrap();
    assert_eq!(tag.to_vec(), decode_hex("85632d07c6e8f37f950acd320a2ecc93"));
    assert_eq!(text, decode_hex("40c02b9690c4dc04daef7f6afe5c"));
}

#[test]
fn a_cell_opens_only_with_its_key_in_its_column() {
    for method in [Method::Random, Method::Deterministic] {
        let own = cipher("identite", 1, method, "Nom");
        let text = sealed(&own, "Élise".as_bytes());
        let (cell, origin) = opened(&own, &text).unwrap();
        assert_eq!(cell, "Élise".as_bytes());
        assert_eq!(origin, (method == Method::Random).then_some(ORIGIN));
        for (other, expected) in [
            (cipher("identite", 1, method, " nom"), None),
            (cipher("identite", 2, method, "nom"), Some(Closed::OtherKey)),
            (
                cipher("identite", 1, method, "email"),
                Some(Closed::Altered),
            ),
            (cipher("habilite", 1, method, "nom"), Some(Closed::Damaged)),
        ] {
            assert_eq!(opened(&other, &text).err(), expected, "{method:?}");
        }
        let other = match method {
            Method::Random => Method::Deterministic,
            Method::Deterministic => Method::Random,
        };
        assert!(opened(&cipher("identite", 1, other, "nom"), &text).is_err());
    }
}

#[test]
fn texts_of_different_lengths_tell_little() {
    for method in [Method::Random, Method::Deterministic] {
        let cipher = cipher("a", 1, method, "c");
        let length = |cell: usize| sealed(&cipher, &vec![b'x'; cell]).len();
        assert_eq!(length(1), length(15));
        assert!(length(15) < length(16));
        assert_eq!(length(16), length(31));
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    for (method, cell) in [
        (Method::Random, &b"45 000,50"[..]),
        (Method::Deterministic, b"x"),
        // A payload whose last letter has bits that stand for nothing.
        (Method::Random, b"sixteen bytes and more"),
    ] {
        let cipher = cipher("identite", 1, method, "revenus");
        let text = sealed(&cipher, cell);
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut flipped = text.clone();
                flipped[at] ^= 1 << bit;
                assert!(opened(&cipher, &flipped).is_err(), "{at} {bit}");
                assert_ne!(form_of(&flipped), CellForm::Plain, "{at} {bit}");
            }
        }
    }
}

fn second(role: &str, byte: u8, run: u8, column: &str, position: u32) -> CellCipher {
    CellCipher::new(&known(role, byte), RunId([run; 12]), column, position).unwrap()
}

#[test]
fn a_cell_of_the_second_format_opens_only_in_its_run_column_and_row() {
    let own = second("identite", 1, 9, "Nom", 3);
    let mut text = Vec::new();
    own.seal("Élise".as_bytes(), 12, &mut text).unwrap();
    assert_eq!(text.len(), 41);
    assert_eq!(sealed_form_of(&text), CellForm::Second);
    let mut cell = Vec::new();
    for (what, other, row, opens) in cases![
        "itself", second("identite", 1, 9, " nom", 3), 12, true;
        "another row", second("identite", 1, 9, "nom", 3), 13, false;
        "another key", second("identite", 2, 9, "nom", 3), 12, false;
        "another role", second("habilite", 1, 9, "nom", 3), 12, false;
        "another run", second("identite", 1, 8, "nom", 3), 12, false;
        "another name", second("identite", 1, 9, "email", 3), 12, false;
        "another position", second("identite", 1, 9, "nom", 4), 12, false;
    ] {
        let opened = other.open(&text, row, &mut cell);
        match opens {
            true => assert_eq!(cell, "Élise".as_bytes(), "{what}"),
            false => assert_eq!(opened, Err(Closed::Altered), "{what}"),
        }
    }
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut flipped = text.clone();
            flipped[at] ^= 1 << bit;
            assert!(own.open(&flipped, 12, &mut cell).is_err(), "{at} {bit}");
        }
    }
}

#[test]
fn looks_are_told_apart() {
    let text = String::from_utf8(sealed(&cipher("a", 1, Method::Random, "c"), b"x")).unwrap();
    let alike =
        String::from_utf8(sealed(&cipher("a", 1, Method::Deterministic, "c"), b"x")).unwrap();
    for damaged in [
        text.replacen("crm1", "crm2", 1),
        text.replacen("crm1", "Crm1", 1),
        text.replacen("crm1", "rm1", 1),
        text.replacen("crm1.e", "crm1.f", 1),
        text.replacen("crm1.e.", "crm1 e.", 1),
        text.replacen(".a.", ".A.", 1),
        text.replacen(".a.", "a", 1),
        format!("'{text}"),
        format!(" {text}"),
        format!("x: {alike}"),
        text.replacen("crm1", "crm", 1),
        "crm1.".to_owned(),
        "crm1.e.a".to_owned(),
    ] {
        assert_eq!(form_of(damaged.as_bytes()), CellForm::Damaged, "{damaged}");
    }
    for plain in [
        "Marie Curie",
        "12 rue des Lilas, 75002 Paris. Sonner deux fois. Troisième étage à gauche.",
        "https://www.example.com/a.e.b/0123456789012345678901234567890123456789012345678901",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "crm",
        "crm-anon",
    ] {
        assert_eq!(form_of(plain.as_bytes()), CellForm::Plain, "{plain}");
    }
    assert_eq!(form_of(b""), CellForm::Empty);
    let (payload, shorter) = ("A+".repeat(20), "A+".repeat(19));
    for (text, expected, sealed) in cases![
        format!("e{payload}"), CellForm::Second, CellForm::Second;
        format!("e{payload}{payload}"), CellForm::Second, CellForm::Second;
        format!("e{payload}A+A+A"), CellForm::Plain, CellForm::Damaged;
        format!("e{shorter}"), CellForm::Plain, CellForm::Damaged;
        format!("e{payload}A"), CellForm::Plain, CellForm::Damaged;
        format!("e{shorter}A."), CellForm::Plain, CellForm::Damaged;
        format!("f{payload}"), CellForm::Plain, CellForm::Plain;
        format!("e{}", "a0".repeat(20)), CellForm::Plain, CellForm::Second;
        "e".to_owned(), CellForm::Plain, CellForm::Plain;
        "Dupont".to_owned(), CellForm::Plain, CellForm::Plain;
        String::new(), CellForm::Empty, CellForm::Empty;
    ] {
        assert_eq!(form_of(text.as_bytes()), expected, "{text}");
        assert_eq!(sealed_form_of(text.as_bytes()), sealed, "{text}");
    }
    for (text, whole) in [(&text, true), (&alike, true)] {
        let CellForm::Protected(label) = form_of(text.as_bytes()) else {
            panic!("{text}");
        };
        assert_eq!(label.is_whole(), whole);
        let cut = Label {
            payload: &label.payload[1..],
            ..label
        };
        assert!(!cut.is_whole());
    }
}

proptest! {
    #[test]
    fn any_cell_comes_back(cell in proptest::collection::vec(any::<u8>(), 1..200), row: u64, column: u32, run: [u8; 12]) {
        for method in [Method::Random, Method::Deterministic] {
            let cipher = cipher("a", 5, method, "x");
            let origin = Origin { run: RunId(run), column, row };
            let mut out = b"behind".to_vec();
            cipher.seal(&cell, origin, &mut out).unwrap();
            let text = out.strip_prefix(b"behind").unwrap();
            let safe = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
            prop_assert!(text.iter().all(safe));
            let (back, made_for) = opened(&cipher, text).unwrap();
            prop_assert_eq!(&back, &cell);
            prop_assert_eq!(made_for, (method == Method::Random).then_some(origin));
        }
        let cipher = CellCipher::new(&known("a", 5), RunId(run), "x", column).unwrap();
        let (mut out, mut back) = (b"behind".to_vec(), Vec::new());
        cipher.seal(&cell, row, &mut out).unwrap();
        let text = out.strip_prefix(b"behind").unwrap();
        prop_assert_eq!(sealed_form_of(text), CellForm::Second);
        cipher.open(text, row, &mut back).unwrap();
        prop_assert_eq!(&back, &cell);
    }
}
