#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::about::ABOUT;
use super::*;
use crate::base::random::Randomness;
use crate::crypto::keys::known;

fn open(path: &Path, seed: u8, draw: u64) -> Result<Vault, VaultError> {
    let mut draw = Randomness::from_seed(draw).stream("token");
    let mut ids = Randomness::from_system().unwrap().stream("ids");
    let key = known("identite", seed);
    Vault::open(path, &key, Absent::Make, &mut draw, &mut ids)
}

/// A vault with some values of the domain `d`, committed; their tokens.
fn filled(path: &Path, values: &[&str]) -> Vec<Token> {
    let vault = open(path, 1, 1).unwrap();
    let tokens = values
        .iter()
        .map(|value| vault.token("d", value.as_bytes()));
    let tokens = tokens.map(Result::unwrap).collect();
    vault.commit().unwrap();
    tokens
}

/// What somebody does who has the file and the store's own library, and no key.
fn tampered(path: &Path, work: impl FnOnce(&WriteTransaction)) {
    let file = file::existing(path, Access::Write).unwrap();
    let backend = redb::backends::FileBackend::new(file).unwrap();
    let database = redb::Builder::new().create_with_backend(backend).unwrap();
    let changes = database.begin_write().unwrap();
    work(&changes);
    changes.commit().unwrap();
}

fn halves(changes: &WriteTransaction) -> Vec<(Tag, [u8; HALF])> {
    let table = changes.open_table(TOKENS).unwrap();
    let entries = table.iter().unwrap().map(Result::unwrap);
    entries
        .map(|(tag, half)| (*tag.value(), *half.value()))
        .collect()
}

fn sealed(changes: &WriteTransaction) -> Vec<([u8; TOKEN], Vec<u8>)> {
    let table = changes.open_table(VALUES).unwrap();
    let entries = table.iter().unwrap().map(Result::unwrap);
    entries
        .map(|(token, sealed)| (*token.value(), sealed.value().to_vec()))
        .collect()
}

fn is_damaged<T>(what: Result<T, VaultError>) -> bool {
    matches!(what, Err(VaultError::Damaged { .. }))
}

#[test]
fn an_entry_is_as_the_specification_says() {
    // Made by Python with hmac, hashlib and the package cryptography.
    let (domain, value) = ("email", "jérôme@exemple.fr".as_bytes());
    let id = std::array::from_fn(|at| at as u8);
    let token = Token::parse(b"t0123456789abcdefghjk").unwrap();
    let keys = VaultKeys::of(&known("identite", 1)).unwrap();
    let entries = EntryKeys::of(&known("identite", 1), &id).unwrap();
    let tag = keys.tag(domain, value);
    let state = State {
        id,
        generation: 3,
        entries: 7,
    };
    let half = entries.half(&tag, &token, EntryOrigin::Made);
    for (case, bytes, expected) in [
        (
            "tag",
            tag.to_vec(),
            "371c52488a996e86635f7a1022dfd9f88a9f57a1ee37299cc88bba40cc5b7c13",
        ),
        (
            "half",
            half.to_vec(),
            "743031323334353637383961626364656667686a6b004f433f149023fba4a0a6843b0c564873649111f425daa5df53c3aca46cc47819",
        ),
        (
            "sealed",
            entries.seal(&token, &tag, value).unwrap(),
            "a325aafe7b7d4bf5293b393c1d979a3089d175b3a35d01bcb920eec10b847cfc37694477fe73ae74ac55e8e955fd31ee\
             f90f9ddd3cd9a9b6cd3ed1d9361f496b3ccf4cb1f1af240bcbe402e1fc25654ad6cf8858b32155839bcdcee46d131be4\
             d33f39b9cf5ef6fa7e9295ce1d10baa8",
        ),
        (
            "state",
            state.bytes(&keys.state),
            "000102030405060708090a0b0c0d0e0f00000000000000030000000000000007f1c11f73adff8c304350d71493e85274\
             39f771b8c88a8f01f4f5152e92e9a2c0",
        ),
    ] {
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(text, expected, "{case}");
    }
}

#[test]
fn entries_that_were_exchanged_prove_nothing() {
    type Tampering = fn(&WriteTransaction);
    let cases: [(&str, Tampering); 4] = [
        ("tokens of two values", |changes| {
            let halves = halves(changes);
            let mut table = changes.open_table(TOKENS).unwrap();
            table.insert(&halves[0].0, &halves[1].1).unwrap();
            table.insert(&halves[1].0, &halves[0].1).unwrap();
        }),
        ("values of two tokens", |changes| {
            let sealed = sealed(changes);
            let mut table = changes.open_table(VALUES).unwrap();
            table.insert(&sealed[0].0, &*sealed[1].1).unwrap();
            table.insert(&sealed[1].0, &*sealed[0].1).unwrap();
        }),
        ("both", |changes| {
            let (halves, sealed) = (halves(changes), sealed(changes));
            let mut table = changes.open_table(TOKENS).unwrap();
            table.insert(&halves[0].0, &halves[1].1).unwrap();
            table.insert(&halves[1].0, &halves[0].1).unwrap();
            drop(table);
            let mut table = changes.open_table(VALUES).unwrap();
            table.insert(&sealed[0].0, &*sealed[1].1).unwrap();
            table.insert(&sealed[1].0, &*sealed[0].1).unwrap();
        }),
        ("one token for two values", |changes| {
            let halves = halves(changes);
            let mut table = changes.open_table(TOKENS).unwrap();
            table.insert(&halves[0].0, &halves[1].1).unwrap();
        }),
    ];
    for (case, tampering) in cases {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.vault");
        let tokens = filled(&path, &["Jeanne", "Marie"]);
        tampered(&path, tampering);
        assert!(is_damaged(verify(&path, &known("identite", 1))), "{case}");
        // What is still given is right.
        let reader = VaultReader::open(&path, &known("identite", 1)).unwrap();
        for (token, value) in tokens.iter().zip(["Jeanne", "Marie"]) {
            if let Ok(found) = reader.value(token) {
                assert_eq!(found.unwrap().as_slice(), value.as_bytes(), "{case}");
            }
        }
        drop(reader);
        let vault = open(&path, 1, 2).unwrap();
        let mut refused = 0;
        for (token, value) in tokens.iter().zip(["Jeanne", "Marie"]) {
            match vault.token("d", value.as_bytes()) {
                Ok(found) => assert_eq!(found, *token, "{case}"),
                Err(_) => refused += 1,
            }
        }
        let values_alone = case == "values of two tokens";
        assert_eq!(refused > 0, !values_alone, "{case}");
        assert_eq!(is_damaged(vault.commit()), !values_alone, "{case}");
    }
}

#[test]
fn entries_of_another_vault_of_the_same_key_prove_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name| folder.path().join(name);
    filled(&at("a"), &["Jeanne"]);
    // The same seed: the same tokens.
    let tokens = filled(&at("b"), &["Jeanne"]);
    let mut theirs = (Vec::new(), Vec::new());
    tampered(&at("a"), |changes| {
        theirs = (halves(changes), sealed(changes));
    });
    tampered(&at("b"), |changes| {
        let mut table = changes.open_table(TOKENS).unwrap();
        table.insert(&theirs.0[0].0, &theirs.0[0].1).unwrap();
        drop(table);
        let mut table = changes.open_table(VALUES).unwrap();
        table.insert(&theirs.1[0].0, &*theirs.1[0].1).unwrap();
    });
    let reader = VaultReader::open(&at("b"), &known("identite", 1)).unwrap();
    assert!(is_damaged(reader.value(&tokens[0])));
    drop(reader);
    assert!(is_damaged(
        open(&at("b"), 1, 1).unwrap().token("d", b"Jeanne")
    ));
}

#[test]
fn entries_that_were_taken_away_are_missed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    for (case, also, at_once) in [
        ("one", false, true),
        ("one, and something put in", true, false),
    ] {
        let _ = fs::remove_file(&path);
        filled(&path, &["Jeanne", "Marie", "Paule"]);
        tampered(&path, |changes| {
            let (tag, _) = halves(changes)[0];
            let (token, sealed) = sealed(changes).swap_remove(0);
            let mut tokens = changes.open_table(TOKENS).unwrap();
            let mut values = changes.open_table(VALUES).unwrap();
            tokens.remove(&tag).unwrap();
            values.remove(&token).unwrap();
            if also {
                tokens.insert(&[9; 32], &[9; HALF]).unwrap();
                values.insert(&[9; TOKEN], &*sealed).unwrap();
            }
        });
        let opened = VaultReader::open(&path, &known("identite", 1)).map(|_| ());
        assert_eq!(is_damaged(opened), at_once, "{case}");
        assert!(is_damaged(verify(&path, &known("identite", 1))), "{case}");
    }
}

#[test]
fn a_state_is_of_its_vault_and_each_run_that_adds_makes_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.vault");
    let generation = |value: &[u8], entries| {
        let vault = open(&path, 1, 1).unwrap();
        let before = vault.found();
        vault.token("d", value).unwrap();
        let left = vault.left();
        vault.commit().unwrap();
        assert_eq!(vault.found(), left);
        assert_eq!(left.id, before.id);
        assert_eq!(left.entries, entries);
        drop(vault);
        let verified = verify(&path, &known("identite", 1)).unwrap();
        assert_eq!(verified, left);
        left.generation
    };
    assert_eq!(generation(b"Jeanne", 1), 1);
    assert_eq!(generation(b"Marie", 2), 2);
    assert_eq!(generation(b"Jeanne", 2), 2, "nothing new");
    let kept = fs::read(&path).unwrap();
    assert_eq!(generation(b"Paule", 3), 3);
    // Put back as a whole, it is whole, and of the generation that it was of.
    fs::write(&path, kept).unwrap();
    assert_eq!(generation(b"Paule", 3), 3);
    tampered(&path, |changes| {
        let mut about = changes.open_table(ABOUT).unwrap();
        let mut state = about.get("state").unwrap().unwrap().value().to_vec();
        state[23] += 1;
        about.insert("state", &*state).unwrap();
    });
    assert!(is_damaged(open(&path, 1, 1).map(|_| ())));
}

#[test]
fn the_size_does_not_tell_how_long_values_are() {
    let folder = tempfile::tempdir().unwrap();
    let size = |name: &str, length: usize| {
        let path = folder.path().join(name);
        let values: Vec<String> = (0..200).map(|at| format!("{at:0length$}")).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        filled(&path, &values);
        let mut bytes = 0;
        tampered(&path, |changes| {
            bytes = sealed(changes).iter().map(|(_, value)| value.len()).sum();
        });
        (bytes, fs::metadata(&path).unwrap().len())
    };
    assert_eq!(size("short", 3), size("long", 63));
}

#[test]
fn reading_changes_nothing_even_where_a_run_was_killed() {
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
    let tokens = filled(&path, &["some value"]);
    tampered(&path, |changes| {
        let (token, mut sealed) = sealed(changes).swap_remove(0);
        *sealed.last_mut().unwrap() ^= 1;
        let mut values = changes.open_table(VALUES).unwrap();
        values.insert(&token, &*sealed).unwrap();
    });
    let vault = open(&path, 1, 1).unwrap();
    assert!(is_damaged(vault.value(&tokens[0])));
    assert!(is_damaged(vault.commit()), "and the run does not go on");
}

#[test]
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
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
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
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
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

/// The first format does not prove which token is whose, so an upgrade cannot notice two that were exchanged; whoever
/// asks for one of them does.
#[test]
fn an_exchange_in_the_first_format_is_found_when_the_value_comes() {
    const OLD: TableDefinition<'_, &Tag, &[u8; TOKEN]> = TableDefinition::new("tokens");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let packed = include_bytes!("../../../tests/protection/vault-1/clients.vault.zst");
    let key = include_bytes!("../../../tests/protection/vault-1/clients.key");
    let whole = zstd::decode_all(&packed[..]).unwrap();
    for (name, content) in [("vault", &whole[..]), ("key", key)] {
        fs::write(at(name), content).unwrap();
        fs::set_permissions(at(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let ring = crate::crypto::keys::KeyRing::read(&[at("key")]).unwrap();
    let key = ring.get("clients").unwrap();
    let value = |number: u64| format!("C-{number:04}").into_bytes();
    let tags = [1, 2].map(|number| VaultKeys::of(key).unwrap().tag("id_client", &value(number)));
    tampered(&at("vault"), |changes| {
        let mut tokens = changes.open_table(OLD).unwrap();
        let [first, second] = tags.map(|tag| *tokens.get(&tag).unwrap().unwrap().value());
        tokens.insert(&tags[0], &second).unwrap();
        tokens.insert(&tags[1], &first).unwrap();
    });
    assert!(matches!(upgrade(&at("vault"), key), Ok(Upgraded::Now(_))));
    let vaults = Vaults::new(std::sync::Arc::new(Randomness::from_seed(1))).unwrap();
    let vault = vaults.get(&at("vault"), key).unwrap();
    for number in 3..=12 {
        vault.token("id_client", &value(number)).unwrap();
    }
    assert!(is_damaged(vault.token("id_client", &value(1))));
    assert!(is_damaged(vaults.commit()));
    drop((vault, vaults));

    // An entry of which one half was taken away, or one token that two values have: no upgrade.
    type Tampering = fn(&WriteTransaction, [Tag; 2]);
    let cases: [(&str, Tampering); 3] = [
        ("a tag", |changes, tags| {
            changes.open_table(OLD).unwrap().remove(&tags[0]).unwrap();
        }),
        ("a value", |changes, tags| {
            let token = *changes
                .open_table(OLD)
                .unwrap()
                .get(&tags[0])
                .unwrap()
                .unwrap()
                .value();
            changes.open_table(VALUES).unwrap().remove(&token).unwrap();
        }),
        ("one token", |changes, tags| {
            let mut tokens = changes.open_table(OLD).unwrap();
            let token = *tokens.get(&tags[0]).unwrap().unwrap().value();
            tokens.insert(&tags[1], &token).unwrap();
        }),
    ];
    for (case, tampering) in cases {
        fs::write(at("vault"), &whole).unwrap();
        tampered(&at("vault"), |changes| tampering(changes, tags));
        let before = fs::read(at("vault")).unwrap();
        assert!(is_damaged(upgrade(&at("vault"), key)), "{case}");
        assert!(fs::read(at("vault")).unwrap() == before, "{case}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "{case}");
    }
}
