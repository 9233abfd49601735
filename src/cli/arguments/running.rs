//! The part of the command line that says how the main job runs and what it says of that.

use clap::{Args, ValueEnum};

/// What is written to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LogFormat {
    /// Sentences
    #[default]
    Text,
    /// One line of JSON for each event: start, warnings with their codes, end with counts and status
    Json,
}

/// How the main job runs.
#[derive(Debug, Args)]
pub struct RunningArguments {
    /// Make the index, the order and noise reproducible: for fixtures and CI only
    #[arg(long, value_name = "N", help_heading = "Running")]
    pub seed: Option<u64>,

    /// Say nothing but warnings and errors; twice (-qq), nothing but errors
    #[arg(short, long, action = clap::ArgAction::Count, conflicts_with = "verbose", help_heading = "Running")]
    pub quiet: u8,

    /// Say what is done to each column, and what was counted
    #[arg(short, long, help_heading = "Running")]
    pub verbose: bool,

    /// Show no progress bar (it shows on a terminal only)
    #[arg(long, help_heading = "Running")]
    pub no_progress: bool,

    /// What is written to standard error; codes are in the reference
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        help_heading = "Running"
    )]
    pub log: LogFormat,
}

impl RunningArguments {
    /// Whether a run says what it is about to do and has done.
    pub(crate) fn tells(&self) -> bool {
        self.quiet == 0
    }

    /// Whether it says what it warns about.
    pub(crate) fn warns(&self) -> bool {
        self.quiet < 2
    }
}
