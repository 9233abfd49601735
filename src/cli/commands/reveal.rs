//! `reveal`: from a protected file back to the cells that keys open.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::files::{check_parts, identity, opened};
use super::progress::watched;
use super::{reading, say, tell_quirks, threads};
use crate::base::counted::Counted;
use crate::base::name;
use crate::base::name::Shown;
use crate::cli::arguments::RevealArguments;
use crate::cli::exit::Error;
use crate::crypto::keys::KeyRing;
use crate::crypto::vault::{VaultError, VaultReader};
use crate::engine;
use crate::engine::error::Error as EngineError;
use crate::engine::reveal::{IndexColumn, Ledger, Opening, Part, Revealer};
use crate::engine::source::Source;
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::io::input::Input;
use crate::io::output::{Destination, Manner, Packing, Recipients, TableSink};
use crate::io::system::file_id::FileId;

/// The index column's name where nobody says another.
const INDEX: &str = "Index_rd";

/// Opens what the keys open.
pub(super) fn reveal(arguments: &RevealArguments) -> anyhow::Result<()> {
    let keys = KeyRing::read(&arguments.keys)?;
    let vaults = vaults(&arguments.vaults, &keys)?;
    let mut input = Input::open(&arguments.input, false)?;
    let mut output = Counted::new(destination(arguments, &input)?, false);
    let target = Target::of(Some(&arguments.text.output));
    let failed = |source| IoError::Write {
        what: target.clone(),
        source,
    };
    let (packing, _) = Packing::of_name(&arguments.text.output.to_string_lossy().to_lowercase());
    let nobody = Recipients::read(&[])?;
    let mut sink = TableSink::open(&mut output, &nobody, None, packing).map_err(failed)?;
    // A protected file has an index, or columns that were named when it was made.
    let index_name = arguments.index.as_deref().unwrap_or(INDEX);
    let known = |column: &str| name::key(column) == name::key(index_name);
    let mut source = Source::open(&mut input, reading(&arguments.reading), known)?;
    let reader = source.reader();
    let (header, shown) = (reader.header().to_vec(), reader.shown_header().to_vec());
    let format = arguments.text.format(reader.delimiter());
    let index = IndexColumn {
        name: index_name,
        named: arguments.index.is_some(),
        without: arguments.without_index,
    };
    let opening = Opening::new(&keys, &header, &shown, format, &index, &vaults)?;
    let mut ledger = Ledger::new(header.len());
    let mut first = Vec::new();
    opening.write_header(&mut first);
    let workers = (0..threads(&arguments.reading, source.input()))
        .map(|_| Revealer::new(&opening))
        .collect();
    let wanted = arguments.log.shows_progress();
    watched(&mut source, wanted, |reader, show| {
        engine::run(reader, workers, &mut |part: &mut Part| {
            ledger.add(part)?;
            show();
            // The header leaves with the first rows, so that a file that is refused at once gives none.
            let pieces = [std::mem::take(&mut first), std::mem::take(&mut part.rows)];
            write(&mut sink, &target, &pieces)
        })
    })?;
    write(&mut sink, &target, &[first])?;
    sink.finish().map_err(failed)?;
    check_keys(&keys, &ledger)?;
    source.input().check_unchanged()?;
    output.into_inner().commit().map_err(failed)?;
    tell_quirks(source.reader());
    if arguments.log.tells() {
        for line in summary(&ledger, &keys, &shown).lines() {
            say(line);
        }
    }
    Ok(())
}

/// Makes sure that each key has opened something.
fn check_keys(keys: &KeyRing, ledger: &Ledger) -> Result<(), EngineError> {
    let is_used = |role: &str| ledger.protected().any(|(_, of)| of == role);
    let mut roles = keys.keys().map(|key| key.role());
    match roles.find(|role| !is_used(role.as_str())) {
        Some(role) => Err(EngineError::OpensNothing(role.clone())),
        None => Ok(()),
    }
}

/// Opens vaults, each with the key that it was made with.
fn vaults(paths: &[PathBuf], keys: &KeyRing) -> anyhow::Result<Vec<VaultReader>> {
    let open = |path: &PathBuf| {
        let mut refused = None;
        for key in keys.keys() {
            match VaultReader::open(path, key) {
                Err(other @ VaultError::OtherKey { .. }) => refused = Some(other),
                opened => return Ok(opened?),
            }
        }
        Err(refused.map_or_else(|| EngineError::Internal.into(), anyhow::Error::from))
    };
    paths.iter().map(open).collect()
}

/// Where the opened file goes: neither the input nor a key.
fn destination(arguments: &RevealArguments, input: &Input) -> anyhow::Result<Destination> {
    let name = arguments.text.output.as_os_str().to_string_lossy();
    if name.to_lowercase().ends_with(".xlsx") {
        return Err(Error::TextOnly("reveal").into());
    }
    let output = opened(&arguments.text.output, Manner::default())?;
    let mut parts: Vec<(&Path, Option<FileId>)> = vec![(&arguments.input, input.id())];
    let read = arguments.keys.iter().chain(&arguments.vaults);
    for path in read {
        parts.push((path, identity(path)?));
    }
    let first_written = parts.len();
    parts.push((&arguments.text.output, output.identity()));
    check_parts(&parts, first_written)?;
    Ok(output)
}

fn write(output: &mut TableSink<'_>, target: &Target, pieces: &[Vec<u8>]) -> anyhow::Result<()> {
    for piece in pieces {
        output.write_all(piece).map_err(|source| IoError::Write {
            what: target.clone(),
            source,
        })?;
    }
    Ok(())
}

/// What was opened, and what was not.
fn summary(ledger: &Ledger, keys: &KeyRing, shown: &[Shown]) -> String {
    let named = |wanted: &dyn Fn(&str) -> bool| {
        let columns = ledger.protected().filter(|(_, role)| wanted(role));
        let columns =
            columns.filter_map(|(column, role)| Some(format!("{} ({role})", shown.get(column)?)));
        columns.collect::<Vec<_>>().join(", ")
    };
    let opened = named(&|role| keys.get(role).is_some());
    let mut text = plural!(
        ledger.rows(),
        "{n} row; opened: {opened}",
        "{n} rows; opened: {opened}",
        opened
    );
    let told: Vec<String> = ledger.nobody().told().collect();
    if !told.is_empty() {
        let rows = told.join(", ");
        text += &format!(
            "\n{}",
            text!("rows that are nobody, left out: {rows}", rows)
        );
    }
    let closed = named(&|role| keys.get(role).is_none());
    if !closed.is_empty() {
        text += &format!("\n{}", text!("still encrypted: {closed}", closed));
    }
    text
}
