//! For each combination the class where one more costs least.
//!
//! Classes with the same cells in half of the columns form a group. What a combination loses there at
//! least, whatever stands in the other columns, rules most groups and most classes out.

use std::collections::BTreeMap;

use super::at;
use super::cells::Cells;
use super::ladder::ONE;
use super::partition::{Class, NONE, Partition};

/// For each combination the class where one more costs least; `NONE` if none was looked for.
pub(super) fn places(partition: &Partition<'_>, threads: usize) -> Vec<u32> {
    let view = View::new(partition);
    let mut places = vec![NONE; partition.class_of.len()];
    let part = places.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        for (number, places) in places.chunks_mut(part).enumerate() {
            let view = &view;
            scope.spawn(move || {
                let mut costs = Costs {
                    columns: vec![Vec::new(); partition.columns.len()],
                    heads: Vec::new(),
                };
                for (within, place) in places.iter_mut().enumerate() {
                    let combination = (number * part + within) as u32;
                    *place = view.place(partition, combination, &mut costs);
                }
            });
        }
    });
    places
}

/// The classes, in groups.
struct View {
    /// The columns in the order in which they are looked at, those of few cells first, each with the
    /// cells that classes have there.
    columns: Vec<(usize, Vec<u32>)>,
    /// How many of the columns a group has in common.
    half: usize,
    groups: Vec<Group>,
}

struct Group {
    /// By column: which of its cells.
    head: Box<[u32]>,
    /// The greatest loss of a class.
    loss: u64,
    /// The least rows of a class.
    rows: u64,
    /// The least of [`Entry::rest`].
    rest: u64,
    /// The greatest of what classes lose beside that.
    beside: u64,
    classes: Vec<Entry>,
}

/// A class.
struct Entry {
    number: u32,
    rows: u64,
    loss: u64,
    /// What a row loses at least in the other columns, with whatever other combination.
    rest: u64,
    tail: Box<[u32]>,
}

/// What one more row loses.
struct Costs {
    /// By column and cell.
    columns: Vec<Vec<u32>>,
    /// By group: in the first columns.
    heads: Vec<u64>,
}

impl View {
    fn new(partition: &Partition<'_>) -> Self {
        let mut order: Vec<usize> = (0..partition.columns.len()).collect();
        order.sort_by_key(|column| partition.columns.get(*column).map(Cells::len));
        let half = order.len().div_ceil(2);
        let open = || {
            let classes = (0_u32..).zip(&partition.classes);
            classes.filter(|(_, class)| class.rows > 0)
        };
        let columns = order.into_iter().map(|column| {
            let mut cells: Vec<u32> = open().map(|(_, class)| at(&class.cells, column)).collect();
            cells.sort_unstable();
            cells.dedup();
            (column, cells)
        });
        let columns: Vec<(usize, Vec<u32>)> = columns.collect();
        let mut groups: BTreeMap<Box<[u32]>, Group> = BTreeMap::new();
        for (number, class) in open() {
            let place = |(column, cells): &(usize, Vec<u32>)| {
                let place = cells.binary_search(&at(&class.cells, *column));
                place.unwrap_or(0) as u32
            };
            let least = |(column, _): &(usize, Vec<u32>)| {
                let cells = partition.columns.get(*column);
                cells.map_or(0, |cells| cells.least(at(&class.cells, *column)))
            };
            let (head, tail) = columns.split_at_checked(half).unwrap_or_default();
            let rest = tail.iter().map(|column| u64::from(least(column))).sum();
            let head: Box<[u32]> = head.iter().map(place).collect();
            let group = groups.entry(head.clone()).or_insert_with(|| Group {
                head,
                loss: 0,
                rows: u64::MAX,
                rest: u64::MAX,
                beside: 0,
                classes: Vec::new(),
            });
            group.loss = group.loss.max(class.loss);
            group.rows = group.rows.min(class.rows);
            group.rest = group.rest.min(rest);
            group.beside = group.beside.max(class.loss.saturating_sub(rest));
            group.classes.push(Entry {
                number,
                rows: class.rows,
                loss: class.loss,
                rest,
                tail: tail.iter().map(place).collect(),
            });
        }
        Self {
            columns,
            half,
            groups: groups.into_values().collect(),
        }
    }

    /// The class where another combination costs least, if that is less than its own class costs.
    fn place(&self, partition: &Partition<'_>, combination: u32, costs: &mut Costs) -> u32 {
        let own = at(&partition.class_of, combination as usize);
        let count = partition.rows(combination);
        // No move pays that costs more than the combination's class, or its suppression.
        let most = partition
            .classes
            .get(own as usize)
            .map_or(count * ONE, Class::cost);
        let mut best = (most, NONE);
        if most == 0 {
            return NONE;
        }
        for ((column, cells), costs) in self.columns.iter().zip(&mut costs.columns) {
            let value = partition.combinations.code(combination as usize, *column);
            if let Some(column) = partition.columns.get(*column) {
                costs.clear();
                costs.extend(
                    cells
                        .iter()
                        .map(|cell| column.cost(column.join(value, *cell))),
                );
            }
        }
        let Costs { columns, heads } = costs;
        let (first, last) = columns.split_at_checked(self.half).unwrap_or_default();
        heads.clear();
        heads.extend(self.groups.iter().map(|group| sum(first, &group.head)));
        // Where it costs least at least: what it costs there at most rules others out.
        let bounds = self.groups.iter().zip(&*heads);
        let likely = bounds.min_by_key(|(group, head)| group.bound(**head, count));
        let mut limit = u64::MAX;
        if let Some((group, head)) = likely {
            group.best(*head, last, (own, count), &mut limit, &mut (most, NONE));
        }
        for (group, head) in self.groups.iter().zip(&*heads) {
            let least = head * count + head.saturating_sub(group.loss) * group.rows;
            if least < best.0 && group.bound(*head, count) <= best.0.min(limit) {
                group.best(*head, last, (own, count), &mut limit, &mut best);
            }
        }
        best.1
    }
}

impl Group {
    /// What combinations of so many rows cost at least in a class of the group.
    #[inline]
    fn bound(&self, head: u64, count: u64) -> u64 {
        match head.checked_sub(self.beside) {
            Some(more) => (head + self.rest) * count + more * self.rows,
            None => 0,
        }
    }

    /// Makes `best` what the best of the classes costs, and its number, if that is less; `limit` is what
    /// the best of all costs at most.
    #[inline]
    fn best(
        &self,
        head: u64,
        last: &[Vec<u32>],
        (own, count): (u32, u64),
        limit: &mut u64,
        best: &mut (u64, u32),
    ) {
        for class in &self.classes {
            let cost =
                |loss: u64| (loss * (class.rows + count)).saturating_sub(class.rows * class.loss);
            if cost(head + class.rest) > best.0.min(*limit) {
                continue;
            }
            let loss = head + sum(last, &class.tail);
            if class.number == own || loss >= ONE {
                continue;
            }
            let cost = cost(loss);
            *limit = cost.min(*limit);
            *best = (cost, class.number).min(*best);
        }
    }
}

#[inline]
fn sum(costs: &[Vec<u32>], cells: &[u32]) -> u64 {
    let cells = costs.iter().zip(cells);
    cells
        .map(|(costs, cell)| u64::from(at(costs, *cell as usize)))
        .sum()
}
