//! The embedded store in the file of a vault, in one transaction, with its panics caught.
//!
//! The store panics over some damaged files. That is caught here, and nowhere else is the store called, so
//! that whoever has a damaged vault is told so, and no message names the computer that built the program.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use redb::backends::FileBackend;
use redb::{Builder, Database, DatabaseError, StorageBackend, WriteTransaction};

use super::VaultError;
use super::untouched::Untouched;
use crate::base::panics::caught;

/// How much of a vault is kept in memory, in bytes.
const CACHE: usize = 64 << 20;

/// An open store, and what is being changed in it.
pub(super) struct Store {
    path: PathBuf,
    /// Gone once they are committed.
    changes: Option<WriteTransaction>,
    /// Why it works no longer.
    failure: Option<Failure>,
    /// Behind `changes`, which must go first.
    database: Option<Database>,
}

/// Why a store works no longer.
#[derive(Debug, Clone)]
enum Failure {
    /// It is damaged. The store says so, or panics over it.
    Damaged,
    Says(String),
}

impl From<redb::Error> for Failure {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Io(why) if !is_end(&why) => Self::Says(why.to_string()),
            redb::Error::ValueTooLarge(_) => Self::Says(error.to_string()),
            // Whatever else the store says is of a file that it did not write so, and some of it names where
            // in its own text it stands.
            _ => Self::Damaged,
        }
    }
}

impl Failure {
    fn closed() -> Self {
        Self::Says("it is closed already".to_owned())
    }

    fn of(self, path: &Path) -> VaultError {
        let path = path.to_owned();
        match self {
            Self::Damaged => VaultError::Damaged { path },
            Self::Says(why) => VaultError::Failed { path, why },
        }
    }
}

/// An entry that is not as it was written.
pub(super) fn altered() -> redb::Error {
    redb::Error::Corrupted("an entry was altered".to_owned())
}

impl Store {
    /// Opens or begins the store in a file.
    pub(super) fn in_file(path: &Path, file: File) -> Result<Self, VaultError> {
        // On Windows the store waits for who reads, instead of refusing.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(VaultError::InUse {
                path: path.to_owned(),
            });
        }
        // It takes its own locks. Where nothing can be locked there is nothing to give back.
        let _ = file.unlock();
        Self::open(path, || FileBackend::new(file))
    }

    /// Opens the store in a file that nothing is written to.
    pub(super) fn untouched(path: &Path, file: File) -> Result<Self, VaultError> {
        Self::open(path, || Ok(Untouched::new(file)?))
    }

    fn open<B: StorageBackend>(
        path: &Path,
        backend: impl FnOnce() -> Result<B, DatabaseError>,
    ) -> Result<Self, VaultError> {
        let damaged = || VaultError::Damaged {
            path: path.to_owned(),
        };
        let opened = caught(|| {
            let mut builder = Builder::new();
            builder
                .set_cache_size(CACHE)
                .create_with_backend(backend()?)
        });
        let database = opened.ok_or_else(damaged)?.map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => VaultError::InUse {
                path: path.to_owned(),
            },
            DatabaseError::Storage(redb::StorageError::Io(error)) if !is_end(&error) => {
                Failure::Says(error.to_string()).of(path)
            }
            _ => VaultError::NotAVault {
                path: path.to_owned(),
            },
        })?;
        let begun = caught(|| database.begin_write()).ok_or_else(damaged)?;
        let changes = begun.map_err(|error| Failure::from(redb::Error::from(error)).of(path))?;
        Ok(Self {
            path: path.to_owned(),
            changes: Some(changes),
            failure: None,
            database: Some(database),
        })
    }

    /// Whether it still works.
    pub(super) fn check(&self) -> Result<(), VaultError> {
        match &self.failure {
            Some(why) => Err(self.failed_with(why.clone())),
            None => Ok(()),
        }
    }

    /// Works on what is changed; the first failure is the last.
    pub(super) fn with<T>(
        &mut self,
        work: impl FnOnce(&WriteTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, VaultError> {
        self.check()?;
        let Some(changes) = &self.changes else {
            return Err(self.failed_with(Failure::closed()));
        };
        let failure = match caught(|| work(changes)) {
            Some(Ok(done)) => return Ok(done),
            Some(Err(error)) => Failure::from(error),
            None => Failure::Damaged,
        };
        Err(self.fail(failure))
    }

    /// The same with what is changed in another store of the same path.
    pub(super) fn with_other<T>(
        &mut self,
        other: &Self,
        work: impl FnOnce(&WriteTransaction, &WriteTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, VaultError> {
        match &other.changes {
            Some(others) => self.with(|changes| work(changes, others)),
            None => Err(self.fail(Failure::closed())),
        }
    }

    /// Makes what was changed last.
    pub(super) fn commit(&mut self) -> Result<(), VaultError> {
        self.check()?;
        let Some(changes) = self.changes.take() else {
            return Ok(());
        };
        match caught(|| changes.commit()) {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(self.fail(redb::Error::from(error).into())),
            None => Err(self.fail(Failure::Damaged)),
        }
    }

    /// Forgets what was changed; nothing can be changed any more.
    pub(super) fn forget(&mut self) {
        // What is given up may be damaged.
        let _ = caught(|| drop(self.changes.take()));
    }

    /// Closes the file, with all that is to be in it.
    pub(super) fn close(mut self) -> Result<(), VaultError> {
        self.forget();
        let Some(database) = self.database.take() else {
            return Ok(());
        };
        match caught(|| database.close()) {
            Some(closed) => closed.map_err(|error| self.fail(redb::Error::from(error).into())),
            None => Err(self.fail(Failure::Damaged)),
        }
    }

    fn fail(&mut self, failure: Failure) -> VaultError {
        self.failure = Some(failure.clone());
        self.failed_with(failure)
    }

    fn failed_with(&self, failure: Failure) -> VaultError {
        failure.of(&self.path)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.forget();
        // The store looks at the file once more, and may panic over a damaged one.
        let _ = caught(|| drop(self.database.take()));
    }
}

/// Whether the system says that a file ends too early, or has something else than the store wants.
fn is_end(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}
