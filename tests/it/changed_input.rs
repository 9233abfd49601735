//! An input that changes while it is read is refused by every command that reads one.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::protected::{keys, protect};
use crate::support::system::write_at;
use crate::support::{COLUMNS, Outcome, Scratch, crm, export, person, run, schema, to_csv};

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
        write_at(file, row, end);
    }),
    ("shrinks", |file, row| {
        let (end, row) = (file.metadata().unwrap().len(), row.len() as u64);
        // A slow machine may take many a row off before the file is opened: some stay.
        match end > 100 * row {
            true => file.set_len(end - row).unwrap(),
            false => write_at(file, b"\n", end - 1),
        }
    }),
    // The last line end is written again: the same bytes, at another time.
    ("is written to", |file, _| {
        let end = file.metadata().unwrap().len();
        write_at(file, b"\n", end - 1);
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
        &["--k", "2", "-r", "few.toml", "--keep-order"],
        &["--on-leftover", "warn"],
    ] {
        let scratch = Scratch::new();
        scratch.write("few.toml", FEW);
        let path = scratch.write("in.csv", export(6_000));
        let child = stalled(&scratch, more);
        let file = File::options().read(true).write(true).open(&path).unwrap();
        let end = file.metadata().unwrap().len();
        write_at(&file, b"7", end - 3);
        let outcome = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&outcome.stderr);
        assert_eq!(outcome.status.code(), Some(3), "{more:?}: {said}");
        assert!(said.contains("changed"), "{more:?}: {said}");
        if more.contains(&"--manifest") {
            let manifest = schema::manifest(&scratch.read("manifest.json"));
            assert_eq!(manifest["status"], "refused", "{more:?}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_file_that_was_cut_before_it_was_read_is_refused() {
    use crate::support::waiting::until_it_waits;
    use std::fs;
    use std::io::Write as _;
    use std::path::PathBuf;
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
