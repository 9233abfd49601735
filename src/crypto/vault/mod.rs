//! Which token stands for which value: a correspondence that lives apart from the data, encrypted.
//!
//! A token says nothing of its value, so whoever has only the output learns nothing; whoever has the
//! vault and the key of its role finds the value again; and once the vault is destroyed nobody does.
//! The vault is one file of an embedded store (`redb`). It holds no value and no key in the clear. Of the
//! second format:
//!
//! * `tokens`: the tag of a value, which is the HMAC-SHA-256 of domain and value, → the token, and a proof
//!   that the two belong together;
//! * `values`: the token → tag and value, padded, encrypted and bound to the token ([`entry`]);
//! * `about`: `version`; `check`, by which another key is told apart; `state`, which proves which vault this
//!   is, how many runs have added to it and how many entries it has ([`state`]).
//!
//! So neither half of an entry can be put where another one was, nor into another vault: whoever has the file
//! and not the key can take entries away or put the whole file back as it was, and nothing else. The
//! number of entries shows the first when the vault is opened, and [`verify`](verify::verify) when as many others were put
//! in. The generation shows the second to a run that has a journal ([`VaultError::RolledBack`]).
//!
//! What a run adds is one transaction: it is there in whole, or the vault is as it was before. The
//! store keeps a bounded part of it in memory, however many values there are.

mod about;
mod entry;
mod error;
mod file;
mod first_format;
mod keys;
mod reader;
mod run;
mod state;
mod store;
mod token;
mod untouched;
mod upgrade;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::Rng;
use redb::{ReadableTable, TableDefinition, WriteTransaction};
use ring::hmac::{self, HMAC_SHA256};
use zeroize::Zeroizing;

use crate::crypto::keys::{Role, RoleKey};

use about::{read_about, write_about};
use entry::{EntryKeys, EntryOrigin, HALF};
use file::{Access, Made};
use keys::VaultKeys;
use state::{State, VaultId};
use store::{Store, altered};

pub use error::VaultError;
pub use reader::VaultReader;
pub use run::Vaults;
pub use state::VaultState;
pub use token::{TOKEN, Token};
pub use upgrade::{Upgraded, create, upgrade};
pub use verify::verify;

/// The tag of a value in a domain.
type Tag = [u8; 32];

const TOKENS: TableDefinition<'_, &Tag, &[u8; HALF]> = TableDefinition::new("tokens");
const VALUES: TableDefinition<'_, &[u8; TOKEN], &[u8]> = TableDefinition::new("values");

/// What a run does where there is no vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    Make,
    /// It stops.
    Refuse,
}

/// A vault in use. While values are added to it, no other process can open it.
pub struct Vault {
    path: PathBuf,
    role: Role,
    keys: VaultKeys,
    entries: EntryKeys,
    /// Makes a value's token: the key of this run, forgotten with it.
    draw: hmac::Key,
    inner: Mutex<Inner>,
}

struct Inner {
    store: Store,
    /// As it was opened, or is now if it is committed.
    state: State,
    /// Entries that this run adds.
    added: u64,
    /// If this run has made it and nothing of it is committed yet: it does not stay in vain.
    made: Option<Made>,
}

impl Vault {
    /// Opens a vault to add to it, or makes one of mode 0600; with [`Access::Read`] what is added to a vault that is
    /// there is forgotten with the run. `draw` is the chance that tokens come from,
    /// `ids` that of ids, which must never repeat.
    fn open(
        path: &Path,
        key: &RoleKey,
        (absent, access): (Absent, Access),
        draw: &mut impl Rng,
        ids: &mut impl Rng,
    ) -> Result<Self, VaultError> {
        let (file, made) = match absent {
            Absent::Make => match file::made(path) {
                Ok((file, made)) => (file, Some(made)),
                Err(VaultError::Exists { .. }) => (file::existing(path, access)?, None),
                Err(error) => return Err(error),
            },
            Absent::Refuse => match file::existing(path, access) {
                Err(VaultError::Open { path, source })
                    if source.kind() == std::io::ErrorKind::NotFound =>
                {
                    return Err(VaultError::Elsewhere { path });
                }
                file => (file?, None),
            },
        };
        let made = MadeInVain(made);
        let mut run = Zeroizing::new([0; 32]);
        draw.fill_bytes(run.as_mut());
        let mut id = VaultId::default();
        ids.fill_bytes(&mut id);
        if made.0.is_none() && access == Access::Read {
            let store = Store::untouched(path, file)?;
            return Self::new(path, key, store, made, Some(id), &run);
        }
        if made.0.is_none() {
            // What is refused is not written to: to open the store marks the file.
            let file = file.try_clone().map_err(|source| VaultError::Open {
                path: path.to_owned(),
                source,
            })?;
            let mut store = Store::untouched(path, file)?;
            read_about(path, &VaultKeys::of(key)?, &mut store)?;
        }
        let store = Store::in_file(path, file)?;
        Self::new(path, key, store, made, Some(id), &run)
    }

    /// Opens a vault that is there to look values up in it.
    fn to_read(path: &Path, key: &RoleKey) -> Result<Self, VaultError> {
        let file = file::existing(path, Access::Read)?;
        let store = Store::untouched(path, file)?;
        Self::new(path, key, store, MadeInVain(None), None, &[0; 32])
    }

    /// The vault in a store; one that is empty gets the id, if there is one.
    fn new(
        path: &Path,
        key: &RoleKey,
        mut store: Store,
        mut made: MadeInVain,
        id: Option<VaultId>,
        run: &[u8; 32],
    ) -> Result<Self, VaultError> {
        let keys = VaultKeys::of(key)?;
        let state = match (read_about(path, &keys, &mut store)?, id) {
            (Some(state), _) => state,
            (None, Some(id)) => State::new(id),
            (None, None) => {
                return Err(VaultError::NotAVault {
                    path: path.to_owned(),
                });
            }
        };
        Ok(Self {
            path: path.to_owned(),
            role: key.role().clone(),
            entries: EntryKeys::of(key, &state.id)?,
            keys,
            draw: hmac::Key::new(HMAC_SHA256, run),
            inner: Mutex::new(Inner {
                store,
                state,
                added: 0,
                made: made.0.take(),
            }),
        })
    }

    /// The role whose key opened it.
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// The state that it was opened in.
    fn found(&self) -> VaultState {
        VaultState::new(&self.path, self.inner().state)
    }

    /// The state that [`Vault::commit`] leaves.
    fn left(&self) -> VaultState {
        VaultState::new(&self.path, self.inner().next())
    }

    /// The token of a value in a domain: the one it has, or a new one.
    ///
    /// # Errors
    /// [`VaultError::Failed`] or [`VaultError::Damaged`]; from then on every call gives it, and so does [`Vault::commit`].
    pub fn token(&self, domain: &str, value: &[u8]) -> Result<Token, VaultError> {
        let tag = self.keys.tag(domain, value);
        let mut inner = self.inner();
        let (token, is_new) = inner.store.with(|changes| {
            let mut tokens = changes.open_table(TOKENS)?;
            if let Some(found) = tokens.get(&tag)? {
                let read = self.entries.read(&tag, found.value());
                let (token, origin) = read.ok_or_else(altered)?;
                if origin == EntryOrigin::TakenOver {
                    self.compare(changes, &token, value)?;
                }
                return Ok((token, false));
            }
            let mut values = changes.open_table(VALUES)?;
            let mut attempt = 0;
            let token = loop {
                let token = self.drawn(&tag, attempt);
                if values.get(token.as_bytes())?.is_none() {
                    break token;
                }
                attempt += 1;
            };
            let half = self.entries.half(&tag, &token, EntryOrigin::Made);
            tokens.insert(&tag, &half)?;
            let sealed = self.entries.seal(&token, &tag, value);
            let sealed = sealed
                .ok_or_else(|| redb::Error::Corrupted("a value cannot be encrypted".to_owned()))?;
            values.insert(token.as_bytes(), sealed.as_slice())?;
            Ok((token, true))
        })?;
        inner.added += u64::from(is_new);
        Ok(token)
    }

    /// Makes sure that a token stands for this value.
    fn compare(
        &self,
        changes: &WriteTransaction,
        token: &Token,
        value: &[u8],
    ) -> Result<(), redb::Error> {
        let values = changes.open_table(VALUES)?;
        let found = values.get(token.as_bytes())?.ok_or_else(altered)?;
        let opened = self.entries.open(token, found.value());
        let is_it = opened.is_some_and(|opened| opened.value.as_slice() == value);
        is_it.then_some(()).ok_or_else(altered)
    }

    /// The value that a token stands for, if the vault has it.
    fn value(&self, token: &Token) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.inner().store.with(|changes| {
            let values = changes.open_table(VALUES)?;
            let Some(found) = values.get(token.as_bytes())? else {
                return Ok(None);
            };
            let opened = self.entries.open(token, found.value());
            Ok(Some(opened.ok_or_else(altered)?.value))
        })
    }

    /// Whether it still works.
    ///
    /// # Errors
    /// [`VaultError::Failed`] in any call before.
    pub fn check(&self) -> Result<(), VaultError> {
        self.inner().store.check()
    }

    /// Makes what the run added last: a new generation, if it added anything. Call it before the tokens
    /// appear anywhere.
    ///
    /// # Errors
    /// [`VaultError::Failed`], now or in any call before.
    pub fn commit(&self) -> Result<(), VaultError> {
        let mut inner = self.inner();
        let inner = &mut *inner;
        let next = inner.next();
        if next == inner.state {
            inner.store.check()?;
            inner.store.forget();
            return Ok(());
        }
        inner.store.with(|changes| {
            write_about(changes, &self.keys, &next)?;
            // The tables are there, even if no value came.
            changes.open_table(TOKENS)?;
            changes.open_table(VALUES)?;
            Ok(())
        })?;
        inner.store.commit()?;
        (inner.state, inner.added, inner.made) = (next, 0, None);
        Ok(())
    }

    /// The token of a tag in this run. It does not depend on which thread comes first.
    fn drawn(&self, tag: &Tag, attempt: u32) -> Token {
        let mut mac = hmac::Context::with_key(&self.draw);
        mac.update(tag);
        mac.update(&attempt.to_be_bytes());
        Token::of(bytes(mac.sign()))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The state behind this run. A vault that is new is a generation too.
    fn next(&self) -> State {
        match self.added > 0 || self.state.generation == 0 {
            true => self.state.next(self.added),
            false => self.state,
        }
    }
}

/// A file that this run has made, until all that it was made for is done.
struct MadeInVain(Option<Made>);

impl Drop for MadeInVain {
    fn drop(&mut self) {
        if let Some(made) = &self.0 {
            made.remove();
        }
    }
}

impl Drop for Vault {
    /// A vault that this run made in vain does not stay.
    fn drop(&mut self) {
        let inner = self.inner.get_mut().unwrap_or_else(PoisonError::into_inner);
        drop(MadeInVain(inner.made.take()));
    }
}

fn bytes(tag: hmac::Tag) -> [u8; 32] {
    tag.as_ref().try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests;
