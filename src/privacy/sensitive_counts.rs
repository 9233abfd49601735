//! Which sensitive values the rows of each combination have, in four bytes for most of them.
//!
//! Most combinations of most tables are one row, and so have one value with one row. What is said
//! of them is the same for all that share the value, so it is kept once for each value, and a
//! combination only says where.

/// Which values of one sensitive column the rows of each combination have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SensitiveCounts {
    /// How many distinct values the column has in the table.
    distinct: usize,
    /// By combination: where in `entries` what it has begins.
    places: Vec<u32>,
    /// First each code with one row, for the combinations that have just that. Behind these, for
    /// each of the others, the number of its values, and then the values with their rows.
    entries: Vec<(u32, u32)>,
}

/// A part of the combinations, to be filled by a thread of its own.
pub(super) struct Room<'a> {
    distinct: usize,
    places: std::slice::IterMut<'a, u32>,
    /// Where in all entries those of this part go on.
    begin: usize,
    entries: &'a mut [(u32, u32)],
}

/// The most rows of a table with sensitive columns, so that all that is said of its combinations,
/// and of any classes made of them, can be told apart in 32 bits: a row adds one distinct value and
/// one entry at most, and a combination of two rows or more the number of its values.
pub(super) const MOST_ROWS: u64 = 1 << 30;

impl SensitiveCounts {
    /// The values of a column with so many distinct ones, for no combinations yet.
    pub fn new(distinct: usize) -> Self {
        Self {
            distinct,
            places: Vec::new(),
            entries: (0..).take(distinct).map(|code| (code, 1)).collect(),
        }
    }

    /// How many distinct values the column has in the table.
    pub fn distinct(&self) -> usize {
        self.distinct
    }

    /// The values of the next combination: different codes below [`Self::distinct`], in ascending
    /// order, each with its number of rows.
    pub fn push(&mut self, values: &[(u32, u32)]) {
        let place = match values {
            [(code, 1)] => *code,
            _ => {
                let place = self.entries.len() as u32;
                self.entries.push((values.len() as u32, 0));
                self.entries.extend_from_slice(values);
                place
            }
        };
        self.places.push(place);
    }

    /// The values of a combination's rows: each code with its number of rows.
    #[inline]
    pub fn of(&self, combination: usize) -> &[(u32, u32)] {
        let Some(place) = self.places.get(combination) else {
            return &[];
        };
        let place = *place as usize;
        let (first, len) = match self.entries.get(place) {
            Some((len, _)) if place >= self.distinct => (place + 1, *len as usize),
            _ => (place, 1),
        };
        self.entries.get(first..first + len).unwrap_or_default()
    }

    /// The values of all combinations, one combination after the other.
    pub fn all(&self) -> impl Iterator<Item = &(u32, u32)> {
        (0..self.places.len()).flat_map(|combination| self.of(combination))
    }

    /// How many entries values take beside the four bytes of their combination.
    #[inline]
    pub(super) fn entries_of(values: &[(u32, u32)]) -> usize {
        match values {
            [(_, 1)] => 0,
            _ => values.len() + 1,
        }
    }

    /// Room for parts of the combinations: of each, how many they are and how many entries they
    /// take together.
    pub(super) fn with_room(distinct: usize, parts: &[(usize, usize)]) -> Self {
        let combinations = parts.iter().map(|(combinations, _)| combinations).sum();
        let entries = parts.iter().map(|(_, entries)| entries).sum::<usize>();
        let mut all = Self {
            distinct,
            places: vec![0; combinations],
            entries: vec![(0, 0); distinct + entries],
        };
        for (code, entry) in (0..).zip(all.entries.iter_mut().take(distinct)) {
            *entry = (code, 1);
        }
        all
    }

    /// The parts of [`Self::with_room`].
    pub(super) fn rooms(&mut self, parts: &[(usize, usize)]) -> Vec<Room<'_>> {
        let (_, mut entries) = self
            .entries
            .split_at_mut_checked(self.distinct)
            .unwrap_or_default();
        let (mut places, mut begin) = (self.places.as_mut_slice(), self.distinct);
        let rooms = parts.iter().map(|(combinations, size)| {
            let own = std::mem::take(&mut places).split_at_mut_checked(*combinations);
            let (own, behind) = own.unwrap_or_default();
            places = behind;
            let space = std::mem::take(&mut entries).split_at_mut_checked(*size);
            let (space, behind) = space.unwrap_or_default();
            entries = behind;
            let room = Room {
                distinct: self.distinct,
                places: own.iter_mut(),
                begin,
                entries: space,
            };
            begin += size;
            room
        });
        rooms.collect()
    }
}

impl Room<'_> {
    /// The values of the next combination, as for [`SensitiveCounts::push`].
    #[inline]
    pub(super) fn push(&mut self, values: &[(u32, u32)]) {
        let Some(place) = self.places.next() else {
            return;
        };
        if let [(code, 1)] = values {
            debug_assert!((*code as usize) < self.distinct);
            *place = *code;
            return;
        }
        *place = self.begin as u32;
        let size = values.len() + 1;
        let space = std::mem::take(&mut self.entries).split_at_mut_checked(size);
        let (space, behind) = space.unwrap_or_default();
        if let Some((len, space)) = space.split_first_mut() {
            *len = (values.len() as u32, 0);
            space.copy_from_slice(values);
        }
        self.entries = behind;
        self.begin += size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_combination_has_its_own_values() {
        let combinations: [&[(u32, u32)]; 7] = [
            &[(2, 1)],
            &[(0, 3)],
            &[(0, 1), (2, 1)],
            &[],
            &[(2, 1)],
            &[(0, 7), (1, 2), (2, 9)],
            &[(1, 1)],
        ];
        let mut pushed = SensitiveCounts::new(3);
        combinations.iter().for_each(|values| pushed.push(values));
        for (at, values) in combinations.iter().enumerate() {
            assert_eq!(pushed.of(at), *values, "{at}");
        }
        assert_eq!(pushed.of(7), []);
        assert_eq!(pushed.distinct(), 3);
        let all: Vec<(u32, u32)> = pushed.all().copied().collect();
        assert_eq!(all, combinations.concat());
        // In parts, it is the same.
        for cut in 0..=combinations.len() {
            let parts = [&combinations[..cut], &[], &combinations[cut..]];
            let sizes = parts.map(|part| {
                let entries = part
                    .iter()
                    .map(|values| SensitiveCounts::entries_of(values));
                (part.len(), entries.sum())
            });
            let mut filled = SensitiveCounts::with_room(3, &sizes);
            for (room, part) in filled.rooms(&sizes).iter_mut().zip(parts) {
                part.iter().for_each(|values| room.push(values));
            }
            assert_eq!(filled, pushed, "cut at {cut}");
        }
    }
}
