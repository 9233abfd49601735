//! A file that changes while it is read is refused, whatever changed.

use std::fs::{self, File};
use std::path::PathBuf;

use super::*;
use crate::io::system::trial::write_at;

fn rows(count: usize) -> Vec<u8> {
    (0..count)
        .flat_map(|n| format!("{n:07};{:07}\n", n * 3).into_bytes())
        .collect()
}

fn read(input: &Input) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut content = input.decompressed(Compression::Auto).unwrap();
    content.read_to_end(&mut bytes).unwrap();
    bytes
}

/// An edit of a file of 20 000 rows, and what is said of it.
type Edit = (&'static str, fn(&File), Option<&'static str>);

const EDITS: [Edit; 7] = [
    ("nothing", |_| (), None),
    ("a byte", |file| write_at(file, b"9", 4), Some("changed")),
    (
        "the same byte",
        |file| write_at(file, b"0", 4),
        Some("changed"),
    ),
    ("a row less", |file| cut(file, 16), Some("bytes")),
    ("half of it", |file| cut(file, 160_000), Some("bytes")),
    ("emptied", |file| file.set_len(0).unwrap(), Some("bytes")),
    (
        "a row more",
        |file| write_at(file, b"row;row\n", 320_000),
        Some("bytes"),
    ),
];

fn cut(file: &File, bytes: u64) {
    let length = file.metadata().unwrap().len();
    file.set_len(length - bytes).unwrap();
}

/// A file of rows, open for whoever edits it; long enough ago for its times to tell.
fn file_of_rows(folder: &tempfile::TempDir) -> (PathBuf, File) {
    let path = folder.path().join("in.csv");
    fs::write(&path, rows(20_000)).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    let file = File::options().read(true).write(true).open(&path).unwrap();
    (path, file)
}

#[test]
fn an_edit_while_the_file_is_read_once_shows_at_the_end() {
    for (case, edit, said) in EDITS {
        let folder = tempfile::tempdir().unwrap();
        let (path, file) = file_of_rows(&folder);
        let input = Input::open(&path, false).unwrap();
        let mut content = input.decompressed(Compression::Auto).unwrap();
        content.read_exact(&mut [0; 64]).unwrap();
        edit(&file);
        content.read_to_end(&mut Vec::new()).unwrap();
        let error = input.check_unchanged().err().map(|error| error.to_string());
        match (said, error) {
            (None, None) => {}
            (Some(said), Some(error)) => assert!(error.contains(said), "{case}: {error}"),
            (_, error) => panic!("{case}: {error:?}"),
        }
    }
}

#[test]
fn an_edit_between_two_passes_shows_before_the_second_or_at_its_end() {
    for (case, edit, said) in EDITS {
        for before in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let (path, file) = file_of_rows(&folder);
            let mut input = Input::open(&path, true).unwrap();
            input.keep_for_second_pass().unwrap();
            let first = read(&input);
            if before {
                edit(&file);
            }
            let again = input.again();
            assert_eq!(again.is_err(), before && said.is_some(), "{case}");
            if again.is_err() {
                continue;
            }
            if !before {
                edit(&file);
            }
            let second = read(&input);
            assert_eq!(input.check_unchanged().is_ok(), said.is_none(), "{case}");
            assert!(said.is_some() || first == second, "{case}");
        }
    }
}

#[test]
fn bytes_are_compared_where_times_tell_nothing() {
    for (case, edit, said) in EDITS {
        let folder = tempfile::tempdir().unwrap();
        let (path, file) = file_of_rows(&folder);
        let mut input = Input::open(&path, true).unwrap();
        input.keep_for_second_pass().unwrap();
        read(&input);
        input.again().unwrap();
        edit(&file);
        // As if the edit had come within one tick of the clock, or through a memory map.
        input.facts = Facts::of(&file).unwrap();
        read(&input);
        let changed = !["nothing", "the same byte"].contains(&case);
        assert_eq!(input.check_unchanged().is_err(), changed, "{case}");
        assert_eq!(said.is_some(), changed || case == "the same byte");
        assert_eq!(input.again().is_err(), changed, "{case}");
    }
}

#[test]
fn passes_over_an_unchanged_file_agree_compressed_or_not() {
    let plain = rows(20_000);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    io::Write::write_all(&mut gzip, &plain).unwrap();
    let zstd = zstd::encode_all(plain.as_slice(), 1).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in");
    for packed in [plain.clone(), gzip.finish().unwrap(), zstd, Vec::new()] {
        fs::write(&path, &packed).unwrap();
        let mut input = Input::open(&path, true).unwrap();
        input.keep_for_second_pass().unwrap();
        for _ in 0..3 {
            let read = read(&input);
            assert!(read == plain || packed.is_empty());
            input.check_unchanged().unwrap();
            input.again().unwrap();
        }
        assert_eq!(input.bytes_of_first_pass(), packed.len() as u64);
    }
}

#[test]
#[cfg(unix)]
fn a_pipe_is_put_aside_and_read_as_often_as_needed() {
    use std::process::{Command, Stdio};
    let plain = rows(20_000);
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let mut writer = Command::new("cp")
        .args([Path::new("/dev/stdin"), &pipe])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = writer.stdin.take().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            io::Write::write_all(&mut stdin, &plain).unwrap();
            drop(stdin);
        });
        let mut input = Input::open(&pipe, true).unwrap();
        input.keep_for_second_pass().unwrap();
        let mut start = vec![0; 100];
        // What the first pass left is put aside as well.
        let mut text = input.decompressed(Compression::Auto).unwrap();
        text.read_exact(&mut start).unwrap();
        drop(text);
        input.again().unwrap();
        assert_eq!(input.size(), Some(plain.len() as u64));
        let sha256 = input.sha256();
        assert!(sha256.is_some() && plain.starts_with(&start));
        for _ in 0..2 {
            assert!(read(&input) == plain);
            assert_eq!(input.sha256(), sha256);
            input.again().unwrap();
        }
    });
    assert!(writer.wait().unwrap().success());
}
