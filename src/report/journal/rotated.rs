//! Journals that were rotated: the file before this one, by its name, plain or compressed. A new file goes on
//! with the chain of the one before, so that a file taken away from between shows.

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

/// The journal that was rotated last beside this one: `NAME.1`, or of those with a date, `NAME-20260131`, the
/// latest; either may be compressed.
pub(super) fn before(path: &Path) -> io::Result<Option<PathBuf>> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let Some(name) = path.file_name().and_then(OsStr::to_str) else {
        return Ok(None);
    };
    let mut latest: Option<(String, PathBuf)> = None;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Some(other) = entry.file_name().to_str().map(ToOwned::to_owned) else {
            continue;
        };
        let Some(mark) = other.strip_prefix(name).map(uncompressed) else {
            continue;
        };
        let date = mark.strip_prefix('-').filter(|date| is_date(date));
        let rank = match (mark, date) {
            // Behind every date.
            (".1", _) => "~".to_owned(),
            (_, Some(date)) => date.to_owned(),
            _ => continue,
        };
        if latest.as_ref().is_none_or(|(known, _)| *known < rank) {
            latest = Some((rank, entry.path()));
        }
    }
    Ok(latest.map(|(_, path)| path))
}

/// A name without the end that a compressed file has.
fn uncompressed(name: &str) -> &str {
    let ends = [".gz", ".zst"].iter();
    let mut plain = ends.filter_map(|end| name.strip_suffix(end));
    plain.next().unwrap_or(name)
}

/// Eight digits, or with a time behind them.
fn is_date(text: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit() || c == '-';
    text.len() >= 8 && text.chars().all(digits)
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
    fn the_file_before_is_found_by_its_name() {
        type Case<'a> = (&'a str, &'a [&'a str], Option<&'a str>);
        let cases: [Case<'_>; 8] = [
            ("alone", &["j"], None),
            ("numbered", &["j", "j.1", "j.2"], Some("j.1")),
            ("packed", &["j.1.gz", "j.2.gz"], Some("j.1.gz")),
            ("zstd", &["j.1.zst"], Some("j.1.zst")),
            (
                "dated",
                &["j-20260131", "j-20260228.gz"],
                Some("j-20260228.gz"),
            ),
            ("a copy", &["j-copy", "j.bak", "j.10"], None),
            ("another", &["other.1", "jj.1"], None),
            ("both", &["j-20260131", "j.1"], Some("j.1")),
        ];
        for (case, names, expected) in cases {
            let folder = tempfile::tempdir().unwrap();
            for name in names {
                std::fs::write(folder.path().join(name), "").unwrap();
            }
            let found = before(&folder.path().join("j")).unwrap();
            let expected = expected.map(|name| folder.path().join(name));
            assert_eq!(found, expected, "{case}");
        }
    }
}
