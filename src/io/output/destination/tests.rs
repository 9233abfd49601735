use super::*;
use crate::io::system::trial::NOTHING;
use std::fs;

#[cfg(unix)]
mod of_unix;

#[test]
fn a_rehearsal_writes_nothing_and_finds_what_stands_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("old.csv"), "old\n").unwrap();
    let rehearses = Manner {
        rehearses: true,
        keeps_old: false,
    };
    for name in ["old.csv", "new.csv"] {
        let mut open = Destination::open(Some(&at(name)), rehearses).unwrap();
        assert_eq!(open.identity(), FileId::of_path(&at(name)).unwrap());
        open.write_all(b"new\n").unwrap();
        open.commit().unwrap();
    }
    assert_eq!(fs::read(at("old.csv")).unwrap(), b"old\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(Destination::open(Some(&at("none/new.csv")), rehearses).is_err());
    assert!(Destination::open(Some(folder.path()), rehearses).is_err());
}

#[test]
fn an_old_file_is_kept_even_if_it_comes_late() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let keeps = Manner {
        rehearses: false,
        keeps_old: true,
    };
    fs::write(at("old.csv"), "old\n").unwrap();
    let error = Destination::open(Some(&at("old.csv")), keeps).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    let late = || {
        let mut late = Destination::open(Some(&at("late.csv")), keeps).unwrap();
        late.write_all(b"new\n").unwrap();
        late
    };
    let (first, second) = (late(), late());
    first.commit().unwrap();
    let error = second.commit().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(at("late.csv")).unwrap(), b"new\n");
    // Devices have nothing to keep.
    Destination::open(Some(Path::new(NOTHING)), keeps).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn standard_output_by_its_names() {
    for path in [None, Some(Path::new("-"))] {
        let destination = Destination::open(path, Manner::default()).unwrap();
        assert!(matches!(destination, Destination::Stream(_)));
        assert_eq!(destination.identity(), FileId::of_open(io::stdout()));
    }
}

#[test]
fn a_file_has_one_identity_under_all_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("in.csv"), "a\n").unwrap();
    fs::write(at("other.csv"), "a\n").unwrap();
    fs::hard_link(at("in.csv"), at("hard")).unwrap();
    let of_path = |path: &Path| FileId::of_path(path).unwrap();
    let input = of_path(&at("in.csv"));
    assert!(input.is_some());
    for (name, same) in [("in.csv", true), ("hard", true), ("other.csv", false)] {
        assert_eq!(of_path(&at(name)) == input, same, "{name}");
        let open = File::open(at(name)).unwrap();
        assert_eq!(FileId::of_open(&open) == input, same, "{name}, open");
        let destination = Destination::open(Some(&at(name)), Manner::default()).unwrap();
        assert_eq!(destination.identity() == input, same, "{name}, to write");
    }
    assert_eq!(of_path(&at("new.csv")), None);
    assert_eq!(of_path(folder.path()), None);
    assert_eq!(of_path(Path::new(NOTHING)), None);
}

#[test]
fn several_files_appear_together() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let staged = |name: &str| {
        let mut file = Destination::open(Some(&at(name)), Manner::default()).unwrap();
        file.write_all(b"new\n").unwrap();
        file
    };
    fs::write(at("old.csv"), "old\n").unwrap();
    let names = ["fresh.csv", "old.csv", "more.json"];
    let stream = Destination::open(Some(Path::new(NOTHING)), Manner::default()).unwrap();
    let mut files: Vec<_> = names.map(staged).into();
    files.insert(1, stream);
    assert_eq!(fs::read(at("old.csv")).unwrap(), b"old\n");
    assert!(!at("fresh.csv").exists());
    commit_all(files).unwrap();
    for name in names {
        assert_eq!(fs::read(at(name)).unwrap(), b"new\n", "{name}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}
