//! What a vault says of itself: version, key and state.

use std::path::Path;

use redb::{ReadableTable, ReadableTableMetadata, TableDefinition, WriteTransaction};

use super::keys::VaultKeys;
use super::state::State;
use super::store::{Store, altered};
use super::{TOKENS, VALUES, VaultError};

pub(super) const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");

/// The layout of vaults that are added to.
const VERSION: &[u8] = b"2";

/// Says that a store is a vault in this state.
pub(super) fn write_about(
    changes: &WriteTransaction,
    keys: &VaultKeys,
    state: &State,
) -> Result<(), redb::Error> {
    let mut about = changes.open_table(ABOUT)?;
    about.insert("version", VERSION)?;
    about.insert("check", keys.check().as_slice())?;
    about.insert("state", state.bytes(&keys.state).as_slice())?;
    Ok(())
}

/// The state of a vault, once version, key and numbers fit; none of a store that holds nothing.
pub(super) fn read_about(
    path: &Path,
    keys: &VaultKeys,
    store: &mut Store,
) -> Result<Option<State>, VaultError> {
    let path = || path.to_owned();
    let about = store.with(About::read)?;
    let Some(about) = about else {
        return Ok(None);
    };
    match about.version.as_deref() {
        Some(b"1") => return Err(VaultError::FirstFormat { path: path() }),
        Some(VERSION) => {}
        _ => return Err(VaultError::NotAVault { path: path() }),
    }
    if about.check.as_deref() != Some(keys.check().as_slice()) {
        return Err(VaultError::OtherKey { path: path() });
    }
    let state = State::read(about.state.as_deref().unwrap_or_default(), &keys.state);
    let state = state.ok_or_else(|| VaultError::Damaged { path: path() })?;
    store.with(|changes| {
        let tokens = changes.open_table(TOKENS)?.len()?;
        let values = changes.open_table(VALUES)?.len()?;
        let all_there = tokens == state.entries && values == state.entries;
        all_there.then_some(()).ok_or_else(altered)
    })?;
    Ok(Some(state))
}

/// What a store says of itself.
pub(super) struct About {
    pub(super) version: Option<Vec<u8>>,
    pub(super) check: Option<Vec<u8>>,
    state: Option<Vec<u8>>,
}

impl About {
    /// Nothing if the store holds nothing at all, as a run leaves it that was killed when it made it.
    pub(super) fn read(changes: &WriteTransaction) -> Result<Option<Self>, redb::Error> {
        if changes.list_tables()?.next().is_none() {
            return Ok(None);
        }
        let about = changes.open_table(ABOUT)?;
        let read =
            |name| Ok::<_, redb::Error>(about.get(name)?.map(|found| found.value().to_vec()));
        Ok(Some(Self {
            version: read("version")?,
            check: read("check")?,
            state: read("state")?,
        }))
    }
}
