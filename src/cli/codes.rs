//! All codes of warnings and refusals: what machines can rely on, whatever the language of a message.

use crate::base::error::SystemError;
use crate::cli::exit;
use crate::crypto::keys::KeyError;
use crate::crypto::release::ReleaseError;
use crate::crypto::vault::VaultError;
use crate::engine;
use crate::engine::plan::Change;
use crate::engine::published::TooFewRows;
use crate::engine::reveal::{SealFault, Unopened};
use crate::engine::warning::Warning;
use crate::io;
use crate::io::csv::Malformed;
use crate::io::input::InputChanged;
use crate::io::output::RecipientError;
use crate::io::quirk::Quirk;
use crate::io::workbook::{Foreign, WorkbookError};
use crate::privacy;
use crate::privacy::gate::Miss;
use crate::report;
use crate::report::INVALID;
use crate::report::journal::JournalError;
use crate::rules;
use crate::rules::context::Unready;
use crate::rules::table::TableError;
use crate::sql::SqlError;

/// Codes, each with what it stands for.
type Codes = &'static [(&'static str, &'static str)];

/// What a run may warn about.
pub(crate) const WARNINGS: &[Codes] = &[Warning::CODES, Quirk::CODES];

/// What may refuse a run, or end it otherwise.
pub(crate) const REFUSALS: &[Codes] = &[
    exit::Error::CODES,
    exit::InputsError::CODES,
    Change::CODES,
    INVALID,
    Miss::CODES,
    engine::error::Error::CODES,
    TooFewRows::CODES,
    Malformed::CODES,
    Foreign::CODES,
    WorkbookError::CODES,
    InputChanged::CODES,
    io::error::Error::CODES,
    RecipientError::CODES,
    TableError::CODES,
    rules::error::Error::CODES,
    Unready::CODES,
    KeyError::CODES,
    VaultError::CODES,
    ReleaseError::CODES,
    Unopened::CODES,
    SealFault::CODES,
    privacy::error::Error::CODES,
    report::error::Error::CODES,
    JournalError::CODES,
    SqlError::CODES,
    SystemError::CODES,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::cli::reference::markdown;

    fn all() -> Vec<(&'static str, &'static str)> {
        let lists = WARNINGS.iter().chain(REFUSALS).copied();
        lists.flatten().copied().collect()
    }

    #[test]
    fn every_code_is_unique_and_documented() {
        let reference = markdown();
        let mut seen = BTreeSet::new();
        for (code, meaning) in all() {
            assert!(seen.insert(code), "{code} twice");
            let plain = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(code.chars().all(plain), "{code}");
            assert!(
                reference.contains(&format!("| `{code}` | {meaning} |")),
                "{code} is not in the reference"
            );
        }
        assert!(seen.len() > 120, "{}", seen.len());
    }

    /// The types that have codes, by the source: none may be left out of the lists above.
    fn coded(folder: &Path, found: &mut usize) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                coded(&path, found);
            } else {
                let text = fs::read_to_string(&path).unwrap_or_default();
                *found += text.lines().filter(|line| *line == "coded! {").count();
            }
        }
    }

    #[test]
    fn no_type_with_codes_is_left_out() {
        let mut found = 0;
        coded(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut found,
        );
        // The parts of invalid data are no type.
        assert_eq!(found, WARNINGS.len() + REFUSALS.len() - 1);
    }
}
