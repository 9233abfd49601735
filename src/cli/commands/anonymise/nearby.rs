//! A rule table that lies beside the input. It is proposed where the one in use does not fit, and never used unasked:
//! what is published is not to depend on which files are around.

use std::path::{Path, PathBuf};

use super::job::Job;
use crate::cli::exit::Error;
use crate::engine::error::Error as EngineError;

/// What such a table is called.
const NAME: &str = "crm-anon.toml";

impl Job<'_> {
    /// The error, with the table that may be meant where the one in use does not fit the input.
    pub(super) fn propose_table(&self, error: anyhow::Error) -> anyhow::Error {
        match error.downcast::<EngineError>() {
            Ok(
                why @ (EngineError::NoKnownColumn { .. }
                | EngineError::DoesNotFit(_)
                | EngineError::MayBePerson(_)),
            ) => match self.table_nearby() {
                Some(path) => Error::TryTable {
                    why: Box::new(why),
                    path,
                }
                .into(),
                None => why.into(),
            },
            Ok(other) => other.into(),
            Err(other) => other,
        }
    }

    /// The table beside the input, or in the working folder, unless it is the one in use.
    fn table_nearby(&self) -> Option<PathBuf> {
        let beside = self.input.parent().map(|folder| folder.join(NAME));
        let here = PathBuf::from(NAME);
        let used = Path::new(&self.arguments.applied.rules).canonicalize().ok();
        let mut tables = beside.into_iter().chain([here]);
        tables.find(|path| path.is_file() && path.canonicalize().ok() != used)
    }
}
