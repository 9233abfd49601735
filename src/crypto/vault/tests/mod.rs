mod files;
mod tampering;

use std::fs;

use super::about::ABOUT;
use super::*;
use crate::base::random::Randomness;
use crate::base::sha256;
use crate::crypto::keys::known;
use crate::io::system::trial::{CLOSING, close, is_closed, open_to_all};

fn open(path: &Path, seed: u8, draw: u64) -> Result<Vault, VaultError> {
    let mut draw = Randomness::from_seed(draw).stream("token");
    let mut ids = Randomness::from_system().unwrap().stream("ids");
    let key = known("identite", seed);
    Vault::open(
        path,
        &key,
        (Absent::Make, Access::Write),
        &mut draw,
        &mut ids,
    )
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
    for (case, bytes, expected) in cases![
        "tag", tag.to_vec(), "371c52488a996e86635f7a1022dfd9f88a9f57a1ee37299cc88bba40cc5b7c13";
        "half",
        half.to_vec(),
        "743031323334353637383961626364656667686a6b004f433f149023fba4a0a6843b0c564873649111f425daa5df53c3aca46cc47819";
        "sealed",
        entries.seal(&token, &tag, value).unwrap(),
        "a325aafe7b7d4bf5293b393c1d979a3089d175b3a35d01bcb920eec10b847cfc37694477fe73ae74ac55e8e955fd31ee\
         f90f9ddd3cd9a9b6cd3ed1d9361f496b3ccf4cb1f1af240bcbe402e1fc25654ad6cf8858b32155839bcdcee46d131be4\
         d33f39b9cf5ef6fa7e9295ce1d10baa8";
        "state",
        state.bytes(&keys.state),
        "000102030405060708090a0b0c0d0e0f00000000000000030000000000000007f1c11f73adff8c304350d71493e85274\
         39f771b8c88a8f01f4f5152e92e9a2c0";
    ] {
        assert_eq!(sha256::hexadecimal(&bytes), expected, "{case}");
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
    assert!(is_closed(&path));

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
