//! `coordinates`: a place on the earth, as latitude and longitude: a home is one.

mod written;

use super::prefilter::Needs;
use super::text::Text;
use super::{Detector, Finder, Form};

pub(super) static DETECTOR: Detector = Detector {
    name: "coordinates",
    title: fixed!("coordinates"),
    summary: "a pair of coordinates of three decimals or more: `48.8566, 2.3522`, `48,8566 ; 2,3522`, \
              `48.8566° N, 2.3522° E`; also `48°51'24\"N 2°21'08\"E`, `lat 48.8566 lon 2.3522`",
    checksum: "– (−90 to 90 and −180 to 180)",
    forms: &[
        Form::weak("four decimals or more, in France or beside it", 50, 0.3),
        // Weights, lengths and thousands are written like this.
        Form::of_most_cells("three decimals, in France or beside it", 1),
        // Any two readings.
        Form::weak("four decimals or more, elsewhere", 50, 0.9),
        Form::certain("in degrees and minutes, or called latitude and longitude"),
    ],
    needs: &[Needs {
        digits: 8,
        pieces: 4,
        ..Needs::NOTHING
    }],
    find,
};

const FINE: u8 = 0;
const COARSE: u8 = 1;
const ELSEWHERE: u8 = 2;
const NAMED: u8 = 3;

/// A decimal of a pair.
struct Degrees {
    whole: u32,
    /// Whether any decimal is not zero.
    rest: bool,
    decimals: usize,
    /// Whether it is south or west.
    negative: bool,
    /// Whether it has a degree sign or a point of the compass.
    marked: bool,
    /// Where its digits begin.
    digits: usize,
    end: usize,
}

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    let mut behind = 0;
    for (digits, run) in found.facts.runs_in(text) {
        if digits >= behind
            && text.is_free_before(digits)
            && let Some(end) = written::sexagesimal(text, digits)
        {
            found.hit(NAMED, digits..end);
            behind = end;
            continue;
        }
        let Some(mark @ (b'.' | b',')) = text.byte(digits + run) else {
            continue;
        };
        let start = match text.before(digits) {
            [.., b'-' | b'+'] => digits - 1,
            _ => digits,
        };
        if start < behind || !text.is_free_before(start) || text.is_part_of_decimal(digits, digits)
        {
            continue;
        }
        let mut is_named = false;
        let pair = degrees(text, start, mark).and_then(|first| {
            let named = written::longitude(text, start, first.end);
            is_named = named.is_some();
            let second = named.or_else(|| between(text, first.end, mark))?;
            Some((first, degrees(text, second, mark)?))
        });
        let Some((first, second)) = pair else {
            continue;
        };
        if !text.is_free_after(second.end)
            || matches!(text.behind(second.end), [b'.', b'0'..=b'9', ..])
        {
            continue;
        }
        behind = second.end;
        let range = start..second.end;
        if !first.is_up_to(90) || !second.is_up_to(180) {
            let fine = fine(&first, &second);
            if fine == FINE {
                found.lookalike(ELSEWHERE, range.clone());
            }
            found.lookalike(COARSE.min(fine), range);
            continue;
        }
        if is_named {
            found.hit(NAMED, range);
            continue;
        }
        let at_home = is_at_home(&first, &second) || is_at_home(&second, &first);
        match (
            fine(&first, &second),
            at_home || first.marked && second.marked,
        ) {
            (FINE, true) => found.hit(FINE, range),
            (COARSE, true) => found.hit(COARSE, range),
            // Two readings beside each other.
            (FINE, false)
                if !is_listed(text, first.end, second.digits)
                    && !first.negative
                    && !second.negative
                    && !text.before(start).ends_with(b"(") =>
            {
                found.lookalike(FINE, range);
            }
            (FINE, false) => {
                // Readings stay near one value; places are all over the earth.
                let whole = text.0.get(start..second.digits).unwrap_or_default();
                let degrees = whole.split(|byte| !byte.is_ascii_digit());
                let varying: Vec<u8> = degrees.step_by(2).flatten().copied().collect();
                found.hit_if_varied(ELSEWHERE, &varying, range);
            }
            _ => found.lookalike(COARSE, range),
        }
    }
}

/// Whether a pair has the decimals of a house's place.
fn fine(first: &Degrees, second: &Degrees) -> u8 {
    if first.decimals.min(second.decimals) > 3 {
        FINE
    } else {
        COARSE
    }
}

/// Whether a comma or another sign stands between the two of a pair.
fn is_listed(text: Text<'_>, end: usize, start: usize) -> bool {
    let between = text.0.get(end..start).unwrap_or_default();
    between
        .iter()
        .any(|byte| matches!(byte, b',' | b';' | b'/' | b'|'))
}

/// Whether a latitude and a longitude lie in France, overseas too, or a neighbour of it.
fn is_at_home(latitude: &Degrees, longitude: &Degrees) -> bool {
    let within = |south: i32, north: i32, west: i32, east: i32| {
        (south..north).contains(&latitude.floor()) && (west..east).contains(&longitude.floor())
    };
    within(41, 52, -6, 11)
        || within(14, 19, -64, -60)
        || within(2, 6, -55, -51)
        || within(-22, -20, 55, 56)
        || within(-14, -12, 44, 46)
}

impl Degrees {
    /// The whole degrees below.
    fn floor(&self) -> i32 {
        let whole = self.whole as i32;
        if self.negative {
            -whole - i32::from(self.rest)
        } else {
            whole
        }
    }

    fn is_up_to(&self, most: u32) -> bool {
        self.whole < most || self.whole == most && !self.rest
    }
}

/// Reads a decimal with its sign, degree sign and point of the compass.
fn degrees(text: Text<'_>, start: usize, mark: u8) -> Option<Degrees> {
    let digits = start + usize::from(matches!(text.byte(start), Some(b'-' | b'+')));
    let run = text.run(digits);
    let decimals = digits + run + 1;
    let length = text.run(decimals);
    if !(1..=3).contains(&run) || text.byte(decimals - 1) != Some(mark) || length < 3 {
        return None;
    }
    let mut end = decimals + length;
    let sign = text.skip_blanks(end);
    if text.behind(sign).starts_with("°".as_bytes()) {
        end = sign + "°".len();
    }
    let point = text.skip_blanks(end);
    if matches!(text.byte(point), Some(b'N' | b'S' | b'E' | b'W' | b'O'))
        && text.is_free_after(point + 1)
    {
        end = point + 1;
    }
    Some(Degrees {
        whole: super::text::number(text.0.get(digits..digits + run)?),
        rest: text
            .0
            .get(decimals..decimals + length)?
            .iter()
            .any(|digit| *digit != b'0'),
        decimals: length,
        negative: text.byte(start) == Some(b'-')
            || matches!(text.before(end), [.., b'S' | b'W' | b'O']),
        marked: end > decimals + length,
        digits,
        end,
    })
}

/// Where the second of a pair begins, if what stands between is a separator.
fn between(text: Text<'_>, at: usize, mark: u8) -> Option<usize> {
    let blank = text.skip_blanks(at);
    match text.byte(blank) {
        Some(b',') if mark == b',' && text.blank(blank + 1).is_none() => None,
        Some(b',' | b';' | b'/' | b'|') => Some(text.skip_blanks(blank + 1)),
        _ if blank > at => Some(blank),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, forms, misses};

    #[test]
    fn pairs_are_found() {
        finds(
            "coordinates",
            &[
                "‹48.8566, 2.3522›",
                "(‹-21.11510;55.53640›)",
                "GPS ‹48,8566 ; 2,3522›.",
                "‹48,8566, 2,3522›",
                "‹48.8566° N, 2.3522° E›",
                "POINT(‹2.3522 48.8566›)",
                "‹90.0000, 180.0000›",
                "‹-74.0060 40.7128›",
                "‹48.857, 2.352›",
                "vu à ‹48°51'24\"N 2°21'08\"E›.",
                "‹45° 45' N, 14° 50' E›",
                "lat ‹48.8566 lon 2.3522›",
                "lat=‹48.857&lng=2.352›",
            ],
        );
        forms(
            "coordinates",
            &[
                ("48.8566, 2.3522", 0),
                ("2.3522 48.8566", 0),
                ("-21.1151, 55.5364", 0),
                ("48.8566, 2.352", 1),
                ("40.7128, -74.0060", 2),
                ("40.7128° N, 74.0060° W", 0),
            ],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "coordinates",
            &[
                ("one number", "48.8566"),
                ("pressures", "101.325 100.987, 2.354 2.412, 1.013 0.998"),
                ("readings", "24.8977 0.2141, 36.2494 75.6850"),
                ("two decimals", "48.85, 2.35"),
                ("out of range", "90.0001, 2.3522, 48.8566, 180.0001"),
                ("no separator", "48.8566-2.3522"),
                ("a list of thousands", "12,345,678,901"),
                ("a version", "1.2345.6.7890"),
                ("glued to a letter", "v48.8566, 2.3522"),
            ],
        );
    }
}
