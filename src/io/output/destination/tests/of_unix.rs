//! Links, pipes, devices, and names that are exchanged.

use super::*;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::process::Command;

#[test]
fn one_file_under_all_its_names_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("in.csv"), "a\n").unwrap();
    fs::write(at("other.csv"), "a\n").unwrap();
    fs::hard_link(at("in.csv"), at("hard")).unwrap();
    symlink("in.csv", at("soft")).unwrap();
    symlink(at("soft"), at("softer")).unwrap();
    let of_path = |path: &Path| FileId::of_path(path).unwrap();
    let input = of_path(&at("in.csv"));
    assert!(input.is_some());
    for (name, same) in [
        ("in.csv", true),
        ("hard", true),
        ("soft", true),
        ("softer", true),
        ("other.csv", false),
    ] {
        assert_eq!(of_path(&at(name)) == input, same, "{name}");
        let open = File::open(at(name)).unwrap();
        assert_eq!(FileId::of_open(&open) == input, same, "{name}, open");
        let destination = Destination::open(Some(&at(name)), Manner::default()).unwrap();
        assert_eq!(
            destination.identity() == input,
            same,
            "{name}, as destination"
        );
    }
    assert_eq!(
        Destination::open(Some(&at("new.csv")), Manner::default())
            .unwrap()
            .identity(),
        None
    );
    assert_eq!(of_path(&at("new.csv")), None);
    assert_eq!(of_path(folder.path()), None);
    assert_eq!(of_path(Path::new("/dev/null")), None);
    // Not to be told is not the same as not there.
    assert!(FileId::of_path(&at(&"x".repeat(300))).is_err());
}

#[test]
fn a_full_device_is_an_error_and_devices_stay_devices() {
    let mut full = Destination::open(Some(Path::new("/dev/full")), Manner::default()).unwrap();
    let error = full.write_all(b"row\n").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    let mut null = Destination::open(Some(Path::new("/dev/null")), Manner::default()).unwrap();
    assert!(matches!(null, Destination::Stream(_)));
    null.write_all(b"row\n").unwrap();
    null.commit().unwrap();
    for device in ["/dev/full", "/dev/null"] {
        assert!(fs::metadata(device).unwrap().file_type().is_char_device());
    }
}

#[test]
fn a_named_pipe_is_written_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap()
    });
    let mut destination = Destination::open(Some(&pipe), Manner::default()).unwrap();
    destination.write_all(b"row\n").unwrap();
    destination.commit().unwrap();
    assert_eq!(reader.join().unwrap(), b"row\n");
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
}

#[test]
fn a_closed_pipe_has_its_own_kind() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || drop(File::open(pipe).unwrap())
    });
    let mut destination = Destination::open(Some(&pipe), Manner::default()).unwrap();
    reader.join().unwrap();
    let error = destination.write_all(b"row\n").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}

#[test]
fn an_open_file_is_not_replaced_through_proc() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.csv");
    fs::write(&path, "old\n").unwrap();
    let open = File::open(&path).unwrap();
    let link = folder.path().join("link");
    let number = std::os::fd::AsRawFd::as_raw_fd(&open);
    symlink(format!("/proc/self/fd/{number}"), &link).unwrap();
    let error = Destination::open(Some(&link), Manner::default()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    assert_eq!(fs::read(&path).unwrap(), b"old\n");
}

#[test]
fn several_files_are_committed_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let staged = |name: &str| {
        let mut file = Destination::open(Some(&at(name)), Manner::default()).unwrap();
        file.write_all(b"new\n").unwrap();
        file
    };
    fs::write(at("old.csv"), "old\n").unwrap();
    let stream = Destination::open(Some(Path::new("/dev/null")), Manner::default()).unwrap();
    let files = vec![
        staged("fresh.csv"),
        stream,
        staged("old.csv"),
        staged("taken.json"),
    ];
    // The last name becomes a folder meanwhile, so that its rename must fail.
    fs::create_dir(at("taken.json")).unwrap();
    assert!(commit_all(files).is_err());
    let mut left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["old.csv", "taken.json"]);
    assert_eq!(fs::read(at("old.csv")).unwrap(), b"old\n");

    fs::remove_dir(at("taken.json")).unwrap();
    commit_all(vec![
        staged("fresh.csv"),
        staged("old.csv"),
        staged("taken.json"),
    ])
    .unwrap();
    for name in ["fresh.csv", "old.csv", "taken.json"] {
        assert_eq!(fs::read(at(name)).unwrap(), b"new\n", "{name}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}
