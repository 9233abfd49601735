//! What is done about invalid cells and about identifiers in kept columns.

use crate::detect::Detectors;

/// What is done about an invalid cell, or a row of the wrong width (which is never written).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum OnInvalid {
    /// Refuse the file, with everything that is wrong in one message
    #[default]
    Fail,
    /// Leave the cell empty
    Blank,
    /// Leave the row out
    Skip,
}

/// What is done about an identifier in a kept cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum OnLeftover {
    /// Refuse the file
    #[default]
    Fail,
    /// Replace each find with its kind in square brackets
    Mask,
    /// Keep it, with a warning
    Warn,
}

impl OnLeftover {
    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Mask => "mask",
            Self::Warn => "warn",
        }
    }
}

/// What a rule table wants looked for in a kept column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leftovers {
    /// Identifiers of these kinds.
    pub detectors: Detectors,
    /// What does not leave of the same row.
    pub same_row: bool,
}

impl Leftovers {
    /// Everything.
    pub const CHECK: Self = Self {
        detectors: Detectors::ALL,
        same_row: true,
    };

    /// Nothing.
    pub const IGNORE: Self = Self {
        detectors: Detectors::NONE,
        same_row: false,
    };
}
