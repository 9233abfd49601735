//! Keys and protected files, made by the program.

use std::fs;
use std::path::PathBuf;

use super::{Outcome, Scratch, crm, fixture, run};

/// The columns of the fixture that the table `protection` encrypts, by role.
pub(crate) const IDENTITE: [&str; 4] = ["num_ss", "nom", "email", "date_naissance"];
pub(crate) const HABILITE: [&str; 6] = [
    "revenus",
    "valeur_residence_prin",
    "tarif_devis",
    "adresse",
    "lat",
    "lon",
];

/// Makes a key of `role` in the file `name`.
#[track_caller]
pub(crate) fn key(scratch: &Scratch, role: &str, name: &str) -> PathBuf {
    let path = scratch.path(name);
    run(crm(["keygen", role, "-o"]).arg(&path)).ended(0);
    path
}

/// Keys of both roles of the table `protection`.
pub(crate) fn keys(scratch: &Scratch) -> [PathBuf; 2] {
    ["identite", "habilite"].map(|role| key(scratch, role, &format!("{role}.key")))
}

/// Protects a file with these keys; the output and what was said.
#[track_caller]
pub(crate) fn protect(
    scratch: &Scratch,
    input: &PathBuf,
    keys: &[PathBuf],
    output: &str,
    more: &[&str],
) -> Outcome {
    let mut command = crm(["-r", "protection", "-o"]);
    command.arg(scratch.path(output)).arg(input).args(more);
    for key in keys {
        command.arg("--key").arg(key);
    }
    run(&mut command)
}

#[track_caller]
pub(crate) fn protected_fixture(scratch: &Scratch, keys: &[PathBuf], output: &str) -> PathBuf {
    protect(scratch, &fixture("export_crm.csv"), keys, output, &["-q"]).ended(0);
    scratch.path(output)
}

/// Reveals a file to standard output.
pub(crate) fn reveal(file: &PathBuf, keys: &[PathBuf], more: &[&str]) -> Outcome {
    let mut command = crm(["reveal"]);
    command.arg(file).args(more);
    for key in keys {
        command.arg("--key").arg(key);
    }
    run(&mut command)
}

/// The 32 bytes of a key file, as they may turn up in a text: raw, in hexadecimal, in both alphabets
/// of base64.
pub(crate) fn spellings(path: &PathBuf) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(path).unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("crm-anon-key-1 "))
        .unwrap();
    let letters = line.split(' ').nth(2).unwrap();
    let raw = decoded(letters);
    assert_eq!(raw.len(), 32);
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    // Without its ends, a spelling is found with whatever stands around it.
    let inner = &letters[1..41];
    vec![
        raw[..16].to_vec(),
        raw[16..].to_vec(),
        hex.to_uppercase()[..40].into(),
        hex[..40].into(),
        inner.into(),
        inner.replace('-', "+").replace('_', "/").into(),
    ]
}

fn decoded(letters: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for letter in letters.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => panic!("no base64url"),
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}

/// Whether a cell has the length and the letters of one that is encrypted for itself.
pub(crate) fn is_encrypted(cell: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_graphic() && !b",;|\"'`\\@.".contains(&byte);
    cell.starts_with('e') && cell.len() >= 41 && cell.len() % 5 == 1 && cell.bytes().all(safe)
}
