//! Several inputs in one run: each is a run of its own, with an output, a manifest, a report and lines in the
//! journal of its own. What stops one does not stop the others.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::one;
use crate::base::lang::Fixed;
use crate::base::name;
use crate::cli::arguments::AnonymiseArguments;
use crate::cli::commands::{log, reading};
use crate::cli::exit;
use crate::cli::exit::{Error, InputsError};
use crate::cli::suggestion::meant;
use crate::crypto::release::ReleaseError;
use crate::engine::source::Source;
use crate::io::input::Input;
use crate::rules::table::RuleTable;

/// Whether the outputs are files in a folder, named as their inputs.
pub(super) fn are_asked_for(arguments: &AnonymiseArguments) -> bool {
    arguments.inputs.len() > 1 || is_folder(&arguments.written.text.output)
}

/// Takes one input after the other.
pub(super) fn each(arguments: &AnonymiseArguments) -> anyhow::Result<()> {
    let runs = runs(arguments)?;
    if !arguments.each {
        check_headers(arguments)?;
    }
    let (mut stopped, mut first) = (0, None);
    for run in &runs {
        if let Err(error) = one(run) {
            log::tell(&error);
            stopped += 1;
            first = first.or(Some(exit::status(&error)));
        }
    }
    match first {
        None => Ok(()),
        Some(status) => {
            let of = runs.len();
            Err(InputsError::Stopped {
                stopped,
                of,
                status,
            }
            .into())
        }
    }
}

/// The runs, each with the arguments of one input.
fn runs(arguments: &AnonymiseArguments) -> anyhow::Result<Vec<AnonymiseArguments>> {
    if arguments.rows.head.is_some() {
        return Err(InputsError::Head.into());
    }
    if arguments.privacy.release.is_some() {
        let why = fixed!("a release is of one source: name one input, and a file as its output");
        return Err(ReleaseError::NotSo(why).into());
    }
    let missing = |path: &&PathBuf| path.as_os_str() != "-" && !path.exists();
    for word in arguments.inputs.iter().filter(missing) {
        if let Some(meant) = meant(word.as_os_str()) {
            let word = word.clone();
            return Err(Error::Meant { word, meant }.into());
        }
    }
    let mut names: HashMap<&OsStr, &PathBuf> = HashMap::new();
    let mut runs = Vec::new();
    for path in &arguments.inputs {
        let name = path.file_name().filter(|_| path.as_os_str() != "-");
        let name = name.ok_or(InputsError::Nameless)?;
        if let Some(first) = names.insert(name, path) {
            let (first, second) = (first.clone(), path.clone());
            return Err(InputsError::SameName { first, second }.into());
        }
        runs.push(of_one(arguments, path, name)?);
    }
    Ok(runs)
}

/// The arguments of one input.
fn of_one(
    arguments: &AnonymiseArguments,
    path: &Path,
    name: &OsStr,
) -> Result<AnonymiseArguments, InputsError> {
    let mut run = arguments.clone();
    run.inputs = vec![path.to_owned()];
    let output = &mut run.written.text.output;
    *output = inside(output, name.to_owned(), fixed!("the output"))?;
    let with = |end: &str| {
        let mut name = name.to_owned();
        name.push(end);
        name
    };
    if let Some(manifest) = &mut run.written.manifest {
        *manifest = inside(manifest, with(".json"), fixed!("the manifest"))?;
    }
    if let Some(report) = &mut run.privacy.report.report {
        *report = inside(report, with(".html"), fixed!("the report"))?;
    }
    Ok(run)
}

/// A file in a folder.
fn inside(folder: &Path, name: OsString, what: Fixed) -> Result<PathBuf, InputsError> {
    match folder.is_dir() {
        true => Ok(folder.join(name)),
        false => Err(InputsError::NeedsFolder {
            what,
            path: folder.to_owned(),
        }),
    }
}

/// Whether a path names a folder, be it there or not.
fn is_folder(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b"/") || path.is_dir()
}

/// Makes sure that all inputs have the columns of the first, in the same order, before any of them is published.
fn check_headers(arguments: &AnonymiseArguments) -> anyhow::Result<()> {
    let Some((first, others)) = arguments
        .inputs
        .split_first()
        .filter(|(_, rest)| !rest.is_empty())
    else {
        return Ok(());
    };
    let table = RuleTable::load(&arguments.applied.rules)?;
    let header = header(arguments, &table, first)?;
    for other in others {
        if self::header(arguments, &table, other)? != header {
            let (first, other) = (first.clone(), other.clone());
            return Err(InputsError::OtherHeader { first, other }.into());
        }
    }
    Ok(())
}

/// The names of the columns of an input, without what makes no difference.
fn header(
    arguments: &AnonymiseArguments,
    table: &RuleTable,
    path: &Path,
) -> anyhow::Result<Vec<String>> {
    let mut input = Input::open(path, false)?;
    let known = |name: &str| table.lists(name);
    let source = Source::open(&mut input, reading(&arguments.reading), known)?;
    let names = source.reader().header().iter();
    Ok(names.map(|name| name::key(name)).collect())
}
