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
    pub(super) fn add(&mut self, cell: &str, hash: u64) {
        if let Some(shape) = shape(cell) {
            self.seen(shape, |seen| {
                seen.rows += 1;
                seen.add(hash);
            });
        }
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
            self.seen(shape.clone(), |seen| {
                seen.rows += their.rows;
                their.values.iter().for_each(|hash| seen.add(*hash));
            });
        }
    }

    fn seen(&mut self, shape: String, note: impl FnOnce(&mut Seen)) {
        if !self.begun {
            self.begun = true;
            self.known = Some(BTreeMap::new());
        }
        if let Some(known) = &mut self.known {
            note(known.entry(shape).or_default());
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

fn shape(cell: &str) -> Option<String> {
    let mut shape = String::new();
    for (at, c) in cell.chars().enumerate() {
        if at == LONGEST {
            return None;
        }
        shape.push(match c {
            _ if c.is_numeric() => '9',
            _ if c.is_uppercase() => 'A',
            _ if c.is_alphabetic() => 'a',
            _ if SIGNS.contains(c) => c,
            _ if c.is_whitespace() => ' ',
            _ => '?',
        });
    }
    Some(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::inspect::distinct::hash;

    fn shapes(cells: &[String]) -> Shapes {
        let mut shapes = Shapes::default();
        for cell in cells {
            shapes.add(cell, hash(cell.as_bytes()));
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
