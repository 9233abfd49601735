//! Moving single combinations to other classes, and dissolving classes, while it pays.
//!
//! In each pass the best other class of every combination that loses anything is looked up in the
//! partition as it is (by several threads: nothing changes meanwhile). Then the moves are made one
//! after the other, each only if it still pays as things stand by then.

use super::at;
use super::ladder::ONE;
use super::partition::{Class, NONE, Partition};
use super::places::places;

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
