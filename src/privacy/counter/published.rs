//! What is seen of all published columns, beside the classes: values that few have, and rows alone with
//! all that others may know.

use super::sample::Sample;
use super::thin::widened;
use super::{Dictionary, Text};

/// What is to be seen.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The quasi-identifying columns.
    pub quasi: usize,
    /// The other columns, which are not sensitive or do not count as such; and whether others may know
    /// what is in them.
    pub others: &'a [(Dictionary, bool)],
    /// A value is rare that fewer have; 0 if that is not asked for.
    pub k: u32,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// By column behind the quasi-identifying ones (sensitive, then others): how many values fewer than
    /// k rows or persons have. A missing value is none.
    pub rare: Vec<u64>,
    /// By the same columns: what brackets that fewer than k have are to become, so that k have them.
    pub widened: Vec<Vec<(Text, Text)>>,
    /// The share of rows that are alone with their quasi-identifying and insensitive values together.
    pub alone: f64,
    /// Whether that is counted, not estimated from a sample.
    pub exact: bool,
}

/// Who has a value, as far as it matters.
#[derive(Debug, Clone, Default)]
pub(super) struct Having {
    rows: u32,
    /// Each once, and as many as are asked for at most.
    persons: Vec<u32>,
}

/// What one worker sees.
#[derive(Debug, Default)]
pub struct Seen {
    /// By column and by code.
    having: Vec<Vec<Having>>,
    sample: Sample,
}

impl Seen {
    /// Takes rows: the codes of all columns but the others, one column's behind the other's; those of
    /// the others; and whose the rows are, if that is known.
    pub(super) fn take(
        &mut self,
        look: Look<'_>,
        (codes, others): (&[u32], &[u32]),
        persons: &[u32],
        rows: usize,
    ) {
        if rows == 0 {
            return;
        }
        let quasi = codes.chunks_exact(rows).take(look.quasi);
        let known = others.chunks_exact(rows).zip(look.others);
        let known = known.filter(|(_, (_, is_known))| *is_known);
        let mut hashes = vec![0_u64; rows];
        for column in quasi.chain(known.map(|(column, _)| column)) {
            for (hash, code) in hashes.iter_mut().zip(column) {
                *hash = mix(*hash, *code);
            }
        }
        hashes.iter().for_each(|hash| self.sample.add(*hash));
        if look.k == 0 {
            return;
        }
        let sensitive = codes.chunks_exact(rows).skip(look.quasi);
        let columns = sensitive.chain(others.chunks_exact(rows));
        for (position, column) in columns.enumerate() {
            if self.having.len() <= position {
                self.having.push(Vec::new());
            }
            let Some(having) = self.having.get_mut(position) else {
                continue;
            };
            for (row, code) in column.iter().enumerate() {
                let code = *code as usize;
                if having.len() <= code {
                    having.resize_with(code + 1, Having::default);
                }
                if let Some(having) = having.get_mut(code) {
                    having.add(persons.get(row).copied(), look.k);
                }
            }
        }
    }

    /// What several workers saw together, where the columns behind the quasi-identifying ones have these
    /// dictionaries. `read` turns a value as it was given into its text.
    pub(crate) fn together<'d>(
        all: impl IntoIterator<Item = Self>,
        dictionaries: impl Iterator<Item = &'d Dictionary>,
        k: u32,
        read: &dyn Fn(&[u8]) -> Text,
    ) -> Published {
        let mut whole = Self::default();
        for seen in all {
            whole.sample.merge(seen.sample);
            let columns = whole.having.len().max(seen.having.len());
            whole.having.resize_with(columns, Vec::new);
            for (having, other) in whole.having.iter_mut().zip(seen.having) {
                let codes = having.len().max(other.len());
                having.resize_with(codes, Having::default);
                for (having, other) in having.iter_mut().zip(other) {
                    having.rows = having.rows.saturating_add(other.rows);
                    let persons = other.persons.into_iter();
                    persons.for_each(|person| having.join(person, k));
                }
            }
        }
        let mut all_widened = Vec::new();
        let columns = whole.having.iter().zip(dictionaries);
        let rare = columns.map(|(having, dictionary)| {
            let missing = dictionary.codes_where(&|value| read(value).is_empty());
            let texts = dictionary.texts();
            let values = texts.iter().map(|text| read(text)).zip(having);
            let values: Vec<_> = values.filter(|(_, having)| having.rows > 0).collect();
            all_widened.push(widened(&values, k));
            let values = having.iter().enumerate();
            let rare = values.filter(|(code, having)| {
                having.rows > 0 && having.size() < k && !missing.contains(&(*code as u32))
            });
            rare.count() as u64
        });
        Published {
            rare: rare.collect(),
            widened: all_widened,
            alone: whole.sample.alone(),
            exact: whole.sample.is_whole(),
        }
    }
}

impl Having {
    #[inline]
    fn add(&mut self, person: Option<u32>, k: u32) {
        self.rows = self.rows.saturating_add(1);
        if let Some(person) = person {
            self.join(person, k);
        }
    }

    #[inline]
    fn join(&mut self, person: u32, k: u32) {
        if self.persons.len() < k as usize && !self.persons.contains(&person) {
            self.persons.push(person);
        }
    }

    /// Adds all that another value has.
    pub(super) fn add_all(&mut self, other: &Self, k: u32) {
        self.rows = self.rows.saturating_add(other.rows);
        other
            .persons
            .iter()
            .for_each(|person| self.join(*person, k));
    }

    #[cfg(test)]
    pub(super) fn of_rows(rows: u32) -> Self {
        Self {
            rows,
            persons: Vec::new(),
        }
    }

    /// Its persons, if they are known, or else its rows.
    pub(super) fn size(&self) -> u32 {
        match self.persons.len() {
            0 => self.rows,
            persons => persons as u32,
        }
    }
}

/// Adds a code to a hash.
#[inline]
fn mix(hash: u64, code: u32) -> u64 {
    let mixed = (hash ^ u64::from(code)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quasi-identifying, sensitive, other, person.
    type Row = (u32, u32, u32, Option<u32>);

    fn see(rows: &[Row], k: u32) -> Published {
        let dictionaries = [Dictionary::default(), Dictionary::default()];
        let [sensitive, other] = dictionaries;
        for text in ["", "a", "b"] {
            assert_eq!(sensitive.code(text.as_bytes()), other.code(text.as_bytes()));
        }
        let others = [(other, true)];
        let look = Look {
            quasi: 1,
            others: &others,
            k,
        };
        // Two workers.
        let mut seen = [Seen::default(), Seen::default()];
        for (at, rows) in rows.chunks(2).enumerate() {
            let column = |of: fn(&Row) -> u32| rows.iter().map(of);
            let codes: Vec<u32> = column(|row| row.0).chain(column(|row| row.1)).collect();
            let others: Vec<u32> = column(|row| row.2).collect();
            let persons: Vec<u32> = rows.iter().filter_map(|row| row.3).collect();
            let [first, second] = &mut seen;
            let own = if at % 2 == 0 { first } else { second };
            own.take(look, (&codes, &others), &persons, rows.len());
        }
        let dictionaries = std::iter::once(&sensitive).chain(others.iter().map(|(own, _)| own));
        Seen::together(seen, dictionaries, k, &|value| value.into())
    }

    #[test]
    fn rare_values_and_rows_alone_are_seen() {
        // (quasi-identifying, sensitive, other, person)
        for (case, rows, k, rare, alone) in cases![
            "none", &[][..], 2, vec![], 0.0;
            "one row", &[(0, 1, 1, None)], 2, vec![1, 1], 1.0;
            "missing is no value", &[(0, 0, 0, None)], 2, vec![0, 0], 1.0;
            "as many as asked for", &[(0, 1, 1, None), (0, 1, 1, None), (0, 2, 1, None)], 2, vec![1, 0], 0.0;
            "told apart by what is insensitive",
            &[(0, 1, 1, None), (0, 1, 2, None), (0, 1, 2, None)],
            2,
            vec![0, 1],
            1.0 / 3.0;
            "the rows of one person",
            &[(0, 1, 1, Some(7)), (0, 1, 1, Some(7)), (0, 1, 1, Some(7))],
            2,
            vec![1, 1],
            0.0;
            "of two", &[(0, 1, 1, Some(7)), (0, 1, 1, Some(7)), (0, 1, 1, Some(8))], 2, vec![0, 0], 0.0;
            "not asked for", &[(0, 1, 1, None)], 0, vec![], 1.0;
        ] {
            let found = see(rows, k);
            assert_eq!(found.rare, rare, "{case}");
            assert!(
                (found.alone - alone).abs() < 1e-12,
                "{case}: {}",
                found.alone
            );
            assert!(found.exact, "{case}");
        }
    }
}
