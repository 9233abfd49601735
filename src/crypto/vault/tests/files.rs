//! Vaults as files: whose they are, who may use them, what is left of a run that failed.

use super::*;

#[test]
#[cfg(unix)]
fn reading_changes_nothing_even_where_a_run_was_killed() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let tokens = filled(&at("whole"), &["Jeanne"]);
    let vault = open(&at("whole"), 1, 1).unwrap();
    vault.token("d", b"lost").unwrap();
    // As a run leaves it that is killed now: the store marks it as open.
    fs::copy(at("whole"), at("killed")).unwrap();
    let read = |name: &str| VaultReader::open(&at(name), &known("identite", 1));
    assert!(matches!(read("whole"), Err(VaultError::InUse { .. })));
    drop(vault);
    for name in ["whole", "killed"] {
        fs::set_permissions(at(name), fs::Permissions::from_mode(0o400)).unwrap();
        let facts = |path: &Path| {
            let facts = fs::metadata(path).unwrap();
            (facts.mtime(), facts.mtime_nsec(), facts.ctime_nsec())
        };
        let before = (fs::read(at(name)).unwrap(), facts(&at(name)));
        let first = read(name).unwrap();
        let second = read(name).unwrap();
        for reader in [&first, &second] {
            let value = reader.value(&tokens[0]).unwrap().unwrap();
            assert_eq!(value.as_slice(), b"Jeanne", "{name}");
        }
        verify(&at(name), &known("identite", 1)).unwrap();
        assert!(
            matches!(
                open(&at(name), 1, 1),
                Err(VaultError::InUse { .. } | VaultError::Open { .. })
            ),
            "{name}: while it is read"
        );
        drop((first, second));
        assert!(
            before == (fs::read(at(name)).unwrap(), facts(&at(name))),
            "{name}"
        );
    }
    let names = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 2, "nothing beside them");
}

#[test]
fn a_reader_needs_a_vault_and_its_key_and_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    let read = |seed| VaultReader::open(&path, &known("identite", seed));
    assert!(matches!(read(1), Err(VaultError::Open { .. })));
    assert!(!path.exists());
    let vault = open(&path, 1, 1).unwrap();
    let token = vault.token("d", b"v").unwrap();
    vault.commit().unwrap();
    drop(vault);
    assert!(matches!(read(2), Err(VaultError::OtherKey { .. })));
    let reader = read(1).unwrap();
    assert_eq!(reader.value(&token).unwrap().unwrap().as_slice(), b"v");
    assert!(reader.value(&Token::of([3; 32])).unwrap().is_none());
    drop(reader);
    assert!(path.exists());

    let empty = folder.path().join("empty");
    fs::write(&empty, "").unwrap();
    close(&empty);
    let refused = VaultReader::open(&empty, &known("identite", 1));
    assert!(matches!(refused, Err(VaultError::NotAVault { .. })));
    assert!(fs::read(&empty).unwrap().is_empty());
}

#[test]
fn the_file_holds_no_value_and_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    let vault = open(&path, 0xA7, 1).unwrap();
    let value = b"jeanne.dupont@exemple.fr";
    vault.token("email", value).unwrap();
    vault.commit().unwrap();
    drop(vault);
    let bytes = fs::read(&path).unwrap();
    for secret in [&value[..], b"dupont", &[0xA7; 8]] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}

#[test]
fn what_is_not_committed_was_never_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    let vault = open(&path, 1, 1).unwrap();
    vault.token("d", b"v").unwrap();
    drop(vault);
    assert!(!path.exists(), "a vault made in vain");

    let vault = open(&path, 1, 1).unwrap();
    let kept = vault.token("d", b"kept").unwrap();
    vault.commit().unwrap();
    assert!(vault.token("d", b"late").is_err(), "behind the commit");
    drop(vault);
    let vault = open(&path, 1, 1).unwrap();
    let lost = vault.token("d", b"lost").unwrap();
    drop(vault);
    let vault = open(&path, 1, 1).unwrap();
    assert!(vault.value(&lost).unwrap().is_none());
    assert!(vault.value(&kept).unwrap().is_some());
}

#[test]
fn what_is_no_vault_of_this_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    let vault = open(&path, 1, 1).unwrap();
    vault.token("d", b"v").unwrap();
    assert!(
        matches!(open(&path, 1, 1), Err(VaultError::InUse { .. })),
        "twice at once"
    );
    vault.commit().unwrap();
    drop(vault);
    assert!(matches!(
        open(&path, 2, 1),
        Err(VaultError::OtherKey { .. })
    ));

    open_to_all(&path);
    let exposed = open(&path, 1, 1).map(|_| ()).unwrap_err();
    assert!(matches!(exposed, VaultError::Exposed { .. }), "{exposed}");
    assert!(exposed.to_string().contains(CLOSING));

    let text = folder.path().join("text");
    fs::write(&text, "nom,email\n".repeat(1000)).unwrap();
    close(&text);
    let wrong = open(&text, 1, 1).map(|_| ()).unwrap_err();
    assert!(matches!(wrong, VaultError::NotAVault { .. }), "{wrong}");
    assert_eq!(fs::read(&text).unwrap().len(), 10_000, "left as it was");

    let nowhere = open(&folder.path().join("no/such/folder"), 1, 1);
    assert!(matches!(nowhere, Err(VaultError::Open { .. })));
}

#[test]
fn one_run_has_a_vault_new_or_old() {
    let folder = tempfile::tempdir().unwrap();
    let [new, old] = ["new", "old"].map(|name| folder.path().join(name));
    let tokens = filled(&old, &["Jeanne"]);
    for path in [&new, &old] {
        let vault = open(path, 1, 1).unwrap();
        vault.token("d", b"v").unwrap();
        for _ in 0..2 {
            let written = open(path, 1, 2).map(|_| ()).unwrap_err();
            assert!(matches!(written, VaultError::InUse { .. }), "{written}");
            let read = VaultReader::open(path, &known("identite", 1)).map(|_| ());
            let read = read.unwrap_err();
            assert!(matches!(read, VaultError::InUse { .. }), "{read}");
        }
        vault.commit().unwrap();
        drop(vault);
    }
    let key = known("identite", 1);
    let readers = [1, 2].map(|_| VaultReader::open(&old, &key).unwrap());
    for reader in &readers {
        let value = reader.value(&tokens[0]).unwrap().unwrap();
        assert_eq!(value.as_slice(), b"Jeanne");
    }
    let written = open(&old, 1, 3).map(|_| ()).unwrap_err();
    assert!(matches!(written, VaultError::InUse { .. }), "{written}");
    drop(readers);
    open(&old, 1, 3).unwrap();
}

#[test]
#[cfg(unix)]
fn only_its_owners_file_is_a_vault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    filled(&path, &["v"]);
    let refused = || {
        let read = VaultReader::open(&path, &known("identite", 1)).map(|_| ());
        let written = open(&path, 1, 1).map(|_| ());
        [read.unwrap_err(), written.unwrap_err()]
    };
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&path, Some(65_534), None).unwrap();
        for error in refused() {
            assert!(matches!(error, VaultError::NotOurs { .. }), "{error}");
        }
    }
    fs::remove_file(&path).unwrap();
    let fifo = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(fifo.unwrap().success());
    close(&path);
    for error in refused() {
        assert!(matches!(error, VaultError::NotAVault { .. }), "{error}");
    }
    for path in ["/dev/zero", "/dev/null", "/"] {
        let path = Path::new(path);
        assert!(VaultReader::open(path, &known("identite", 1)).is_err());
        assert!(open(path, 1, 1).is_err());
    }
    // One that holds nothing is nobody's vault: a rule table must not make one of it.
    fs::remove_file(&path).unwrap();
    fs::write(&path, "").unwrap();
    close(&path);
    for error in refused() {
        assert!(matches!(error, VaultError::NotAVault { .. }), "{error}");
    }
    assert!(fs::read(&path).unwrap().is_empty());
}

#[test]
fn a_vault_is_made_where_there_is_none_and_only_if_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    let vaults = Vaults::new(std::sync::Arc::new(Randomness::from_seed(1))).unwrap();
    let key = known("identite", 1);
    let refused = vaults.get_existing(&path, &key).map(|_| ()).unwrap_err();
    assert!(matches!(refused, VaultError::Elsewhere { .. }), "{refused}");
    assert!(!path.exists());
    let made = create(&path, &key).unwrap();
    assert_eq!((made.generation, made.entries), (1, 0));
    assert!(matches!(
        create(&path, &key),
        Err(VaultError::Exists { .. })
    ));
    let vault = vaults.get_existing(&path, &key).unwrap();
    assert_eq!(vault.found(), made);
    assert!(matches!(
        vaults.get(&path, &known("autre", 1)),
        Err(VaultError::OtherKey { .. })
    ));
}
