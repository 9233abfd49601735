//! A plan: steps of several columns, where no single one is enough.
//!
//! Of rows that are nearly all alone, no single step brings any two together, so exact figures do not
//! tell which step is a good one to begin with. Steps are therefore put in a row by what they forget
//! of a column (bits: −log₂ of the chance that two rows agree in it) for what is lost of its values;
//! the classes are counted exactly along that row, up to where few enough rows are alone, and steps
//! that turn out not to be needed are taken back.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Advice;
use crate::privacy::measures::{People, Smallness, at_levels};
use crate::privacy::{Combinations, Hierarchy};

/// One row in so many may still be alone after a plan.
const ONE_IN: u64 = 20;

/// A loss so small that it does not count.
const FREE: f64 = 1e-6;

/// What a column says at a level, and what of it is lost.
#[derive(Debug, Clone, Copy)]
struct Rung {
    bits: f64,
    loss: f64,
}

/// Steps after which at most one row in 20 is alone, in their order, each with what is then; nothing
/// if there are no more now, or if one of the `single` steps is enough.
pub(in crate::privacy) fn plan(
    combinations: &Combinations,
    people: Option<&People>,
    hierarchies: &[Hierarchy],
    (now, rows): (Smallness, u64),
    single: impl Iterator<Item = Smallness>,
    threads: usize,
) -> Vec<Advice> {
    let enough = |small: &Smallness| small.unique_rows.saturating_mul(ONE_IN) <= rows;
    if enough(&now) || single.into_iter().any(|small| enough(&small)) {
        return Vec::new();
    }
    let counted = RefCell::new(HashMap::new());
    let count = |levels: &[usize]| {
        let mut counted = counted.borrow_mut();
        let known = counted.entry(levels.to_vec());
        *known.or_insert_with(|| at_levels(combinations, people, hierarchies, levels, threads))
    };
    let row = in_a_row(hierarchies, &rungs(combinations, hierarchies, threads));
    // Each state is coarser than the one before, so it never leaves more rows alone.
    let reached = row.partition_point(|levels| !enough(&count(levels)));
    let Some(state) = row.get(reached) else {
        return Vec::new();
    };
    let levels = relaxed(hierarchies, state.clone(), |levels| enough(&count(levels)));
    let mut done = vec![0; levels.len()];
    let mut plan = Vec::new();
    for column in order(&row, &levels) {
        let (Some(hierarchy), Some(level)) = (hierarchies.get(column), levels.get(column)) else {
            continue;
        };
        if let Some(space) = done.get_mut(column) {
            *space = *level;
        }
        let title = hierarchy
            .levels()
            .get(*level)
            .map(|level| level.title.clone());
        plan.push(Advice {
            column: hierarchy.name.clone(),
            step: title.unwrap_or_default(),
            after: count(&done),
        });
    }
    plan
}

/// By column and level.
fn rungs(combinations: &Combinations, hierarchies: &[Hierarchy], threads: usize) -> Vec<Vec<Rung>> {
    let rows_by_code = combinations.rows_by_code(hierarchies.len(), threads);
    let all = combinations.rows().max(1) as f64;
    let columns = hierarchies.iter().zip(&rows_by_code);
    let rungs = columns.map(|(hierarchy, rows_by_code)| {
        let levels = hierarchy.levels().iter().enumerate();
        let rungs = levels.map(|(at, level)| {
            let mut rows_of = vec![0_u64; level.labels.len()];
            let mut loss = 0.0;
            for (code, rows) in (0..).zip(rows_by_code) {
                if let Some(sum) = rows_of.get_mut(hierarchy.group(at, code) as usize) {
                    *sum += rows;
                }
                loss += *rows as f64 * hierarchy.loss(at, code);
            }
            let shares = rows_of.iter().map(|rows| (*rows as f64 / all).powi(2));
            Rung {
                bits: -shares.sum::<f64>().max(f64::MIN_POSITIVE).log2(),
                loss: loss * hierarchy.weight / all,
            }
        });
        rungs.collect()
    });
    rungs.collect()
}

/// The states of the columns from all values as they are up to all `*`, each of one step more: that
/// which forgets most for its loss.
fn in_a_row(hierarchies: &[Hierarchy], rungs: &[Vec<Rung>]) -> Vec<Vec<usize>> {
    let mut state = vec![0; hierarchies.len()];
    let mut row = vec![state.clone()];
    loop {
        let mut best: Option<(f64, usize, usize)> = None;
        let columns = hierarchies.iter().zip(rungs).zip(&state).enumerate();
        for (column, ((hierarchy, rungs), now)) in columns {
            let Some(own) = rungs.get(*now) else { continue };
            for (level, rung) in rungs.iter().enumerate().skip(now + 1) {
                let cost = (rung.loss - own.loss).max(FREE);
                let worth = (own.bits - rung.bits).max(0.0) / cost;
                let better = best.is_none_or(|(most, ..)| worth > most);
                if better && hierarchy.refines(*now, level) {
                    best = Some((worth, column, level));
                }
            }
        }
        let Some((_, column, level)) = best else {
            return row;
        };
        if let Some(now) = state.get_mut(column) {
            *now = level;
        }
        row.push(state.clone());
    }
}

/// The state with what is not needed taken back: a step is left out, or done less far, where that is
/// still enough. Columns that say nothing any more come first: to get one back is worth most.
fn relaxed(
    hierarchies: &[Hierarchy],
    mut state: Vec<usize>,
    enough: impl Fn(&[usize]) -> bool,
) -> Vec<usize> {
    let mut columns: Vec<usize> = (0..state.len()).collect();
    let at_top = |column: &usize| {
        let level = state.get(*column).copied();
        level.is_some_and(|level| hierarchies.get(*column).map(Hierarchy::top) == Some(level))
    };
    columns.sort_by_key(|column| !at_top(column));
    for column in columns {
        let level = state.get(column).copied().unwrap_or(0);
        for milder in 0..level {
            let mut tried = state.clone();
            if let Some(space) = tried.get_mut(column) {
                *space = milder;
            }
            if enough(&tried) {
                state = tried;
                break;
            }
        }
    }
    state
}

/// The columns that are changed, in the order in which the row first changes them.
fn order(row: &[Vec<usize>], levels: &[usize]) -> Vec<usize> {
    let changed = levels.iter().enumerate().filter(|(_, level)| **level > 0);
    let mut columns: Vec<usize> = changed.map(|(column, _)| column).collect();
    columns.sort_by_key(|column| {
        let is_changed = |state: &Vec<usize>| state.get(*column).is_some_and(|level| *level > 0);
        row.iter().position(is_changed)
    });
    columns
}

#[cfg(test)]
mod tests;
