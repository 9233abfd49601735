//! The files of a run that are written: all opened before any work, and given their names together.

use crate::base::lang::Fixed;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::base::counted::Counted;
use crate::cli::arguments::AnonymiseArguments;
use crate::cli::exit::Error;
use crate::io::error::Error as IoError;
use crate::io::error::Target;
use crate::io::input::Input;
use crate::io::output::{Destination, Manner, commit_all};
use crate::io::system::file_id::FileId;

/// The files of a run that are written.
pub(super) struct Files {
    pub(super) output: Counted<Destination>,
    manifest: Option<Beside>,
    report: Option<Beside>,
}

/// A file that tells of the run.
struct Beside {
    path: PathBuf,
    file: Destination,
}

impl Files {
    /// Opens them all before any work, and makes sure that no file has two parts. `read` are the
    /// files that the run reads, beside the input; `hashed` asks for the output's digest.
    pub(super) fn open(
        arguments: &AnonymiseArguments,
        input: &Input,
        input_path: &Path,
        read: &[&PathBuf],
        hashed: bool,
    ) -> anyhow::Result<Self> {
        let manner = manner(arguments);
        let manifest = Beside::open(
            arguments.written.manifest.as_deref(),
            fixed!("the manifest"),
            manner,
        )?;
        let report = Beside::open(
            arguments.privacy.report.report.as_deref(),
            fixed!("the report"),
            manner,
        )?;
        let output = opened(&arguments.written.text.output, manner)?;
        let rules = Path::new(&arguments.applied.rules);
        let mut parts = vec![(input_path, input.id()), (rules, identity(rules)?)];
        for path in read {
            parts.push((path.as_path(), identity(path)?));
        }
        let first_written = parts.len();
        parts.push((&arguments.written.text.output, output.identity()));
        let beside = [&manifest, &report].into_iter().flatten();
        parts.extend(beside.map(|beside| (beside.path.as_path(), beside.file.identity())));
        let journal = arguments.written.journal.as_deref();
        if journal.is_some_and(|path| path.as_os_str() == "-") {
            return Err(Error::TakesAFile(fixed!("the journal")).into());
        }
        if let Some(path) = journal {
            parts.push((path, identity(path)?));
        }
        check_parts(&parts, first_written)?;
        Ok(Self {
            output: Counted::new(output, hashed),
            manifest,
            report,
        })
    }

    /// Gives the output and what tells of it their names: all or none. What is `kept` of a release comes first: if
    /// that is all that a crash lets through, rows count as published that were not, and nothing is told by that.
    pub(super) fn commit(
        self,
        kept: Option<(&Path, &[u8])>,
        output: &Path,
        manifest: impl FnOnce() -> String,
        report: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        let mut destinations = Vec::new();
        if let Some((path, bytes)) = kept {
            let file = opened(path, Manner::default())?;
            let path = path.to_owned();
            destinations.push(Beside { path, file }.written(bytes)?);
        }
        destinations.push(self.output.into_inner());
        if let Some(beside) = self.manifest {
            destinations.push(beside.written(manifest().as_bytes())?);
        }
        if let Some(beside) = self.report {
            destinations.push(beside.written(report().as_bytes())?);
        }
        Ok(commit_all(destinations)
            .map_err(|source| IoError::of_write(Target::of(Some(output)), source))?)
    }

    /// Gives the report its name, and nothing else: the run publishes nothing.
    pub(super) fn commit_report_alone(self, report: impl FnOnce() -> String) -> anyhow::Result<()> {
        match self.report {
            Some(beside) => beside.commit_alone(&report()),
            None => Ok(()),
        }
    }
}

impl Beside {
    fn open(path: Option<&Path>, what: Fixed, manner: Manner) -> anyhow::Result<Option<Self>> {
        let Some(path) = path else {
            return Ok(None);
        };
        if path.as_os_str() == "-" {
            return Err(Error::TakesAFile(what).into());
        }
        Ok(Some(Self {
            path: path.to_owned(),
            file: opened(path, manner)?,
        }))
    }

    fn written(mut self, bytes: &[u8]) -> anyhow::Result<Destination> {
        let written = self.file.write_all(bytes);
        written.map_err(|source| IoError::Write {
            what: Target::of(Some(&self.path)),
            source,
        })?;
        Ok(self.file)
    }

    /// Writes it and gives it its name.
    fn commit_alone(self, text: &str) -> anyhow::Result<()> {
        let path = self.path.clone();
        let written = self.written(text.as_bytes())?;
        Ok(commit_all(vec![written])
            .map_err(|source| IoError::of_write(Target::of(Some(&path)), source))?)
    }
}

/// Writes a report that stands alone, beside an input.
pub(super) fn write_report(
    path: Option<&Path>,
    inputs: &[(&Path, Option<FileId>)],
    report: impl FnOnce() -> String,
) -> anyhow::Result<()> {
    let Some(beside) = Beside::open(path, fixed!("the report"), Manner::default())? else {
        return Ok(());
    };
    let mut parts = inputs.to_vec();
    parts.push((&beside.path, beside.file.identity()));
    check_parts(&parts, inputs.len())?;
    beside.commit_alone(&report())
}

/// Writes what tells of a run, under a name that was checked before.
pub(super) fn write_beside(path: &Path, text: &str) -> anyhow::Result<()> {
    let beside = Beside {
        path: path.to_owned(),
        file: opened(path, Manner::default())?,
    };
    let written = beside.written(text.as_bytes())?;
    Ok(commit_all(vec![written]).map_err(|source| IoError::Write {
        what: Target::of(Some(path)),
        source,
    })?)
}

/// Writes a text to a file that appears whole, or to standard output; `rules` is read.
pub(super) fn write_text(path: &Path, rules: &Path, text: &str) -> anyhow::Result<()> {
    if path.as_os_str() == "-" {
        return super::print(text.as_bytes());
    }
    let beside = Beside {
        path: path.to_owned(),
        file: opened(path, Manner::default())?,
    };
    check_parts(
        &[(rules, identity(rules)?), (path, beside.file.identity())],
        1,
    )?;
    beside.commit_alone(text)
}

/// Opens what is written under a name.
pub(super) fn opened(path: &Path, manner: Manner) -> anyhow::Result<Destination> {
    Ok(Destination::open(Some(path), manner)
        .map_err(|source| IoError::of_write(Target::of(Some(path)), source))?)
}

/// How the files of a run are opened.
fn manner(arguments: &AnonymiseArguments) -> Manner {
    Manner {
        rehearses: arguments.rehearses(),
        keeps_old: arguments.written.no_clobber,
    }
}

/// Which file a name leads to, to be compared with others; none if there is none.
pub(super) fn identity(path: &Path) -> anyhow::Result<Option<FileId>> {
    Ok(FileId::of_path(path).map_err(|source| IoError::Open {
        path: path.to_owned(),
        source,
    })?)
}

/// Makes sure that none of the files that are written is another of the files.
pub(super) fn check_parts(
    parts: &[(&Path, Option<FileId>)],
    first_written: usize,
) -> anyhow::Result<()> {
    for (position, (second, second_id)) in parts.iter().enumerate().skip(first_written) {
        for (first, first_id) in parts.iter().take(position) {
            let same_name = *first != Path::new("-") && place(first) == place(second);
            if same_name || (first_id.is_some() && first_id == second_id) {
                return Err(IoError::SameFile {
                    first: first.to_path_buf(),
                    second: second.to_path_buf(),
                }
                .into());
            }
        }
    }
    Ok(())
}

/// Where a name leads that nothing need have yet: its folder, without links if the system tells that, and the name in it.
fn place(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let folder = path.parent()?;
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    Some(folder.join(path.file_name()?))
}
