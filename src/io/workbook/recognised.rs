//! What a file is that is no text: workbooks, which are read, and everything else, which is refused by
//! its name.

use super::container::Container;
use super::error::WorkbookError;
use super::foreign::Foreign;
use super::parts;

/// What an input is, if it is no plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recognised {
    /// A zip archive: a workbook, or something else.
    Archive,
    /// A file of older office programs, or an encrypted new one.
    Compound,
    /// Something that is refused.
    Foreign(Foreign),
}

/// What begins with these bytes, if it is known and no plain text.
pub(crate) fn of_start(start: &[u8]) -> Option<Recognised> {
    const MAGIC: &[(&[u8], Recognised)] = &[
        (b"PK\x03\x04", Recognised::Archive),
        (b"PK\x05\x06", Recognised::Archive),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Recognised::Compound),
        (b"%PDF-", Recognised::Foreign(Foreign::Pdf)),
        (
            b"7z\xBC\xAF\x27\x1C",
            Recognised::Foreign(Foreign::Archive(fixed!("a 7z archive"))),
        ),
        (
            b"Rar!\x1A\x07",
            Recognised::Foreign(Foreign::Archive(fixed!("a RAR archive"))),
        ),
        (
            b"\xFD7zXZ\0",
            Recognised::Foreign(Foreign::Archive(fixed!("compressed with xz"))),
        ),
        (
            b"BZh91AY&SY",
            Recognised::Foreign(Foreign::Archive(fixed!("compressed with bzip2"))),
        ),
        (
            b"PAR1",
            Recognised::Foreign(Foreign::Data(fixed!("a Parquet file"))),
        ),
        (
            b"SQLite format 3\0",
            Recognised::Foreign(Foreign::Data(fixed!("an SQLite database"))),
        ),
        (
            b"Obj\x01avro",
            Recognised::Foreign(Foreign::Data(fixed!("an Avro file"))),
        ),
    ];
    let known = MAGIC.iter().find(|(magic, _)| start.starts_with(magic));
    if let Some((_, recognised)) = known {
        return Some(*recognised);
    }
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let text = start.trim_ascii_start();
    match (is_json(text), is_markup(text)) {
        (true, _) => Some(Recognised::Foreign(Foreign::Json)),
        (_, true) => Some(Recognised::Foreign(Foreign::Markup)),
        _ => None,
    }
}

/// Whether a text begins as JSON does, and not as the header of a table of which a name begins with a
/// bracket: with an object whose first key has a colon behind it, or with a list of objects.
fn is_json(text: &[u8]) -> bool {
    let object = match text {
        [b'[', rest @ ..] => rest.trim_ascii_start(),
        text => text,
    };
    let Some(key) = object.strip_prefix(b"{").map(<[u8]>::trim_ascii_start) else {
        return false;
    };
    let in_list = text.starts_with(b"[");
    match key {
        // What was read ends here.
        [] => in_list,
        [b'}', ..] => in_list,
        [b'"', key @ ..] => {
            let mut bytes = key.iter().enumerate();
            let mut escaped = false;
            let end = bytes.find(|(_, byte)| {
                let ends = **byte == b'"' && !escaped;
                escaped = **byte == b'\\' && !escaped;
                ends
            });
            let behind = end.and_then(|(end, _)| key.get(end + 1..));
            let behind = behind.map(<[u8]>::trim_ascii_start);
            behind.is_none_or(|behind| behind.is_empty() || behind.starts_with(b":"))
        }
        _ => false,
    }
}

/// Whether a text begins as HTML or XML does, and not as a table whose first name is `<table>`: then
/// a delimiter follows.
fn is_markup(text: &[u8]) -> bool {
    const DECLARATIONS: [&[u8]; 2] = [b"<?xml", b"<!doctype"];
    const TAGS: [&[u8]; 4] = [b"<html", b"<table", b"<meta", b"<head"];
    let begins = |with: &&[u8]| {
        let start = text.get(..with.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    let Some(tag) = TAGS.iter().find(|tag| begins(tag)) else {
        return DECLARATIONS.iter().any(begins);
    };
    let behind = text.get(tag.len()..).unwrap_or_default();
    let line = behind.split(|byte| *byte == b'\n').next();
    let mut ends = line.unwrap_or_default().windows(2);
    let is_name = ends.any(|pair| matches!(pair, [b'>', b';' | b',' | b'\t' | b'|']));
    !is_name
        && matches!(
            behind,
            [] | [b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n', ..]
        )
}

/// What a zip archive is, if it is no workbook that is read.
pub(super) fn in_archive(container: &mut Container) -> Result<Option<Foreign>, WorkbookError> {
    let workbook = parts::workbook(container)?;
    let is_there = container.has(&workbook);
    let begins = |folder: &str| container.names().any(|name| name.starts_with(folder));
    Ok(match () {
        () if is_there && workbook.ends_with(".bin") => Some(Foreign::Xlsb),
        () if is_there && (begins("word/") || begins("ppt/")) => Some(Foreign::Document),
        () if is_there => None,
        () if container.has("content.xml") && container.has("mimetype") => Some(Foreign::Ods),
        () => Some(Foreign::Archive(fixed!("a zip archive, and no workbook"))),
    })
}

/// What a file of older office programs is, by the names in it.
pub(crate) fn in_compound(bytes: &[u8]) -> Foreign {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &name).is_some()
    };
    match () {
        () if has("EncryptedPackage") => Foreign::Encrypted,
        () if has("Workbook") || has("Book") => Foreign::Xls,
        () => Foreign::Document,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_texts_are_known_by_their_beginning() {
        let foreign = |foreign| Some(Recognised::Foreign(foreign));
        for (start, expected) in [
            (&b"PK\x03\x04\x14\0"[..], Some(Recognised::Archive)),
            (
                b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
                Some(Recognised::Compound),
            ),
            (b"%PDF-1.7\n", foreign(Foreign::Pdf)),
            (b"{\"nom\": 1}", foreign(Foreign::Json)),
            (b"\xEF\xBB\xBF[\n  {\n", foreign(Foreign::Json)),
            (b"<?xml version=\"1.0\"?>", foreign(Foreign::Markup)),
            (b"\r\n<HTML xmlns", foreign(Foreign::Markup)),
            (b"<!DOCTYPE html>", foreign(Foreign::Markup)),
            (
                b"PAR1\x15",
                foreign(Foreign::Data(fixed!("a Parquet file"))),
            ),
            (b"nom;sexe\n", None),
            (b"[id],[nom]\n", None),
            (b"{id},nom\n", None),
            (b"PK,nom\n", None),
            (b"<nom>;sexe\n", None),
            (b"<table>;<nom>\n", None),
            (b"<header_id>;nom\n", None),
            (b"<table border=1>\n", foreign(Foreign::Markup)),
            (b"<html>", foreign(Foreign::Markup)),
            (b"{\"nom\"},{\"sexe\"}\n", None),
            (b"{\"nom\";sexe\n", None),
            (b"[{nom}],[{sexe}]\n", None),
            (b"[{\"nom\": 1}]", foreign(Foreign::Json)),
            (b"{ \"a\\\"b\" : 1}", foreign(Foreign::Json)),
            (b"", None),
        ] {
            assert_eq!(of_start(start), expected, "{start:?}");
        }
    }

    #[test]
    fn older_files_are_told_apart_by_the_names_in_them() {
        let utf16 =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        for (name, expected) in [
            ("EncryptedPackage", Foreign::Encrypted),
            ("Workbook", Foreign::Xls),
            ("WordDocument", Foreign::Document),
        ] {
            let bytes = [&b"\xD0\xCF\x11\xE0"[..], &utf16(name)].concat();
            assert_eq!(in_compound(&bytes), expected, "{name}");
        }
    }
}
