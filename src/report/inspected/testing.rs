//! A file in memory, inspected.

use std::io::Cursor;

use super::{Dialect, Inspected};
use crate::base::name::Shown;
use crate::engine;
use crate::engine::error::Error as EngineError;
use crate::engine::inspect::{Inspection, Inspector, Probe};
use crate::io::csv::Refusal;
use crate::io::csv::{Options, Reader};
use crate::io::error::Error as IoError;
use crate::io::input::Compression;
use crate::report::Bytes;
use crate::rules::context::RunContext;

/// Inspects a text with commas by so many threads, and gives what `tell` makes of it.
pub(super) fn inspected<T>(
    text: &str,
    threads: usize,
    trusted: bool,
    tell: impl FnOnce(&Inspected<'_>) -> T,
) -> Result<T, Refusal> {
    let options = Options {
        delimiter: Some(b','),
        batch: 4096,
        ..Options::default()
    };
    let opened = Reader::open(Box::new(Cursor::new(text.as_bytes().to_vec())), options);
    let mut reader = opened.map_err(refusal)?;
    let probe = Probe::new(&RunContext::sample()).unwrap();
    let header = reader.header().to_vec();
    let positions: Vec<Shown> = (1..=header.len()).map(|at| Shown::new("", at)).collect();
    let mut workers: Vec<Inspector<'_>> = (0..threads)
        .map(|_| Inspector::new(&probe, &header, &positions))
        .collect();
    let deliver = &mut |(): &mut ()| Ok::<(), EngineError>(());
    let done = engine::run(&mut reader, workers.iter_mut().collect(), deliver);
    done.map_err(|error| match error {
        EngineError::Io(error) => refusal(error),
        other => panic!("{other}"),
    })?;
    let inspection = Inspection::new(&header, workers, trusted);
    Ok(tell(&Inspected {
        file: Bytes {
            path: "in.csv".to_owned(),
            bytes: text.len() as u64,
            sha256: None,
        },
        dialect: Dialect {
            sheet: None,
            delimiter: b',',
            encoding: None,
            compression: Compression::None,
            line_end: reader.line_end(),
        },
        inspection: &inspection,
    }))
}

fn refusal(error: IoError) -> Refusal {
    match error {
        IoError::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}
