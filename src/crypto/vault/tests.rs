use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::*;
use crate::base::random::Randomness;
use crate::crypto::keys::known;

fn open(path: &Path, seed: u8, draw: u64) -> Result<Vault, VaultError> {
    let mut draw = Randomness::from_seed(draw).stream("token");
    let nonces = Randomness::from_system().unwrap().stream("nonces");
    Vault::open(path, &known("identite", seed), &mut draw, nonces)
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
    fs::set_permissions(&empty, fs::Permissions::from_mode(0o600)).unwrap();
    let refused = VaultReader::open(&empty, &known("identite", 1));
    assert!(matches!(refused, Err(VaultError::NotAVault { .. })));
    assert!(fs::read(&empty).unwrap().is_empty());
}

#[test]
fn a_value_keeps_its_token_while_the_vault_lives() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    let vault = open(&path, 1, 1).unwrap();
    let first = vault.token("client", b"C-0001").unwrap();
    let second = vault.token("client", b"C-0002").unwrap();
    assert_ne!(first, second);
    assert_eq!(vault.token("client", b"C-0001").unwrap(), first);
    assert_ne!(vault.token("contrat", b"C-0001").unwrap(), first);
    vault.commit().unwrap();
    drop(vault);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);

    let vault = open(&path, 1, 2).unwrap();
    assert_eq!(vault.token("client", b"C-0001").unwrap(), first);
    let value = |token: &Token| vault.value(token).unwrap().map(|value| value.to_vec());
    assert_eq!(value(&first), Some(b"C-0001".to_vec()));
    assert_eq!(value(&second), Some(b"C-0002".to_vec()));
    assert_eq!(value(&Token::of([7; 32])), None);
    drop(vault);

    // Without the vault, nothing leads from one run's token to the other's.
    let other = folder.path().join("b.vault");
    let vault = open(&other, 1, 2).unwrap();
    assert_ne!(vault.token("client", b"C-0001").unwrap(), first);
}

#[test]
fn threads_in_any_order_draw_the_same_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = |name: &str, threads: usize| {
        let vault = open(&folder.path().join(name), 1, 9).unwrap();
        let vault = &vault;
        let values: Vec<String> = (0..400).map(|at| format!("v{}", at % 150)).collect();
        let values = &values;
        std::thread::scope(|scope| {
            let work = |thread: usize| {
                move || {
                    let own = values
                        .iter()
                        .enumerate()
                        .filter(|(at, _)| at % threads == thread);
                    let own =
                        own.map(|(at, value)| (at, vault.token("d", value.as_bytes()).unwrap()));
                    own.collect::<Vec<_>>()
                }
            };
            let handles: Vec<_> = (0..threads)
                .map(|thread| scope.spawn(work(thread)))
                .collect();
            let mut all: Vec<(usize, Token)> = handles
                .into_iter()
                .flat_map(|handle| handle.join().unwrap())
                .collect();
            all.sort_by_key(|(at, _)| *at);
            all
        })
    };
    assert_eq!(tokens("one", 1), tokens("four", 4));
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

    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let exposed = open(&path, 1, 1).map(|_| ()).unwrap_err();
    assert!(matches!(exposed, VaultError::Exposed { .. }), "{exposed}");
    assert!(exposed.to_string().contains("chmod 600"));

    let text = folder.path().join("text");
    fs::write(&text, "nom,email\n".repeat(1000)).unwrap();
    fs::set_permissions(&text, fs::Permissions::from_mode(0o600)).unwrap();
    let wrong = open(&text, 1, 1).map(|_| ()).unwrap_err();
    assert!(matches!(wrong, VaultError::NotAVault { .. }), "{wrong}");
    assert_eq!(fs::read(&text).unwrap().len(), 10_000, "left as it was");

    let nowhere = open(&folder.path().join("no/such/folder"), 1, 1);
    assert!(matches!(nowhere, Err(VaultError::Open { .. })));
}

#[test]
fn an_altered_entry_is_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    let vault = open(&path, 1, 1).unwrap();
    let token = vault.token("d", b"some value").unwrap();
    {
        let mut inner = vault.inner();
        let mut values = inner.changes.as_mut().unwrap().open_table(VALUES).unwrap();
        let mut entry = values
            .get(token.as_bytes())
            .unwrap()
            .unwrap()
            .value()
            .to_vec();
        *entry.last_mut().unwrap() ^= 1;
        values.insert(token.as_bytes(), entry.as_slice()).unwrap();
    }
    assert!(vault.value(&token).is_err());
    assert!(vault.commit().is_err(), "and the run does not go on");
}
