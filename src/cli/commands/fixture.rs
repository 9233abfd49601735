//! `fixture`: invented rows for a rule table, to try it with.

use std::path::Path;

use super::files::write_text;
use super::today;
use crate::base::random::Randomness;
use crate::cli::arguments::FixtureArguments;
use crate::io::format::OutputFormat;
use crate::rules::context::RunContext;
use crate::rules::invented::Invented;
use crate::rules::table::RuleTable;

/// Writes invented rows.
pub(super) fn fixture(arguments: &FixtureArguments) -> anyhow::Result<()> {
    let table = RuleTable::load(&arguments.rules)?;
    let randomness = match arguments.seed {
        Some(seed) => Randomness::from_seed(seed),
        None => Randomness::from_system()?,
    };
    let mut dice = randomness.stream("fixture");
    let run = RunContext {
        indexed: true,
        ..RunContext::without_keys(today())?
    };
    let columns = Invented::columns(&table, &run, &mut dice)?;
    let mut text = Vec::new();
    write_row(columns.iter().map(|column| column.name.as_str()), &mut text);
    for _ in 0..arguments.rows {
        write_row(
            columns.iter().map(|column| column.cell(&mut dice)),
            &mut text,
        );
    }
    let text = String::from_utf8_lossy(&text);
    write_text(&arguments.output, Path::new(&arguments.rules), &text)
}

/// Appends a row of CSV.
fn write_row<'a>(cells: impl Iterator<Item = &'a str>, text: &mut Vec<u8>) {
    let format = OutputFormat {
        delimiter: b',',
        crlf: false,
        mark: false,
    };
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(format.delimiter);
        }
        let start = text.len();
        text.extend_from_slice(cell.as_bytes());
        format.quote_from(start, text);
    }
    text.extend_from_slice(format.line_end());
}
