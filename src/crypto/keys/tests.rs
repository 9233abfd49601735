//! Keys of roles, from outside of their files.

use std::fs;

use super::*;
use crate::base::error::Ending as _;
use crate::base::sha256::hexadecimal as hex;
use crate::io::system::trial::{CLOSING, close, is_closed, open_to_all};

fn role(name: &str) -> Role {
    name.parse().unwrap()
}

#[test]
fn hkdf_gives_the_vectors_of_rfc_5869() {
    let decode = |text: &str| -> Vec<u8> {
        let digits = text.as_bytes().chunks(2);
        digits
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    };
    // Appendix A.1, and A.3: without salt and info.
    for (salt, info, expected) in [
        (
            Some(decode("000102030405060708090a0b0c")),
            decode("f0f1f2f3f4f5f6f7f8f9"),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            None,
            Vec::new(),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ] {
        let mut key = [0; 42];
        expand(&salt.unwrap_or_default(), &[0x0b; 22], &info, &mut key).unwrap();
        assert_eq!(hex(&key), expected);
    }
}

#[test]
fn derived_keys_differ_by_everything_they_are_for() {
    let derive =
        |key: &RoleKey, kind: &str, name: &str| hex(&**key.derive::<32>(kind, name).unwrap());
    let key = known("a", 1);
    let all = [
        derive(&key, "encrypt", "nom"),
        derive(&key, "hash", "nom"),
        derive(&key, "encrypt", "email"),
        derive(&known("b", 1), "encrypt", "nom"),
        derive(&known("a", 2), "encrypt", "nom"),
    ];
    let distinct: std::collections::HashSet<&String> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
    assert_eq!(derive(&known("a", 1), "encrypt", "nom"), all[0]);
    assert_eq!(context("hash", &role("a"), "x/y"), "crm-anon/1/hash/a/x/y");
    assert_ne!(known("a", 1).id().unwrap(), known("a", 2).id().unwrap());
}

#[test]
fn debug_shows_the_role_alone() {
    let mut ring = KeyRing::default();
    ring.add(Path::new("k"), known("identite", 0xAB)).unwrap();
    let shown = format!("{ring:?} {:?}", ring.get("identite").unwrap());
    assert!(shown.contains("identite"), "{shown}");
    for byte in ["171", "ab", "AB"] {
        assert!(!shown.contains(byte), "{shown}");
    }
}

#[test]
fn a_file_is_made_once_and_read_only_while_it_is_nobody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("identite.key");
    make(role("identite"), &path, "2026-11-22", None).unwrap();
    assert!(is_closed(&path));
    let again = make(role("identite"), &path, "2026-11-22", None).unwrap_err();
    assert!(matches!(again, KeyError::Exists(_)), "{again}");
    open_to_all(&path);
    let error = KeyRing::read(std::slice::from_ref(&path)).unwrap_err();
    assert!(error.to_string().contains(CLOSING), "{error}");
    assert_eq!(error.exit_status(), 2);
    close(&path);
    let ring = KeyRing::read(std::slice::from_ref(&path)).unwrap();
    assert_eq!(ring.keys().count(), 1);
}

#[test]
#[cfg(unix)]
fn every_bit_of_a_mode_that_lets_others_in_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("identite.key");
    make(role("identite"), &path, "2026-11-22", None).unwrap();
    for (mode, expected) in [
        (0o600, None),
        (0o400, None),
        (0o640, Some("chmod 600")),
        (0o604, Some("chmod 600")),
        (0o620, Some("chmod 600")),
        (0o666, Some("mode 0666")),
    ] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let read = KeyRing::read(std::slice::from_ref(&path));
        match (read, expected) {
            (Ok(ring), None) => assert_eq!(ring.keys().count(), 1),
            (Err(error), Some(part)) => {
                assert!(error.to_string().contains(part), "{error}");
                assert_eq!(error.exit_status(), 2);
            }
            (read, _) => panic!("{mode:o}: {read:?}"),
        }
    }
}

#[test]
fn what_is_no_key_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        close(&path);
        path
    };
    for (path, expected, code) in [
        (file("empty", b""), "not a key file", 2),
        (file("export", b"nom,email\nA,b\n"), "not a key file", 2),
        (file("binary", &[0xFF; 40]), "not a key file", 2),
        (file("large", &[b'#'; 100_000]), "not a key file", 2),
        (folder.path().to_owned(), "not a regular file", 2),
        (folder.path().join("absent"), "cannot read", 1),
    ] {
        let error = KeyRing::read(std::slice::from_ref(&path)).unwrap_err();
        assert!(
            error.to_string().contains(expected),
            "{}: {error}",
            path.display()
        );
        assert_eq!(error.exit_status(), code, "{}", path.display());
    }
}

#[test]
#[cfg(unix)]
fn a_pipe_is_no_key_file() {
    use rustix::fs::{CWD, FileType, mknodat};
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, 0o600.into(), 0).unwrap();
    let error = KeyRing::read(&[pipe]).unwrap_err();
    assert!(error.to_string().contains("not a regular file"), "{error}");
    assert_eq!(error.exit_status(), 2);
}

#[test]
fn a_sealed_file_needs_its_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("identite.key");
    let key = known("identite", 3);
    let text = file::text(&key, "2026-11-22").unwrap();
    fs::write(&path, sealed::seal(&text, "cheval", 4).unwrap()).unwrap();
    close(&path);
    let say = |passphrase: &str| Ok(Zeroizing::new(passphrase.to_owned()));
    let back = read::read(&path, &mut || say("cheval")).unwrap();
    assert_eq!((&back.role, &back.key), (&key.role, &key.key));
    let wrong = read::read(&path, &mut || say("âne")).unwrap_err();
    assert!(matches!(wrong, KeyError::WrongPassphrase(_)), "{wrong}");
    let silent = read::read(&path, &mut || Err(KeyError::NoPassphrase));
    assert!(matches!(silent, Err(KeyError::NoPassphrase)));
}

#[test]
fn two_keys_of_one_role_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.key", "b.key", "c.key"].map(|name| folder.path().join(name));
    for (path, name) in paths.iter().zip(["identite", "identite", "habilite"]) {
        make(role(name), path, "2026-11-22", None).unwrap();
    }
    let error = KeyRing::read(&paths).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("a.key") && message.contains("b.key"),
        "{message}"
    );
    let [first, _, third] = paths;
    let ring = KeyRing::read(&[first, third]).unwrap();
    let roles: Vec<&str> = ring.keys().map(|key| key.role().as_str()).collect();
    assert_eq!(roles, ["identite", "habilite"]);
    assert!(ring.get("habilite").is_some() && ring.get("autre").is_none());
}
