//! Local recoding: each combination has its own levels.

use super::demand::Demand;
use super::global::optimum;
use super::greedy::recode;
use super::ladder::Ladder;
use super::lattice::Lattice;
use super::partition::Partition;
use super::polish::polish;
use super::{Found, Requirement, Unreachable};
use crate::privacy::{Combinations, Hierarchy};

/// Searches levels for each combination.
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
    let ladders = Ladder::all(combinations, hierarchies);
    let demand = Demand::new(combinations, requirement);
    let lattice = Lattice::new(&ladders);
    let begin = std::time::Instant::now();
    let global = optimum(combinations, &ladders, &demand);
    eprintln!("global {:?}", begin.elapsed());
    let mut partition = Partition::new(combinations, &ladders, &demand);
    let (classes, checked) = recode(combinations, &ladders, &demand, threads);
    classes.into_iter().for_each(|members| partition.add(members));
    eprintln!("recoded {:?}", begin.elapsed());
    polish(&mut partition, threads);
    eprintln!("polished {:?}", begin.elapsed());
    let found = partition
        .settle()
        .and_then(|()| partition.assignment(lattice.top()).outcome(combinations, &ladders, &demand));
    match (found, global) {
        (Some(found), Ok(global)) if global.loss < found.loss => Ok(Found { levels: None, proven_optimal: false, ..global }),
        (Some(mut found), global) => {
            found.lattice = lattice.size().map_or(u64::MAX, |size| size as u64);
            found.checked = checked + global.map_or(0, |global| global.checked);
            Ok(found)
        }
        (None, global) => global,
    }
}
