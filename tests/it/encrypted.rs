//! Output as an age file: whoever has the key gets every byte, and nobody gets an altered one.

use std::io::Read as _;

use crate::support::system;
use crate::support::{Scratch, crm, export, run, run_with_input, schema};
use age::x25519::Identity;

fn opened(sealed: &[u8], identity: &dyn age::Identity) -> Option<Vec<u8>> {
    let decryptor = age::Decryptor::new(sealed).ok()?;
    let mut reader = decryptor.decrypt(std::iter::once(identity)).ok()?;
    let mut plain = Vec::new();
    reader.read_to_end(&mut plain).ok()?;
    Some(plain)
}

#[test]
fn each_recipient_opens_what_would_have_been_written() {
    let scratch = Scratch::new();
    let (first, second, other) = (
        Identity::generate(),
        Identity::generate(),
        Identity::generate(),
    );
    let key = |identity: &Identity| identity.to_public().to_string();
    let team = scratch.write("team.pub", format!("# the team\n{}\n", key(&second)));
    scratch.write("in.csv", export(6_000));
    for args in [
        &[][..],
        &["--bom", "--crlf"],
        &["--shuffle"],
        &["-j", "3", "--output-delimiter", "|"],
    ] {
        let command = |more: &[&str]| {
            let mut command = crm(["in.csv", "-q", "--seed", "7"]);
            command.args(args).args(more).current_dir(scratch.folder());
            command
        };
        let plain = run(&mut command(&[])).ended(0).out;
        assert!(plain.len() > 200_000);
        let to = [
            "--encrypt-to",
            &key(&first),
            "--encrypt-to",
            team.to_str().unwrap(),
            "--manifest",
            "manifest.json",
        ];
        let streamed = run(&mut command(&to)).ended(0).out;
        run(&mut command(&[&to[..], &["-o", "out.age"]].concat())).ended(0);
        let sealed = scratch.read("out.age");
        assert!(system::is_closed(&scratch.path("out.age")));
        for sealed in [&streamed, &sealed] {
            assert!(opened(sealed, &first).unwrap() == plain, "{args:?}");
            assert!(opened(sealed, &second).unwrap() == plain, "{args:?}");
            assert!(opened(sealed, &other).is_none(), "{args:?}");
            let text = String::from_utf8_lossy(sealed);
            assert!(!text.contains("metier") && !text.contains("0-20000"));
        }
        let manifest = schema::manifest(&scratch.read("manifest.json"));
        assert_eq!(manifest["output"]["bytes"], sealed.len());
        let digest = system::sha256(&scratch.path("out.age"));
        assert_eq!(manifest["output"]["sha256"], digest);
        assert_eq!(
            manifest["encrypted_to"],
            serde_json::json!([key(&first), key(&second)])
        );
    }
}

#[test]
fn what_was_altered_or_cut_is_not_opened() {
    let identity = Identity::generate();
    let mut command = crm(["-", "-q", "--encrypt-to", &identity.to_public().to_string()]);
    let sealed = run_with_input(&mut command, &export(1_000)).ended(0).out;
    assert!(sealed.len() > 65_536 && opened(&sealed, &identity).is_some());
    let mut dice = crate::support::Dice(3);
    let altered = (0..40).map(|_| dice.below(sealed.len()));
    for at in altered.chain([0, 30, sealed.len() - 1]) {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(opened(&altered, &identity).is_none(), "byte {at}");
    }
    for length in [0, 100, 65_536, sealed.len() - 1] {
        assert!(
            opened(&sealed[..length], &identity).is_none(),
            "{length} bytes"
        );
    }
}

#[test]
fn a_run_that_is_refused_half_way_leaves_nothing_that_opens() {
    let identity = Identity::generate();
    let key = identity.to_public().to_string();
    let scratch = Scratch::new();
    let mut input = export(6_000);
    input.extend_from_slice(b"too,short\n");
    let outcome = run_with_input(&mut crm(["-", "-q", "--encrypt-to", &key]), &input).ended(3);
    assert!(!outcome.out.is_empty() && opened(&outcome.out, &identity).is_none());
    let mut command = crm(["-", "-q", "--encrypt-to", &key, "-o", "out.age"]);
    run_with_input(command.current_dir(scratch.folder()), &input).ended(3);
    assert!(scratch.names().is_empty());
}

#[test]
fn wrong_recipients_are_wrong_usage_and_are_not_shown() {
    let scratch = Scratch::new();
    scratch.write("in.csv", export(3));
    let secret = Identity::generate().to_string();
    let secret = age::secrecy::ExposeSecret::expose_secret(&secret).to_owned();
    for recipient in [
        "age1zqxnotakey", "ssh-rsa zqx", "zqxnobody", "in.csv", &secret,
    ] {
        let mut command = crm(["in.csv", "-o", "out.age", "--encrypt-to", recipient]);
        let outcome = run(command.current_dir(scratch.folder())).ended(2);
        outcome.says(&["recipient 1"]);
        assert!(
            !outcome.err.contains("zqx") && !outcome.err.contains(&secret[..25]),
            "{}",
            outcome.err
        );
        assert_eq!(scratch.names(), ["in.csv"]);
    }
    // A file of recipients is not written over.
    let key = Identity::generate().to_public().to_string();
    scratch.write("team.pub", &key);
    let mut command = crm(["in.csv", "-o", "team.pub", "--encrypt-to", "team.pub"]);
    run(command.current_dir(scratch.folder())).ended(2);
    assert_eq!(scratch.read("team.pub"), key.as_bytes());
}
