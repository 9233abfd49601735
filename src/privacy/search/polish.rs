//! Moving single combinations to other classes, and dissolving classes, while it pays.
//!
//! In each pass the best other class of every combination that loses anything is looked up in the
//! partition as it is (by several threads: nothing changes meanwhile). Then the moves are made one
//! after the other, each only if it still pays as things stand by then.

use std::collections::BTreeMap;

use super::at;
use super::cells::Cells;
use super::ladder::ONE;
use super::partition::{Class, NONE, Partition};

/// After so many passes the rest is not worth the time: of what three passes gain on Adult, the
/// first has nine tenths, the third a hundredth.
const PASSES: usize = 2;

/// Moves combinations until it does not pay any more. Those in no class are put in one, unless
/// that costs as much as to suppress them.
pub(super) fn polish(partition: &mut Partition<'_>, threads: usize) {
    for _ in 0..PASSES {
        let places = places(partition, threads);
        if !improve(partition, &places) {
            return;
        }
    }
}

/// For each combination the class where one more costs least; `NONE` if none was looked for.
fn places(partition: &Partition<'_>, threads: usize) -> Vec<u32> {
    let view = View::new(partition);
    let mut places = vec![NONE; partition.class_of.len()];
    let part = places.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        for (number, places) in places.chunks_mut(part).enumerate() {
            let view = &view;
            scope.spawn(move || {
                let mut costs = vec![Vec::new(); partition.columns.len()];
                for (within, place) in places.iter_mut().enumerate() {
                    let combination = (number * part + within) as u32;
                    *place = view.place(partition, combination, &mut costs);
                }
            });
        }
    });
    places
}

/// The classes, those with the same cells in the first half of the columns side by side: what a
/// combination loses there at least rules most of them out.
struct View {
    /// The columns in the order in which they are looked at: those of few cells first.
    order: Vec<usize>,
    groups: Vec<Group>,
}

struct Group {
    head: Box<[u32]>,
    /// The greatest loss of a class.
    loss: u64,
    /// The least rows of a class.
    rows: u64,
    classes: Vec<(u32, Box<[u32]>)>,
}

impl View {
    fn new(partition: &Partition<'_>) -> Self {
        let mut order: Vec<usize> = (0..partition.columns.len()).collect();
        order.sort_by_key(|column| partition.columns.get(*column).map(Cells::len));
        let half = order.len().div_ceil(2);
        let mut groups: BTreeMap<Box<[u32]>, Group> = BTreeMap::new();
        let open = partition
            .classes
            .iter()
            .enumerate()
            .filter(|(_, class)| class.rows > 0);
        for (number, class) in open {
            let cells = |order: &[usize]| {
                order
                    .iter()
                    .map(|column| at(&class.cells, *column))
                    .collect()
            };
            let (head, tail) = order.split_at_checked(half).unwrap_or_default();
            let head: Box<[u32]> = cells(head);
            let group = groups.entry(head.clone()).or_insert_with(|| Group {
                head,
                loss: 0,
                rows: u64::MAX,
                classes: Vec::new(),
            });
            group.loss = group.loss.max(class.loss);
            group.rows = group.rows.min(class.rows);
            group.classes.push((number as u32, cells(tail)));
        }
        Self {
            order,
            groups: groups.into_values().collect(),
        }
    }

    /// The class where another combination costs least, if that is less than its own class costs.
    fn place(&self, partition: &Partition<'_>, combination: u32, costs: &mut [Vec<u32>]) -> u32 {
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
        for (column, costs) in self.order.iter().zip(costs.iter_mut()) {
            let value = partition.combinations.code(combination as usize, *column);
            if let Some(cells) = partition.columns.get(*column) {
                cells.costs_with(value, costs);
            }
        }
        let (first, last) = costs
            .split_at_checked(costs.len().div_ceil(2))
            .unwrap_or_default();
        let sum = |costs: &[Vec<u32>], cells: &[u32]| -> u64 {
            let cells = costs.iter().zip(cells);
            cells
                .map(|(costs, cell)| u64::from(at(costs, *cell as usize)))
                .sum()
        };
        for group in &self.groups {
            let head = sum(first, &group.head);
            if head * count + head.saturating_sub(group.loss) * group.rows >= best.0 {
                continue;
            }
            for (number, cells) in &group.classes {
                let loss = head + sum(last, cells);
                if *number == own || loss >= ONE {
                    continue;
                }
                let Some(class) = partition.classes.get(*number as usize) else {
                    continue;
                };
                let cost = (loss * (class.rows + count)).saturating_sub(class.cost());
                best = best.min((cost, *number));
            }
        }
        best.1
    }
}

/// Makes the moves that pay; tells whether there were any.
fn improve(partition: &mut Partition<'_>, places: &[u32]) -> bool {
    let mut any = false;
    for (combination, class) in partition.class_of.clone().into_iter().enumerate() {
        if class == NONE {
            let place = at(places, combination);
            any |= enter(partition, combination as u32, place);
        }
    }
    let mut order: Vec<(u64, u32)> = partition
        .classes
        .iter()
        .enumerate()
        .filter(|(_, class)| class.loss > 0)
        .map(|(number, class)| (class.loss, number as u32))
        .collect();
    order.sort_unstable_by(|one, other| other.cmp(one));
    for (_, number) in order {
        any |= dissolve(partition, number, places) || release(partition, number, places);
    }
    any
}

/// Puts a combination that is suppressed into a class.
fn enter(partition: &mut Partition<'_>, combination: u32, place: u32) -> bool {
    let Some(class) = partition
        .classes
        .get(place as usize)
        .filter(|class| class.rows > 0)
    else {
        return false;
    };
    let entered = partition.with(class, combination);
    let pays = entered.cost() < class.cost() + ONE * partition.rows(combination);
    let done = pays && partition.allowed(&entered);
    if done {
        partition.replace(place, entered);
    }
    done
}

/// Puts all members of a class into others.
fn dissolve(partition: &mut Partition<'_>, number: u32, places: &[u32]) -> bool {
    let Some(class) = partition.classes.get(number as usize) else {
        return false;
    };
    // Several members may go to one class.
    let mut others: Vec<(u32, Class)> = Vec::new();
    let (mut before, mut after) = (class.cost(), 0_u64);
    for member in &class.members {
        let place = at(places, *member as usize);
        if place == number {
            return false;
        }
        let known = others.iter_mut().find(|(other, _)| *other == place);
        let entered = match known {
            Some((_, other)) => {
                after -= other.cost();
                *other = partition.with(other, *member);
                other.cost()
            }
            None => {
                let other = partition
                    .classes
                    .get(place as usize)
                    .filter(|class| class.rows > 0);
                let Some(other) = other else { return false };
                before += other.cost();
                let entered = partition.with(other, *member);
                let cost = entered.cost();
                others.push((place, entered));
                cost
            }
        };
        after += entered;
        if after >= before {
            // Others may be counted later, but none gets cheaper by a member.
            return false;
        }
    }
    if !others.iter().all(|(_, other)| partition.allowed(other)) {
        return false;
    }
    partition.replace(number, Class::default());
    for (place, other) in others {
        partition.replace(place, other);
    }
    true
}

/// Puts single members of a class into others.
fn release(partition: &mut Partition<'_>, number: u32, places: &[u32]) -> bool {
    let mut any = false;
    let members = partition
        .classes
        .get(number as usize)
        .map(|class| class.members.clone());
    for member in members.unwrap_or_default() {
        let place = at(places, member as usize);
        let class = partition.classes.get(number as usize);
        let other = partition
            .classes
            .get(place as usize)
            .filter(|class| class.rows > 0);
        let (Some(class), Some(other)) = (class, other) else {
            continue;
        };
        let spare = class.rows.checked_sub(partition.rows(member));
        if place == number || spare.is_none_or(|spare| spare < u64::from(partition.demand.k)) {
            continue;
        }
        let (left, entered) = (
            partition.without(class, member),
            partition.with(other, member),
        );
        let pays = left.cost() + entered.cost() < class.cost() + other.cost();
        if pays && partition.allowed(&left) && partition.allowed(&entered) {
            partition.replace(number, left);
            partition.replace(place, entered);
            any = true;
        }
    }
    any
}
