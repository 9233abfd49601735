//! The label tuples of classes, and their joins: the mildest labels that cover two classes.

use std::collections::HashMap;

use super::ladder::Ladder;

/// The largest number of cells of a column for which all joins are tabled: two megabytes.
const TABLED: usize = 1024;

/// The cells of one column: the groups of all levels, a group that has the same values at several
/// levels counted once, at the lowest.
#[derive(Debug)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    /// By cell times cells: the join, where the column has few cells.
    table: Vec<u16>,
}

#[derive(Debug, Clone)]
struct Cell {
    level: u8,
    /// Some value of the group.
    code: u32,
    cost: u32,
    /// The cells that contain it, from the cheapest to `*`, itself first.
    above: Box<[u32]>,
}

impl Cells {
    /// The cells of a column of so many values; the first ones are the values themselves.
    pub(super) fn new(ladder: &Ladder, values: usize) -> Self {
        // By level and value.
        let mut cell_of: Vec<Vec<u32>> = Vec::new();
        let mut cells: Vec<Cell> = Vec::new();
        for level in 0..=ladder.top() {
            let mut known: HashMap<u32, u32> = HashMap::new();
            let mut row = Vec::with_capacity(values);
            for code in 0..values as u32 {
                let group = ladder.group(level, code);
                let cell = *known.entry(group).or_insert_with(|| {
                    let cost = ladder.cost(level, group);
                    let next = cells.len() as u32;
                    cells.push(Cell {
                        level,
                        code,
                        cost,
                        above: Box::default(),
                    });
                    next
                });
                row.push(cell);
            }
            cell_of.push(row);
        }
        for number in 0..cells.len() {
            let Some(cell) = cells.get(number) else {
                continue;
            };
            let (level, code) = (cell.level, cell.code);
            let above =
                (0..=ladder.top()).filter(|to| *to == level || ladder.map(level, *to).is_some());
            let above =
                above.filter_map(|to| cell_of.get(to as usize)?.get(code as usize).copied());
            let mut above: Vec<(u32, bool, u32)> = above
                .map(|cell| {
                    (
                        cells.get(cell as usize).map_or(0, |cell| cell.cost),
                        cell as usize != number,
                        cell,
                    )
                })
                .collect();
            above.sort_unstable_by_key(|(cost, other, cell)| (*other, *cost, *cell));
            let above = above.into_iter().map(|(_, _, cell)| cell).collect();
            if let Some(cell) = cells.get_mut(number) {
                cell.above = above;
            }
        }
        let mut all = Self {
            cells,
            table: Vec::new(),
        };
        let count = all.cells.len();
        if count <= TABLED {
            let mut table = Vec::with_capacity(count * count);
            for one in 0..count as u32 {
                table.extend((0..count as u32).map(|other| all.walk(one, other) as u16));
            }
            all.table = table;
        }
        all
    }

    /// The cheapest cell that contains both.
    #[inline]
    pub(super) fn join(&self, one: u32, other: u32) -> u32 {
        if one == other {
            return one;
        }
        match self
            .table
            .get(one as usize * self.cells.len() + other as usize)
        {
            Some(cell) => u32::from(*cell),
            None => self.walk(one, other),
        }
    }

    fn walk(&self, one: u32, other: u32) -> u32 {
        let above = |cell: u32| {
            self.cells
                .get(cell as usize)
                .map_or(&[][..], |cell| &cell.above)
        };
        let others = above(other);
        let join = above(one).iter().find(|cell| others.contains(cell));
        join.copied()
            .unwrap_or(self.cells.len().saturating_sub(1) as u32)
    }

    /// What a row loses in the cell.
    #[inline]
    pub(super) fn cost(&self, cell: u32) -> u32 {
        self.cells.get(cell as usize).map_or(0, |cell| cell.cost)
    }

    /// The level at which the cell stands.
    pub(super) fn level(&self, cell: u32) -> u8 {
        self.cells.get(cell as usize).map_or(0, |cell| cell.level)
    }

    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// What a row loses at least in the join of the cell with any other.
    pub(super) fn least(&self, cell: u32) -> u32 {
        let above = self.cells.get(cell as usize).map(|cell| &cell.above);
        let costs = above.map(|above| above.iter().map(|above| self.cost(*above)));
        costs.and_then(Iterator::min).unwrap_or(0)
    }
}
