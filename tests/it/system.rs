//! What the operating system and somebody else on the machine see of a run: temporary files, symbolic
//! links in shared folders.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, lchown, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::protected::{key, keys, protect};
use crate::support::waiting::{SOON, until, until_it_waits};
use crate::support::{COLUMNS, Scratch, crm, export, person, run, to_csv, wait_at_most};

const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The contents of the files without a name that a process has open in a folder. The process is not
/// dumpable, so only root can look.
fn unnamed_files(child: &Child, folder: &Path) -> Vec<Vec<u8>> {
    let folder = folder.canonicalize().unwrap();
    let Ok(open) = fs::read_dir(format!("/proc/{}/fd", child.id())) else {
        return Vec::new();
    };
    open.filter_map(|entry| {
        let path = entry.ok()?.path();
        fs::read_link(&path)
            .ok()?
            .starts_with(&folder)
            .then_some(())?;
        fs::read(&path).ok()
    })
    .collect()
}

/// Feeds `input` to a run, leaves its pipe open, and gives what lies in its temporary folder.
fn put_aside(args: &[&str], input: &[u8], enough: usize) -> Vec<u8> {
    let (scratch, temporary) = (Scratch::new(), Scratch::new());
    let mut child = crm(args)
        .current_dir(scratch.folder())
        .env("TMPDIR", temporary.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input).unwrap();
    let mut content = Vec::new();
    if is_root() {
        until("nothing is put aside", || {
            content = unnamed_files(&child, temporary.folder()).concat();
            content.len() >= enough
        });
    } else {
        until_it_waits(&child);
    }
    // Whoever may not look at an open file finds none by its name.
    assert!(temporary.names().is_empty());
    child.kill().unwrap();
    child.wait().unwrap();
    drop(stdin);
    content
}

#[test]
fn standard_input_that_is_read_twice_is_on_no_disk_in_plain_text() {
    let input = export(3_000);
    for args in [
        &["-q", "-", "-o", "out.csv", "--k", "2"][..],
        &["-q", "-", "-o", "out.csv", "--on-leftover", "mask"],
        &["-q", "-", "--min-k", "2"],
    ] {
        let content = put_aside(args, &input, 500_000);
        for canary in ["exemple.test", "rue de l", ",Nom2", "185057800", ",O+,"] {
            let found = content.windows(canary.len());
            let found = found.filter(|window| *window == canary.as_bytes()).count();
            // Four bytes may come once in so much ciphertext; in plain text they come in hundreds of rows.
            let by_chance = usize::from(canary.len() < 8);
            assert!(found <= by_chance, "{args:?}: {canary}, {found} times");
        }
    }
}

#[test]
fn rows_that_wait_for_their_order_are_on_no_disk_in_plain_text() {
    // More than what is shuffled in memory.
    let long = "zqxCanary ".repeat(2_000);
    let rows = (1..=2_200).map(|n| {
        let mut person = person(n);
        person[0].clone_from(&long);
        person
    });
    let input = to_csv(&COLUMNS, rows, b',');
    let content = put_aside(
        &["-q", "-", "-o", "out.csv", "--shuffle"],
        &input,
        30_000_000,
    );
    let found = content.windows(6).any(|window| window == b"Canary");
    assert!(!found, "{} bytes", content.len());
}

/// A folder that everybody may write to, and a target elsewhere.
fn shared_folder() -> Scratch {
    let scratch = Scratch::new();
    for folder in ["shared", "private"] {
        fs::create_dir(scratch.path(folder)).unwrap();
    }
    fs::set_permissions(scratch.path("shared"), PermissionsExt::from_mode(0o1777)).unwrap();
    scratch.write("private/target", b"precious");
    scratch.write("in.csv", export(20));
    scratch
}

/// Every way to name a file that is written.
fn writers(scratch: &Scratch, written: &str) -> Vec<(&'static str, Command)> {
    let keys = keys(scratch);
    let input = scratch.path("in.csv");
    if !scratch.path("protected.csv").exists() {
        protect(scratch, &input, &keys, "protected.csv", &["-q"]).ended(0);
    }
    let main = |option: &'static str| {
        let mut command = crm(["in.csv", "-q"]);
        if option != "-o" {
            command.args(["-o", "out.csv"]);
        }
        command.args([option, written]);
        (option, command)
    };
    let mut commands: Vec<_> = ["-o", "--manifest", "--report", "--journal"]
        .map(main)
        .into();
    let audit = crm(["audit", "in.csv", "--quasi", "sexe", "--report", written]);
    let mut reveal = crm(["reveal", "protected.csv", "-q", "-o", written, "--key"]);
    reveal.arg(&keys[0]);
    let sql = crm([
        "sql", "--dialect", "duckdb", "--csv", "in.csv", "-o", written,
    ]);
    commands.extend([("audit", audit), ("reveal", reveal), ("sql", sql)]);
    for (_, command) in &mut commands {
        command.current_dir(scratch.folder());
    }
    commands
}

#[test]
fn another_users_link_in_a_shared_folder_is_followed_by_no_command() {
    for (link, to, written) in [
        ("shared/out", "../private/target", "shared/out"),
        ("shared/out", "../private/new", "shared/out"),
        ("shared/folder", "../private", "shared/folder/target"),
        ("shared/folder", "../private", "shared/folder/new"),
    ] {
        let scratch = shared_folder();
        symlink(to, scratch.path(link)).unwrap();
        if is_root() {
            lchown(scratch.path(link), Some(NOBODY), None).unwrap();
        }
        for (name, mut command) in writers(&scratch, written) {
            let outcome = run(&mut command);
            if is_root() {
                outcome.ended(1).says(&["symbolic link", "another user"]);
                assert_eq!(scratch.read("private/target"), b"precious", "{name}");
                assert!(!scratch.path("private/new").exists(), "{name} {written}");
            } else {
                // Nobody but root can give a link away: one's own is followed.
                let journal = name == "--journal" && written.ends_with("target");
                let of_target = name == "--journal" && to.ends_with("target");
                outcome.ended(if journal || of_target { 1 } else { 0 });
                scratch.write("private/target", b"precious");
                let _ = fs::remove_file(scratch.path("private/new"));
            }
        }
        let made = run(crm(["keygen", "identite", "-o"]).arg(scratch.path(written)));
        assert_eq!(
            made.code() == 0,
            !is_root() && written == "shared/folder/new"
        );
    }
}

#[test]
fn ones_own_link_and_the_owners_are_followed() {
    let scratch = shared_folder();
    symlink("../private/target", scratch.path("shared/out")).unwrap();
    let follows = || {
        run(crm(["-q", "in.csv", "-o", "shared/out"]).current_dir(scratch.folder())).ended(0);
        assert!(scratch.read("private/target").starts_with(b"Index_rd,"));
        assert!(scratch.path("shared/out").is_symlink());
        scratch.write("private/target", b"precious");
    };
    follows();
    if is_root() {
        // Of the folder's owner; and of anybody where a folder is not shared.
        for path in ["shared", "shared/out"] {
            lchown(scratch.path(path), Some(NOBODY), None).unwrap();
        }
        follows();
        lchown(scratch.path("shared"), Some(0), None).unwrap();
        fs::set_permissions(scratch.path("shared"), PermissionsExt::from_mode(0o755)).unwrap();
        follows();
    }
}

#[test]
fn another_users_pipe_in_a_shared_folder_gets_no_row() {
    let scratch = shared_folder();
    let pipe = scratch.path("shared/pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    if is_root() {
        lchown(&pipe, Some(NOBODY), None).unwrap();
    }
    let mut child = crm(["-q", "in.csv", "-o", "shared/pipe"])
        .current_dir(scratch.folder())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    if !is_root() {
        assert!(fs::read(&pipe).unwrap().starts_with(b"Index_rd,"));
    }
    let status = wait_at_most(&mut child, SOON);
    assert_eq!(status.code(), Some(i32::from(is_root())));
}

#[test]
fn a_link_laid_under_a_key_or_a_vault_is_not_followed() {
    let scratch = shared_folder();
    key(&scratch, "identite", "identite.key");
    scratch.write(
        "table.toml",
        "version = 1\nname = \"t\"\nindex = \"\"\n[columns.id_client]\n\
         rule = { token = { vault = \"shared/vault\", role = \"identite\" } }\n",
    );
    symlink("../private/vault", scratch.path("shared/vault")).unwrap();
    if is_root() {
        lchown(scratch.path("shared/vault"), Some(NOBODY), None).unwrap();
    }
    let mut command = crm(["-q", "in.csv", "-r", "table.toml", "--key", "identite.key"]);
    let outcome = run(command
        .args(["-o", "out.csv"])
        .current_dir(scratch.folder()));
    if is_root() {
        outcome.ended(1).says(&["another user"]);
    } else {
        outcome.ended(0);
    }
    assert_eq!(scratch.path("private/vault").exists(), !is_root());
}
