//! `sql`, and `audit --sql`: queries that do in an engine what is done here.

use std::io;
use std::path::Path;

use super::files::write_text;
use super::{today, worthwhile};
use crate::base::name::Shown;
use crate::cli::arguments::{AuditArguments, SqlArguments};
use crate::cli::exit::Error;
use crate::cli::log;
use crate::engine::plain;
use crate::engine::plan::{DoesNotFit, Plan};
use crate::engine::source::{HEADER_OPTION, Reading, Source as Read};
use crate::io::csv::Options;
use crate::io::input::{Compression, Input};
use crate::io::small_file::{self, Pipes, SmallFileError};
use crate::rules::context::RunContext;
use crate::rules::sql::figures::Counted;
use crate::rules::sql::levels::Levels;
use crate::rules::sql::parts::missing_cell;
use crate::rules::sql::query::{Publish, Query};
use crate::rules::table::{Attribute, RuleTable};
use crate::sql::{AuditQuery, CsvFile, Dialect, Format, Made, Source, Target, name_parts};

/// What stands for a table where none is named.
const TABLE: &str = "base_client";

/// The longest list of columns, and the longest manifest, that is read, in bytes.
const LONGEST_LIST: u64 = 16 << 20;

/// Prints the rule table as a query.
pub(super) fn sql(arguments: &SqlArguments) -> anyhow::Result<()> {
    let table = RuleTable::load(&arguments.rules)?;
    let (source, columns) = source_of(arguments, &table)?;
    let target = target_of(arguments)?;
    let levels = match &arguments.k_levels {
        Some(path) => {
            let unreadable = |source| Error::Manifest {
                path: path.clone(),
                source,
            };
            let manifest = small_file::read(path, LONGEST_LIST, Pipes::Read).map_err(unreadable)?;
            Some(Levels::read(&manifest, &table)?)
        }
        None => None,
    };
    let counted = match arguments.aggregate {
        true => Some(Counted::new(&table)?),
        false => None,
    };
    let publish = match (&levels, &counted) {
        (Some(levels), _) => Publish::AtLevels(levels),
        (None, Some(counted)) => Publish::Figures(counted),
        (None, None) => Publish::Rows,
    };
    let query = Query {
        publish,
        table: &table,
        columns: &columns,
        source: &source,
        target: &target,
        on_invalid: arguments.on_invalid,
    };
    let text = query.in_dialect(arguments.dialect)?;
    let shown: Vec<Shown> = (1..)
        .zip(&columns)
        .map(|(at, name)| Shown::new(name, at))
        .collect();
    let context = RunContext {
        indexed: table.index.is_some(),
        ..RunContext::without_keys(today())?
    };
    // The plan of a main job knows what to refuse and to warn about.
    if arguments.csv.is_some() && arguments.columns.is_none() {
        DoesNotFit::check(&table, &columns, arguments.header)?;
    }
    let plan = Plan::new(&table, &columns, &shown, &context, false)?;
    for warning in plan.warnings {
        log::warn(&warning);
    }
    write_text(&arguments.output, Path::new(&arguments.rules), &text)
}

fn source_of(arguments: &SqlArguments, table: &RuleTable) -> anyhow::Result<(Source, Vec<String>)> {
    let named = match &arguments.columns {
        Some(columns) => Some(columns_named(columns)?),
        None => None,
    };
    let Some(path) = &arguments.csv else {
        let all = || {
            let names = table.columns.iter().map(|column| column.name.clone());
            names.collect()
        };
        let source = Source::Table(parts_of(&arguments.table)?);
        return Ok((source, named.unwrap_or_else(all)));
    };
    let (columns, delimiter) = match named {
        Some(columns) => (columns, arguments.delimiter.unwrap_or(b',')),
        None => {
            let options = Options {
                delimiter: arguments.delimiter,
                ..Options::default()
            };
            let reading = Reading {
                options,
                compression: Compression::Auto,
                sheet: None,
                trusts_header: arguments.header,
                header_option: HEADER_OPTION,
            };
            header_of(Path::new(path), reading, &|name| table.lists(name))?
        }
    };
    let path = path.clone();
    Ok((Source::Csv(CsvFile { path, delimiter }), columns))
}

/// The names of a list, or of a file with one on each line; those that hold a comma or a quote as CSV has them.
pub(super) fn columns_named(columns: &str) -> anyhow::Result<Vec<String>> {
    let path = Path::new(columns);
    let unreadable = |source| Error::ColumnList {
        path: path.to_owned(),
        source,
    };
    if !path.exists() || path.is_dir() {
        return Ok(names(columns.as_bytes(), b',').map_err(unreadable)?);
    }
    let bytes = small_file::read(path, LONGEST_LIST, Pipes::Read).map_err(unreadable)?;
    // A delimiter that no name holds: the whole line is one.
    Ok(names(&bytes, b'\0').map_err(unreadable)?)
}

/// The fields of all rows of a text, without those that are blank.
fn names(text: &[u8], delimiter: u8) -> Result<Vec<String>, SmallFileError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter)
        .from_reader(text);
    let mut names = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| match error.position() {
            Some(at) => io::Error::other(text!("line {line} is not UTF-8", line = at.line())),
            None => io::Error::other(fixed!("it is not UTF-8")),
        })?;
        if record.iter().any(|name| name.contains(['\n', '\r'])) {
            let line = record.position().map_or(0, csv::Position::line);
            let why = text!("the quote that line {line} opens is not closed on it", line);
            return Err(io::Error::other(why).into());
        }
        let named = record.iter().filter(|name| !name.is_empty());
        names.extend(named.map(str::to_owned));
    }
    Ok(names)
}

/// The header of a CSV file, and its delimiter.
fn header_of(
    path: &Path,
    reading: Reading<'_>,
    known: &dyn Fn(&str) -> bool,
) -> anyhow::Result<(Vec<String>, u8)> {
    if !path.is_file() {
        return Err(Error::UnknownColumns.into());
    }
    let mut input = Input::open(path, false)?;
    let mut source = Read::open(&mut input, reading, known)?;
    // What is read over here an engine takes for the header, for cells or for people.
    let threads = worthwhile(None, source.input());
    plain::check(&mut source, threads)?;
    let reader = source.reader();
    Ok((reader.header().to_vec(), reader.delimiter()))
}

fn target_of(arguments: &SqlArguments) -> anyhow::Result<Target> {
    if let Some(path) = &arguments.copy_to {
        let format = match path.ends_with(".parquet") {
            true => Format::Parquet,
            false => Format::Csv,
        };
        return Ok(Target::Copy(path.clone(), format));
    }
    match arguments.create.as_deref() {
        None => Ok(Target::Rows),
        Some([made, name]) => {
            let made = match made.as_str() {
                "view" => Made::View,
                "table" => Made::Table,
                _ => return Err(Error::NotMade.into()),
            };
            Ok(Target::Create(made, parts_of(name)?))
        }
        Some(_) => Err(Error::NotMade.into()),
    }
}

fn parts_of(name: &str) -> anyhow::Result<Vec<String>> {
    Ok(name_parts(name).ok_or_else(|| Error::NoTableName(Shown::new(name, 1)))?)
}

/// Prints the query that measures the classes of a table.
pub(super) fn audit(arguments: &AuditArguments, dialect: &dyn Dialect) -> anyhow::Result<()> {
    let table = RuleTable::load(&arguments.columns.rules)?;
    let source = match (&arguments.input, &arguments.sql.table) {
        (Some(path), _) => {
            let known = |name: &str| super::choice::is_known(&arguments.columns, &table, name);
            let (_, delimiter) = header_of(path, super::reading(&arguments.reading), &known)?;
            let path = path.display().to_string();
            Source::Csv(CsvFile { path, delimiter })
        }
        (None, name) => Source::Table(parts_of(name.as_deref().unwrap_or(TABLE))?),
    };
    let listed = |named: &[String], attribute| -> Vec<String> {
        if !named.is_empty() {
            return named.to_vec();
        }
        let columns = table.columns.iter();
        let columns =
            columns.filter(|column| column.rule.leaves() && column.attribute == Some(attribute));
        let ignored = |name: &str| {
            arguments
                .columns
                .ignore
                .iter()
                .any(|ignored| ignored == name)
        };
        let columns = columns.filter(|column| !ignored(&column.output));
        columns.map(|column| column.output.clone()).collect()
    };
    let quasi = listed(&arguments.columns.quasi, Attribute::QuasiIdentifying);
    if quasi.is_empty() {
        return Err(Error::NothingToMeasure(fixed!("quasi-identifying")).into());
    }
    let missing = missing_cell(&table)?;
    let query = AuditQuery {
        source: &source,
        quasi: &quasi,
        // Only those that are named: a column of the rule table may be lacking.
        sensitive: &arguments.columns.sensitive,
        person: &arguments.columns.person,
        missing: missing.as_ref(),
    };
    super::print(query.in_dialect(dialect)?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_csv_has_them() {
        for (case, text, delimiter, expected) in [
            ("a list", "a, b ,,c", b',', Ok(&["a", "b", "c"][..])),
            ("a comma", "a,\"b, c\"", b',', Ok(&["a", "b, c"])),
            ("a quote", "\"a \"\"b\"\"\",c", b',', Ok(&["a \"b\"", "c"])),
            ("a quote inside", "12\" x,c", b',', Ok(&["12\" x", "c"])),
            (
                "lines",
                "\u{feff}a\r\n\r\nb, c\n",
                b'\0',
                Ok(&["a", "b, c"]),
            ),
            ("a quoted line", "\"a, b\"\nc", b'\0', Ok(&["a, b", "c"])),
            ("nothing", "\n", b'\0', Ok(&[])),
            ("an open quote", "a\n\"b\nc\n", b'\0', Err("line 2")),
            ("a broken name", "\"b\nc\"\n", b'\0', Err("line 1")),
        ] {
            match (names(text.as_bytes(), delimiter), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{case}"),
                (Err(error), Err(part)) => {
                    assert!(error.to_string().contains(part), "{case}: {error}");
                }
                (found, _) => panic!("{case}: {found:?}"),
            }
        }
        let error = names(b"a\n\xff\n", b'\0').unwrap_err().to_string();
        assert!(error.contains("line 2 is not UTF-8"), "{error}");
    }
}
