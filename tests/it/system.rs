//! What the operating system and somebody else on the machine see of a run: temporary files, symbolic
//! links in shared folders, an input that changes meanwhile.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{FileExt as _, PermissionsExt, lchown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::protected::{key, keys, protect};
use crate::support::{COLUMNS, Outcome, Scratch, crm, export, person, run, to_csv, wait_at_most};

const SOON: Duration = Duration::from_secs(60);
const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Waits until `done` says so.
#[track_caller]
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < SOON, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until the main thread of a process has slept for a while.
fn until_it_waits(child: &Child) {
    let stat = format!("/proc/{}/stat", child.id());
    let mut asleep = 0;
    until("the run never waits", || {
        let text = fs::read_to_string(&stat).unwrap_or_default();
        let state = text.rsplit(')').next().unwrap_or_default().trim();
        asleep = if state.starts_with('S') {
            asleep + 1
        } else {
            0
        };
        asleep >= 30
    });
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
        for canary in ["exemple.test", "rue de l", "Nom2", "185057800", "O+,"] {
            let found = content.windows(canary.len());
            let found = found.filter(|window| *window == canary.as_bytes()).count();
            assert_eq!(found, 0, "{args:?}: {canary}");
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
        "sql",
        "--dialect",
        "duckdb",
        "--csv",
        "in.csv",
        "-o",
        written,
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

/// Few columns, so that a search for k is short.
const FEW: &str = "version = 1\nname = \"few\"\n\
    [columns.metier]\nrule = \"keep\"\n\
    [columns.formation]\nrule = \"keep\"\n\
    [columns.sexe]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\n";

/// A file that somebody writes to as long as this lives.
struct Busy<'a> {
    stop: &'a AtomicBool,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// What somebody does to a file of rows, again and again.
type Edit = (&'static str, fn(&File, &[u8]));

const EDITS: [Edit; 3] = [
    ("grows", |file, row| {
        let end = file.metadata().unwrap().len();
        file.write_all_at(row, end).unwrap();
    }),
    ("shrinks", |file, row| {
        let end = file.metadata().unwrap().len();
        file.set_len(end - row.len() as u64).unwrap();
    }),
    // The last line end is written again: the same bytes, at another time.
    ("is written to", |file, _| {
        let end = file.metadata().unwrap().len();
        file.write_all_at(b"\n", end - 1).unwrap();
    }),
];

/// Runs `command` while `edit` is done to a file all the time.
fn run_while(command: &mut Command, path: &Path, row: &[u8], edit: fn(&File, &[u8])) -> Outcome {
    let file = File::options().read(true).write(true).open(path).unwrap();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                edit(&file, row);
                thread::sleep(Duration::from_millis(1));
            }
        });
        let _busy = Busy { stop: &stop };
        run(command)
    })
}

#[test]
fn a_file_that_somebody_writes_to_is_refused_by_every_command() {
    let scratch = Scratch::new();
    let keys = keys(&scratch);
    // Rows of one length, so that a row can be taken off.
    let plain = same_rows(1_200);
    let path = scratch.write("in.csv", &plain);
    protect(&scratch, &path, &keys, "protected.csv", &["-q"]).ended(0);
    let protected = same_length(&scratch.read("protected.csv"));
    scratch.write("out", b"yesterday's output");
    scratch.write("few.toml", FEW);
    let commands: [(&[&str], &[u8]); 8] = [
        (&["in.csv", "-o", "out"], &plain),
        (&["in.csv", "-o", "out", "--shuffle"], &plain),
        (
            &["in.csv", "-o", "out", "--k", "2", "-r", "few.toml"],
            &plain,
        ),
        (&["in.csv", "-o", "out", "--on-leftover", "mask"], &plain),
        (&["in.csv", "--on-leftover", "warn"], &plain),
        (&["audit", "in.csv", "--quasi", "sexe"], &plain),
        (&["inspect", "in.csv", "--suggest"], &plain),
        (
            &["reveal", "in.csv", "-o", "out", "--key", "identite.key"],
            &protected,
        ),
    ];
    for (args, content) in commands {
        for (how, edit) in EDITS {
            scratch.write("in.csv", content);
            let row = content[..content.len() - 1].rsplit(|b| *b == b'\n').next();
            let row = [row.unwrap(), b"\n"].concat();
            let mut command = crm(args);
            command.current_dir(scratch.folder());
            let outcome = run_while(&mut command, &path, &row, edit).ended(3);
            outcome.says(&["refused", "what to do"]);
            if how == "is written to" {
                outcome.says(&["was changed while it was read"]);
            }
            assert_eq!(scratch.read("out"), b"yesterday's output", "{args:?} {how}");
        }
        // By itself it is as good as before.
        scratch.write("in.csv", content);
        run(crm(args).current_dir(scratch.folder())).ended(0);
        scratch.write("out", b"yesterday's output");
    }
}

/// An export whose rows all have one length.
fn same_rows(rows: usize) -> Vec<u8> {
    let rows = std::iter::repeat_with(|| person(7)).take(rows);
    to_csv(&COLUMNS, rows, b',')
}

/// The header and the last row, as often as there are rows: encrypted cells differ in length.
fn same_length(bytes: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
    let longest = lines.iter().skip(1).map(|line| line.len()).max().unwrap();
    let all_equal = lines.iter().skip(1).all(|line| line.len() == longest);
    if all_equal {
        return bytes.to_vec();
    }
    lines
        .iter()
        .enumerate()
        .filter(|(n, line)| *n == 0 || line.len() == longest)
        .flat_map(|(_, line)| line.iter().copied())
        .collect()
}

/// A run that has read some of `in.csv` and cannot go on, as nobody reads its output.
fn stalled(scratch: &Scratch, more: &[&str]) -> Child {
    let mut child = crm(["-q", "in.csv"])
        .args(more)
        .current_dir(scratch.folder())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = child.stdout.as_mut().unwrap();
    let mut start = [0; 100];
    stdout.read_exact(&mut start).unwrap();
    assert!(start.starts_with(b"Index_rd,"));
    child
}

#[test]
fn an_edit_behind_the_first_pass_never_goes_unnoticed() {
    // What was found clean would leave unclean, and the manifest would have the hash of the first pass.
    for more in [
        &["--on-leftover", "mask", "--manifest", "manifest.json"][..],
        &["--k", "2", "-r", "few.toml"],
        &["--on-leftover", "warn"],
    ] {
        let scratch = Scratch::new();
        scratch.write("few.toml", FEW);
        let path = scratch.write("in.csv", export(6_000));
        let child = stalled(&scratch, more);
        let file = File::options().read(true).write(true).open(&path).unwrap();
        let end = file.metadata().unwrap().len();
        file.write_all_at(b"7", end - 3).unwrap();
        let outcome = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&outcome.stderr);
        assert_eq!(outcome.status.code(), Some(3), "{more:?}: {said}");
        assert!(said.contains("changed"), "{more:?}: {said}");
        assert!(!scratch.path("manifest.json").exists(), "{more:?}");
    }
}

#[test]
fn a_file_that_was_cut_before_it_was_read_is_refused() {
    // The run has opened its input and waits for somebody to read its manifest.
    for edit in ["cut", "grown"] {
        let scratch = Scratch::new();
        let input = export(2_000);
        let path = scratch.write("in.csv", &input);
        let pipe: PathBuf = scratch.path("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let child = crm(["-q", "in.csv", "-o", "out.csv", "--manifest", "pipe"])
            .current_dir(scratch.folder())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        until_it_waits(&child);
        let file = File::options().append(true).open(&path).unwrap();
        match edit {
            "cut" => {
                let half = input.len() / 2;
                let end = input[..half].iter().rposition(|b| *b == b'\n').unwrap() + 1;
                file.set_len(end as u64).unwrap();
            }
            _ => (&file).write_all(&input[input.len() / 2..][..100]).unwrap(),
        }
        if edit == "grown" {
            // Whole rows only.
            file.set_len(input.len() as u64).unwrap();
            let row = input[..input.len() - 1].rsplit(|b| *b == b'\n').next();
            (&file).write_all(&[row.unwrap(), b"\n"].concat()).unwrap();
        }
        let reader = thread::spawn(move || fs::read(pipe).unwrap());
        let outcome = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&outcome.stderr);
        assert_eq!(outcome.status.code(), Some(3), "{edit}: {said}");
        assert!(said.contains("bytes when it was opened"), "{edit}: {said}");
        assert!(!scratch.path("out.csv").exists(), "{edit}");
        assert_eq!(reader.join().unwrap(), b"", "{edit}: a manifest of nothing");
    }
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
