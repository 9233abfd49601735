//! Findings in the forms that services for continuous integration show beside a change.
//!
//! A finding is a code, a sentence and a place in a file; it has no cell.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingsForm {
    /// For programs of one's own.
    Json,
    /// Workflow commands of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// SARIF 2.1.0.
    Sarif,
    /// A JUnit report.
    Junit,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What machines call it.
    pub code: &'static str,
    /// What it is, in a sentence or some.
    pub message: String,
    /// The line in the file, from 1, and the character in it, if it has such a place.
    pub place: Option<(usize, usize)>,
}

/// What a command found.
pub struct Findings<'a> {
    pub command: &'static str,
    /// The file that was looked at, as the user named it.
    pub path: &'a str,
    /// The status that the command ends with.
    pub status: u8,
    /// All of them; none if all is well.
    pub findings: &'a [Finding],
    /// What its codes stand for.
    pub meaning: fn(&str) -> &'static str,
}

impl Findings<'_> {
    /// The findings as a text.
    pub fn written(&self, form: FindingsForm) -> String {
        match form {
            FindingsForm::Json => json::written(self),
            FindingsForm::Github => github::written(self),
            FindingsForm::Gitlab => gitlab::written(self),
            FindingsForm::Sarif => sarif::written(self),
            FindingsForm::Junit => junit::written(self),
        }
    }
}

impl Finding {
    /// The line, for forms that ask for one.
    fn line(&self) -> usize {
        self.place.map_or(1, |(line, _)| line)
    }
}

#[cfg(test)]
mod tests;
