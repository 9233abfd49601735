//! Vaults that are made apart from a run: a new one, and the second format of one of the first.

use std::io;
use std::path::Path;

use rand::TryRng;
use rand::rngs::SysRng;

use super::about::{About, write_about};
use super::entry::{EntryKeys, EntryOrigin};
use super::file::{self, Access};
use super::first_format::FirstFormat;
use super::keys::VaultKeys;
use super::state::{State, VaultId};
use super::store::{Store, altered};
use super::{MadeInVain, TOKENS, VALUES, Vault, VaultError, VaultState};
use crate::crypto::keys::RoleKey;
use crate::io::output::{Destination, Manner};

/// Makes an empty vault where there is nothing.
///
/// # Errors
/// [`VaultError::Exists`]; [`VaultError::Open`].
pub fn create(path: &Path, key: &RoleKey) -> Result<VaultState, VaultError> {
    let id = new_id(path)?;
    let (file, made) = file::made(path)?;
    let made = MadeInVain(Some(made));
    let store = Store::in_file(path, file)?;
    let vault = Vault::new(path, key, store, made, Some(id), &[0; 32])?;
    vault.commit()?;
    Ok(vault.found())
}

/// What an upgrade came to.
#[derive(Debug)]
pub enum Upgraded {
    /// It is of the second format now.
    Now(VaultState),
    /// It was before.
    Already(VaultState),
}

/// Writes a vault of the first format anew in the second: the same tokens for the same values. It takes the
/// old one's place when it is whole; until then, and if anything goes wrong, the old one is as it was.
///
/// The first format does not prove which token is whose, so that is compared, entry by entry, when a run
/// asks for it.
///
/// # Errors
/// [`VaultError`].
pub fn upgrade(path: &Path, key: &RoleKey) -> Result<Upgraded, VaultError> {
    let keys = VaultKeys::of(key)?;
    let file = file::existing(path, Access::Read)?;
    let mut old = Store::untouched(path, file)?;
    let about = old.with(About::read)?;
    let about = about.filter(|about| about.version.as_deref() == Some(b"1"));
    let Some(about) = about else {
        // It is of the second format, or none at all.
        drop(old);
        return Ok(Upgraded::Already(Vault::to_read(path, key)?.found()));
    };
    if about.check.as_deref() != Some(keys.check().as_slice()) {
        return Err(VaultError::OtherKey {
            path: path.to_owned(),
        });
    }
    let failed = |source| VaultError::Open {
        path: path.to_owned(),
        source,
    };
    let output = Destination::open(Some(path), Manner::default()).map_err(failed)?;
    let new = output.under_way().map_err(failed)?;
    let state = State::new(new_id(path)?);
    let mut new = Store::in_file(path, new)?;
    let state = copy(key, &keys, state, &old, &mut new)?;
    new.commit()?;
    new.close()?;
    // Not every system replaces a file that is open. Nothing is added to a vault of the first format meanwhile.
    drop(old);
    output.commit().map_err(failed)?;
    Ok(Upgraded::Now(VaultState::new(path, state)))
}

/// Copies the entries, and gives the state of the new vault.
fn copy(
    key: &RoleKey,
    keys: &VaultKeys,
    state: State,
    old: &Store,
    new: &mut Store,
) -> Result<State, VaultError> {
    let first = FirstFormat::of(key)?;
    let sealing = EntryKeys::of(key, &state.id)?;
    new.with_other(old, |new, old| {
        let mut tokens = new.open_table(TOKENS)?;
        let mut values = new.open_table(VALUES)?;
        let entries = first.entries(old, |tag, token, value| {
            let half = sealing.half(tag, token, EntryOrigin::TakenOver);
            tokens.insert(tag, &half)?;
            let sealed = sealing.seal(token, tag, value).ok_or_else(altered)?;
            // Two values with one token: the old vault was altered.
            match values.insert(token.as_bytes(), sealed.as_slice())? {
                None => Ok(()),
                Some(_) => Err(altered()),
            }
        })?;
        let state = state.next(entries);
        write_about(new, keys, &state)?;
        Ok(state)
    })
}

fn new_id(path: &Path) -> Result<VaultId, VaultError> {
    let mut id = VaultId::default();
    match SysRng.try_fill_bytes(&mut id) {
        Ok(()) => Ok(id),
        Err(error) => Err(VaultError::Open {
            path: path.to_owned(),
            source: io::Error::other(error.to_string()),
        }),
    }
}
