//! The life of a staged file, on each of the three ways to a name.

use super::*;
use crate::io::system::trial::{is_closed, open_to_all};
use std::fs;
use std::path::Path;

/// How a file comes to its name.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    /// As this file system does it by itself.
    Own,
    /// No unnamed files here.
    Named,
    /// Unnamed files, but no links.
    Copied,
}

const WAYS: [Way; 3] = [Way::Own, Way::Named, Way::Copied];

fn created(path: &Path) -> io::Result<Staged> {
    Staged::create_at(Place::of(path)?, false)
}

fn create(path: &Path, way: Way, content: &str) -> Staged {
    let mut staged = match way {
        Way::Own | Way::Copied => created(path).unwrap(),
        Way::Named => {
            let (folder, name) = checked(Place::of(path).unwrap()).unwrap();
            Staged::create_named(folder, name).unwrap()
        }
    };
    staged.write_all(content.as_bytes()).unwrap();
    if way == Way::Copied {
        staged.copy_to_named(&mut Names::lock()).unwrap();
    }
    staged
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
#[cfg(unix)]
fn this_file_system_offers_unnamed_files() {
    // Otherwise the tests of `Way::Own` would say nothing about them.
    let folder = tempfile::tempdir().unwrap();
    let staged = create(&folder.path().join("new.csv"), Way::Own, "half");
    assert_eq!(staged.temporary, None);
    assert_eq!(names_in(folder.path()), Vec::<String>::new());
}

#[test]
fn a_new_file_appears_at_commit_for_its_owner_only() {
    for way in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.csv");
        let mut staged = create(&path, way, "row\n");
        staged.finish().unwrap();
        assert!(!path.exists(), "{way:?}");
        Staged::commit_all(vec![staged]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"row\n", "{way:?}");
        assert!(is_closed(&path), "{way:?}");
        assert_eq!(names_in(folder.path()), ["new.csv"], "{way:?}");
    }
}

#[test]
fn an_old_file_is_replaced_whole_and_those_who_read_it_keep_it() {
    for way in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.csv");
        fs::write(&path, "an old and longer file\n").unwrap();
        open_to_all(&path);
        let other_name = folder.path().join("other name");
        fs::hard_link(&path, &other_name).unwrap();
        Staged::commit_all(vec![create(&path, way, "row\n")]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"row\n", "{way:?}");
        assert!(is_closed(&path), "{way:?}");
        let kept = fs::read(&other_name).unwrap();
        assert_eq!(kept, b"an old and longer file\n", "{way:?}");
        assert_eq!(
            names_in(folder.path()),
            ["old.csv", "other name"],
            "{way:?}"
        );
    }
}

#[test]
fn dropped_before_commit_leaves_the_old_file_and_nothing_else() {
    for way in WAYS {
        for finished in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("old.csv");
            fs::write(&path, "old\n").unwrap();
            let mut staged = create(&path, way, "half a r");
            if finished {
                staged.finish().unwrap();
            }
            drop(staged);
            assert_eq!(fs::read(&path).unwrap(), b"old\n", "{way:?}");
            assert_eq!(names_in(folder.path()), ["old.csv"], "{way:?}");
        }
    }
}

#[test]
fn a_temporary_name_is_hidden_and_beside_its_destination() {
    for way in [Way::Named, Way::Copied] {
        let folder = tempfile::tempdir().unwrap();
        // As long as a name may be.
        let long = "n".repeat(255);
        for name in ["new.csv", &long] {
            let staged = create(&folder.path().join(name), way, "half");
            let found = names_in(folder.path());
            assert_eq!(found.len(), 1, "{way:?}");
            assert!(
                found[0].starts_with(".n") && found[0].ends_with(".tmp"),
                "{found:?}"
            );
            assert!(is_closed(&folder.path().join(&found[0])), "{way:?}");
            drop(staged);
            assert_eq!(names_in(folder.path()), Vec::<String>::new(), "{way:?}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_symbolic_link_stays_and_its_target_is_replaced() {
    use std::os::unix::fs::symlink;
    for way in WAYS {
        for there_before in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            fs::create_dir(at("data")).unwrap();
            symlink("data/target.csv", at("link")).unwrap();
            symlink(at("link"), at("link to link")).unwrap();
            if there_before {
                fs::write(at("data/target.csv"), "old\n").unwrap();
            }
            Staged::commit_all(vec![create(&at("link to link"), way, "row\n")]).unwrap();
            for link in ["link", "link to link"] {
                assert!(at(link).is_symlink(), "{way:?} {link}");
            }
            assert!(!at("data/target.csv").is_symlink(), "{way:?}");
            assert_eq!(
                fs::read(at("data/target.csv")).unwrap(),
                b"row\n",
                "{way:?}"
            );
            assert_eq!(names_in(&at("data")), ["target.csv"], "{way:?}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_destination_that_cannot_be_is_refused_before_any_work() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("file"), "old\n").unwrap();
    symlink("loop b", at("loop a")).unwrap();
    symlink("loop a", at("loop b")).unwrap();
    let cases = cases![
        "missing folder", at("none/new.csv"), "its folder does not exist";
        "file as folder", at("file/new.csv"), "its folder is not a folder";
        "a folder", at("folder"), "it is a folder";
        "ends like a folder", at("new/"), "it names a folder";
        "parent", at("folder/.."), "it names a folder";
        "loop of links", at("loop a"), "symbolic links";
        "device", "/dev/null".to_owned(), "it is not a regular file";
        "empty", String::new(), "it names a folder";
        // Even the administrator cannot create files there.
        "no files here", "/sys/new.csv".to_owned(), "its folder may not be written to";
    ];
    for (case, path, reason) in cases {
        let error = created(Path::new(&path)).expect_err(case);
        assert!(error.to_string().contains(reason), "{case}: {error}");
    }
    assert_eq!(
        names_in(folder.path()),
        ["file", "folder", "loop a", "loop b"]
    );
}

#[test]
fn an_old_file_that_appears_meanwhile_is_replaced_too() {
    for way in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.csv");
        let staged = create(&path, way, "row\n");
        fs::write(&path, "someone else's\n").unwrap();
        Staged::commit_all(vec![staged]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"row\n", "{way:?}");
        assert_eq!(names_in(folder.path()), ["new.csv"], "{way:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_folder_that_moves_takes_its_file_along() {
    for way in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let (before, after) = (folder.path().join("before"), folder.path().join("after"));
        fs::create_dir(&before).unwrap();
        let staged = create(&before.join("new.csv"), way, "row\n");
        fs::rename(&before, &after).unwrap();
        Staged::commit_all(vec![staged]).unwrap();
        assert_eq!(names_in(&after), ["new.csv"], "{way:?}");
    }
}

#[test]
fn a_name_that_became_a_folder_is_an_error_and_nothing_is_left() {
    for way in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.csv");
        let staged = create(&path, way, "row\n");
        fs::create_dir(&path).unwrap();
        assert!(Staged::commit_all(vec![staged]).is_err(), "{way:?}");
        assert_eq!(names_in(folder.path()), ["new.csv"], "{way:?}");
        assert!(path.is_dir(), "{way:?}");
    }
}

#[cfg(unix)]
/// Open files of this process in `folder`, with and without a name.
fn open_files_in(folder: &Path) -> usize {
    fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.unwrap().path()).ok())
        .filter(|target| target.starts_with(folder))
        .count()
}

/// `count` bytes that do not repeat in step with pages or pieces.
fn long_content(count: usize) -> Vec<u8> {
    let mut content = Vec::with_capacity(count + 4);
    for n in (0_u32..).take(count / 4 + 1) {
        content.extend_from_slice(&n.wrapping_mul(2_654_435_761).to_be_bytes());
    }
    content.truncate(count);
    content
}

#[test]
fn a_long_file_is_whole_and_was_written_out_meanwhile() {
    const MIB: usize = 1 << 20;
    let content = long_content(18 * MIB + 7);
    for way in [Way::Own, Way::Named] {
        for piece in [130 << 10, 9 * MIB, 40 * MIB] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("new.csv");
            let mut staged = create(&path, way, "");
            for bytes in content.chunks(piece) {
                staged.write_all(bytes).unwrap();
            }
            assert!(staged.write_back.is_running(), "{way:?} {piece}");
            staged.finish().unwrap();
            assert!(!staged.write_back.is_running(), "{way:?} {piece}");
            // More may come after that.
            staged.write_all(b"the end").unwrap();
            Staged::commit_all(vec![staged]).unwrap();
            let found = fs::read(&path).unwrap();
            let (start, end) = found.split_at(content.len());
            assert!(start == content, "{way:?} {piece}");
            assert_eq!(end, b"the end", "{way:?} {piece}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_file_below_the_step_is_written_without_a_thread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.csv");
    let content = long_content((8 << 20) - 1);
    let mut staged = create(&path, Way::Own, "");
    for bytes in content.chunks(200_000) {
        staged.write_all(bytes).unwrap();
        assert!(!staged.write_back.is_running());
    }
    assert_eq!(open_files_in(folder.path()), 2, "the folder and the file");
    Staged::commit_all(vec![staged]).unwrap();
    assert!(fs::read(&path).unwrap() == content);
}

#[test]
#[cfg(unix)]
fn a_long_file_that_is_dropped_leaves_nothing_open_and_no_name() {
    let content = long_content(12 << 20);
    for way in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.csv");
        let mut staged = create(&path, way, "");
        for bytes in content.chunks(200_000) {
            staged.write_all(bytes).unwrap();
        }
        assert!(staged.write_back.is_running(), "{way:?}");
        assert_eq!(open_files_in(folder.path()), 3, "{way:?}");
        drop(staged);
        assert_eq!(open_files_in(folder.path()), 0, "{way:?}");
        assert_eq!(names_in(folder.path()), Vec::<String>::new(), "{way:?}");
    }
}

#[test]
fn what_the_disk_refused_meanwhile_keeps_the_old_file() {
    for way in WAYS {
        for also_finished in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("old.csv");
            fs::write(&path, "old\n").unwrap();
            let mut staged = create(&path, way, "row\n");
            staged.write_back = WriteBack::that_fails(io::ErrorKind::StorageFull);
            if also_finished {
                let error = staged.finish().unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{way:?}");
                let error = staged.write(b"row\n").unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{way:?}");
            }
            let error = Staged::commit_all(vec![staged]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{way:?}");
            assert_eq!(fs::read(&path).unwrap(), b"old\n", "{way:?}");
            assert_eq!(names_in(folder.path()), ["old.csv"], "{way:?}");
        }
    }
}
