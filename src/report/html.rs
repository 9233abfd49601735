//! The report for a data protection officer: one HTML page.

use super::{Audited, Run};
use crate::arguments::Language;

/// The report of a run of the main job.
pub fn html_of_run(_run: &Run<'_>, _language: Language) -> String {
    String::new()
}

/// The report of an audited file.
pub fn html_of_file(_file: &Audited<'_>, _language: Language) -> String {
    String::new()
}
