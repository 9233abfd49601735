//! `inspect`: what is in a file, and what to do with each column.

use super::progress::watched;
use super::{print, print_text, reading, tell_quirks, threads, today};
use crate::base::lang::Language;
use crate::base::name::Shown;
use crate::cli::arguments::{AuditFormat, InspectArguments};
use crate::engine;
use crate::engine::error::Error as EngineError;
use crate::engine::inspect::{Inspection, Inspector, Probe};
use crate::engine::source::Source;
use crate::io::error::Error as IoError;
use crate::io::input::Input;
use crate::report;
use crate::report::{Bytes, Dialect, Inspected};
use crate::rules::context::RunContext;

/// Looks through a file and prints what is in it.
pub(super) fn inspect(arguments: &InspectArguments) -> anyhow::Result<()> {
    let mut input = Input::open(&arguments.input, false)?;
    let mut source = Source::open(&mut input, reading(&arguments.reading), |_: &str| false)?;
    let header: Vec<String> = source.reader().header().to_vec();
    // The first row may be a person: refusals tell the place by record and line alone.
    let positions: Vec<Shown> = (1..=header.len()).map(|at| Shown::new("", at)).collect();
    let probe = probe()?;
    let threads = threads(&arguments.reading, source.input());
    let workers = (0..threads)
        .map(|_| Inspector::new(&probe, &header, &positions))
        .collect();
    let shows = arguments.log.shows_progress();
    let wanted = shows && !arguments.suggest && arguments.format == AuditFormat::Text;
    let workers = profile(&mut source, wanted, workers).map_err(without_column)?;
    let inspection = Inspection::new(&header, workers, arguments.reading.header);
    let (reader, input) = source.parts();
    tell_quirks(reader);
    input.check_unchanged()?;
    let inspected = Inspected {
        file: Bytes {
            path: arguments.input.display().to_string(),
            bytes: input.bytes_read(),
            sha256: None,
        },
        dialect: Dialect {
            sheet: reader.sheet().cloned(),
            delimiter: reader.delimiter(),
            encoding: reader.encoding(),
            compression: input.compression(),
            line_end: reader.line_end(),
        },
        inspection: &inspection,
    };
    let language = Language::in_use();
    match (arguments.suggest, arguments.format) {
        (true, _) => print(report::suggest(&inspected, language)?.as_bytes()),
        (false, AuditFormat::Text) => print_text(&report::inspect_text(&inspected, language)),
        (false, AuditFormat::Json) => print(report::inspect_json(&inspected).as_bytes()),
    }
}

/// Takes these workers through all rows.
pub(super) fn profile<'a>(
    source: &mut Source<'_>,
    shows_progress: bool,
    mut workers: Vec<Inspector<'a>>,
) -> Result<Vec<Inspector<'a>>, EngineError> {
    watched(source, shows_progress, |reader, show| {
        engine::run(reader, workers.iter_mut().collect(), &mut |()| {
            show();
            Ok::<(), EngineError>(())
        })
    })?;
    Ok(workers)
}

/// The questions that are asked of cells, as of today.
pub(super) fn probe() -> anyhow::Result<Probe> {
    Ok(Probe::new(&RunContext::without_keys(today())?)?)
}

/// The error without the name of a column, which may be a cell of a file without a header.
fn without_column(error: EngineError) -> EngineError {
    match error {
        EngineError::Io(IoError::Refused(mut refusal)) => {
            if let Some(place) = &mut refusal.place {
                place.column = None;
            }
            refusal.into()
        }
        other => other,
    }
}
