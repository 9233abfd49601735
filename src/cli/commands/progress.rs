//! The progress bar, on a terminal's standard error only.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::base::lang::Decimal;
use crate::engine::source::Source;
use crate::io::csv::Reader;
use crate::io::system::terminal;

/// How long a drawn bar stays, at least.
const STAYS: Duration = Duration::from_millis(100);

/// Makes a pass over the rows of a source. What is called after each batch shows how far it is, if
/// `wanted` and standard error is a terminal.
pub(super) fn watched<T>(
    source: &mut Source<'_>,
    wanted: bool,
    pass: impl FnOnce(&mut Reader, &mut (dyn FnMut() + Send)) -> T,
) -> T {
    let (reader, input) = source.parts();
    let mut bar = Bar::new(input.size(), wanted && io::stderr().is_terminal());
    pass(reader, &mut || bar.show(input.bytes_read()))
}

struct Bar {
    size: Option<u64>,
    begun: Instant,
    /// When it was drawn last; nothing if it is never drawn.
    drawn: Option<Instant>,
    stands: bool,
}

impl Bar {
    fn new(size: Option<u64>, wanted: bool) -> Self {
        let begun = Instant::now();
        Self {
            size,
            begun,
            drawn: wanted.then_some(begun),
            stands: false,
        }
    }

    fn show(&mut self, bytes: u64) {
        let now = Instant::now();
        if !matches!(self.drawn, Some(drawn) if now - drawn >= STAYS) {
            return;
        }
        let columns = terminal::columns().unwrap_or(80);
        let line = line(
            bytes,
            self.size,
            now - self.begun,
            usize::from(columns.max(2) - 1),
        );
        // That nobody can see it is no reason to stop.
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
        (self.drawn, self.stands) = (Some(now), true);
    }
}

impl Drop for Bar {
    /// Leaves the line as it was before.
    fn drop(&mut self) {
        if self.stands {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// The bar after some bytes of so many, in at most so many columns of a terminal.
fn line(bytes: u64, size: Option<u64>, passed: Duration, columns: usize) -> String {
    let seconds = passed.as_secs_f64().max(1e-3);
    let megabytes = |bytes: u64| Decimal(bytes as f64 / 1e6, 1);
    let speed = Decimal(bytes as f64 / 1e6 / seconds, 0);
    let done = megabytes(bytes);
    let Some(size) = size.filter(|size| *size > 0) else {
        return text!("{done} MB, {speed} MB/s", done, speed)
            .chars()
            .take(columns)
            .collect();
    };
    let share = (bytes as f64 / size as f64).min(1.0);
    let rest = match bytes {
        0 => 0.0,
        _ => seconds / share - seconds,
    };
    let told = text!(
        " {done} of {size} MB, {speed} MB/s, {seconds} s left",
        done,
        size = megabytes(size),
        speed,
        seconds = Decimal(rest, 0)
    );
    let room = columns.saturating_sub(told.chars().count());
    let full = (room as f64 * share) as usize;
    let bar = (0..room).map(|at| if at < full { '█' } else { '░' });
    bar.chain(told.chars()).take(columns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::lang::{Language, speaking};

    #[test]
    fn a_bar_fits_its_terminal_and_tells_how_far_it_is() {
        let second = Duration::from_secs(1);
        for (bytes, size, columns, expected) in cases![
            0, Some(8_000_000), 44, "░░░░░░░ 0.0 of 8.0 MB, 0 MB/s, 0 s left";
            2_000_000, Some(8_000_000), 44, "██░░░░░░ 2.0 of 8.0 MB, 2 MB/s, 3 s left";
            9_000_000, Some(8_000_000), 44, "████████ 9.0 of 8.0 MB, 9 MB/s, 0 s left";
            2_000_000, Some(8_000_000), 12, " 2.0 of 8.0 ";
            2_000_000, None, 44, "2.0 MB, 2 MB/s";
            2_000_000, Some(0), 5, "2.0 M";
        ] {
            let shown = line(bytes, size, second, columns);
            assert_eq!(
                shown.trim_start_matches(['█', '░']),
                expected.trim_start_matches(['█', '░'])
            );
            let full = shown.matches('█').count();
            let room = full + shown.matches('░').count();
            assert!(shown.chars().count() <= columns, "{shown}");
            if room > 0 {
                assert_eq!(shown.chars().count(), columns, "{shown}");
                let share = bytes.min(8_000_000) as f64 / 8e6;
                assert_eq!(full, (room as f64 * share) as usize, "{shown}");
            }
        }
        let french = speaking(Language::Fr, || line(2_400_000, None, second, 80));
        assert_eq!(french, "2,4 Mo, 2 Mo/s");
    }

    #[test]
    fn a_bar_that_nobody_sees_is_not_drawn() {
        let mut bar = Bar::new(Some(1), false);
        bar.show(1);
        assert!(!bar.stands);
    }
}
