//! Numbers that are dates: days since 1900 or 1904, as ISO 8601.

use std::fmt::Write;

use chrono::{Days, NaiveDate};

/// The last day that a spreadsheet has, 9999-12-31, counted from 1900.
const LAST: i64 = 2_958_465;

/// The day of 1904 from which other days are counted, counted from 1900.
const FROM_1904: i64 = 1_462;

const SECONDS: f64 = 86_400.0;

/// From which day on days are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Epoch {
    /// 1900-01-01 is day 1, and 1900-02-29, which never was, is day 60.
    #[default]
    Of1900,
    /// 1904-01-01 is day 0.
    Of1904,
}

/// Writes a day, a time of day or both; `false` if a spreadsheet has no such date.
pub(super) fn write_date(
    serial: f64,
    (day, time): (bool, bool),
    epoch: Epoch,
    out: &mut String,
) -> bool {
    let Some((days, seconds)) = split(serial) else {
        return false;
    };
    // Writing to a string does not fail.
    if day && write_day(days, epoch, out).is_none() {
        return false;
    }
    if day && time {
        out.push('T');
    }
    if time {
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        let _ = write!(out, "{hours:02}:{minutes:02}:{:02}", seconds % 60);
    }
    true
}

/// Writes a span of time in hours, minutes and seconds; `false` if a spreadsheet shows none.
pub(super) fn write_elapsed(serial: f64, out: &mut String) -> bool {
    let Some((days, seconds)) = split(serial) else {
        return false;
    };
    let hours = days * 24 + seconds / 3600;
    // Writing to a string does not fail.
    let _ = write!(out, "{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60);
    true
}

/// Whole days, and the seconds behind them.
fn split(serial: f64) -> Option<(i64, i64)> {
    let is_date = (0.0..=LAST as f64 + 1.0).contains(&serial);
    let seconds = is_date.then(|| (serial * SECONDS).round() as i64)?;
    Some((seconds / SECONDS as i64, seconds % SECONDS as i64))
}

/// Writes a day as a spreadsheet shows it: day 0 and day 60 of 1900 too, which no calendar has and no
/// rule takes for a date.
fn write_day(days: i64, epoch: Epoch, out: &mut String) -> Option<()> {
    let from_1900 = match (epoch, days) {
        (Epoch::Of1900, 0) => {
            out.push_str("1900-01-00");
            return Some(());
        }
        (Epoch::Of1900, 60) => {
            out.push_str("1900-02-29");
            return Some(());
        }
        (Epoch::Of1900, days @ ..60) => days + 1,
        (Epoch::Of1900, days) => days,
        (Epoch::Of1904, days) => days + FROM_1904,
    };
    let origin = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = u64::try_from(from_1900)
        .ok()
        .filter(|_| from_1900 <= LAST)?;
    let date = origin.checked_add_days(Days::new(days))?;
    // Writing to a string does not fail.
    let _ = write!(out, "{}", date.format("%Y-%m-%d"));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_dates() {
        let (day, time, both) = ((true, false), (false, true), (true, true));
        for (serial, shown, epoch, expected) in [
            (1.0, day, Epoch::Of1900, Some("1900-01-01")),
            (59.0, day, Epoch::Of1900, Some("1900-02-28")),
            (60.0, day, Epoch::Of1900, Some("1900-02-29")),
            (61.0, day, Epoch::Of1900, Some("1900-03-01")),
            (0.0, day, Epoch::Of1900, Some("1900-01-00")),
            (45_292.0, day, Epoch::Of1900, Some("2024-01-01")),
            (45_351.0, day, Epoch::Of1900, Some("2024-02-29")),
            (45_292.75, day, Epoch::Of1900, Some("2024-01-01")),
            (45_292.75, both, Epoch::Of1900, Some("2024-01-01T18:00:00")),
            (45_292.0, both, Epoch::Of1900, Some("2024-01-01T00:00:00")),
            (
                45_292.999_999_99,
                both,
                Epoch::Of1900,
                Some("2024-01-02T00:00:00"),
            ),
            (0.5, time, Epoch::Of1900, Some("12:00:00")),
            (
                45_292.520_833_333_336,
                time,
                Epoch::Of1900,
                Some("12:30:00"),
            ),
            (0.0, day, Epoch::Of1904, Some("1904-01-01")),
            (43_830.0, day, Epoch::Of1904, Some("2024-01-01")),
            (60.0, day, Epoch::Of1904, Some("1904-03-01")),
            (2_958_465.0, day, Epoch::Of1900, Some("9999-12-31")),
            (2_958_466.0, day, Epoch::Of1900, None),
            (-1.0, day, Epoch::Of1900, None),
            (1e300, day, Epoch::Of1900, None),
        ] {
            let mut out = String::new();
            let done = write_date(serial, shown, epoch, &mut out);
            assert_eq!(done.then_some(out.as_str()), expected, "{serial} {epoch:?}");
        }
        for (serial, expected) in [(0.0, "0:00:00"), (1.145_833_333_333_333_3, "27:30:00")] {
            let mut out = String::new();
            assert!(write_elapsed(serial, &mut out));
            assert_eq!(out, expected);
        }
    }
}
