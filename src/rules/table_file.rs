//! Small CSV files beside a rule table, which say what becomes of values: hierarchies, codes.

use std::path::Path;

use crate::io::csv;
use crate::io::csv::Options;

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// A row: its cells, in UTF-8.
pub(super) type Row = Vec<Vec<u8>>;

/// Reads a file without a header: `;` between the cells, or `,` or a tab if the first line has no
/// `;`.
///
/// # Errors
/// What is wrong with it, as the end of a sentence; no value of the file is in it.
pub(super) fn read(path: &Path) -> Result<Vec<Row>, String> {
    let size = std::fs::metadata(path)
        .map_err(|error| error.to_string())?
        .len();
    if size > MAX_BYTES {
        return Err(format!("it has more than {MAX_BYTES} bytes"));
    }
    let text = std::fs::read(path).map_err(|error| error.to_string())?;
    rows(&text)
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
        ..Options::default()
    };
    let rows = csv::read_all(text, options).map_err(|error| error.to_string())?;
    let width = rows.first().map_or(0, Vec::len);
    let mut numbered = (1..).zip(&rows);
    match numbered.find(|(_, row)| row.len() != width) {
        None => Ok(rows),
        Some((number, row)) => Err(format!(
            "row {number} has {} fields, the first one {width}",
            row.len()
        )),
    }
}
