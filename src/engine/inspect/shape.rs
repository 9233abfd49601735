//! The shapes of a column's cells: `AA-999-AA` for `AB-123-CD`.
//!
//! A shape with little in it that is a letter or a digit could be the cell itself (`-`, `a-b`), and
//! the shape that one cell alone has tells of that cell. So a shape is shown only where many rows
//! have it, with several different values.

use std::collections::BTreeSet;

/// A shape is shown if at least so many rows have it,
pub const LEAST_ROWS: u64 = 20;
/// and at least so many different values.
pub const LEAST_VALUES: usize = 5;
/// Longer cells have no shape.
const LONGEST: usize = 24;
/// A column with more shapes than this has none worth telling.
const MOST_SHAPES: usize = 64;

/// The shapes of one column. Its size is bounded.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    /// Nothing once there were too many.
    known: Option<Vec<(Shape, Seen)>>,
    begun: bool,
    /// The place of the shape that came last: mostly it is the next one, too.
    last: usize,
}

/// The shape of a cell, in ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    signs: [u8; LONGEST],
    length: u8,
}

#[derive(Debug, Clone, Default)]
struct Seen {
    rows: u64,
    /// Hashes of values, up to [`LEAST_VALUES`] of them.
    values: BTreeSet<u64>,
}

impl Seen {
    fn add(&mut self, hash: u64) {
        if self.values.len() < LEAST_VALUES {
            self.values.insert(hash);
        }
    }
}

impl Shapes {
    /// Counts so many rows of a value of a shape.
    #[inline]
    pub(super) fn add(&mut self, shape: Shape, hash: u64, rows: u64) {
        self.seen(shape, |seen| {
            seen.rows += rows;
            seen.add(hash);
        });
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if !other.begun {
            return;
        }
        let Some(theirs) = &other.known else {
            self.begun = true;
            self.known = None;
            return;
        };
        for (shape, their) in theirs {
            self.seen(*shape, |seen| {
                seen.rows += their.rows;
                their.values.iter().for_each(|hash| seen.add(*hash));
            });
        }
    }

    /// Whether more shapes are counted.
    pub(super) fn are_wanted(&self) -> bool {
        self.known.is_some() || !self.begun
    }

    #[inline]
    fn seen(&mut self, shape: Shape, note: impl FnOnce(&mut Seen)) {
        if !self.begun {
            self.begun = true;
            self.known = Some(Vec::new());
        }
        let Some(known) = &mut self.known else {
            return;
        };
        if known.get(self.last).is_none_or(|(last, _)| *last != shape) {
            let place = known.iter().position(|(other, _)| *other == shape);
            self.last = place.unwrap_or(known.len());
            if place.is_none() {
                known.push((shape, Seen::default()));
            }
        }
        if let Some((_, seen)) = known.get_mut(self.last) {
            note(seen);
        }
        if known.len() > MOST_SHAPES {
            self.known = None;
        }
    }

    /// The shapes that may be shown with their rows, the most frequent first, at most three.
    pub fn shown(&self) -> Vec<(&str, u64)> {
        let mut shown: Vec<(&str, u64)> = self
            .known
            .iter()
            .flatten()
            .filter(|(_, seen)| seen.rows >= LEAST_ROWS && seen.values.len() >= LEAST_VALUES)
            .map(|(shape, seen)| (shape.text(), seen.rows))
            .collect();
        shown.sort_by(|(a, rows), (b, more)| more.cmp(rows).then(a.cmp(b)));
        shown.truncate(3);
        shown
    }
}

impl Shape {
    /// The shape of a cell; nothing if the cell is too long for one.
    #[inline]
    pub(super) fn of(cell: &str) -> Option<Self> {
        let mut signs = [0; LONGEST];
        let length = match cell.is_ascii() {
            true => {
                let signs = signs.get_mut(..cell.len())?;
                for (sign, byte) in signs.iter_mut().zip(cell.bytes()) {
                    *sign = ASCII.get(usize::from(byte)).copied().unwrap_or(b'?');
                }
                cell.len()
            }
            false => {
                let mut length = 0;
                for character in cell.chars() {
                    *signs.get_mut(length)? = match u8::try_from(character) {
                        Ok(byte) if byte.is_ascii() => {
                            ASCII.get(usize::from(byte)).copied().unwrap_or(b'?')
                        }
                        _ => foreign(character),
                    };
                    length += 1;
                }
                length
            }
        };
        Some(Self {
            signs,
            length: length as u8,
        })
    }

    fn text(&self) -> &str {
        let signs = self.signs.get(..usize::from(self.length));
        str::from_utf8(signs.unwrap_or_default()).unwrap_or_default()
    }
}

/// What stands for each character of ASCII.
static ASCII: [u8; 128] = {
    let mut signs = [b'?'; 128];
    let mut rest: &mut [u8] = &mut signs;
    let mut byte = 0_u8;
    while let [sign, behind @ ..] = rest {
        *sign = match byte {
            b'0'..=b'9' => b'9',
            b'A'..=b'Z' => b'A',
            b'a'..=b'z' => b'a',
            // The white space of Unicode.
            b' ' | b'\t'..=b'\r' => b' ',
            b'-' | b'_' | b'.' | b'/' | b':' | b',' | b'@' | b'+' | b'(' | b')' | b'#' | b'\''
            | b'&' | b'%' => byte,
            _ => b'?',
        };
        byte += 1;
        rest = behind;
    }
    signs
};

/// What stands for a character that is not ASCII.
fn foreign(c: char) -> u8 {
    match c {
        _ if c.is_numeric() => b'9',
        _ if c.is_uppercase() => b'A',
        _ if c.is_alphabetic() => b'a',
        _ if c.is_whitespace() => b' ',
        _ => b'?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::inspect::distinct::hash;

    fn shape(cell: &str) -> Option<String> {
        Shape::of(cell).map(|shape| shape.text().to_owned())
    }

    fn shapes(cells: &[String]) -> Shapes {
        let mut shapes = Shapes::default();
        for cell in cells {
            if let Some(shape) = Shape::of(cell) {
                shapes.add(shape, hash(cell.as_bytes()), 1);
            }
        }
        shapes
    }

    #[test]
    fn letters_and_digits_do_not_survive() {
        for (cell, expected) in [
            ("AB-123-CD", Some("AA-999-AA")),
            ("Zoé 4", Some("Aaa 9")),
            ("²½٣", Some("999")),
            ("😀*x", Some("??a")),
            ("名前", Some("aa")),
            ("a\u{a0}b\u{202e}", Some("a a?")),
            ("", Some("")),
            ("1234567890123456789012345", None),
        ] {
            assert_eq!(shape(cell).as_deref(), expected, "{cell}");
        }
    }

    #[test]
    fn only_shapes_that_many_rows_and_values_have_are_shown() {
        let plates = (0..30).map(|n| format!("AB-{:03}-CD", n % 7));
        type Case<'a> = (&'a str, Vec<String>, &'a [(&'a str, u64)]);
        let cases: [Case<'_>; 5] = [
            ("many", plates.clone().collect(), &[("AA-999-AA", 30)]),
            ("few rows", plates.take(19).collect(), &[]),
            (
                "few values",
                (0..500).map(|n| format!("x{}", n % 4)).collect(),
                &[],
            ),
            ("one sign", vec!["-".to_owned(); 500], &[]),
            (
                "too many shapes",
                (0..9000)
                    .map(|n| format!("{:b}-{n}", n % 100).replace('0', "a"))
                    .collect(),
                &[],
            ),
        ];
        for (case, cells, expected) in cases {
            assert_eq!(shapes(&cells).shown(), expected, "{case}");
            for cut in [0, 1, cells.len() / 2, cells.len()] {
                let (left, right) = cells.split_at(cut);
                let mut merged = shapes(left);
                merged.merge(&shapes(right));
                assert_eq!(merged.shown(), expected, "{case}, cut at {cut}");
            }
        }
    }
}
