//! The part of the command line that says how findings are printed.

use clap::ValueEnum;

use crate::report::FindingsForm;

/// How the findings of a command are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FindingsFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// Findings as workflow commands of GitHub Actions
    Github,
    /// Findings as a code quality report of GitLab
    Gitlab,
    /// Findings as SARIF 2.1.0
    Sarif,
    /// Findings as a JUnit report
    Junit,
}

impl FindingsFormat {
    /// The form of the findings, where they are printed in place of all else.
    pub(crate) fn of_service(self) -> Option<FindingsForm> {
        Some(match self {
            Self::Text | Self::Json => return None,
            Self::Github => FindingsForm::Github,
            Self::Gitlab => FindingsForm::Gitlab,
            Self::Sarif => FindingsForm::Sarif,
            Self::Junit => FindingsForm::Junit,
        })
    }
}
