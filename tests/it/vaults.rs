//! Vaults through the real program: put back, altered, upgraded, read where nothing can be written.

use std::fs;
use std::path::PathBuf;

use crate::support::entries::vault_with;
use crate::support::system;
use crate::support::{Dice, Outcome, Scratch, crm, records, run};

/// A vault of the first format, made by the version before the second: with its key, the table, what was read and
/// what was written.
const FIRST: [(&str, &[u8]); 5] = cases![
    "clients.vault.zst", include_bytes!("../protection/vault-1/clients.vault.zst");
    "clients.key", include_bytes!("../protection/vault-1/clients.key");
    "table.toml", include_bytes!("../protection/vault-1/table.toml");
    "in.csv", include_bytes!("../protection/vault-1/in.csv");
    "out.csv", include_bytes!("../protection/vault-1/out.csv");
];

struct Desk(Scratch);

impl Desk {
    /// With the vault of the first format.
    fn new() -> Self {
        let scratch = Scratch::new();
        for (name, content) in FIRST {
            scratch.write(name, content);
        }
        let desk = Self(scratch);
        system::close(&desk.path("clients.key"));
        let vault = zstd::decode_all(FIRST[0].1).unwrap();
        desk.0.write("clients.vault", vault);
        system::close(&desk.path("clients.vault"));
        desk
    }

    /// With one of the second.
    fn upgraded() -> Self {
        let desk = Self::new();
        desk.vault("upgrade", &[]).ended(0);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    fn vault(&self, what: &str, more: &[&str]) -> Outcome {
        let mut command = crm(["vault", what]);
        command.arg(self.path("clients.vault")).arg("--key");
        run(command.arg(self.path("clients.key")).args(more))
    }

    fn run(&self, out: &str, more: &[&str]) -> Outcome {
        let mut command = crm(["-q"]);
        command.arg(self.path("in.csv")).args(more).arg("-r");
        command.arg(self.path("table.toml")).arg("--key");
        command.arg(self.path("clients.key")).arg("-o");
        run(command.arg(self.path(out)))
    }

    fn reveal(&self, input: &str, out: &str) -> Outcome {
        let mut command = crm(["reveal"]);
        command.arg(self.path(input)).arg("--key");
        command.arg(self.path("clients.key")).arg("--vault");
        command.arg(self.path("clients.vault")).arg("-o");
        run(command.arg(self.path(out)))
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.read("clients.vault")
    }

    /// The rows of a file without the index.
    fn rows(&self, name: &str) -> Vec<Vec<String>> {
        let rows = records(&self.0.read(name), b',');
        rows.into_iter().map(|row| row[1..].to_vec()).collect()
    }
}

#[test]
fn a_vault_of_the_first_format_is_upgraded_or_refused() {
    let desk = Desk::new();
    let before = desk.bytes();
    for refused in [
        desk.run("a.csv", &[]),
        desk.reveal("out.csv", "a.csv"),
        desk.vault("verify", &[]),
    ] {
        refused.ended(2).says(&["first format", "vault upgrade"]);
    }
    assert!(!desk.path("a.csv").exists());
    assert!(desk.bytes() == before, "as it was");

    desk.vault("upgrade", &[]).ended(0).says(&["24 values"]);
    assert!(desk.bytes() != before);
    assert!(system::is_closed(&desk.path("clients.vault")));
    let whole = desk.vault("verify", &[]).ended(0).text();
    assert!(whole.contains("24 values"), "{whole}");
    // What was written with the old one opens with the new one, and the same values have the same tokens.
    desk.reveal("out.csv", "opened.csv").ended(0);
    let original = records(&desk.0.read("in.csv"), b',');
    assert_eq!(desk.rows("opened.csv"), original);
    desk.run("again.csv", &[]).ended(0);
    assert_eq!(desk.rows("again.csv"), desk.rows("out.csv"));

    let upgraded = desk.bytes();
    desk.vault("upgrade", &[]).ended(0).says(&["already"]);
    assert!(desk.bytes() == upgraded);
}

#[test]
fn an_upgrade_that_fails_leaves_the_old_vault_and_nothing_else() {
    let desk = Desk::new();
    let before = desk.bytes();
    run(crm(["keygen", "clients", "-o"]).arg(desk.path("other.key"))).ended(0);
    let names = desk.0.names();
    let mut command = crm(["vault", "upgrade"]);
    command.arg(desk.path("clients.vault")).arg("--key");
    run(command.arg(desk.path("other.key")))
        .ended(2)
        .says(&["another key"]);
    assert!(desk.bytes() == before && desk.0.names() == names);

    // A value that was altered: a byte in the middle of the last of its encrypted texts.
    let used: Vec<usize> = (0..before.len()).filter(|at| before[*at] != 0).collect();
    let mut failed = 0;
    for part in 1..20 {
        let mut bytes = before.clone();
        bytes[used[used.len() * part / 20]] ^= 0x55;
        desk.0.write("clients.vault", &bytes);
        let done = desk.vault("upgrade", &[]);
        if done.code() != 0 {
            failed += 1;
            assert!(desk.bytes() == bytes && desk.0.names() == names, "{part}");
            assert!(!done.err.contains("C-00") && !done.err.contains("panicked"));
        }
    }
    assert!(failed > 5, "{failed}");
}

/// A vault that was put back is whole, so only who knows of later runs can tell.
#[test]
fn a_vault_that_was_put_back_is_told_by_the_journal() {
    let desk = Desk::upgraded();
    let journal = desk.path("journal");
    let journal = journal.to_str().unwrap();
    let kept = desk.bytes();
    let values = desk.0.read("in.csv");
    let mut more = String::from_utf8(values.clone()).unwrap();
    more += "C-9999,C-0001,nouvelle@exemple.fr\n";
    desk.0.write("in.csv", &more);
    let manifest = desk.path("manifest.json");
    let manifest = manifest.to_str().unwrap();
    desk.run("a.csv", &["--journal", journal, "--manifest", manifest])
        .ended(0);
    let told: serde_json::Value = serde_json::from_slice(&desk.0.read("manifest.json")).unwrap();
    let line = String::from_utf8(desk.0.read("journal")).unwrap();
    let line: serde_json::Value = serde_json::from_str(line.lines().next_back().unwrap()).unwrap();
    assert_eq!(told["vaults"], line["vaults"]);
    assert_eq!(told["vaults"][0]["generation"], 2);
    let later = desk.bytes();
    let whole = desk.vault("verify", &["--journal", journal]);
    let whole = whole.ended(0).text();
    assert!(
        whole.contains("26 values") && whole.contains("generation 2"),
        "{whole}"
    );

    desk.0.write("clients.vault", &kept);
    let refused = desk.run("b.csv", &["--journal", journal]).ended(1);
    refused.says(&["put back", "generation 1", "generation 2"]);
    assert!(!refused.err.contains("nouvelle"));
    assert!(!desk.path("b.csv").exists());
    let line = String::from_utf8(desk.0.read("journal")).unwrap();
    assert!(line.contains("vault_rolled_back"));
    desk.vault("verify", &["--journal", journal]).ended(1);
    // The vault itself is whole.
    desk.vault("verify", &[]).ended(0);

    // Also when the journal was rotated since.
    fs::rename(journal, desk.path("journal.1")).unwrap();
    desk.run("b.csv", &["--journal", journal]).ended(1);
    desk.0.write("clients.vault", &later);
    desk.run("b.csv", &["--journal", journal]).ended(0);
    assert_eq!(desk.rows("b.csv"), desk.rows("a.csv"));
}

/// A run that makes a vault anew would give second tokens to values that have one.
#[test]
fn a_vault_that_was_taken_away_is_missed_by_the_journal() {
    let desk = Desk::upgraded();
    let journal = desk.path("journal");
    let journal = journal.to_str().unwrap();
    desk.run("a.csv", &["--journal", journal]).ended(0);
    fs::remove_file(desk.path("clients.vault")).unwrap();
    let refused = desk.run("b.csv", &["--journal", journal]).ended(1);
    refused.says(&["is not there any more", "vault create"]);
    assert!(!desk.path("b.csv").exists());
    assert!(!desk.path("clients.vault").exists(), "none made in vain");
    // On purpose, it is made by its command.
    desk.vault("create", &[]).ended(0);
    desk.run("b.csv", &["--journal", journal]).ended(0);
    assert_ne!(desk.rows("b.csv"), desk.rows("a.csv"));
}

/// A run that was killed between its line and the vault's commit has left the vault as it was.
#[test]
fn a_run_that_published_nothing_does_not_count() {
    let desk = Desk::upgraded();
    let journal = desk.path("journal");
    let journal = journal.to_str().unwrap();
    desk.run("a.csv", &["--journal", journal]).ended(0);
    let text = String::from_utf8(desk.0.read("journal")).unwrap();
    let begun = text.lines().next().unwrap();
    let ahead = begun.replace("\"generation\":1", "\"generation\":9");
    assert!(ahead.contains("\"begun\"") && ahead.contains("\"generation\":9"));
    desk.0.write("journal", format!("{ahead}\n"));
    system::close(&desk.path("journal"));
    desk.run("b.csv", &["--journal", journal]).ended(0);
}

#[test]
fn a_rule_table_makes_a_vault_beside_itself_only() {
    let desk = Desk::upgraded();
    let table = String::from_utf8(desk.0.read("table.toml")).unwrap();
    let inner = desk.path("inner");
    fs::create_dir(&inner).unwrap();
    let elsewhere = desk.path("b.vault");
    for (case, named, made) in [
        ("above", "../b.vault", false),
        ("by the way above", "x/../../b.vault", false),
        ("from the root", elsewhere.to_str().unwrap(), false),
        ("beside", "./b.vault", true),
    ] {
        // A `\` would begin an escape in the table.
        let table = table.replace("clients.vault", &named.replace('\\', "\\\\"));
        desk.0.write("inner/table.toml", table);
        let mut command = crm(["-q"]);
        command.arg(desk.path("in.csv")).arg("-r");
        command.arg(desk.path("inner/table.toml")).arg("--key");
        command.arg(desk.path("clients.key")).arg("-o");
        let done = run(command.arg(desk.path("c.csv")));
        assert_eq!(desk.path("inner/b.vault").exists(), made, "{case}");
        assert!(!elsewhere.exists(), "{case}");
        match made {
            true => drop(done.ended(0)),
            false => drop(done.ended(2).says(&["b.vault", "vault create"])),
        }
    }
    // One that is there is used wherever it is.
    let mut create = crm(["vault", "create"]);
    create.arg(&elsewhere).arg("--key");
    run(create.arg(desk.path("clients.key"))).ended(0);
    desk.0.write(
        "inner/table.toml",
        table.replace("clients.vault", "../b.vault"),
    );
    let mut command = crm(["-q"]);
    command.arg(desk.path("in.csv")).arg("-r");
    command.arg(desk.path("inner/table.toml")).arg("--key");
    command.arg(desk.path("clients.key")).arg("-o");
    run(command.arg(desk.path("c.csv"))).ended(0);
    let mut create = crm(["vault", "create"]);
    create.arg(&elsewhere).arg("--key");
    run(create.arg(desk.path("clients.key")))
        .ended(2)
        .says(&["is there already"]);
}

#[test]
#[cfg(unix)]
fn reveal_and_audit_write_nothing_but_their_output() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let desk = Desk::upgraded();
    let closed = desk.path("closed");
    fs::create_dir(&closed).unwrap();
    for name in ["clients.vault", "table.toml"] {
        fs::rename(desk.path(name), closed.join(name)).unwrap();
    }
    symlink("closed/clients.vault", desk.path("clients.vault")).unwrap();
    fs::set_permissions(
        closed.join("clients.vault"),
        fs::Permissions::from_mode(0o400),
    )
    .unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    let facts = || {
        use std::os::unix::fs::MetadataExt as _;
        let of = |path: &PathBuf| {
            let facts = fs::metadata(path).unwrap();
            (facts.mtime_nsec(), facts.ctime_nsec(), facts.size())
        };
        (of(&closed), of(&closed.join("clients.vault")))
    };
    let before = facts();
    desk.reveal("out.csv", "opened.csv").ended(0);
    desk.vault("verify", &[]).ended(0);
    let mut audit = crm(["audit"]);
    audit.arg(desk.path("out.csv")).arg("-r");
    audit.arg(closed.join("table.toml"));
    run(audit.args(["--quasi", "parrain"])).ended(0);
    assert_eq!(before, facts());
    assert_eq!(fs::read_dir(&closed).unwrap().count(), 2);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
}

/// Damaged files, some of which make the store panic: each is refused, and never gives a wrong value; nobody
/// learns where the program was built.
#[test]
fn damaged_vaults_are_refused_without_a_word_on_the_store() {
    let desk = Desk::upgraded();
    let whole = desk.bytes();
    let mut dice = Dice(11);
    let used: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] != 0).collect();
    let original = records(&desk.0.read("in.csv"), b',');
    let mut refused = 0;
    for _ in 0..30 {
        let mut bytes = whole.clone();
        for _ in 0..12 {
            bytes[used[dice.below(used.len())]] = dice.below(256) as u8;
        }
        desk.0.write("clients.vault", &bytes);
        let done = desk.reveal("out.csv", "opened.csv");
        if done.code() == 0 {
            assert_eq!(desk.rows("opened.csv"), original);
        } else {
            refused += 1;
            // A cell whose token is not found any more is no fault of its file.
            let told = done.err.contains("vault");
            assert!(told && matches!(done.code(), 1 | 2), "{}", done.err);
        }
        for told in ["panicked", ".cargo", "src/", ".rs:", "C-00", "exemple"] {
            assert!(!done.err.contains(told), "{told} in {}", done.err);
        }
        assert!(desk.bytes() == bytes, "it is only read");
    }
    assert!(refused > 15, "{refused}");
}

#[test]
fn two_thousand_damaged_vaults_give_no_wrong_value() {
    let mut dice = Dice(5);
    let (mut refused, mut in_part, mut all) = (0, 0, 0);
    for round in 0..2000 {
        let mut input = Vec::new();
        for _ in 0..1 + dice.below(6) {
            input.extend_from_slice(&(dice.below(1 << 30) as u32).to_le_bytes());
            input.extend_from_slice(&[dice.below(256) as u8, dice.below(256) as u8]);
        }
        if round % 50 == 0 {
            input.push(dice.below(256) as u8);
        }
        match vault_with(&input) {
            None => refused += 1,
            Some(25) => all += 1,
            Some(_) => in_part += 1,
        }
    }
    println!("{refused} refused, {in_part} in part, {all} whole");
    assert!(refused > 50 && in_part > 50 && all > 100);
    assert_eq!(
        vault_with(&[]),
        Some(25),
        "and without an edit all are found"
    );
}
