//! `keygen`: the key of a role, in a file of its own.

use super::today;
use crate::cli::arguments::KeygenArguments;
use crate::cli::exit::Error;
use crate::crypto::keys;

/// Makes a key file.
pub(super) fn keygen(arguments: &KeygenArguments) -> anyhow::Result<()> {
    if arguments.output.as_os_str() == "-" {
        return Err(Error::TakesAFile(fixed!("a key")).into());
    }
    let passphrase = arguments
        .passphrase
        .then(keys::new_passphrase)
        .transpose()?;
    let made = today().to_string();
    keys::make(
        arguments.role.clone(),
        &arguments.output,
        &made,
        passphrase.as_ref(),
    )?;
    Ok(())
}
