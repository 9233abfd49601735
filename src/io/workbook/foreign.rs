//! What a file is that is no text: workbooks, which are read, and everything else, which is refused by
//! its name.

use super::container::Container;
use super::error::WorkbookError;
use super::parts;
use crate::base::lang::Fixed;

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

/// What is no table of rows that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", text!("it is {what}\n  what to do: {advice}", what = self.what(), advice = self.advice()))]
pub enum Foreign {
    /// An encrypted workbook or document.
    Encrypted,
    /// A workbook of Excel 97 to 2003.
    Xls,
    /// A binary workbook.
    Xlsb,
    /// A sheet of LibreOffice.
    Ods,
    /// Another document of an office program.
    Document,
    /// An archive of files.
    Archive(Fixed),
    Pdf,
    Json,
    /// HTML or XML.
    Markup,
    /// A table of another program.
    Data(Fixed),
}

impl Foreign {
    fn what(self) -> Fixed {
        match self {
            Self::Encrypted => {
                fixed!("an encrypted workbook or document, which opens with a password only")
            }
            Self::Xls => fixed!("a workbook of Excel 97 to 2003 (.xls)"),
            Self::Xlsb => fixed!("a binary workbook (.xlsb)"),
            Self::Ods => fixed!("an OpenDocument sheet (.ods)"),
            Self::Document => fixed!("a document of an office program, not a workbook"),
            Self::Archive(kind) => kind,
            Self::Pdf => fixed!("a PDF document"),
            Self::Json => fixed!("JSON, not a table of rows"),
            Self::Markup => fixed!("HTML or XML, whatever its name says"),
            Self::Data(kind) => kind,
        }
    }

    fn advice(self) -> Fixed {
        match self {
            Self::Encrypted => fixed!(
                "open it in the program that made it, and save it without a password as .xlsx or CSV"
            ),
            Self::Xls | Self::Xlsb | Self::Ods | Self::Markup => {
                fixed!("open it in a spreadsheet, and save it as .xlsx or as CSV")
            }
            Self::Document | Self::Pdf => {
                fixed!("export the rows from where they come from, as CSV or .xlsx")
            }
            Self::Archive(_) => fixed!("unpack it, and run on the file in it"),
            Self::Json | Self::Data(_) => fixed!("export the rows as CSV or .xlsx"),
        }
    }

    /// Whether it might after all be a text with such a beginning.
    pub(crate) fn may_be_text(self) -> bool {
        matches!(self, Self::Json | Self::Markup)
    }
}

coded! {
    Foreign []
    Self::Encrypted => 3, "file_encrypted", "the input is an encrypted workbook or document";
    Self::Xls => 3, "file_xls", "the input is a workbook of Excel 97 to 2003";
    Self::Xlsb => 3, "file_xlsb", "the input is a binary workbook";
    Self::Ods => 3, "file_ods", "the input is an OpenDocument sheet";
    Self::Document => 3, "file_document", "the input is a document of an office program";
    Self::Archive(_) => 3, "file_archive", "the input is an archive";
    Self::Pdf => 3, "file_pdf", "the input is a PDF";
    Self::Json => 3, "file_json", "the input is JSON";
    Self::Markup => 3, "file_markup", "the input is HTML or XML";
    Self::Data(_) => 3, "file_data", "the input is a table of another program";
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
