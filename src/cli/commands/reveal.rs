//! `reveal`: from a protected file back to the cells that keys open, or a look at its seals.

use std::path::PathBuf;

use super::protected::Work;
use crate::cli::arguments::RevealArguments;
use crate::crypto::keys::KeyRing;
use crate::crypto::vault::{VaultError, VaultReader};
use crate::engine::error::Error as EngineError;
use crate::engine::reveal::Task;

/// Opens what the keys open, or checks the seals and writes nothing.
pub(super) fn reveal(arguments: &RevealArguments) -> anyhow::Result<()> {
    let keys = KeyRing::read(&arguments.keys)?;
    let vaults = vaults(&arguments.vaults, &keys)?;
    let work = Work {
        command: "reveal",
        input: &arguments.input,
        reading: &arguments.reading,
        output: (!arguments.verify).then_some(&arguments.text),
        read: arguments.keys.iter().chain(&arguments.vaults).collect(),
        keys: &keys,
        vaults: &vaults,
        index: arguments.index.as_deref(),
        without_index: arguments.without_index,
        task: match (arguments.verify, arguments.ignore_seals) {
            (true, _) => Task::Verify,
            (false, true) => Task::Salvage,
            (false, false) => Task::Open,
        },
        whole: arguments.whole,
        log: &arguments.log,
    };
    work.run().map_err(|error| blamed(error, &vaults))
}

/// Why nothing was opened. A cell may be refused since its token is lost in a vault that is damaged: then the vault is
/// to be mended, and the file is whole.
fn blamed(error: anyhow::Error, vaults: &[VaultReader]) -> anyhow::Error {
    let is_of_cell = matches!(error.downcast_ref(), Some(EngineError::Unopened { .. }));
    let damaged = || vaults.iter().find_map(|vault| vault.verify().err());
    match is_of_cell.then(damaged).flatten() {
        Some(damaged) => damaged.into(),
        None => error,
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
