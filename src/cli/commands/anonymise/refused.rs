//! What a run that was refused leaves: the manifest that was asked for, so that the one of the run before
//! does not stand there as if it were this one's.

use std::fs;
use std::path::Path;

use super::job::Job;
use crate::cli::commands::files::write_beside;
use crate::cli::commands::say;
use crate::cli::exit;
use crate::io::input::Input;
use crate::report::{self, RefusedRun, RuleFile};

impl Job<'_> {
    /// Writes the manifest of a run whose data were refused or that missed a threshold; of one that failed
    /// otherwise nothing is written.
    pub(super) fn record_refusal(&self, error: &anyhow::Error, input: &Input) {
        let status = exit::status(error);
        let path = self.arguments.written.manifest.as_deref();
        // Whoever reads a pipe has seen its end, and opening it again would wait for another reader.
        let is_file = |path: &&Path| fs::metadata(path).map_or(true, |found| found.is_file());
        let records = matches!(status, 3 | 4) && !self.arguments.rehearses();
        let path = path.filter(|_| records).filter(is_file);
        let Some(path) = path else {
            return;
        };
        let is_whole = exit::comes_at_the_end(error);
        let run = RefusedRun {
            started: self.started,
            input: self.input.display().to_string(),
            bytes: is_whole.then(|| input.bytes_of_first_pass()),
            sha256: input.sha256().filter(|_| is_whole),
            output: self.arguments.written.text.output.display().to_string(),
            table: &self.table.name,
            table_sha256: &self.table.sha256,
            table_text_sha256: &self.table.text_sha256,
            table_files: self.table.files.iter().map(RuleFile::new).collect(),
            exit_status: status,
            codes: exit::codes(error),
        };
        if let Err(error) = write_beside(path, &report::refused(run)) {
            say(error);
        }
    }
}
