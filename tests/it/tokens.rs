//! Tokens and their vault, through the real program: stable while the vault lives, gone with it, and
//! nothing in the vault's file that could be read.

use std::fs;
use std::path::PathBuf;

use crate::support::system;
use crate::support::system::CLOSING;
use crate::support::{Outcome, Scratch, crm, records, run};

const TABLE: &str = r#"
version = 1
name = "tokens"

[columns.id_client]
rule = { token = { vault = "clients.vault", role = "identite" } }

[columns.parrain]
rule = { token = { vault = "clients.vault", role = "identite", domain = "id_client" } }

[columns.email]
rule = { token = { vault = "clients.vault", role = "identite" } }

[columns.ville]
rule = "keep"
"#;

/// 60 customers, who recommend each other; some have no e-mail address.
fn customers() -> String {
    let rows = (1..=60).map(|n| {
        let email = match n % 7 {
            0 => "NA".to_owned(),
            _ => format!("personne.{n}@exemple.fr"),
        };
        format!("C-{n:04},C-{:04},{email},Ville{}\n", n % 60 + 1, n % 3)
    });
    format!(
        "id_client,parrain,email,ville\n{}",
        rows.collect::<String>()
    )
}

struct Desk {
    scratch: Scratch,
}

impl Desk {
    fn new() -> Self {
        let scratch = Scratch::new();
        scratch.write("in.csv", customers());
        scratch.write("table.toml", TABLE);
        let desk = Self { scratch };
        desk.keygen("identite", "identite.key");
        desk
    }

    fn keygen(&self, role: &str, name: &str) {
        let path = self.path(name);
        run(crm(["keygen", role, "-o"]).arg(path)).ended(0);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.scratch.path(name)
    }

    fn run(&self, more: &[&str], out: &str) -> Outcome {
        self.run_with_key("identite.key", more, out)
    }

    fn run_with_key(&self, key: &str, more: &[&str], out: &str) -> Outcome {
        let mut command = crm(["-q"]);
        command.arg(self.path("in.csv")).args(more);
        command.arg("-r").arg(self.path("table.toml"));
        command.arg("--key").arg(self.path(key));
        run(command.arg("-o").arg(self.path(out)))
    }

    /// The rows of an output without the index.
    fn rows(&self, out: &str) -> Vec<Vec<String>> {
        let rows = records(&self.scratch.read(out), b',');
        rows.into_iter().map(|row| row[1..].to_vec()).collect()
    }

    fn vault(&self) -> Vec<u8> {
        self.scratch.read("clients.vault")
    }
}

#[test]
fn tokens_are_the_same_in_every_run_while_the_vault_lives() {
    let desk = Desk::new();
    desk.run(&["-j1"], "a.csv").ended(0);
    desk.run(&["-j2"], "b.csv").ended(0);
    let rows = desk.rows("a.csv");
    assert_eq!(rows, desk.rows("b.csv"));
    assert_eq!(rows.len(), 61);
    assert_eq!(rows[0], ["id_client", "parrain", "email", "ville"]);
    for (n, row) in rows.iter().enumerate().skip(1) {
        let [id, sponsor, email, city] = &row[..] else {
            panic!("{row:?}");
        };
        for token in [id, sponsor] {
            assert!(token.len() == 21 && token.starts_with('t'), "{token}");
        }
        // One domain: the sponsor is found among the customers.
        assert_eq!(*sponsor, rows[n % 60 + 1][0]);
        assert_eq!(email.is_empty(), n % 7 == 0, "a missing cell has no token");
        assert_eq!(*city, format!("Ville{}", n % 3));
    }
    let mut all: Vec<&String> = rows
        .iter()
        .skip(1)
        .flat_map(|row| [&row[0], &row[2]])
        .collect();
    all.retain(|token| !token.is_empty());
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "no two values share a token");

    // Without the vault, no way leads from the old tokens to the new ones.
    fs::remove_file(desk.path("clients.vault")).unwrap();
    desk.run(&[], "c.csv").ended(0);
    for (old, new) in rows.iter().zip(desk.rows("c.csv")).skip(1) {
        assert_ne!(old[0], new[0]);
    }
}

#[test]
fn who_holds_vault_and_key_turns_tokens_back() {
    let desk = Desk::new();
    desk.run(&[], "a.csv").ended(0);
    let reveal = |input: &str, key: &str, vault: &str, out: &str| {
        let mut command = crm(["reveal"]);
        command
            .arg(desk.path(input))
            .arg("--key")
            .arg(desk.path(key));
        command.arg("--vault").arg(desk.path(vault));
        run(command.arg("-o").arg(desk.path(out)))
    };
    let done = reveal("a.csv", "identite.key", "clients.vault", "b.csv").ended(0);
    done.says(&["60 rows", "id_client", "parrain", "email"]);
    let expected = customers().replace(",NA,", ",,");
    assert_eq!(desk.rows("b.csv"), records(expected.as_bytes(), b','));

    let text = String::from_utf8(desk.scratch.read("a.csv")).unwrap();
    let token = desk.rows("a.csv")[7][0].clone();
    let other = format!("t{}", "0".repeat(20));
    for (case, altered) in [
        ("an unknown token", text.replacen(&token, &other, 1)),
        ("no token", text.replacen(&token, "C-0007", 1)),
    ] {
        desk.scratch.write("altered.csv", altered);
        let refused = reveal("altered.csv", "identite.key", "clients.vault", "c.csv").ended(3);
        refused.says(&["parrain", "record 6"]);
        assert!(!desk.path("c.csv").exists(), "{case}");
        for value in ["C-00", "exemple"] {
            assert!(!refused.err.contains(value), "{case}: {}", refused.err);
        }
    }
    desk.keygen("identite", "other.key");
    let refused = reveal("a.csv", "other.key", "clients.vault", "c.csv").ended(2);
    refused.says(&["another key"]);
    let refused = reveal("a.csv", "identite.key", "none.vault", "c.csv").ended(1);
    refused.says(&["none.vault"]);
    assert!(!desk.path("none.vault").exists() && !desk.path("c.csv").exists());
    let same = reveal("a.csv", "identite.key", "clients.vault", "clients.vault").ended(2);
    same.says(&["clients.vault"]);
    let tokens = desk.rows("a.csv");
    desk.run(&[], "a.csv").ended(0);
    assert_eq!(desk.rows("a.csv"), tokens, "the vault is as it was");
}

#[test]
fn the_vault_is_its_owners_and_shows_nothing() {
    let desk = Desk::new();
    desk.run(&[], "a.csv").ended(0);
    assert!(system::is_closed(&desk.path("clients.vault")));
    let vault = desk.vault();
    for value in ["personne.12", "exemple.fr", "C-0012"] {
        let found = vault
            .windows(value.len())
            .any(|window| window == value.as_bytes());
        assert!(!found, "{value}");
    }
    system::open_to_all(&desk.path("clients.vault"));
    desk.run(&[], "b.csv")
        .ended(2)
        .says(&["clients.vault", CLOSING]);
    assert!(!desk.path("b.csv").exists());
}

#[test]
fn a_vault_belongs_to_one_key() {
    let desk = Desk::new();
    desk.run(&[], "a.csv").ended(0);
    desk.keygen("identite", "other.key");
    let refused = desk.run_with_key("other.key", &[], "b.csv").ended(2);
    refused.says(&["clients.vault", "another key"]);
    assert!(!desk.path("b.csv").exists());
    desk.run(&[], "b.csv").ended(0);
    assert_eq!(desk.rows("b.csv"), desk.rows("a.csv"), "it is as it was");
    let refused = run(crm(["-q"])
        .arg(desk.path("in.csv"))
        .arg("-r")
        .arg(desk.path("table.toml"))
        .arg("-o")
        .arg(desk.path("c.csv")))
    .ended(2);
    refused.says(&["id_client", "token", "keygen identite"]);
}

#[test]
fn a_run_that_fails_leaves_the_vault_as_it_was() {
    let desk = Desk::new();
    let table = TABLE.replace("rule = \"keep\"", "rule = \"year\"");
    desk.scratch.write("table.toml", &table);
    desk.run(&[], "a.csv").ended(3).says(&["ville"]);
    assert!(!desk.path("clients.vault").exists(), "made in vain");

    desk.scratch.write("table.toml", TABLE);
    desk.run(&[], "a.csv").ended(0);
    let tokens = desk.rows("a.csv");
    desk.scratch.write("table.toml", &table);
    desk.run(&[], "b.csv").ended(3).says(&["ville"]);
    desk.scratch.write("table.toml", TABLE);
    desk.run(&[], "b.csv").ended(0);
    assert_eq!(desk.rows("b.csv"), tokens);
}

#[test]
fn no_other_file_of_the_run_is_the_vault() {
    let desk = Desk::new();
    desk.run(&[], "a.csv").ended(0);
    let before = desk.vault();
    for more in [["--manifest"], ["--report"]] {
        let vault = desk.path("clients.vault");
        let more = [more[0], vault.to_str().unwrap()];
        desk.run(&more, "b.csv").ended(2).says(&["clients.vault"]);
    }
    desk.run(&[], "clients.vault")
        .ended(2)
        .says(&["clients.vault"]);
    assert_eq!(desk.vault(), before);
    desk.scratch
        .write("table.toml", TABLE.replace("clients.vault", "in.csv"));
    desk.run(&[], "b.csv").ended(2).says(&["in.csv"]);
    assert_eq!(desk.scratch.read("in.csv"), customers().into_bytes());
}

#[test]
fn a_seed_repeats_the_tokens_of_a_new_vault() {
    let desk = Desk::new();
    let tokens = |more: &[&str]| {
        let _ = fs::remove_file(desk.path("clients.vault"));
        desk.run(more, "a.csv").ended(0);
        desk.rows("a.csv")
    };
    let first = tokens(&["--seed", "1", "-j1"]);
    assert_eq!(first, tokens(&["--seed", "1", "-j2"]));
    assert_ne!(first, tokens(&["--seed", "2"]));
    assert_ne!(tokens(&[]), tokens(&[]));
}
