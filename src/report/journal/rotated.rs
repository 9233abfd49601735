//! Journals that were rotated: the file before this one, by its name, plain or compressed. A new file goes on
//! with the chain of the one before, so that a file taken away from between shows.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::LONGEST;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// The lines of a journal, unpacked if its first bytes say that it is compressed.
pub(super) fn unpacked(file: File) -> io::Result<Box<dyn BufRead>> {
    let mut packed = BufReader::new(file);
    let start = packed.fill_buf()?;
    Ok(if start.starts_with(GZIP) {
        Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(packed)))
    } else if start.starts_with(ZSTD) {
        let unpacked = zstd::stream::read::Decoder::with_buffer(packed)?;
        Box::new(BufReader::new(unpacked))
    } else {
        Box::new(packed)
    })
}

/// The journals that were rotated beside this one, the latest first: `NAME.1`, `NAME.2` and so on, then those with
/// a date, `NAME-20260131`; each may be compressed.
pub(super) fn before(path: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let Some(name) = path.file_name().and_then(OsStr::to_str) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let other = entry.file_name();
        let mark = other.to_str().and_then(|other| other.strip_prefix(name));
        let Some(age) = mark.map(uncompressed).and_then(Age::of_mark) else {
            continue;
        };
        // A pipe of such a name would make every run wait.
        let path = entry.path();
        if std::fs::metadata(&path).is_ok_and(|found| found.is_file()) {
            found.push((age, path));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// What the end of a name says of when the file was rotated; the least is the latest.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    /// So many rotations ago.
    Rotations(u32),
    /// On a day, perhaps at a time.
    Date(Reverse<String>),
}

impl Age {
    fn of_mark(mark: &str) -> Option<Self> {
        if let Some(number) = mark.strip_prefix('.') {
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
            let number = number.parse().ok().filter(|_| is_number);
            return number.map(Self::Rotations);
        }
        let date = mark.strip_prefix('-')?;
        let digits = |c: char| c.is_ascii_digit() || c == '-';
        let is_date = date.len() >= 8 && date.chars().all(digits);
        is_date.then(|| Self::Date(Reverse(date.to_owned())))
    }
}

/// A name without the end that a compressed file has.
fn uncompressed(name: &str) -> &str {
    let ends = [".gz", ".zst"].iter();
    let mut plain = ends.filter_map(|end| name.strip_suffix(end));
    plain.next().unwrap_or(name)
}

/// The last line of a journal that is no longer written to, with its line end.
pub(super) fn last_line(path: &Path) -> io::Result<Vec<u8>> {
    let mut lines = unpacked(File::open(path)?)?;
    let (mut last, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        if lines.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(last);
        }
        std::mem::swap(&mut last, &mut line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_no_journal() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("j.1");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        std::fs::create_dir(folder.path().join("j.2")).unwrap();
        std::fs::write(folder.path().join("j.3"), "").unwrap();
        let found = before(&folder.path().join("j")).unwrap();
        assert_eq!(found, [folder.path().join("j.3")]);
    }

    #[test]
    fn the_files_before_are_found_by_their_names() {
        type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);
        let cases: [Case<'_>; 8] = [
            ("alone", &["j"], &[]),
            (
                "numbered",
                &["j", "j.10", "j.2", "j.1"],
                &["j.1", "j.2", "j.10"],
            ),
            ("packed", &["j.1.gz", "j.2.gz"], &["j.1.gz", "j.2.gz"]),
            ("zstd", &["j.1.zst"], &["j.1.zst"]),
            (
                "dated",
                &["j-20260131", "j-20260228.gz"],
                &["j-20260228.gz", "j-20260131"],
            ),
            ("a copy", &["j-copy", "j.bak", "j.", "j.+1"], &[]),
            ("another", &["other.1", "jj.1"], &[]),
            ("both", &["j-20260131", "j.1"], &["j.1", "j-20260131"]),
        ];
        for (case, names, expected) in cases {
            let folder = tempfile::tempdir().unwrap();
            for name in names {
                std::fs::write(folder.path().join(name), "").unwrap();
            }
            let found = before(&folder.path().join("j")).unwrap();
            let expected: Vec<PathBuf> = expected
                .iter()
                .map(|name| folder.path().join(name))
                .collect();
            assert_eq!(found, expected, "{case}");
        }
    }
}
