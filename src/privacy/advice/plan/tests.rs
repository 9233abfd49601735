//! Plans against counting row by row.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::privacy::combinations::CodedRow;

/// A hierarchy of numbers, with brackets of each of these widths.
fn brackets(name: &str, distinct: u32, widths: &[u32]) -> Hierarchy {
    let text = |number: u32| number.to_string().into_bytes().into_boxed_slice();
    let values: Vec<_> = (0..distinct).map(text).collect();
    let steps = widths.iter().map(|width| {
        let labels = (0..distinct).map(|code| (text(code / width), *width as usize));
        (width.to_string(), labels.collect())
    });
    Hierarchy::new(name.into(), 1.0, &values, distinct as usize, steps)
}

/// The classes of rows whose columns are put in brackets of these widths, or left out.
fn naive(rows: &[CodedRow], widths: &[Option<u32>]) -> Smallness {
    let mut classes: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
    for (codes, _) in rows {
        let codes = codes.iter().zip(widths);
        let own = codes.map(|(code, width)| width.map_or(0, |width| code / width));
        *classes.entry(own.collect()).or_default() += 1;
    }
    let mut small = Smallness::default();
    classes.values().for_each(|rows| small.add(*rows));
    small
}

fn planned(rows: &[CodedRow], hierarchies: &[Hierarchy]) -> Vec<Advice> {
    let combinations = Combinations::of_rows(rows);
    let now = at_levels(
        &combinations,
        None,
        hierarchies,
        &vec![0; hierarchies.len()],
        3,
    );
    let single = std::iter::empty();
    plan(
        &combinations,
        None,
        hierarchies,
        (now, rows.len() as u64),
        single,
        2,
    )
}

#[test]
fn the_code_gives_way_before_what_says_little() {
    // A code of 1 000, a year of 100, a sex: nearly all of 3 000 rows are alone.
    let rows: Vec<CodedRow> = (0_u32..3_000)
        .map(|at| {
            let mixed = at.wrapping_mul(2_654_435_761) >> 8;
            (vec![mixed % 1_000, (mixed / 1_000) % 100, at % 2], vec![])
        })
        .collect();
    let hierarchies = [
        brackets("code", 1_000, &[100]),
        brackets("year", 100, &[5, 10]),
        brackets("sex", 2, &[]),
    ];
    let plan = planned(&rows, &hierarchies);
    let told: Vec<(&str, &str)> = plan
        .iter()
        .map(|step| (step.column.as_str(), step.step.as_str()))
        .collect();
    assert_eq!(told, [("code", "100"), ("year", "5")]);
    assert_eq!(plan[0].after, naive(&rows, &[Some(100), Some(1), Some(1)]));
    assert_eq!(plan[1].after, naive(&rows, &[Some(100), Some(5), Some(1)]));
    assert!(plan[1].after.unique_rows * ONE_IN <= 3_000);
}

#[test]
fn nothing_is_planned_where_nothing_has_to_be() {
    let hierarchies = [brackets("a", 2, &[])];
    let rows = |alone: u32| -> Vec<CodedRow> {
        (0..20)
            .map(|at| (vec![u32::from(at < alone)], vec![]))
            .collect()
    };
    assert_eq!(planned(&[], &hierarchies), []);
    assert_eq!(planned(&rows(1), &hierarchies), [], "one row in twenty is");
    // One step is enough.
    let three: Vec<CodedRow> = (0..3).map(|at| (vec![at], vec![])).collect();
    let hierarchies = [brackets("a", 3, &[2])];
    let combinations = Combinations::of_rows(&three);
    let now = at_levels(&combinations, None, &hierarchies, &[0], 2);
    let all = at_levels(&combinations, None, &hierarchies, &[2], 1);
    let single = [all].into_iter();
    assert_eq!(
        plan(&combinations, None, &hierarchies, (now, 3), single, 1),
        []
    );
}

proptest! {
    #[test]
    fn every_figure_is_that_of_the_rows(
        rows in prop::collection::vec((0_u32..12, 0_u32..7, 0_u32..3, 0_u32..30), 1..60),
    ) {
        let rows: Vec<CodedRow> = rows
            .into_iter()
            .map(|(a, b, c, d)| (vec![a, b, c, d], vec![]))
            .collect();
        let hierarchies = [
            brackets("a", 12, &[2, 4]),
            brackets("b", 7, &[3]),
            brackets("c", 3, &[]),
            brackets("d", 30, &[5, 10]),
        ];
        let plan = planned(&rows, &hierarchies);
        let mut widths = vec![Some(1); 4];
        for step in &plan {
            let column = ["a", "b", "c", "d"].iter().position(|name| *name == step.column);
            widths[column.unwrap()] = step.step.parse().ok();
            prop_assert_eq!(step.after, naive(&rows, &widths));
        }
        let enough = |small: Smallness| small.unique_rows * ONE_IN <= rows.len() as u64;
        match plan.last() {
            Some(last) => prop_assert!(enough(last.after)),
            // All left out is one class: only a row by itself is alone then.
            None => prop_assert!(enough(naive(&rows, &[Some(1); 4])) || rows.len() == 1),
        }
    }
}
