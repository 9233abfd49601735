//! The way through a protected file, for each command that opens cells or checks seals.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::files::{check_parts, identity, opened};
use super::progress::watched;
use super::{reading, say, tell_quirks, threads};
use crate::base::counted::Counted;
use crate::base::name;
use crate::base::name::Shown;
use crate::cli::arguments::{InputArguments, LogArguments, TextArguments};
use crate::cli::exit::Error;
use crate::crypto::keys::KeyRing;
use crate::crypto::vault::VaultReader;
use crate::engine;
use crate::engine::error::Error as EngineError;
use crate::engine::reveal::{IndexColumn, Ledger, Opening, Part, Revealer, SealFault, Task};
use crate::engine::source::Source;
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::io::format::OutputFormat;
use crate::io::input::Input;
use crate::io::output::{Destination, Manner, Packing, Recipients, TableSink};
use crate::io::system::file_id::FileId;

/// The index column's name where nobody says another.
const INDEX: &str = "Index_rd";

/// What is to be done to a protected file.
pub(super) struct Work<'a> {
    /// The command's name.
    pub(super) command: &'static str,
    pub(super) input: &'a Path,
    pub(super) reading: &'a InputArguments,
    /// Where the outcome goes, if there is one.
    pub(super) output: Option<&'a TextArguments>,
    /// The files that are read beside the input.
    pub(super) read: Vec<&'a PathBuf>,
    pub(super) keys: &'a KeyRing,
    pub(super) vaults: &'a [VaultReader],
    pub(super) index: Option<&'a str>,
    pub(super) without_index: bool,
    pub(super) task: Task<'a>,
    /// Whether all rows must be there, in their order.
    pub(super) whole: bool,
    pub(super) log: &'a LogArguments,
}

impl Work<'_> {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let mut input = Input::open(self.input, false)?;
        let mut output = self.destination(&input)?;
        let mut outcome = Outcome::open(self.output, output.as_mut())?;
        // A protected file has an index, or columns that were named when it was made.
        let index = self.index.unwrap_or(INDEX);
        let known = |column: &str| name::key(column) == name::key(index);
        let mut source = Source::open(&mut input, reading(self.reading), known)?;
        let reader = source.reader();
        let (header, shown) = (reader.header().to_vec(), reader.shown_header().to_vec());
        let index = IndexColumn {
            name: index,
            named: self.index.is_some(),
            without: self.without_index,
        };
        let format = self.format(reader.delimiter());
        let (keys, vaults) = (self.keys, self.vaults);
        let opening = Opening::new(keys, &header, &shown, format, &index, vaults, &self.task)?;
        if self.whole && !opening.is_sealed() {
            return Err(EngineError::from(SealFault::NoSeals).into());
        }
        let mut ledger = Ledger::new(header.len());
        let mut first = Vec::new();
        opening.write_header(&mut first);
        let workers = (0..threads(self.reading, source.input()))
            .map(|_| Revealer::new(&opening))
            .collect();
        watched(&mut source, self.log.shows_progress(), |reader, show| {
            engine::run(reader, workers, &mut |part: &mut Part| {
                ledger.add(part)?;
                show();
                // The header leaves with the first rows, so that a file that is refused at once gives none.
                outcome.write(&[std::mem::take(&mut first), std::mem::take(&mut part.rows)])
            })
        })?;
        outcome.write(&[first])?;
        outcome.finish()?;
        self.check(&ledger, &opening)?;
        source.input().check_unchanged()?;
        if let (Some(output), Some(text)) = (output, self.output) {
            let named = output.into_inner().commit();
            named.map_err(|source| failed(text, source))?;
        }
        tell_quirks(source.reader());
        if self.log.tells() {
            for line in self.summary(&ledger, &shown).lines() {
                say(line);
            }
        }
        Ok(())
    }

    fn format(&self, delimiter: u8) -> OutputFormat {
        match self.output {
            Some(text) => text.format(delimiter),
            None => OutputFormat {
                delimiter,
                crlf: false,
                mark: false,
            },
        }
    }

    /// Whether each key was for something, and all rows are there if they must be.
    fn check(&self, ledger: &Ledger, opening: &Opening<'_>) -> Result<(), EngineError> {
        for key in self.keys.keys() {
            let role = key.role();
            let opens = ledger.protected().any(|(_, of)| of == role.as_str());
            if !opens && !opening.knows(role) {
                return Err(EngineError::OpensNothing(role.clone()));
            }
        }
        match self.whole && !ledger.order().is_whole() {
            true => Err(SealFault::NotWhole(ledger.order().told().join(", ")).into()),
            false => Ok(()),
        }
    }

    /// Where the outcome goes: neither the input nor another file that is read.
    fn destination(&self, input: &Input) -> anyhow::Result<Option<Counted<Destination>>> {
        let Some(text) = self.output else {
            return Ok(None);
        };
        if lower_name(text).ends_with(".xlsx") {
            return Err(Error::TextOnly(self.command).into());
        }
        let output = opened(&text.output, Manner::default())?;
        let mut parts: Vec<(&Path, Option<FileId>)> = vec![(self.input, input.id())];
        for path in &self.read {
            parts.push((path, identity(path)?));
        }
        let first_written = parts.len();
        parts.push((&text.output, output.identity()));
        check_parts(&parts, first_written)?;
        Ok(Some(Counted::new(output, false)))
    }

    /// What was done, and what was not.
    fn summary(&self, ledger: &Ledger, shown: &[Shown]) -> String {
        let named = |wanted: &dyn Fn(&str) -> bool| {
            let columns = ledger.protected().filter(|(_, role)| wanted(role));
            let columns = columns
                .filter_map(|(column, role)| Some(format!("{} ({role})", shown.get(column)?)));
            columns.collect::<Vec<_>>().join(", ")
        };
        let (rows, opened) = (ledger.rows(), named(&|role| self.keys.get(role).is_some()));
        let mut lines = vec![match self.task {
            Task::Open | Task::Salvage => plural!(
                rows,
                "{n} row; opened: {opened}",
                "{n} rows; opened: {opened}",
                opened
            ),
            Task::Verify => plural!(
                rows,
                "{n} row, as it was written",
                "{n} rows, each as it was written"
            ),
            Task::Rekey(_) => plural!(
                rows,
                "{n} row; encrypted again: {opened}",
                "{n} rows; encrypted again: {opened}",
                opened
            ),
        }];
        if ledger.broken() > 0 {
            lines.push(plural!(
                ledger.broken(),
                "{n} row is not as it was sealed",
                "{n} rows are not as they were sealed"
            ));
        }
        let order = ledger.order();
        if order.is_sealed() && (matches!(self.task, Task::Verify) || !order.is_whole()) {
            lines.extend(order.told());
        }
        let told: Vec<String> = ledger.nobody().told().collect();
        if !told.is_empty() {
            let rows = told.join(", ");
            lines.push(text!("rows that are nobody, left out: {rows}", rows));
        }
        let closed = named(&|role| self.keys.get(role).is_none());
        if !closed.is_empty() {
            lines.push(match self.task {
                Task::Rekey(_) => text!("left as they are: {closed}", closed),
                Task::Open | Task::Salvage | Task::Verify => {
                    text!("still encrypted: {closed}", closed)
                }
            });
        }
        lines.join("\n")
    }
}

/// A file that is written, if one is.
struct Outcome<'a>(Option<(TableSink<'a>, &'a TextArguments)>);

impl<'a> Outcome<'a> {
    fn open(
        text: Option<&'a TextArguments>,
        output: Option<&'a mut Counted<Destination>>,
    ) -> anyhow::Result<Self> {
        let (Some(text), Some(output)) = (text, output) else {
            return Ok(Self(None));
        };
        let (packing, _) = Packing::of_name(&lower_name(text));
        let nobody = Recipients::read(&[])?;
        let sink = TableSink::open(output, &nobody, None, packing);
        Ok(Self(Some((
            sink.map_err(|source| failed(text, source))?,
            text,
        ))))
    }

    fn write(&mut self, pieces: &[Vec<u8>]) -> anyhow::Result<()> {
        let Some((sink, text)) = &mut self.0 else {
            return Ok(());
        };
        for piece in pieces {
            let written = sink.write_all(piece);
            written.map_err(|source| failed(text, source))?;
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        let Some((sink, text)) = self.0 else {
            return Ok(());
        };
        sink.finish().map_err(|source| failed(text, source))?;
        Ok(())
    }
}

/// The output's name, as what tells its format.
fn lower_name(text: &TextArguments) -> String {
    text.output.to_string_lossy().to_lowercase()
}

fn failed(text: &TextArguments, source: std::io::Error) -> IoError {
    let what = Target::of(Some(&text.output));
    IoError::Write { what, source }
}
