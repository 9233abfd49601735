//! Lines of runs, and seals.

use super::*;
use crate::crypto::cells::RunId;
use crate::crypto::keys::known;

const NAMES: [&str; 3] = ["Index_rd", "metier", "nom"];

fn columns() -> Vec<ColumnEntry> {
    let entry = |number, holds, role| ColumnEntry {
        number,
        holds,
        role,
        position: 7 * number,
    };
    vec![
        entry(0, Holds::Index, 0),
        entry(1, Holds::Code, 1),
        entry(2, Holds::Sealed, 0),
    ]
}

fn written() -> (RunSecret, RunLine, RowSeals, String) {
    let secret = RunSecret::draw().unwrap();
    let keys = [known("a", 1), known("b", 2)];
    let line = RunLine::new(RunId([9; 12]), &secret, keys.iter(), 3, columns()).unwrap();
    let (seals, text) = line.write(&secret, NAMES.into_iter()).unwrap();
    (secret, line, seals, text)
}

#[test]
fn each_role_opens_the_line_and_nobody_else_does() {
    let (secret, line, _, text) = written();
    assert!(text.starts_with("crm2.run.") && is_line(&text) && !is_line("crm2.AAAA"));
    assert!(text.len() < 32_767, "a spreadsheet keeps it");
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    assert!(text.bytes().all(safe));
    let read = RunLine::read(&format!(" {text} ")).unwrap();
    assert_eq!(read.columns(), columns());
    assert_eq!((read.width(), read.run()), (3, RunId([9; 12])));
    for (role, byte) in [("a", 1), ("b", 2)] {
        let opened = read.secret(&known(role, byte)).unwrap().unwrap();
        assert_eq!(opened.bytes(), secret.bytes());
        assert!(read.is_proved(&opened, NAMES.into_iter()));
    }
    assert!(read.secret(&known("c", 3)).unwrap().is_none());
    let other = read.secret(&known("a", 4)).err();
    assert_eq!(other, Some(Fault::OtherKey("a".parse().unwrap())));
    // Not the same names, and not the same number of them.
    for names in [
        &["Index_rd", "nom", "metier"][..],
        &["Index_rd", "metier"],
        &[],
    ] {
        assert!(!read.is_proved(&secret, names.iter().copied()), "{names:?}");
    }
    assert!(read.is_proved(&secret, ["index rd", "Métier", "NOM"].into_iter()));
    // Another writing of the same run has other keys.
    let (_, again) = line.write(&secret, NAMES.into_iter()).unwrap();
    assert_ne!(again, text);
}

#[test]
fn every_flipped_bit_of_a_line_is_noticed() {
    let (secret, _, _, text) = written();
    for at in 0..text.len() {
        for bit in 0..7 {
            let mut flipped = text.clone().into_bytes();
            flipped[at] ^= 1 << bit;
            let read = RunLine::read(std::str::from_utf8(&flipped).unwrap());
            let proved = read.is_ok_and(|line| line.is_proved(&secret, NAMES.into_iter()));
            assert!(!proved, "{at} {bit}");
        }
    }
    for length in 0..text.len() {
        let read = RunLine::read(text.get(..length).unwrap());
        assert!(!read.is_ok_and(|line| line.is_proved(&secret, NAMES.into_iter())));
    }
}

#[test]
fn a_key_takes_the_place_of_another_of_its_role() {
    let (secret, line, _, _) = written();
    let line = line.with_key(&secret, &known("a", 5)).unwrap();
    let (_, text) = line.write(&secret, NAMES.into_iter()).unwrap();
    let read = RunLine::read(&text).unwrap();
    for (role, byte, opens) in [("a", 5, true), ("b", 2, true), ("a", 1, false)] {
        assert_eq!(
            read.secret(&known(role, byte)).is_ok(),
            opens,
            "{role} {byte}"
        );
    }
}

#[test]
fn a_seal_is_of_its_row_alone() {
    let (_, _, seals, _) = written();
    let (_, _, others, _) = written();
    let mut about = Vec::new();
    append(b"12", &mut about);
    append(b"juge", &mut about);
    for (says, length) in [
        (
            Sealed {
                number: 1,
                rows: None,
            },
            29,
        ),
        (
            Sealed {
                number: (1 << 40) - 1,
                rows: Some(1 << 30),
            },
            36,
        ),
    ] {
        let mut seal = Vec::new();
        seals.seal(12, says, &about, &mut seal).unwrap();
        assert!(seal.len() == length && is_seal(&seal));
        assert_eq!(seals.open(&seal, 12, &about), Some(says));
        assert_eq!(seals.open(&seal, 13, &about), None);
        assert_eq!(others.open(&seal, 12, &about), None);
        assert_eq!(seals.open(&seal, 12, &about[1..]), None);
        for at in 0..seal.len() {
            for bit in 0..8 {
                let mut flipped = seal.clone();
                flipped[at] ^= 1 << bit;
                assert_eq!(seals.open(&flipped, 12, &about), None, "{at} {bit}");
            }
        }
    }
    let (one, mut two) = (about.clone(), Vec::new());
    append(b"12j", &mut two);
    append(b"uge", &mut two);
    assert_ne!(one, two, "where cells end counts");
    let too_great = Sealed {
        number: 1 << 40,
        rows: None,
    };
    assert_eq!(seals.seal(12, too_great, &about, &mut Vec::new()), None);
}
