//! The part of the command line that asks for the noise of differential privacy.

use clap::Args;

use crate::privacy::differential::Epsilon;

/// Differential privacy in place of suppression.
#[derive(Debug, Clone, Copy, Args)]
pub struct DifferentialArguments {
    /// Publish all cells, with the noise of differential privacy in place of suppression: how much the table
    /// may show of a person. Keys and bounds are in the rule table (differential_privacy), and --journal is the
    /// ledger of what is spent
    #[arg(long, value_name = "E", help_heading = "Privacy")]
    pub epsilon: Option<Epsilon>,
}
