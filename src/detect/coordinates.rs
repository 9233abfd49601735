//! `coordinates`: a place on the earth, as latitude and longitude: a home is one.

use super::prefilter::{COMMA, DOT, Needs};
use super::text::Text;
use super::{Detector, Finder, Form};

/// The detector `coordinates`.
pub(super) static DETECTOR: Detector = Detector {
    name: "coordinates",
    summary: "a pair of coordinates of three decimals or more: `48.8566, 2.3522`, `48,8566 ; 2,3522`, \
              `48.8566° N, 2.3522° E`",
    checksum: "– (−90 to 90 and −180 to 180)",
    forms: &[
        Form::weak("four decimals or more", 50, 0.05),
        // Weights, lengths and thousands are written like this.
        Form::of_most_cells("three decimals", 1),
    ],
    needs: Needs {
        digits: 8,
        any: DOT | COMMA,
    },
    find,
};

const FINE: u8 = 0;
const COARSE: u8 = 1;

/// A decimal of a pair.
struct Degrees {
    whole: u32,
    /// Whether any decimal is not zero.
    rest: bool,
    decimals: usize,
    end: usize,
}

fn find(text: Text<'_>, found: &mut Finder<'_>) {
    let mut behind = 0;
    for (digits, run) in text.runs() {
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
        let pair = degrees(text, start, mark).and_then(|first| {
            let second = between(text, first.end, mark)?;
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
        let form = if first.decimals.min(second.decimals) > 3 {
            FINE
        } else {
            COARSE
        };
        if first.is_up_to(90) && second.is_up_to(180) {
            found.hit(form, start..second.end);
        } else {
            found.lookalike(form, start..second.end);
        }
    }
}

impl Degrees {
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
                ("48.8566, 2.3522", &["48.8566, 2.3522"]),
                ("(-21.11510;55.53640)", &["-21.11510;55.53640"]),
                ("GPS 48,8566 ; 2,3522.", &["48,8566 ; 2,3522"]),
                ("48,8566, 2,3522", &["48,8566, 2,3522"]),
                ("48.8566° N, 2.3522° E", &["48.8566° N, 2.3522° E"]),
                ("POINT(2.3522 48.8566)", &["2.3522 48.8566"]),
                ("90.0000 180.0000", &["90.0000 180.0000"]),
                ("48.857, 2.352", &["48.857, 2.352"]),
            ],
        );
        forms(
            "coordinates",
            &[("48.8566, 2.3522", 0), ("48.8566, 2.352", 1)],
        );
    }

    #[test]
    fn near_misses() {
        misses(
            "coordinates",
            &[
                ("one number", "48.8566"),
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
