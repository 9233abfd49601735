//! Free text in kept columns: many different texts of several words. What people write there nobody
//! can look through for everything, so that such a column is told of, whatever was found in it.

use super::counts::Least;
use super::words::mix;

/// So many words are a text.
const WORDS: usize = 4;

/// How many different texts are counted one by one.
const ROOM: usize = 1 << 10;

/// So many different texts are many, ...
const MANY: u64 = 20;

/// ... if each is in so many cells at most on average: labels return more often. ...
const REPEATED: u64 = 10;

/// ... So many percent of the cells must be texts.
const PERCENT: u64 = 20;

/// A column of free text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeText {
    /// How many of its cells are texts of several words.
    pub cells: u64,
    /// How many of them differ; about so many where there are many.
    pub distinct: u64,
}

/// What a worker has seen of a column's texts.
#[derive(Debug)]
pub(super) struct Texts {
    cells: u64,
    distinct: Least<u64, ()>,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            cells: 0,
            distinct: Least::new(ROOM),
        }
    }
}

/// Stands for a text of several words; nothing if it is none.
pub(super) fn text(cell: &[u8]) -> Option<u64> {
    let words = cell.split(|byte| byte.is_ascii_whitespace());
    let mut words = words.filter(|word| !word.is_empty());
    words.nth(WORDS - 1)?;
    let (chunks, rest) = cell.as_chunks::<8>();
    let last = rest
        .iter()
        .fold(1, |last, byte| last << 8 | u64::from(*byte));
    let chunks = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk));
    Some(mix(chunks.fold(last, |state, chunk| mix(state ^ chunk))))
}

impl Texts {
    /// Counts cells with the same bytes.
    pub(super) fn add(&mut self, text: Option<u64>, times: u64) {
        if let Some(text) = text {
            self.cells += times;
            self.distinct.entry(text, || ());
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.cells += other.cells;
        self.distinct.merge(other.distinct, |(), ()| ());
    }

    pub(super) fn settle(&mut self) {
        self.distinct.shrink();
    }

    /// What there is to tell, if of a column's `cells` that are not missing enough are free text.
    pub(super) fn free_text(&self, cells: u64) -> Option<FreeText> {
        let held = self.distinct.iter().count() as u64;
        let distinct = match self.distinct.limit() {
            None => held,
            // The least hashes are spread over as much of all hashes as they are of all texts.
            Some(limit) => (held as f64 / (limit as f64 / u64::MAX as f64)).round() as u64,
        };
        let many = distinct >= MANY && distinct.saturating_mul(REPEATED) >= self.cells;
        let most = u128::from(self.cells) * 100 >= u128::from(cells) * u128::from(PERCENT);
        (many && most).then_some(FreeText {
            cells: self.cells,
            distinct,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cells: impl Iterator<Item = String>) -> Option<FreeText> {
        let mut parts = [Texts::default(), Texts::default(), Texts::default()];
        let mut all = 0;
        for (row, cell) in cells.enumerate() {
            parts[row / 7 % 3].add(text(cell.as_bytes()), 1);
            all += 1;
        }
        let mut texts = Texts::default();
        parts.into_iter().for_each(|part| texts.merge(part));
        texts.settle();
        texts.free_text(all)
    }

    #[test]
    fn columns_of_free_text_are_told_from_labels() {
        let note = |n: u64| format!("le client {n} rappelle demain");
        for (case, cells, distinct) in [
            ("notes", (0..300).map(note).collect::<Vec<_>>(), Some(300)),
            (
                "notes here and there",
                (0..300)
                    .map(|n| {
                        if n % 4 == 0 {
                            note(n)
                        } else {
                            "ras".to_owned()
                        }
                    })
                    .collect(),
                Some(75),
            ),
            ("few", (0..19).map(note).collect(), None),
            ("labels", (0..5000).map(|n| note(n % 40)).collect(), None),
            (
                "words",
                (0..500).map(|n| format!("mot {n}")).collect(),
                None,
            ),
            (
                "rare",
                (0..3000)
                    .map(|n| {
                        if n % 10 == 0 {
                            note(n)
                        } else {
                            "ras".to_owned()
                        }
                    })
                    .collect(),
                None,
            ),
        ] {
            assert_eq!(
                told(cells.into_iter()).map(|told| told.distinct),
                distinct,
                "{case}"
            );
        }
        let many = told((0..40_000).map(note)).unwrap();
        assert_eq!(many.cells, 40_000);
        assert!((35_000..45_000).contains(&many.distinct), "{many:?}");
    }

    #[test]
    fn a_text_has_four_words() {
        for (cell, expected) in [
            ("le client rappelle demain", true),
            ("  le  client  ", false),
            ("responsable de clientèle", false),
            ("", false),
        ] {
            assert_eq!(text(cell.as_bytes()).is_some(), expected, "{cell}");
        }
        assert_ne!(text(b"a b c d"), text(b"a b c e"));
    }
}
