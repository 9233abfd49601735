//! The main job: from an export to a file that may be shared.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{Local, Utc};
use indicatif::ProgressBar;
use rand_chacha::ChaCha12Rng;

use super::{progress, say};
use crate::arguments::AnonymiseArguments;
use crate::error::{Error, Target};
use crate::index::IndexKey;
use crate::input::Input;
use crate::output::{Counted, Destination, FileId, SHUFFLE_MEMORY, Shuffle, commit_all};
use crate::pipeline::{
    self, Anonymiser, OnInvalid, OutputFormat, Part, Settings, Tally, write_header,
};
use crate::plan::Plan;
use crate::randomness::Randomness;
use crate::reader::{Options, Reader};
use crate::report::{self, Bytes, InvalidData, Run};
use crate::rule::RunContext;
use crate::table::RuleTable;
use crate::warning::Warning;

/// Runs the main job.
pub(super) fn anonymise(arguments: &AnonymiseArguments) -> Result<(), Error> {
    let (started, clock) = (Utc::now(), Instant::now());
    let table = RuleTable::load(&arguments.rules)?;
    let randomness = match arguments.seed {
        Some(seed) => Randomness::from_seed(seed),
        None => Randomness::from_system()?,
    };
    let standard = PathBuf::from("-");
    let input_path = arguments.input.as_ref().unwrap_or(&standard);
    let record = arguments.manifest.is_some();
    let input = Input::open(input_path, record)?;
    let mut files = Files::open(arguments, &input, input_path)?;

    let options = Options {
        delimiter: arguments.delimiter,
        encoding: arguments.encoding,
        max_field: arguments.max_field_size,
        ..Options::default()
    };
    let mut reader = Reader::open(input.content(arguments.compression)?, options)?;
    let header = reader.shown_header().to_vec();
    let context = RunContext {
        today: Local::now().date_naive(),
    };
    let mut plan = Plan::new(&table, reader.header(), &header, &context, arguments.strict)?;
    let mut warnings = std::mem::take(&mut plan.warnings);
    warnings.extend(arguments.seed.map(|_| Warning::Seeded));
    tell_beginning(arguments, &reader, &plan, &warnings);

    let format = OutputFormat {
        delimiter: arguments.output_delimiter.unwrap_or(reader.delimiter()),
        crlf: arguments.crlf,
        mark: arguments.bom,
    };
    let index = plan
        .index
        .as_ref()
        .map(|_| IndexKey::draw(&mut randomness.stream("index")));
    let settings = Settings {
        format,
        on_invalid: arguments.on_invalid,
        index: index.filter(|_| !arguments.shuffle),
        note_row_ends: arguments.shuffle,
        count_missing_kept: record || arguments.verbose,
    };
    let workers = (0..threads(arguments, &input, &options))
        .map(|_| Anonymiser::new(&plan, &header, settings));
    let mut rows = Rows {
        shuffle: arguments
            .shuffle
            .then(|| Shuffle::new(randomness.stream("order"), SHUFFLE_MEMORY)),
        on_invalid: arguments.on_invalid,
        tally: Tally::new(plan.steps.len()),
        format,
        indexed: plan.index.is_some(),
        output: &mut files.output,
        target: Target::of(Some(&arguments.output)),
        bar: progress::bar(input.size(), !arguments.quiet && !arguments.no_progress),
    };
    rows.header(&plan)?;
    let ran = pipeline::run(&mut reader, workers.collect(), &mut |part| {
        rows.take(part, &input)
    });
    rows.bar.finish_and_clear();
    ran?;
    if arguments.on_invalid == OnInvalid::Fail && rows.tally.has_invalid() {
        let partial = matches!(rows.output.get_mut(), Destination::Stream(_)) && !arguments.shuffle;
        return Err(Error::Invalid(Box::new(InvalidData::new(
            &plan,
            &rows.tally,
            partial,
        ))));
    }
    let tally = rows.finish()?;
    if let Some(warning) = Warning::of_invalid(&plan, &tally, arguments.on_invalid) {
        if !arguments.quiet {
            say(format_args!("warning: {warning}"));
        }
        warnings.push(warning);
    }

    let run = Run {
        started,
        finished: Utc::now(),
        seconds: clock.elapsed().as_secs_f64(),
        input: Bytes {
            path: input_path.display().to_string(),
            bytes: input.bytes_read(),
            sha256: input.sha256(),
        },
        output: Bytes {
            path: arguments.output.display().to_string(),
            bytes: files.output.total_bytes(),
            sha256: files.output.sha256(),
        },
        table: &table.name,
        table_sha256: &table.sha256,
        plan: &plan,
        tally: &tally,
        warnings: &warnings,
        seed: arguments.seed,
    };
    files.commit(arguments, &run)?;
    if arguments.verbose {
        for line in report::detail(&run).lines() {
            say(line);
        }
    }
    if !arguments.quiet {
        say(report::summary(&run));
    }
    Ok(())
}

/// How many threads are worth their while: no more than the input has batches.
fn threads(arguments: &AnonymiseArguments, input: &Input, options: &Options) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let wanted = arguments.threads.map_or_else(cores, usize::from);
    // Compressed data hold more batches than their size tells, but not many times more.
    let batches = input.size().map_or(usize::MAX, |size| {
        usize::try_from(size).unwrap_or(usize::MAX) / (options.batch / 8) + 1
    });
    wanted.min(batches)
}

/// Says what is about to be done.
fn tell_beginning(
    arguments: &AnonymiseArguments,
    reader: &Reader,
    plan: &Plan,
    warnings: &[Warning],
) {
    if arguments.quiet {
        return;
    }
    if arguments.verbose {
        let encoding = reader
            .encoding()
            .map_or("ASCII so far".to_owned(), |encoding| encoding.to_string());
        let delimiter = match reader.delimiter() {
            b'\t' => "a tab".to_owned(),
            byte => format!("`{}`", char::from(byte)),
        };
        say(format_args!(
            "input: {encoding}, delimiter {delimiter}, {} columns",
            plan.columns.len()
        ));
        for column in &plan.columns {
            match (column.rule, &column.output) {
                (Some(rule), Some(output)) => say(format_args!(
                    "column {} → `{output}`, rule {rule}",
                    column.input
                )),
                (Some(rule), None) => say(format_args!(
                    "column {} does not leave, rule {rule}",
                    column.input
                )),
                (None, _) => say(format_args!(
                    "column {} does not leave, not in the rule table",
                    column.input
                )),
            }
        }
    }
    for warning in warnings {
        say(format_args!("warning: {warning}"));
    }
}
