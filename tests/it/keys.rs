//! Keys from outside: how they are made, what is missing without them, and that no byte of one is ever
//! in anything that is written.

use std::fs;
use std::path::PathBuf;

use crate::support::protected::{key, keys, protect, reveal, spellings};
use crate::support::system;
use crate::support::system::CLOSING;
use crate::support::{Scratch, crm, fixture, run};

#[test]
fn a_run_that_lacks_something_says_how_to_get_it() {
    let scratch = Scratch::new();
    let [identite, habilite] = keys(&scratch);
    let input = fixture("export_crm.csv");
    let again = key(&scratch, "identite", "again.key");
    let other = key(&scratch, "autre", "autre.key");
    let both = [identite.clone(), habilite.clone()];
    for (what, keys, more, code, parts) in cases![
        "no key", &[][..], &[][..], 2, &["crm-anon keygen identite -o identite.key", "--key identite.key"][..];
        "one of two", &both[..1], &[], 2, &["keygen habilite"];
        "two of a role", &[identite.clone(), again.clone()], &[], 2, &["both keys of the role `identite`"];
        "shuffled", &both, &["--shuffle"], 2, &["--shuffle"];
        "not a key", std::slice::from_ref(&input), &[], 2, &["not a key file", "keygen"];
        "no such file", &[scratch.path("absent.key")], &[], 1, &["cannot read the key file"];
    ] {
        let outcome = match what {
            "not a key" => {
                let copy = scratch.write("copy.csv", fs::read(&input).unwrap());
                system::close(&copy);
                protect(&scratch, &input, &[copy], "p.csv", more)
            }
            _ => protect(&scratch, &input, keys, "p.csv", more),
        };
        assert_eq!(outcome.code(), code, "{what}: {}", outcome.err);
        outcome.says(parts);
        assert!(!scratch.path("p.csv").exists(), "{what}");
    }
    let unused = [identite.clone(), habilite, other];
    protect(&scratch, &input, &unused, "p.csv", &[])
        .ended(0)
        .says(&["role `autre`", "does not name"]);
    let rules = scratch.write(
        "t.toml",
        "version = 1\nindex = \"\"\n[columns.nom]\nrule = { encrypt = { role = \"identite\" } }\n",
    );
    let mut unbound = crm(["-o"]);
    unbound
        .arg(scratch.path("u.csv"))
        .arg(&input)
        .arg("-r")
        .arg(rules)
        .arg("--key")
        .arg(&identite);
    run(&mut unbound).ended(2).says(&["index"]);
    // A key is never the output.
    let before = fs::read(&identite).unwrap();
    protect(&scratch, &input, &both, "identite.key", &[])
        .ended(2)
        .says(&["two different files"]);
    let file = scratch.path("p.csv");
    reveal(&file, &both, &["-o", identite.to_str().unwrap()])
        .ended(2)
        .says(&["two different files"]);
    reveal(&file, &both, &["-o", file.to_str().unwrap()])
        .ended(2)
        .says(&["two different files"]);
    assert_eq!(fs::read(&identite).unwrap(), before);
}

#[test]
fn keygen_makes_a_file_for_its_owner_alone_and_replaces_none() {
    let scratch = Scratch::new();
    let path = key(&scratch, "identite", "k");
    assert!(system::is_closed(&path));
    let before = fs::read(&path).unwrap();
    run(crm(["keygen", "identite", "-o"]).arg(&path))
        .ended(2)
        .says(&["is there already"]);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_ne!(before, fs::read(key(&scratch, "identite", "l")).unwrap());
    for args in [
        &["keygen", "identite"][..],
        &["keygen", "identite", "-o", "-"],
        &["keygen", "Identite", "-o", "x"],
        &["keygen", "-o", "x"],
    ] {
        let outcome = run(crm(args).current_dir(scratch.folder())).ended(2);
        assert_eq!(outcome.out, b"", "{args:?}");
    }
    assert_eq!(scratch.names(), ["k", "l"]);
    let file = scratch.write("p.csv", "Index_rd\n");
    for opening in system::OPENINGS {
        system::open(&path, *opening);
        let keys = [path.clone()];
        reveal(&file, &keys, &[])
            .ended(2)
            .says(&["open to other users", CLOSING]);
        let input = fixture("export_crm.csv");
        protect(&scratch, &input, &keys, "o", &[])
            .ended(2)
            .says(&[CLOSING]);
    }
}

#[test]
fn no_key_byte_is_ever_in_anything_that_is_written() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    let wrong = key(&scratch, "identite", "wrong.key");
    let known: Vec<Vec<u8>> = keys.iter().chain([&wrong]).flat_map(spellings).collect();
    let texts = [fs::read(&keys[0]).unwrap()];
    assert!(
        known.iter().any(|part| holds(&texts[0], part)),
        "the search finds a key"
    );
    let input = fixture("export_crm.csv");
    let (manifest, report) = (scratch.path("m.json"), scratch.path("r.html"));
    let journal = scratch.path("journal.jsonl");
    let beside = [
        "--journal",
        journal.to_str().unwrap(),
        "--manifest",
        manifest.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
        "-v",
    ];
    let damaged = scratch.write(
        "damaged.key",
        String::from_utf8_lossy(&texts[0]).replacen("key-1 ", "key-1 x", 1),
    );
    system::close(&damaged);
    let open = scratch.write("open.key", &texts[0]);
    system::open_to_all(&open);
    let protected = |keys: &[PathBuf], more: &[&str]| {
        protect(
            &scratch,
            &input,
            keys,
            "p.csv",
            &[&beside[..], more].concat(),
        )
    };
    let mut outcomes = vec![protected(&keys, &[]).ended(0)];
    let file = scratch.path("p.csv");
    outcomes.extend([
        reveal(
            &file,
            &keys,
            &["-o", scratch.path("r.csv").to_str().unwrap()],
        )
        .ended(0),
        reveal(&file, std::slice::from_ref(&wrong), &[]).ended(3),
        reveal(&file, &[keys[0].clone(), wrong.clone()], &[]).ended(2),
        reveal(&file, std::slice::from_ref(&damaged), &[]).ended(2),
        reveal(&file, &[open], &[]).ended(2),
        // Arguments in the wrong places make a key the rule table, or the input.
        protected(&keys, &["-r", keys[0].to_str().unwrap()]).ended(2),
        protect(&scratch, &keys[0], &keys, "x.csv", &beside),
        reveal(&keys[0], &keys[1..], &[]),
        run(crm(["inspect"]).arg(&keys[0])),
        run(crm(["audit"]).arg(&keys[0])),
    ]);
    for outcome in &outcomes {
        for part in &known {
            assert!(!holds(&outcome.out, part), "standard output");
            assert!(!holds(outcome.err.as_bytes(), part), "{}", outcome.code());
        }
    }
    assert!(journal.exists(), "the journal is looked through too");
    for name in scratch.names() {
        if !name.ends_with(".key") {
            let content = scratch.read(&name);
            assert!(known.iter().all(|part| !holds(&content, part)), "{name}");
        }
    }
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
