//! `rekey`: a protected file whose cells of one role are encrypted with another key.

use std::slice;

use super::protected::Work;
use crate::cli::arguments::RekeyArguments;
use crate::cli::exit::Error;
use crate::crypto::keys::KeyRing;
use crate::engine::error::Error as EngineError;
use crate::engine::reveal::Task;

/// Opens each cell of the role and encrypts it again, one batch after the other in memory.
pub(super) fn rekey(arguments: &RekeyArguments) -> anyhow::Result<()> {
    let old = KeyRing::read(slice::from_ref(&arguments.key))?;
    let new = KeyRing::read(slice::from_ref(&arguments.to))?;
    let (before, after) = old
        .keys()
        .zip(new.keys())
        .next()
        .ok_or(EngineError::Internal)?;
    if before.role() != after.role() {
        let (old, new) = (before.role().clone(), after.role().clone());
        return Err(Error::TwoRoles { old, new }.into());
    }
    if before.id()? == after.id()? {
        return Err(Error::SameKey.into());
    }
    let work = Work {
        command: "rekey",
        input: &arguments.input,
        reading: &arguments.reading,
        output: Some(&arguments.text),
        read: vec![&arguments.key, &arguments.to],
        keys: &old,
        vaults: &[],
        index: arguments.index.as_deref(),
        without_index: false,
        task: Task::Rekey(after),
        whole: false,
        log: &arguments.log,
    };
    work.run()
}
