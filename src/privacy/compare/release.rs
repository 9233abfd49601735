//! The rows of a release: what is compared of them, by the codes of their labels.

/// The codes of a column, each in as few bytes as all of them need.
#[derive(Debug)]
enum Codes {
    Byte(Vec<u8>),
    Short(Vec<u16>),
    Long(Vec<u32>),
}

/// A release that is compared with others: the labels of one column have the same codes in all of them.
#[derive(Debug)]
pub struct Release {
    columns: Vec<Codes>,
    rows: usize,
    /// Whose each row is, if that was told, and more than any of these numbers.
    persons: Option<(Vec<u32>, u32)>,
    /// The hash of each row's index, if there is an index.
    indexes: Option<Vec<u64>>,
}

/// Rows of a release, to be added to it.
#[derive(Debug, Default)]
pub struct Rows {
    pub rows: usize,
    /// The codes of their labels, one column's behind the other's.
    pub codes: Vec<u32>,
    /// Whose they are, if that is known.
    pub persons: Vec<u32>,
    /// The hashes of their indexes, if they have any.
    pub indexes: Vec<u64>,
}

impl Release {
    /// A release without rows, of so many columns.
    pub fn new(columns: usize, has_persons: bool, has_index: bool) -> Self {
        Self {
            columns: (0..columns).map(|_| Codes::Byte(Vec::new())).collect(),
            rows: 0,
            persons: has_persons.then(|| (Vec::new(), 0)),
            indexes: has_index.then(Vec::new),
        }
    }

    /// Adds rows behind those that it has.
    pub fn add(&mut self, added: &Rows) {
        if added.rows == 0 {
            return;
        }
        let codes = added.codes.chunks_exact(added.rows);
        for (column, codes) in self.columns.iter_mut().zip(codes) {
            column.extend(codes);
        }
        self.rows += added.rows;
        if let Some((persons, behind)) = &mut self.persons {
            persons.extend_from_slice(&added.persons);
            let most = added.persons.iter().max().copied();
            *behind = most.map_or(0, |most| most.saturating_add(1)).max(*behind);
        }
        if let Some(indexes) = &mut self.indexes {
            indexes.extend_from_slice(&added.indexes);
        }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether it is known whose its rows are.
    pub fn knows_persons(&self) -> bool {
        self.persons.is_some()
    }

    /// The code of a row's label in a column.
    #[inline]
    pub(super) fn code(&self, column: usize, row: u32) -> u32 {
        self.columns
            .get(column)
            .map_or(0, |codes| codes.get(row as usize))
    }

    /// Whose a row is: its person's number, or its own if persons are not known.
    #[inline]
    pub(super) fn holder(&self, row: u32) -> u32 {
        match &self.persons {
            Some((persons, _)) => persons.get(row as usize).copied().unwrap_or(0),
            None => row,
        }
    }

    /// More than the number of any holder.
    pub(super) fn holders(&self) -> usize {
        self.persons
            .as_ref()
            .map_or(self.rows, |(_, behind)| *behind as usize)
    }

    /// The hashes of its rows' indexes.
    pub(super) fn indexes(&self) -> Option<&[u64]> {
        self.indexes.as_deref()
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(Codes::bytes).sum();
        let persons = self
            .persons
            .as_ref()
            .map_or(0, |(persons, _)| 4 * persons.len());
        columns + persons + self.indexes.as_ref().map_or(0, |indexes| 8 * indexes.len())
    }
}

impl Codes {
    fn extend(&mut self, codes: &[u32]) {
        self.widen(codes.iter().max().copied().unwrap_or(0));
        match self {
            Self::Byte(all) => all.extend(codes.iter().map(|code| *code as u8)),
            Self::Short(all) => all.extend(codes.iter().map(|code| *code as u16)),
            Self::Long(all) => all.extend_from_slice(codes),
        }
    }

    /// Makes room for codes of up to `most`.
    fn widen(&mut self, most: u32) {
        if let Self::Byte(all) = self
            && most > u8::MAX.into()
        {
            *self = Self::Short(all.iter().map(|code| u16::from(*code)).collect());
        }
        if let Self::Short(all) = self
            && most > u16::MAX.into()
        {
            *self = Self::Long(all.iter().map(|code| u32::from(*code)).collect());
        }
    }

    #[inline]
    fn get(&self, row: usize) -> u32 {
        match self {
            Self::Byte(all) => all.get(row).map_or(0, |code| u32::from(*code)),
            Self::Short(all) => all.get(row).map_or(0, |code| u32::from(*code)),
            Self::Long(all) => all.get(row).copied().unwrap_or(0),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Byte(all) => all.len(),
            Self::Short(all) => 2 * all.len(),
            Self::Long(all) => 4 * all.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_any_size_are_kept() {
        let mut release = Release::new(1, true, true);
        let codes = [0, 255, 256, 65_535, 65_536, u32::MAX, 7];
        for (number, code) in (0..).zip(codes) {
            release.add(&Rows {
                rows: 1,
                codes: vec![code],
                persons: vec![number / 2],
                indexes: vec![code.into()],
            });
        }
        let kept: Vec<u32> = (0..7).map(|row| release.code(0, row)).collect();
        assert_eq!(kept, codes);
        assert_eq!((release.rows(), release.holders()), (7, 4));
        assert_eq!(
            (release.holder(5), release.bytes()),
            (2, 7 * 4 + 7 * 4 + 7 * 8)
        );
    }
}
