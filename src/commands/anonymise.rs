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

/// The files of a run that are written.
struct Files {
    output: Counted<Destination>,
    manifest: Option<Destination>,
}

impl Files {
    /// Opens them all before any work, and makes sure that no file has two parts.
    fn open(
        arguments: &AnonymiseArguments,
        input: &Input,
        input_path: &Path,
    ) -> Result<Self, Error> {
        let opened = |path: &Path| {
            Destination::open(Some(path)).map_err(|source| Error::Write {
                what: Target::of(Some(path)),
                source,
            })
        };
        if arguments
            .manifest
            .as_ref()
            .is_some_and(|path| path.as_os_str() == "-")
        {
            return Err(Error::ManifestToStdout);
        }
        let output = opened(&arguments.output)?;
        let manifest = arguments.manifest.as_deref().map(opened).transpose()?;
        let rules = Path::new(&arguments.rules);
        let mut parts: Vec<(&Path, Option<FileId>)> = vec![
            (input_path, input.id()),
            (rules, FileId::of_path(rules)),
            (&arguments.output, output.identity()),
        ];
        if let (Some(path), Some(manifest)) = (&arguments.manifest, &manifest) {
            parts.push((path, manifest.identity()));
        }
        for (position, (second, second_id)) in parts.iter().enumerate().skip(2) {
            for (first, first_id) in parts.iter().take(position) {
                let same_name = *first != Path::new("-") && place(first) == place(second);
                if same_name || (first_id.is_some() && first_id == second_id) {
                    return Err(Error::SameFile {
                        first: first.to_path_buf(),
                        second: second.to_path_buf(),
                    });
                }
            }
        }
        let record = arguments.manifest.is_some();
        Ok(Self {
            output: Counted::new(output, record),
            manifest,
        })
    }

    /// Gives the output and the manifest their names, both or neither.
    fn commit(self, arguments: &AnonymiseArguments, run: &Run<'_>) -> Result<(), Error> {
        let mut destinations = vec![self.output.into_inner()];
        if let (Some(mut manifest), Some(path)) = (self.manifest, &arguments.manifest) {
            manifest
                .write_all(report::manifest(run).as_bytes())
                .map_err(|source| Error::Write {
                    what: Target::of(Some(path)),
                    source,
                })?;
            destinations.push(manifest);
        }
        commit_all(destinations).map_err(|source| Error::Write {
            what: Target::of(Some(&arguments.output)),
            source,
        })
    }
}

/// Where a name leads that nothing need have yet: its folder without links, and the name in it.
fn place(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let folder = path.parent()?.canonicalize().ok()?;
    Some(folder.join(path.file_name()?))
}

/// Rows on their way from the workers to the output.
struct Rows<'a> {
    shuffle: Option<Shuffle<ChaCha12Rng>>,
    on_invalid: OnInvalid,
    tally: Tally,
    format: OutputFormat,
    indexed: bool,
    output: &'a mut Counted<Destination>,
    target: Target,
    bar: ProgressBar,
}

impl Rows<'_> {
    fn header(&mut self, plan: &Plan) -> Result<(), Error> {
        let mut header = Vec::new();
        write_header(plan, self.format, &mut header);
        self.write(&header)
    }

    /// Takes what came of a batch.
    fn take(&mut self, part: &mut Part, input: &Input) -> Result<(), Error> {
        self.tally.add(&part.tally);
        self.bar.set_position(input.bytes_read());
        if self.on_invalid == OnInvalid::Fail && self.tally.has_invalid() {
            // Nothing more will leave; the rest is read for the message.
            self.shuffle = None;
            return Ok(());
        }
        match &mut self.shuffle {
            Some(shuffle) => {
                let ends = part.row_ends.iter().copied();
                shuffle.push(&part.rows, ends).map_err(Error::Spill)
            }
            None => self.write(&part.rows),
        }
    }

    /// Writes what was put aside.
    fn finish(mut self) -> Result<Tally, Error> {
        const PIECE: usize = 256 * 1024;
        let Some(shuffle) = self.shuffle.take() else {
            return Ok(self.tally);
        };
        let mut piece = Vec::with_capacity(PIECE);
        let mut failed = None;
        let drained = shuffle.drain(&mut |number, row| {
            if self.indexed {
                pipeline::write_number(number, &mut piece);
                if !self.tally.columns.is_empty() {
                    piece.push(self.format.delimiter);
                }
            }
            piece.extend_from_slice(row);
            if piece.len() >= PIECE {
                let written = self.output.write_all(&piece);
                piece.clear();
                if let Err(error) = written {
                    failed = Some(error);
                    return Err(std::io::ErrorKind::Other.into());
                }
            }
            Ok(())
        });
        match (failed, drained) {
            (Some(source), _) => {
                return Err(Error::Write {
                    what: self.target,
                    source,
                });
            }
            (None, Err(error)) => return Err(Error::Spill(error)),
            (None, Ok(_)) => {}
        }
        self.write(&piece)?;
        Ok(self.tally)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.output.write_all(bytes).map_err(|source| Error::Write {
            what: self.target.clone(),
            source,
        })
    }
}
