//! The part of the command line that says what a run tells of itself.

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

/// What a command that reads a file says of that.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Running")]
pub struct LogArguments {
    /// Say nothing but warnings and errors; twice (-qq), nothing but errors
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub quiet: u8,

    /// Show no progress bar (it shows on a terminal only)
    #[arg(long)]
    pub no_progress: bool,

    /// What is written to standard error; codes are in the reference
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub log: LogFormat,
}

/// What a run says of itself.
#[derive(Debug, Clone, Args)]
pub struct RunningArguments {
    /// What every command that reads a file says.
    #[command(flatten)]
    pub log: LogArguments,

    /// Say what is done to each column, and what was counted
    #[arg(short, long, conflicts_with = "quiet", help_heading = "Running")]
    pub verbose: bool,
}

impl LogArguments {
    /// Whether a run says what it is about to do and has done.
    pub(crate) fn tells(&self) -> bool {
        self.quiet == 0
    }

    /// Whether it says what it warns about.
    pub(crate) fn warns(&self) -> bool {
        self.quiet < 2
    }

    /// Whether it shows how far it has come.
    pub(crate) fn shows_progress(&self) -> bool {
        self.tells() && !self.no_progress && self.log == LogFormat::Text
    }
}
