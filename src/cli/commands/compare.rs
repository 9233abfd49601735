//! `compare`: what releases of one source tell together.

mod common;

use std::path::{Path, PathBuf};

use common::Common;

use super::choice::{self, Choice};
use super::files::write_report;
use super::progress::watched;
use super::{print, print_text, reading, tell_nobody, tell_quirks, threads};
use crate::base::lang::Language;
use crate::cli::arguments::{AuditFormat, CompareArguments};
use crate::cli::exit::Error;
use crate::engine::error::Error as EngineError;
use crate::engine::plan::Plan;
use crate::engine::releases::Reading;
use crate::engine::source::Source;
use crate::io::input::Input;
use crate::privacy;
use crate::privacy::compare::{Comparison, ComparisonGate, Release};
use crate::report;
use crate::report::{Aftermath, Bytes, Compared, InvalidData, Judged, Pair};
use crate::rules::table::RuleTable;

/// A release whose header was read and whose columns are judged.
struct Opened<'a> {
    source: Source<'a>,
    columns: Vec<Judged>,
    /// The columns that say whose rows are whose.
    person: Vec<usize>,
}

/// Compares releases, prints the figures and holds them against the thresholds.
pub(super) fn compare(arguments: &CompareArguments) -> anyhow::Result<()> {
    let table = RuleTable::load(&arguments.columns.rules)?;
    let paths: Vec<&PathBuf> = [&arguments.old].into_iter().chain(&arguments.new).collect();
    if paths.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(Error::OneStandardInput.into());
    }
    let mut inputs = open(arguments, &paths)?;
    let choice = Choice {
        columns: &arguments.columns,
        table: &table,
        reading: &arguments.reading,
        shows_progress: arguments.format == AuditFormat::Text && arguments.log.shows_progress(),
    };
    let opened = inputs
        .iter_mut()
        .map(|input| judge(arguments, choice, input));
    let mut opened: Vec<Opened<'_>> = opened.collect::<anyhow::Result<_>>()?;
    let common = Common::new(&opened)?;
    let releases = opened
        .iter_mut()
        .map(|opened| read(choice, &common, opened));
    let releases: Vec<Release> = releases.collect::<anyhow::Result<_>>()?;
    let files: Vec<Bytes> = paths
        .iter()
        .zip(&opened)
        .map(|(path, opened)| file(path, opened))
        .collect();
    let most = opened
        .iter()
        .map(|opened| threads(&arguments.reading, opened.source.input()))
        .max();
    let gate = ComparisonGate {
        max_linked: arguments.gate.max_linked,
        min_candidates: arguments.gate.min_candidates,
    };
    let pairs = pairs(&releases, &common, gate, most.unwrap_or(1));
    let compared = Compared {
        files: &files,
        columns: common.told(),
        left_out: common.left_out(),
        persons: common.knows_persons(),
        table: &table.name,
        table_sha256: &table.sha256,
        pairs: &pairs,
    };
    tell(arguments, &opened, &compared)
}

/// Opens all files.
fn open(arguments: &CompareArguments, paths: &[&PathBuf]) -> anyhow::Result<Vec<Input>> {
    let opened = paths.iter().map(|path| {
        let mut input = Input::open(path, arguments.report.report.is_some())?;
        if arguments.columns.quasi.is_empty() {
            // Columns that nobody has judged are judged by their contents first.
            input.keep_for_second_pass()?;
        }
        Ok(input)
    });
    opened.collect()
}

/// Begins to read a file, and judges its columns.
fn judge<'a>(
    arguments: &'a CompareArguments,
    choice: Choice<'a>,
    input: &'a mut Input,
) -> anyhow::Result<Opened<'a>> {
    let known = move |name: &str| choice::is_known(choice.columns, choice.table, name);
    let mut source = Source::open(input, reading(&arguments.reading), known)?;
    let columns = choice.judge(&mut source)?;
    let person = choice.person(source.reader().header())?;
    Ok(Opened {
        source,
        columns,
        person,
    })
}

/// Reads the rows of a file.
fn read(choice: Choice<'_>, common: &Common, opened: &mut Opened<'_>) -> anyhow::Result<Release> {
    let source = &mut opened.source;
    let (names, header) = (
        source.reader().header(),
        source.reader().shown_header().to_vec(),
    );
    let attributes = common.attributes(names);
    let plan = Plan::to_measure(choice.table, names, &header, &attributes);
    common.note_ladders(&plan);
    let columns = common.steps(&plan, names);
    let person = match common.knows_persons() {
        true => opened.person.as_slice(),
        false => &[],
    };
    let reading = Reading {
        plan: &plan,
        header: &header,
        columns: &columns,
        person,
        index: common.index(&opened.columns),
        threads: threads(choice.reading, source.input()),
    };
    let read = watched(source, choice.shows_progress, |reader, show| {
        reading.read::<EngineError>(reader, show)
    });
    let (release, tally) = read?;
    let (reader, input) = source.parts();
    tell_quirks(reader);
    tell_nobody(tally.nobody);
    if tally.has_invalid() {
        let data = InvalidData::new(&plan, &tally, None, Aftermath::NothingToWrite);
        return Err(Error::Invalid(Box::new(data)).into());
    }
    input.check_unchanged()?;
    if release.rows() as u64 != tally.written {
        return Err(EngineError::Internal.into());
    }
    // Numbers of rows have 32 bits, and the last ones mean something else.
    match u32::try_from(release.rows()).is_ok_and(|rows| rows < u32::MAX - 1) {
        true => Ok(release),
        false => Err(privacy::error::Error::TooManyRows.into()),
    }
}

fn file(path: &Path, opened: &Opened<'_>) -> Bytes {
    let input = opened.source.input();
    Bytes {
        path: path.display().to_string(),
        bytes: input.bytes_read(),
        sha256: input.sha256(),
    }
}

/// Compares each release with all before it.
fn pairs(releases: &[Release], common: &Common, gate: ComparisonGate, threads: usize) -> Vec<Pair> {
    let columns = common.columns();
    let mut pairs = Vec::new();
    for (new, newer) in releases.iter().enumerate() {
        for (old, older) in releases.iter().enumerate().take(new) {
            let found = Comparison::new(older, newer, &columns, threads);
            let misses = gate.misses(&found, common.knows_persons());
            pairs.push(Pair {
                old,
                new,
                found,
                misses,
            });
        }
    }
    pairs
}

/// Prints the figures, and ends with the thresholds that were missed.
fn tell(
    arguments: &CompareArguments,
    opened: &[Opened<'_>],
    compared: &Compared<'_>,
) -> anyhow::Result<()> {
    let language = Language::in_use();
    let inputs = compared.files.iter().zip(opened);
    let inputs = inputs.map(|(file, opened)| (Path::new(&file.path), opened.source.input().id()));
    let inputs: Vec<_> = inputs.collect();
    write_report(arguments.report.report.as_deref(), &inputs, || {
        report::html_of_comparison(compared, language)
    })?;
    match arguments.format {
        AuditFormat::Text => print_text(&report::compare_text(compared, language)),
        AuditFormat::Json => print(report::compare_json(compared).as_bytes()),
    }?;
    let misses = compared.misses();
    match misses.is_empty() {
        true => Ok(()),
        false => Err(Error::MissedTogether { misses }.into()),
    }
}
