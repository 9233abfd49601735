use super::*;
use std::fs;
use std::os::unix::fs::{PermissionsExt, lchown, symlink};

fn shared(folder: &Path) {
    fs::set_permissions(folder, PermissionsExt::from_mode(0o1777)).unwrap();
}

#[test]
fn the_rule_of_the_kernel() {
    let mut folder = rustix::fs::stat(".").unwrap();
    folder.st_uid = 0;
    let (sticky, open) = (0o041_777, 0o040_777);
    for (case, mode, owner, user, may) in [
        ("one's own", sticky, 5, 5, true),
        ("of the folder's owner", sticky, 0, 5, true),
        ("another's", sticky, 7, 5, false),
        ("another's, for root", sticky, 7, 0, false),
        ("not sticky", open, 7, 5, true),
        ("sticky, and only for a group", 0o041_775, 7, 5, true),
        ("sticky, and nobody else's", 0o041_700, 7, 0, true),
    ] {
        folder.st_mode = mode;
        assert_eq!(may_use(&folder, owner, Uid::from_raw(user)), may, "{case}");
    }
}

#[test]
fn a_file_that_a_shared_folder_protects_is_known_beforehand() {
    let with = |uid: u32, mode: u32| {
        let mut stat = rustix::fs::stat("/").unwrap();
        (stat.st_uid, stat.st_mode) = (uid, mode);
        stat
    };
    let cases = [
        ("another's file in /tmp", 0, 0o41777, 2, true),
        ("own file in /tmp", 0, 0o41777, 1, false),
        (
            "another's file in an own sticky folder",
            1,
            0o41777,
            2,
            false,
        ),
        ("another's file in an open folder", 0, 0o40777, 2, false),
    ];
    for (name, folder, mode, owner, protected) in cases {
        let (folder, old) = (with(folder, mode), with(owner, 0o100_644));
        let found = is_protected(&folder, &old, Uid::from_raw(1));
        assert_eq!(found, protected, "{name}");
        assert!(
            !is_protected(&folder, &old, Uid::ROOT),
            "{name}, administrator"
        );
    }
}

#[test]
fn paths_lead_where_the_kernel_says() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    fs::create_dir_all(at("a/b")).unwrap();
    fs::write(at("a/file"), "x").unwrap();
    symlink("a", at("folder")).unwrap();
    symlink(at("a/b"), at("a/absolute")).unwrap();
    symlink("../file", at("a/b/up")).unwrap();
    symlink("../folder/./b/up", at("a/chain")).unwrap();
    symlink("nothing", at("dangling")).unwrap();
    for (path, leads_to) in [
        ("a/file", "a/file"),
        ("a//./b/../file", "a/file"),
        ("folder/file", "a/file"),
        ("folder/absolute/up", "a/file"),
        ("folder/absolute/new", "a/b/new"),
        ("a/chain", "a/file"),
        ("dangling", "nothing"),
        ("folder/../new", "new"),
    ] {
        let place = Place::of(&at(path)).expect(path);
        let expected = at(leads_to);
        assert_eq!(place.name, expected.file_name().unwrap(), "{path}");
        let folder = fstat(&place.folder).unwrap();
        let parent = rustix::fs::stat(expected.parent().unwrap()).unwrap();
        assert_eq!(folder.st_ino, parent.st_ino, "{path}");
        let there = rustix::fs::stat(&expected).ok().map(|found| found.st_ino);
        assert_eq!(place.found.map(|found| found.st_ino), there, "{path}");
    }
}

#[test]
fn what_is_no_place_for_a_file_says_why() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    fs::write(at("file"), "x").unwrap();
    fs::create_dir(at("folder")).unwrap();
    symlink("loop", at("loop")).unwrap();
    symlink("folder/", at("slash")).unwrap();
    symlink("gone/x", at("lost")).unwrap();
    for (path, why) in [
        ("missing/out", "does not exist"),
        ("lost", "does not exist"),
        ("file/out", "not a folder"),
        ("folder/", "names a folder"),
        ("slash", "names a folder"),
        ("folder/..", "names a folder"),
        ("loop", "symbolic links"),
    ] {
        let error = Place::of(&at(path)).err().expect(path).to_string();
        assert!(error.contains(why), "{path}: {error}");
    }
    let long = at(&"x".repeat(300));
    assert!(Place::of(&long).is_err(), "an error is not `not there`");
    assert!(Place::of(Path::new("")).is_err());
    assert!(Place::of(Path::new("/")).is_err());
}

#[test]
fn a_link_in_a_shared_folder_is_followed_for_its_owner_only() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    fs::create_dir(at("shared")).unwrap();
    fs::create_dir(at("target")).unwrap();
    shared(&at("shared"));
    symlink("../target/out", at("shared/out")).unwrap();
    symlink("../target", at("shared/folder")).unwrap();
    let paths = ["shared/out", "shared/folder/out"];
    for path in paths {
        assert_eq!(Place::of(&at(path)).unwrap().name, "out", "{path}");
    }
    // Only root can give a link away; the rule itself is under test above.
    if geteuid().is_root() {
        for link in ["shared/out", "shared/folder"] {
            lchown(at(link), Some(65_534), None).unwrap();
        }
        for path in paths {
            let error = Place::of(&at(path)).err().expect(path);
            assert!(error.to_string().contains("another user's"), "{error}");
        }
        // The same links elsewhere.
        fs::set_permissions(at("shared"), PermissionsExt::from_mode(0o755)).unwrap();
        for path in paths {
            assert_eq!(Place::of(&at(path)).unwrap().name, "out", "{path}");
        }
    }
}

#[test]
fn open_files_have_places_too() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let number = std::os::fd::AsRawFd::as_raw_fd(&file);
    let path = format!("/proc/self/fd/{number}");
    let place = Place::of(Path::new(&path)).unwrap();
    assert!(place.by_descriptor);
    assert_eq!(place.kind(), Some(Kind::File));
    assert!(!place.is_foreign().unwrap());
}
