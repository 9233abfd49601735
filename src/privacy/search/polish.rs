//! Moving single combinations to other classes, and dissolving classes, while it pays.
//!
//! In each pass the best other class of every combination that loses anything is looked up in the
//! partition as it is (by several threads: nothing changes meanwhile). Then the moves are made one
//! after the other, each only if it still pays as things stand by then.

use super::at;
use super::ladder::ONE;
use super::partition::{Class, NONE, Partition};

/// After so many passes the rest is not worth the time: the fourth has hardly a move left.
const PASSES: usize = 3;

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
    let open: Vec<u32> = (0..partition.classes.len() as u32)
        .filter(|class| partition.classes.get(*class as usize).is_some_and(|class| class.rows > 0))
        .collect();
    let class = |number: &u32| partition.classes.get(*number as usize);
    let view = View {
        cells: (0..partition.columns.len())
            .map(|column| open.iter().filter_map(class).map(|class| at(&class.cells, column)).collect())
            .collect(),
        rows: open.iter().filter_map(class).map(|class| (class.rows, class.cost())).collect(),
        open,
    };
    let mut places = vec![NONE; partition.class_of.len()];
    let part = places.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        for (number, places) in places.chunks_mut(part).enumerate() {
            let view = &view;
            scope.spawn(move || {
                let (mut losses, mut costs) = (Vec::new(), Vec::new());
                for (within, place) in places.iter_mut().enumerate() {
                    let combination = (number * part + within) as u32;
                    *place = view.place(partition, combination, &mut losses, &mut costs);
                }
            });
        }
    });
    places
}

/// The classes, by column.
struct View {
    open: Vec<u32>,
    cells: Vec<Vec<u32>>,
    /// Rows, and what they lose together.
    rows: Vec<(u64, u64)>,
}

impl View {
    fn place(
        &self,
        partition: &Partition<'_>,
        combination: u32,
        losses: &mut Vec<u32>,
        costs: &mut Vec<u32>,
    ) -> u32 {
        let own = at(&partition.class_of, combination as usize);
        if partition.classes.get(own as usize).is_some_and(|class| class.loss == 0) {
            return NONE;
        }
        losses.clear();
        losses.resize(self.open.len(), 0);
        for (column, (cells, of_classes)) in partition.columns.iter().zip(&self.cells).enumerate() {
            let value = partition.combinations.code(combination as usize, column);
            cells.costs_with(value, costs);
            for (loss, cell) in losses.iter_mut().zip(of_classes) {
                *loss += at(costs, *cell as usize);
            }
        }
        let count = partition.rows(combination);
        let places = losses.iter().zip(&self.rows).zip(&self.open);
        let places = places.filter(|((loss, _), class)| **class != own && u64::from(**loss) < ONE);
        let costs = places.map(|((loss, (rows, cost)), class)| {
            ((u64::from(*loss) * (rows + count)).saturating_sub(*cost), *class)
        });
        costs.min().map_or(NONE, |(_, class)| class)
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
    let Some(class) = partition.classes.get(place as usize).filter(|class| class.rows > 0) else {
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
                let other = partition.classes.get(place as usize).filter(|class| class.rows > 0);
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
    let members = partition.classes.get(number as usize).map(|class| class.members.clone());
    for member in members.unwrap_or_default() {
        let place = at(places, member as usize);
        let class = partition.classes.get(number as usize);
        let other = partition.classes.get(place as usize).filter(|class| class.rows > 0);
        let (Some(class), Some(other)) = (class, other) else { continue };
        let spare = class.rows.checked_sub(partition.rows(member));
        if place == number || spare.is_none_or(|spare| spare < u64::from(partition.demand.k)) {
            continue;
        }
        let (left, entered) = (partition.without(class, member), partition.with(other, member));
        let pays = left.cost() + entered.cost() < class.cost() + other.cost();
        if pays && partition.allowed(&left) && partition.allowed(&entered) {
            partition.replace(number, left);
            partition.replace(place, entered);
            any = true;
        }
    }
    any
}
