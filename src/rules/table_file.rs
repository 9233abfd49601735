//! Small CSV files beside a rule table, which say what becomes of values: hierarchies, codes.

use std::path::{Path, PathBuf};

use crate::base::sha256;
use crate::io::csv;
use crate::io::csv::Options;
use crate::io::small_file::{self, Pipes};

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// A row: its cells, in UTF-8.
pub(super) type Row = Vec<Vec<u8>>;

/// A file that a rule table names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    pub path: PathBuf,
    /// As the table names it.
    pub named: PathBuf,
    /// The SHA-256 of its content, in hexadecimal; nothing for a vault, whose content is the run's.
    pub sha256: Option<String>,
}

/// Reads a file without a header that a rule table in `folder` names: `;` between the cells, or `,` or
/// a tab if the first line has no `;`.
///
/// # Errors
/// What is wrong with it, as the end of a sentence; no value of the file is in it.
pub(super) fn read(folder: &Path, named: &Path) -> Result<(Vec<Row>, NamedFile), String> {
    let path = folder.join(named);
    let text = small_file::read(&path, MAX_BYTES, Pipes::Refused);
    let text = text.map_err(|error| error.to_string())?;
    if text.trim_ascii().is_empty() {
        return Err(fixed!("it is empty").to_string());
    }
    let file = NamedFile {
        path,
        named: named.to_owned(),
        sha256: Some(sha256::of(&text)),
    };
    Ok((rows(&text)?, file))
}

/// The rows of a file with this content; all have as many cells as the first.
///
/// # Errors
/// As for [`read`].
pub(super) fn rows(text: &[u8]) -> Result<Vec<Row>, String> {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = *[b';', b'\t', b',']
        .iter()
        .find(|byte| first.contains(byte))
        .unwrap_or(&b';');
    let options = Options {
        delimiter: Some(delimiter),
        // No more memory than the file needs.
        batch: text.len().clamp(1 << 12, 1 << 20),
        ..Options::default()
    };
    let rows = csv::read_all(text, options).map_err(|error| error.to_string())?;
    let width = rows.first().map_or(0, Vec::len);
    let mut numbered = (1..).zip(&rows);
    match numbered.find(|(_, row)| row.len() != width) {
        None => Ok(rows),
        Some((number, row)) => Err(plural!(
            row.len(),
            "row {number} has {n} field, the first one {width}",
            "row {number} has {n} fields, the first one {width}",
            number,
            width
        )),
    }
}
