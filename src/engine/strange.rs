//! What a file has that an engine which reads it itself would read otherwise.

use super::sieve::NobodyCounts;
use crate::io::csv::Encoding;
use crate::io::quirk::Quirk;

/// What a file has that an engine would read otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strange {
    Workbook,
    /// Something beside plain CSV.
    Quirk(Quirk),
    /// Another encoding than UTF-8.
    Encoding(Encoding),
    /// Rows that are nobody.
    Nobody(NobodyCounts),
    /// Rows of another width than the header.
    Width(u64),
}

/// An engine would read the file otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}",
    text!(
        "an engine would read this file otherwise than crm-anon does: {why}\n  what to do: export it as \
         plain CSV in UTF-8, or anonymise it with `crm-anon FILE`, which reads it",
        why = told(*.0)
    )
)]
pub struct NotPlain(pub Strange);

fn told(strange: Strange) -> String {
    match strange {
        Strange::Workbook => fixed!("it is a workbook").to_string(),
        Strange::Quirk(quirk) => quirk.what(),
        Strange::Encoding(encoding) => text!("it is in {encoding} and not in UTF-8", encoding),
        Strange::Nobody(counts) => {
            let told: Vec<String> = counts.told().collect();
            text!(
                "it has rows that are nobody: {rows}",
                rows = told.join(", ")
            )
        }
        Strange::Width(rows) => plural!(
            rows,
            "it has {n} row of the wrong width",
            "it has {n} rows of the wrong width"
        ),
    }
}
