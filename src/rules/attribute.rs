//! What a column tells about a person.

use serde::{Deserialize, Serialize};

/// What a column tells about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attribute {
    /// It names one person on its own.
    Identifying,
    /// It helps to single out a person when joined with others.
    QuasiIdentifying,
    /// What somebody might want to learn about a person.
    Sensitive,
    /// None of these.
    Insensitive,
}
