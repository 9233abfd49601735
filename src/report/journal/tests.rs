use crate::base::error::Ending as _;
use std::fs;

use super::*;
use crate::io::system::trial::{NOTHING, is_closed};

fn entry(name: &str) -> Entry {
    let file = |path: &str| FileEntry {
        path: path.to_owned(),
        bytes: Some(3),
        sha256: Some(NO_LINE.to_owned()),
    };
    Entry {
        time: "2026-11-22T10:00:00.000Z".to_owned(),
        tool: "crm-anon",
        version: "0",
        run: name.to_owned(),
        user: User::of_process(),
        event: Event::Published,
        status: Some(0),
        codes: Vec::new(),
        rules: RulesEntry {
            name: name.to_owned(),
            sha256: NO_LINE.to_owned(),
            table_sha256: NO_LINE.to_owned(),
            files: Vec::new(),
        },
        input: file("/in.csv"),
        output: file("/out.csv"),
        encrypted_to: Vec::new(),
        rows: Some(RowCounts {
            rows_read: 3,
            rows_written: 2,
            rows_skipped: 1,
            rows_left_out: 0,
        }),
        rows_sent: None,
        columns: Some(Vec::new()),
        gates: Vec::new(),
        spent: None,
        vaults: Vec::new(),
        release: None,
    }
}

fn journal(folder: &tempfile::TempDir, lines: usize) -> PathBuf {
    let path = folder.path().join("journal");
    let mut journal = Journal::open(&path).unwrap();
    for line in 0..lines {
        let mut appending = journal.lock().unwrap();
        appending.append(&entry(&format!("table {line}"))).unwrap();
    }
    path
}

fn check(path: &Path) -> Result<u64, u64> {
    match verify(path, None, &mut |_| ()) {
        Ok(verified) => Ok(verified.lines),
        Err(JournalError::Broken { broken, .. }) => Err(broken.line),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn lines_are_linked_and_only_the_owner_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(&folder, 5);
    assert!(is_closed(&path));
    assert_eq!(check(&path), Ok(5));
    let text = fs::read_to_string(&path).unwrap();
    let mut before = NO_LINE.to_owned();
    for (number, line) in (1..).zip(text.lines()) {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["line"], number);
        assert_eq!(value["previous"], before);
        before = hash(line.as_bytes());
    }
    let verified = verify(&path, Some(&before), &mut |_| ()).unwrap();
    assert_eq!((verified.last, verified.noted), (before, Some(5)));
    assert_eq!(check(&journal(&tempfile::tempdir().unwrap(), 0)), Ok(0));
}

#[test]
fn whatever_is_done_to_lines_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(&folder, 6);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    let edit = |at: usize, from: &str, to: &str| {
        let mut edited: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        assert!(edited[at].contains(from));
        edited[at] = edited[at].replacen(from, to, 1);
        joined(&edited.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    let mut removed = lines.clone();
    removed.remove(2);
    let mut doubled = lines.clone();
    doubled.insert(3, lines[2]);
    let forged = lines[5].replacen("\"line\":6", "\"line\":7", 1);
    let mut appended = lines.clone();
    appended.push(&forged);
    for (case, text, expected) in [
        ("as it was", joined(&lines), Ok(6)),
        ("edited", edit(2, "table 2", "table 9"), Err(4)),
        ("a blank put in", edit(2, "\"tool\":", "\"tool\": "), Err(4)),
        ("renumbered", edit(2, "\"line\":3", "\"line\":4"), Err(3)),
        ("the first edited", edit(0, "table 0", "table x"), Err(2)),
        ("swapped", joined(&swapped), Err(3)),
        ("removed", joined(&removed), Err(3)),
        ("the first removed", joined(&lines[1..]), Err(1)),
        ("doubled", joined(&doubled), Err(4)),
        ("appended", joined(&appended), Err(7)),
        ("a blank line", format!("{}\n", joined(&lines)), Err(7)),
        (
            "no line of a journal",
            joined(&[&lines[..], &["{}"]].concat()),
            Err(7),
        ),
        ("torn", joined(&lines).trim_end().to_owned(), Err(6)),
        // That is what the noted hash is for.
        ("the last removed", joined(&lines[..5]), Ok(5)),
    ] {
        fs::write(&path, text).unwrap();
        assert_eq!(check(&path), expected, "{case}");
    }
    let noted = hash(lines[5].as_bytes());
    let error = verify(&path, Some(&noted), &mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("missing from the"), "{error}");
}

#[test]
fn nothing_is_appended_to_a_torn_or_a_foreign_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(&folder, 2);
    let whole = fs::read(&path).unwrap();
    let torn = [&whole[..], &whole[..40]].concat();
    fs::write(&path, &torn).unwrap();
    match Journal::open(&path).unwrap_err() {
        JournalError::Torn { whole: bytes, .. } => assert_eq!(bytes, whole.len() as u64),
        other => panic!("{other}"),
    }
    assert_eq!(fs::read(&path).unwrap(), torn);
    // As the message says.
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(whole.len() as u64).unwrap();
    let mut journal = Journal::open(&path).unwrap();
    journal.lock().unwrap().append(&entry("next")).unwrap();
    assert_eq!(check(&path), Ok(3));
    fs::write(&path, "nom,email\nMarie,m@example.fr\n").unwrap();
    let error = Journal::open(&path).unwrap_err();
    assert!(matches!(error, JournalError::Foreign { .. }), "{error}");
    assert!(!error.to_string().contains("Marie"), "{error}");
    assert!(Journal::open(folder.path()).is_err());
    assert!(Journal::open(Path::new(NOTHING)).is_err());
}

#[test]
fn long_lines_are_read_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut journal = Journal::open(&path).unwrap();
    for length in [1, 65_000, 66_000, 200_000, 2] {
        let long = entry(&"x".repeat(length));
        journal.lock().unwrap().append(&long).unwrap();
    }
    assert_eq!(check(&path), Ok(5));
}

#[test]
fn lines_of_many_threads_are_linked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let path = &path;
            scope.spawn(move || {
                for _ in 0..10 {
                    let mut journal = Journal::open(path).unwrap();
                    let mut appending = journal.lock().unwrap();
                    appending
                        .append(&entry(&format!("table {thread}")))
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(check(&path), Ok(80));
}

#[test]
fn a_line_number_at_the_limit_is_an_error_and_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(&folder, 2);
    let whole = fs::read_to_string(&path).unwrap();
    for number in [u64::MAX, u64::MAX - 1] {
        let forged = whole.replace("\"line\":2", &format!("\"line\":{number}"));
        fs::write(&path, &forged).unwrap();
        let error = Journal::open(&path).unwrap_err();
        assert!(matches!(error, JournalError::Numbered { .. }), "{error}");
        assert_eq!(error.exit_status(), 1);
        assert_eq!(check(&path), Err(2));
        assert_eq!(fs::read_to_string(&path).unwrap(), forged);
    }
    for number in ["18446744073709551616", "-1", "1e3", "2.0", "\"2\""] {
        let forged = whole.replace("\"line\":2", &format!("\"line\":{number}"));
        fs::write(&path, forged).unwrap();
        let error = Journal::open(&path).unwrap_err();
        assert!(matches!(error, JournalError::Foreign { .. }), "{error}");
        assert_eq!(check(&path), Err(2));
    }
}

#[test]
#[cfg(unix)]
fn the_first_line_of_a_run_takes_the_room_of_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(&folder, 1);
    let before = fs::metadata(&path).unwrap().len();
    let mut journal = Journal::open(&path).unwrap();
    let mut appending = journal.lock().unwrap();
    let mut long = entry(&"x".repeat(100_000));
    long.event = Event::Begun;
    appending.begin(&long).unwrap();
    let after = fs::metadata(&path).unwrap();
    let line = after.len() - before;
    let room = std::os::unix::fs::MetadataExt::blocks(&after) * 512;
    // Where the file system cannot reserve room, there is none behind the end.
    assert!(room >= before + 3 * line || room < before + line + 8192);
    appending.append(&long).unwrap();
    drop(appending);
    assert_eq!(check(&path), Ok(3));
}

#[test]
#[cfg(unix)]
fn a_journal_of_another_user_in_a_shared_folder_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let shared = folder.path().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(
        &shared,
        std::os::unix::fs::PermissionsExt::from_mode(0o1777),
    )
    .unwrap();
    let path = shared.join("journal");
    drop(Journal::open(&path).unwrap());
    // One's own is.
    drop(Journal::open(&path).unwrap());
    // Only root can give a file away.
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&path, Some(65_534), None).unwrap();
        let error = Journal::open(&path).unwrap_err();
        assert!(error.to_string().contains("another user's"), "{error}");
    }
}
