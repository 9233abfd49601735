//! `vault`: vaults of tokens are made, brought to the second format and looked through.

use super::{print_text, say};
use crate::base::plural::counted;
use crate::cli::arguments::{VaultArguments, VaultCommand};
use crate::cli::exit::Error;
use crate::crypto::keys::KeyRing;
use crate::crypto::vault::{self, Upgraded, VaultError, VaultState};
use crate::engine::error::Error as EngineError;
use crate::report::journal::vault_generation;

pub(super) fn vault(command: &VaultCommand) -> anyhow::Result<()> {
    match command {
        VaultCommand::Create(arguments) => {
            if arguments.vault.as_os_str() == "-" {
                return Err(Error::TakesAFile(fixed!("a vault")).into());
            }
            with_key(arguments, vault::create).map(drop)
        }
        VaultCommand::Upgrade(arguments) => {
            match with_key(arguments, vault::upgrade)? {
                Upgraded::Now(state) => say(text!(
                    "{path}: of the second format now, with the same {values}",
                    path = state.path.display(),
                    values = counted(state.entries, "value")
                )),
                Upgraded::Already(state) => say(text!(
                    "{path}: of the second format already",
                    path = state.path.display()
                )),
            }
            Ok(())
        }
        VaultCommand::Verify {
            vault: arguments,
            journal,
        } => {
            let state = with_key(arguments, vault::verify)?;
            if let Some(journal) = journal {
                check_generation(&state, vault_generation(journal, &state.id)?)?;
            }
            print_text(&format!("{}\n", verified(&state)))
        }
    }
}

/// Refuses a vault that was put back to what it was before a run that the journal knows.
pub(super) fn check_generation(state: &VaultState, known: Option<u64>) -> Result<(), VaultError> {
    match known.filter(|known| *known > state.generation) {
        None => Ok(()),
        Some(known) => Err(VaultError::RolledBack {
            path: state.path.clone(),
            found: state.generation,
            known,
        }),
    }
}

/// Refuses a vault that the run had to make, if the journal knows of one in its place.
pub(super) fn check_made(state: &VaultState, known: Option<u64>) -> Result<(), VaultError> {
    match known {
        None => Ok(()),
        Some(known) => Err(VaultError::Gone {
            path: state.path.clone(),
            known,
        }),
    }
}

fn with_key<T>(
    arguments: &VaultArguments,
    work: fn(&std::path::Path, &crate::crypto::keys::RoleKey) -> Result<T, VaultError>,
) -> anyhow::Result<T> {
    let keys = KeyRing::read(std::slice::from_ref(&arguments.key))?;
    let key = keys.keys().next().ok_or(EngineError::Internal)?;
    Ok(work(&arguments.vault, key)?)
}

fn verified(state: &VaultState) -> String {
    text!(
        "{path}: {values}, unbroken; generation {generation}, id {id}",
        path = state.path.display(),
        values = counted(state.entries, "value"),
        generation = state.generation,
        id = state.id
    )
}
