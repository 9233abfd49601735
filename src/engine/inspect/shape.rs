//! The shapes of a column's cells: `AA-999-AA` for `AB-123-CD`.
//!
//! A shape with little in it that is a letter or a digit could be the cell itself (`-`, `a-b`), and
//! the shape that one cell alone has tells of that cell. So a shape is shown only where many rows
//! have it, with several different values.

use std::collections::{BTreeMap, BTreeSet};

/// A shape is shown if at least so many rows have it,
pub const LEAST_ROWS: u64 = 20;
/// and at least so many different values.
pub const LEAST_VALUES: usize = 5;
/// Longer cells have no shape.
const LONGEST: usize = 24;
/// A column with more shapes than this has none worth telling.
const MOST_SHAPES: usize = 64;
/// Signs that a shape shows as they are.
const SIGNS: &str = " -_./:,@+()#'&%";

/// The shapes of one column. Its size is bounded.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    /// Nothing once there were too many.
    known: Option<BTreeMap<String, Seen>>,
    begun: bool,
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
    pub(super) fn add(&mut self, shape: &str, hash: u64, rows: u64) {
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
            self.seen(shape, |seen| {
                seen.rows += their.rows;
                their.values.iter().for_each(|hash| seen.add(*hash));
            });
        }
    }

    fn seen(&mut self, shape: &str, note: impl FnOnce(&mut Seen)) {
        if !self.begun {
            self.begun = true;
            self.known = Some(BTreeMap::new());
        }
        if let Some(known) = &mut self.known {
            if let Some(seen) = known.get_mut(shape) {
                note(seen);
                return;
            }
            note(known.entry(shape.to_owned()).or_default());
            if known.len() > MOST_SHAPES {
                self.known = None;
            }
        }
    }

    /// The shapes that may be shown with their rows, the most frequent first, at most three.
    pub fn shown(&self) -> Vec<(&str, u64)> {
        let mut shown: Vec<(&str, u64)> = self
            .known
            .iter()
            .flatten()
            .filter(|(_, seen)| seen.rows >= LEAST_ROWS && seen.values.len() >= LEAST_VALUES)
            .map(|(shape, seen)| (shape.as_str(), seen.rows))
            .collect();
        shown.sort_by(|(a, rows), (b, more)| more.cmp(rows).then(a.cmp(b)));
        shown.truncate(3);
        shown
    }
}

/// Puts the shape of a cell in the place of another's; nothing if the cell is too long for one.
pub(super) fn write(cell: &str, shape: &mut Option<String>) {
    // A character has four bytes at most.
    if cell.len() > 4 * LONGEST || cell.chars().nth(LONGEST).is_some() {
        *shape = None;
        return;
    }
    let shape = shape.get_or_insert_default();
    shape.clear();
    shape.extend(cell.chars().map(|c| match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => ascii(byte),
        _ => foreign(c),
    }));
}

fn ascii(byte: u8) -> char {
    const SHOWN: [bool; 128] = {
        let mut shown = [false; 128];
        let mut rest = SIGNS.as_bytes();
        while let [sign, behind @ ..] = rest {
            if let Some(shown) = shown.split_at_mut(*sign as usize).1.first_mut() {
                *shown = true;
            }
            rest = behind;
        }
        shown
    };
    match byte {
        b'0'..=b'9' => '9',
        b'A'..=b'Z' => 'A',
        b'a'..=b'z' => 'a',
        _ if SHOWN.get(usize::from(byte)) == Some(&true) => char::from(byte),
        _ if char::from(byte).is_whitespace() => ' ',
        _ => '?',
    }
}

/// What stands for a character that is not ASCII.
fn foreign(c: char) -> char {
    match c {
        _ if c.is_numeric() => '9',
        _ if c.is_uppercase() => 'A',
        _ if c.is_alphabetic() => 'a',
        _ if c.is_whitespace() => ' ',
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::inspect::distinct::hash;

    fn shape(cell: &str) -> Option<String> {
        let mut shape = Some("another".to_owned());
        write(cell, &mut shape);
        shape
    }

    fn shapes(cells: &[String]) -> Shapes {
        let mut shapes = Shapes::default();
        for cell in cells {
            if let Some(shape) = shape(cell) {
                shapes.add(&shape, hash(cell.as_bytes()), 1);
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
