//! What somebody does to a vault who has the file, the library of the store and no key.

use super::*;

#[test]
fn entries_that_were_exchanged_prove_nothing() {
    type Tampering = fn(&WriteTransaction);
    let cases: [(&str, Tampering); 4] = cases![
        "tokens of two values", |changes| {
            let halves = halves(changes);
            let mut table = changes.open_table(TOKENS).unwrap();
            table.insert(&halves[0].0, &halves[1].1).unwrap();
            table.insert(&halves[1].0, &halves[0].1).unwrap();
        };
        "values of two tokens", |changes| {
            let sealed = sealed(changes);
            let mut table = changes.open_table(VALUES).unwrap();
            table.insert(&sealed[0].0, &*sealed[1].1).unwrap();
            table.insert(&sealed[1].0, &*sealed[0].1).unwrap();
        };
        "both", |changes| {
            let (halves, sealed) = (halves(changes), sealed(changes));
            let mut table = changes.open_table(TOKENS).unwrap();
            table.insert(&halves[0].0, &halves[1].1).unwrap();
            table.insert(&halves[1].0, &halves[0].1).unwrap();
            drop(table);
            let mut table = changes.open_table(VALUES).unwrap();
            table.insert(&sealed[0].0, &*sealed[1].1).unwrap();
            table.insert(&sealed[1].0, &*sealed[0].1).unwrap();
        };
        "one token for two values", |changes| {
            let halves = halves(changes);
            let mut table = changes.open_table(TOKENS).unwrap();
            table.insert(&halves[0].0, &halves[1].1).unwrap();
        };
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

/// The first format does not prove which token is whose, so an upgrade cannot notice two that were exchanged; whoever
/// asks for one of them does.
#[test]
fn an_exchange_in_the_first_format_is_found_when_the_value_comes() {
    const OLD: TableDefinition<'_, &Tag, &[u8; TOKEN]> = TableDefinition::new("tokens");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let packed = include_bytes!("../../../../tests/protection/vault-1/clients.vault.zst");
    let key = include_bytes!("../../../../tests/protection/vault-1/clients.key");
    let whole = zstd::decode_all(&packed[..]).unwrap();
    for (name, content) in [("vault", &whole[..]), ("key", key)] {
        fs::write(at(name), content).unwrap();
        close(&at(name));
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
