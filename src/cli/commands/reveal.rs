//! `reveal`: from a protected file back to the cells that keys open.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::anonymise::{open_reader, reader_options, threads};
use super::files::{check_parts, identity, opened};
use super::{progress, say};
use crate::base::name::Shown;
use crate::cli::arguments::RevealArguments;
use crate::cli::exit::{Error, Target};
use crate::crypto::keys::KeyRing;
use crate::crypto::vault::{VaultError, VaultReader};
use crate::engine;
use crate::engine::reveal::{IndexColumn, Ledger, Opening, Part, Revealer};
use crate::io::csv::format::OutputFormat;
use crate::io::input::Input;
use crate::io::output::{Destination, FileId};

/// The index column's name where nobody says another.
const INDEX: &str = "Index_rd";

/// Opens what the keys open.
pub(super) fn reveal(arguments: &RevealArguments) -> Result<(), Error> {
    let keys = KeyRing::read(&arguments.keys)?;
    let vaults = vaults(&arguments.vaults, &keys)?;
    let input = Input::open(&arguments.input, false)?;
    let mut output = destination(arguments, &input)?;
    let target = Target::of(Some(&arguments.output));
    let mut reader = open_reader(&input, &arguments.reading)?;
    let (header, shown) = (reader.header().to_vec(), reader.shown_header().to_vec());
    let format = OutputFormat {
        delimiter: arguments.output_delimiter.unwrap_or(reader.delimiter()),
        crlf: arguments.crlf,
        mark: arguments.bom,
    };
    let index = IndexColumn {
        name: arguments.index.as_deref().unwrap_or(INDEX),
        named: arguments.index.is_some(),
        without: arguments.without_index,
    };
    let opening = Opening::new(&keys, &header, &shown, format, &index, &vaults)?;
    let mut ledger = Ledger::new(header.len());
    let mut first = Vec::new();
    opening.write_header(&mut first);
    let options = reader_options(&arguments.reading);
    let workers = (0..threads(&arguments.reading, &input, &options))
        .map(|_| Revealer::new(&opening))
        .collect();
    let bar = progress::bar(input.size(), !arguments.quiet && !arguments.no_progress);
    let done = engine::run(&mut reader, workers, &mut |part: &mut Part| {
        ledger.add(part).map_err(Error::Refused)?;
        bar.set_position(input.bytes_read());
        // The header leaves with the first rows, so that a file that is refused at once gives none.
        let pieces = [std::mem::take(&mut first), std::mem::take(&mut part.rows)];
        write(&mut output, &target, &pieces)
    });
    bar.finish_and_clear();
    done?;
    write(&mut output, &target, &[first])?;
    for key in keys.keys() {
        let role = key.role();
        if ledger.protected().all(|(_, of)| of != role.as_str()) {
            return Err(Error::OpensNothing(role.clone()));
        }
    }
    input.check_unchanged()?;
    output.commit().map_err(|source| Error::Write {
        what: target,
        source,
    })?;
    if !arguments.quiet {
        for line in summary(&ledger, &keys, &shown).lines() {
            say(line);
        }
    }
    Ok(())
}

/// Opens vaults, each with the key that it was made with.
fn vaults(paths: &[PathBuf], keys: &KeyRing) -> Result<Vec<VaultReader>, Error> {
    let open = |path: &PathBuf| {
        let mut refused = None;
        for key in keys.keys() {
            match VaultReader::open(path, key) {
                Err(other @ VaultError::OtherKey { .. }) => refused = Some(other),
                opened => return opened.map_err(Error::Vault),
            }
        }
        Err(refused.map_or(Error::Internal, Error::Vault))
    };
    paths.iter().map(open).collect()
}

/// Where the opened file goes: neither the input nor a key.
fn destination(arguments: &RevealArguments, input: &Input) -> Result<Destination, Error> {
    let output = opened(&arguments.output)?;
    let mut parts: Vec<(&Path, Option<FileId>)> = vec![(&arguments.input, input.id())];
    let read = arguments.keys.iter().chain(&arguments.vaults);
    for path in read {
        parts.push((path, identity(path)?));
    }
    let first_written = parts.len();
    parts.push((&arguments.output, output.identity()));
    check_parts(&parts, first_written)?;
    Ok(output)
}

fn write(output: &mut Destination, target: &Target, pieces: &[Vec<u8>]) -> Result<(), Error> {
    for piece in pieces {
        output.write_all(piece).map_err(|source| Error::Write {
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
    let mut text = format!(
        "{} rows; opened: {}",
        ledger.rows(),
        named(&|role| keys.get(role).is_some())
    );
    let closed = named(&|role| keys.get(role).is_none());
    if !closed.is_empty() {
        text += &format!("\nstill encrypted: {closed}");
    }
    text
}
