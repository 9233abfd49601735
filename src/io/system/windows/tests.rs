//! What is promised on Windows, tried on the file system of the test (Wine's is a Unix folder).

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::folder::Folder;
use super::links::Place;
use super::owner::{exposure, exposure_of, restrict};
use crate::io::system::shared::{Exposure, Kind, Opening};

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_without_a_name_of_its_own_goes_with_its_handle_or_gets_one() {
    for linked in [false, true] {
        let scratch = tempfile::tempdir().unwrap();
        let folder = Folder(scratch.path().to_owned());
        let (mut file, unnamed) = folder.create_unnamed("out.csv".as_ref()).unwrap().unwrap();
        file.write_all(b"row\n").unwrap();
        if linked {
            folder.link(&file, &unnamed, "out.csv".as_ref()).unwrap();
            let again = folder.link(&file, &unnamed, "out.csv".as_ref());
            assert_eq!(again.unwrap_err().kind(), ErrorKind::AlreadyExists);
        }
        drop(file);
        let expected: &[&str] = if linked { &["out.csv"] } else { &[] };
        assert_eq!(names_in(scratch.path()), expected);
        if linked {
            assert_eq!(fs::read(scratch.path().join("out.csv")).unwrap(), b"row\n");
        }
    }
}

#[test]
fn who_may_read_is_what_the_list_says() {
    let ours = "S-1-5-21-1-2-3-1001";
    for (case, text, expected) in cases![
        "own", "O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)", Exposure::None;
        "an administrator's", "O:BAG:SYD:PAI(A;;FA;;;BA)(A;;FA;;;OW)", Exposure::None;
        "inherited", "O:S-1-5-21-1-2-3-1001D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)", Exposure::None;
        "a denial", "O:BAD:(D;;FA;;;WD)(A;;FA;;;BA)", Exposure::None;
        "nobody", "O:BAD:P", Exposure::None;
        "everybody", "O:BAD:(A;;FA;;;BA)(A;;FR;;;WD)", Exposure::Others(None);
        "users", "O:BAD:AI(A;ID;0x1200a9;;;BU)", Exposure::Others(None);
        "another user", "O:BAD:(A;;FR;;;S-1-5-21-1-2-3-1002)", Exposure::Others(None);
        "no list", "O:BA", Exposure::Others(None);
        "a list that is none", "O:BAD:NO_ACCESS_CONTROL", Exposure::Others(None);
        "a kind of entry not known", "O:BAD:(XA;;FA;;;BA;(1))", Exposure::Others(None);
        "another's file", "O:S-1-5-21-1-2-3-1002D:(A;;FA;;;BA)", Exposure::Foreign;
        "nothing", "", Exposure::Foreign;
    ] {
        assert_eq!(exposure_of(text, ours), expected, "{case}");
    }
}

#[test]
fn a_file_is_made_for_its_owner_only() {
    let scratch = tempfile::tempdir().unwrap();
    let place = Place::of(&scratch.path().join("role.key")).unwrap();
    let file = place.open(Opening::New).unwrap();
    restrict(&file).unwrap();
    assert_eq!(exposure(&file).unwrap(), Exposure::None);
    drop(file);
    let again = File::open(scratch.path().join("role.key")).unwrap();
    assert_eq!(exposure(&again).unwrap(), Exposure::None);
}

#[test]
fn paths_lead_to_files_devices_and_folders() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("file"), "x").unwrap();
    for (name, kind) in [
        ("file", Some(Kind::File)),
        ("folder", Some(Kind::Folder)),
        ("new", None),
        ("folder\\..\\file", Some(Kind::File)),
        ("NUL", Some(Kind::Device)),
        ("nul.csv", Some(Kind::Device)),
        ("com1", Some(Kind::Device)),
        ("com", None),
        ("com10", None),
        ("nullary.csv", None),
    ] {
        assert_eq!(Place::of(&at(name)).unwrap().kind(), kind, "{name}");
    }
    for (name, why) in [
        ("none\\new", "does not exist"),
        ("folder\\", "names a folder"),
        ("folder/", "names a folder"),
        ("folder\\..", "names a folder"),
        ("file:stream", "colon"),
    ] {
        let error = Place::of(&at(name)).err().expect(name).to_string();
        assert!(error.contains(why), "{name}: {error}");
    }
}
