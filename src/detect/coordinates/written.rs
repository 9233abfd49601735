//! Coordinates in degrees, minutes and seconds, and those that are called latitude and longitude.

use super::super::text::{Text, number};

/// What stands before a latitude, and before a longitude.
const LATITUDE: [&str; 3] = ["lat", "latitude", "y"];
const LONGITUDE: [&str; 5] = ["lon", "lng", "long", "longitude", "x"];

/// Where a pair in degrees and minutes ends whose first digits begin at `start`:
/// `48°18'30"N 2°29'36"E`.
pub(super) fn sexagesimal(text: Text<'_>, start: usize) -> Option<usize> {
    let first = angle(text, start, 90, b"NS")?;
    let mut next = text.skip_blanks(first);
    if matches!(text.byte(next), Some(b',' | b';' | b'/' | b'-')) {
        next = text.skip_blanks(next + 1);
    }
    angle(text, next, 180, b"EWO")
}

/// Reads `48°18'30"N`, its seconds or not, and gives the place behind.
fn angle(text: Text<'_>, start: usize, most: u32, points: &[u8]) -> Option<usize> {
    let read = |at: usize| {
        let run = text.run(at);
        let digits = text.0.get(at..at + run.min(4))?;
        (run > 0).then(|| (number(digits), at + run))
    };
    let behind = |at: usize, signs: &[&str]| {
        let at = text.skip_blanks(at);
        let mut signs = signs.iter();
        let sign = signs.find(|sign| text.behind(at).starts_with(sign.as_bytes()))?;
        Some(text.skip_blanks(at + sign.len()))
    };
    let (degrees, end) = read(start)?;
    let (minutes, end) = read(behind(end, &["°", "º"])?)?;
    let mut end = behind(end, &["'", "′", "’"])?;
    if let Some((seconds, mut place)) = read(end) {
        if text.byte(place) == Some(b'.') || text.byte(place) == Some(b',') {
            place += 1 + text.run(place + 1);
        }
        end = behind(place, &["\"\"", "\"", "″", "''", "”"])?;
        if seconds >= 60 {
            return None;
        }
    }
    let point = text.byte(end).filter(|point| points.contains(point));
    (degrees <= most && minutes < 60 && point.is_some() && text.is_free_after(end + 1))
        .then_some(end + 1)
}

/// Where the longitude begins whose latitude is from `start` to `end`, if words call them so:
/// `lat 48.7955 lon 2.1921`.
pub(super) fn longitude(text: Text<'_>, start: usize, end: usize) -> Option<usize> {
    /// What stands between the two is not longer.
    const LONGEST: usize = 16;
    let between = text.behind(end).iter().take(LONGEST);
    let next = end + between.take_while(|byte| !byte.is_ascii_digit()).count();
    let digits = match text.before(next) {
        [.., b'-'] => next - 1,
        _ => next,
    };
    let named =
        text.is_digit(next) && text.follows(start, &LATITUDE) && text.follows(digits, &LONGITUDE);
    named.then_some(digits)
}
