//! The progress bar, on a terminal's standard error only.

use crate::base::lang::Language;
use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the bar is drawn again, in Hz.
const RATE: u8 = 10;

/// A bar for an input of `size` bytes; one that shows nothing unless `wanted` and standard error
/// is a terminal.
pub(super) fn bar(size: Option<u64>, wanted: bool) -> ProgressBar {
    if !wanted || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr_with_hz(RATE));
    let template = match (size, Language::in_use()) {
        (Some(_), Language::En) => {
            "{wide_bar} {decimal_bytes} of {decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left"
        }
        (Some(_), Language::Fr) => {
            "{wide_bar} {decimal_bytes} sur {decimal_total_bytes}, {decimal_bytes_per_sec}, encore {eta}"
        }
        (None, _) => "{spinner} {decimal_bytes}, {decimal_bytes_per_sec}, {elapsed}",
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
