//! Local recoding: each combination has its own levels.

use super::demand::Demand;
use super::global::{Rival, optimum};
use super::greedy::recode;
use super::ladder::{Ladder, ONE};
use super::lattice::Lattice;
use super::outcome::Assignment;
use super::partition::Partition;
use super::polish::polish;
use super::refine::Refiner;
use super::split::{LARGE, MAX_LATTICE, split};
use super::{Found, Requirement, Unreachable};
use crate::privacy::{Combinations, Hierarchy};

/// Of more combinations than that, repeated recoding takes more than some seconds.
const MANY: usize = 1 << 17;

/// Nodes times combinations up to which repeated recoding takes some seconds at most.
const MOST_LOOKS: usize = 1 << 32;

/// Of more combinations than that, global recoding takes more than some seconds.
const COMPARED: usize = 50_000;

/// Nodes times combinations that repeated recoding looks at while another pass takes a row.
const LOOKS_A_ROW: u64 = 16;

/// Whether a search is so short beside a pass over the rows that it may have to be made twice.
pub fn is_light(combinations: &Combinations, hierarchies: &[Hierarchy]) -> bool {
    let levels = hierarchies.iter().map(|hierarchy| hierarchy.levels().len());
    let nodes = levels.fold(1_usize, usize::saturating_mul);
    if combinations.len() > MANY {
        return nodes <= MAX_LATTICE;
    }
    let looks = nodes.saturating_mul(combinations.len()) as u64;
    looks <= combinations.rows().saturating_mul(LOOKS_A_ROW)
}

/// Searches levels for each combination.
///
/// Up to `MANY` combinations are recoded repeatedly (see `greedy.rs`) and then moved one by
/// one (see `polish.rs`); more are split from the top down (see `split.rs`). Up to `COMPARED`, the
/// result is never worse than that of [`super::global()`], which is taken if it is better.
///
/// # Errors
///
/// If nothing that was found meets the requirement.
pub fn local(
    combinations: &Combinations,
    hierarchies: &[Hierarchy],
    requirement: &Requirement,
    threads: usize,
) -> Result<Found, Unreachable> {
    let demand = Demand::new(combinations, requirement);
    let looks = Lattice::new(&Ladder::without_totals(hierarchies)).size();
    let looks = looks.and_then(|size| size.checked_mul(combinations.len()));
    let repeats = combinations.len() <= MANY && looks.is_some_and(|looks| looks <= MOST_LOOKS);
    let is_compared = combinations.len() <= COMPARED;
    if !repeats && !is_compared {
        let ladders = Ladder::without_totals(hierarchies);
        if let Some(found) = of_many(combinations, &ladders, &demand, threads, LARGE) {
            return Ok(found);
        }
    }
    let ladders = Ladder::all(combinations, hierarchies, threads);
    if !repeats && !is_compared {
        return optimum(combinations, &ladders, &demand, None).map(unproven);
    }
    let refiner = Refiner::new(combinations, &ladders, &demand);
    let mut found = match repeats {
        true => of_few(&refiner, &ladders, threads),
        false => of_many(combinations, &ladders, &demand, threads, LARGE),
    };
    if !is_compared {
        found = found.or_else(|| of_many(combinations, &ladders, &demand, threads, LARGE));
        if let Some(found) = found {
            return Ok(found);
        }
    }
    let rival = found.as_ref().map(|found| {
        // A little more than it loses, so that what is equal is looked at.
        let cost = found.loss * combinations.rows() as f64 * ONE as f64;
        Rival {
            cost: (cost * (1.0 + 1e-12)) as u64 + 2,
            refiner: &refiner,
        }
    });
    let global = optimum(combinations, &ladders, &demand, rival.as_ref());
    match (found, global) {
        // Nor is what suppresses rows better where more is asked of them: if the global recoding is
        // independent_of_sensitive, so is its choice.
        (Some(found), Ok(global)) if global.loss < found.loss => Ok(unproven(global)),
        (Some(mut found), global) => {
            // Where more is asked, no global recoding is better than the best where less is.
            found.independent_of_sensitive &= match &global {
                Ok(global) => global.independent_of_sensitive || global.proven_optimal,
                Err(unreachable) => unreachable.proven || demand.max_suppressed == 0,
            };
            found.checked += global.map_or(0, |global| global.checked);
            Ok(found)
        }
        (None, Ok(global)) => Ok(unproven(global)),
        // What one level for each column cannot reach, a level for each combination might.
        (None, Err(unreachable)) => Err(Unreachable {
            proven: false,
            ..unreachable
        }),
    }
}

/// A global recoding as a local one: nothing is proven of it.
fn unproven(global: Found) -> Found {
    Found {
        levels: None,
        proven_optimal: false,
        ..global
    }
}

/// Recodes repeatedly and moves combinations; `None` if what that leaves is not as asked for.
fn of_few(refiner: &Refiner<'_>, ladders: &[Ladder], threads: usize) -> Option<Found> {
    let (combinations, demand) = (refiner.combinations, refiner.demand);
    let lattice = Lattice::new(ladders);
    let mut partition = Partition::new(combinations, ladders, demand);
    let (classes, checked) = recode(refiner, threads);
    classes
        .into_iter()
        .for_each(|members| partition.add(members));
    polish(&mut partition, threads);
    partition.settle()?;
    let assignment = partition.assignment(lattice.top());
    let mut found = assignment.outcome(combinations, ladders, demand)?;
    found.lattice = lattice.size().map_or(u64::MAX, |size| size as u64);
    found.checked = checked;
    // Only `settle` asks anything of the `*` class.
    found.independent_of_sensitive = found.suppressed == 0;
    Some(found)
}

/// Splits from the top down; `None` if what that leaves is not as asked for. For `large`, see
/// [`split`].
pub(super) fn of_many(
    combinations: &Combinations,
    ladders: &[Ladder],
    demand: &Demand,
    threads: usize,
    large: usize,
) -> Option<Found> {
    let lattice = Lattice::new(ladders);
    let split = split(combinations, ladders, demand, threads, large)?;
    // Classes whose labels coincide are larger together, which may only harm t; and what the `*`
    // class holds has to be counted.
    let too_few = demand.persons && split.smallest < u64::from(demand.k);
    if !demand.monotone() || split.suppressed > 0 || too_few {
        let assignment = Assignment {
            node_of: split.node_of.in_order(combinations, threads).into_owned(),
            nodes: split.nodes,
        };
        let mut found = assignment.outcome(combinations, ladders, demand)?;
        found.lattice = lattice.size().map_or(u64::MAX, |size| size as u64);
        found.independent_of_sensitive = found.suppressed == 0;
        return Some(found);
    }
    let rows = combinations.rows().max(1) as f64;
    Some(Found {
        nodes: split.nodes,
        rows: split.rows,
        node_of: split.node_of,
        loss: split.cost as f64 / ONE as f64 / rows,
        suppressed: 0,
        classes: split.classes,
        k: split.smallest,
        levels: None,
        proven_optimal: false,
        lattice: lattice.size().map_or(u64::MAX, |size| size as u64),
        checked: 0,
        independent_of_sensitive: true,
    })
}
