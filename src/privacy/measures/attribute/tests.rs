//! The measures of quasi-identifiers against counting by hand and naively.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::super::combinations::CodedRow;
use super::*;

/// A hierarchy over codes: values, then for each width the brackets of so many codes.
fn brackets(distinct: usize, widths: &[u32]) -> Hierarchy {
    let text = |number: u32| number.to_string().into_bytes().into_boxed_slice();
    let codes = 0..u32::try_from(distinct).unwrap();
    let values: Vec<_> = codes.clone().map(text).collect();
    let steps = widths.iter().map(|&width| {
        let labels = codes.clone().map(|code| (text(code / width), 1));
        (width.to_string(), labels.collect())
    });
    Hierarchy::new("column".into(), 1.0, &values, distinct, steps)
}

/// The classes of rows, after a change of their codes.
fn naive(rows: &[CodedRow], change: impl Fn(&mut Vec<u32>)) -> Smallness {
    let mut classes: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
    for (codes, _) in rows {
        let mut codes = codes.clone();
        change(&mut codes);
        *classes.entry(codes).or_default() += 1;
    }
    let mut small = Smallness::default();
    classes.values().for_each(|&rows| small.add(rows));
    small
}

#[test]
fn motwani_and_xu_s_example() {
    // The paper's first table: age 20 30 40 20 40, sex F F F M M, state CA CA TX NY CA. Age is
    // 0.6-distinct and separates 0.8 of the pairs; sex and state together have 4 distinct values.
    let rows: Vec<CodedRow> = [[0, 0, 0], [1, 0, 0], [2, 0, 1], [0, 1, 2], [2, 1, 0]]
        .map(|codes| (codes.to_vec(), vec![]))
        .to_vec();
    let hierarchies = [(3, &[2][..]), (2, &[]), (3, &[])].map(|(n, widths)| brackets(n, widths));
    let found = attributes(&Combinations::of_rows(&rows), &hierarchies, None, 2);
    for ((name, distinct, distinction, separation, unique_without), found) in [
        ("age", 3, 0.6, 0.8, 3),
        ("sex", 2, 0.4, 0.6, 5),
        ("state", 3, 0.6, 0.7, 5),
    ]
    .into_iter()
    .zip(&found)
    {
        assert_eq!(found.distinct, distinct, "{name}");
        assert!((found.distinction - distinction).abs() < 1e-15, "{name}");
        assert!((found.separation - separation).abs() < 1e-15, "{name}");
        assert_eq!(found.without.unique_rows, unique_without, "{name}");
    }
    assert_eq!(found[0].without.classes, 4);
    // Age in brackets of two codes: the first two rows become one class.
    let unique: Vec<_> = found[0].steps.iter().map(|step| step.unique_rows).collect();
    assert_eq!(unique, [5, 3, 3]);
}

#[test]
fn a_table_of_no_rows_or_one_tells_nothing_apart() {
    let empty = Combinations::new(
        super::super::super::Layout::new(&[1]),
        vec![],
        vec![],
        vec![],
    );
    let found = attributes(&empty, &[brackets(1, &[])], None, 2);
    assert_eq!(found[0].without, Smallness::default());
    assert!(found[0].separation.abs() < 1e-15 && found[0].distinction.abs() < 1e-15);
    let one = Combinations::of_rows(&[(vec![0], vec![])]);
    let found = attributes(&one, &[brackets(1, &[])], None, 2);
    assert_eq!((found[0].without.unique_rows, found[0].steps.len()), (1, 2));
    assert!(found[0].separation.abs() < 1e-15);
}

#[test]
fn many_pieces_and_keys_of_any_length() {
    // Codes from a fixed sequence; the columns' ranges make keys of one, two and three words.
    for (words, spread) in [(1, 1), (2, 1 << 20), (3, 1 << 26)] {
        let mut state = 7_u64;
        let mut next = |range: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as u32 % range as u32
        };
        let mut rows: Vec<CodedRow> = Vec::new();
        for _ in 0..60_000 {
            let codes = [
                next(40),
                next(30) * spread,
                next(60) * spread,
                next(9) * spread,
                next(2) * spread,
            ];
            rows.push((codes.to_vec(), vec![]));
        }
        let combinations = Combinations::of_rows(&rows);
        assert_eq!(combinations.layout().words(), words);
        assert!(
            combinations.len() > 2 * (1 << 14),
            "one piece would test nothing"
        );
        // Values are told apart by dense codes; those of the other columns are only so with one word.
        let measured = if spread == 1 { 5 } else { 1 };
        let hierarchies = [40, 30, 60, 9, 2].map(|distinct| brackets(distinct, &[2, 8]));
        let found = attributes(&combinations, &hierarchies[..measured], None, 3);
        assert_eq!(found.len(), measured);
        for (column, found) in found.iter().enumerate() {
            let expected = [
                naive(&rows, |_| ()),
                naive(&rows, |codes| codes[column] /= 2),
                naive(&rows, |codes| codes[column] /= 8),
                naive(&rows, |codes| codes[column] = 0),
            ];
            assert_eq!(found.steps, expected, "{words}, {column}");
            assert_eq!(found.without, expected[3]);
        }
    }
}

fn tables() -> impl Strategy<Value = (Vec<CodedRow>, usize)> {
    (1_usize..4, 1_usize..5).prop_flat_map(|(columns, threads)| {
        let codes = prop::collection::vec(0_u32..6, columns);
        let row = codes.prop_map(|codes| (codes, vec![]));
        (prop::collection::vec(row, 1..60), Just(threads))
    })
}

proptest! {
    #[test]
    fn measures_are_those_of_the_changed_rows((rows, threads) in tables()) {
        let columns = rows[0].0.len();
        let hierarchies: Vec<_> = (0..columns).map(|_| brackets(6, &[2, 5])).collect();
        let combinations = Combinations::of_rows(&rows);
        let found = attributes(&combinations, &hierarchies, None, threads);
        prop_assert_eq!(&found, &attributes(&combinations, &hierarchies, None, 1));
        prop_assert_eq!(found.len(), columns);
        for (column, found) in found.iter().enumerate() {
            let at = |row: &CodedRow| row.0[column];
            let values: BTreeSet<_> = rows.iter().map(at).collect();
            let apart = rows
                .iter()
                .flat_map(|left| rows.iter().map(move |right| at(left) != at(right)))
                .filter(|apart| *apart)
                .count();
            let pairs = (rows.len() * (rows.len() - 1)).max(1);
            prop_assert_eq!(found.distinct, values.len() as u64);
            prop_assert!((found.separation - apart as f64 / pairs as f64).abs() < 1e-12);
            prop_assert!((found.distinction - values.len() as f64 / rows.len() as f64).abs() < 1e-12);
            for (width, step) in [1, 2, 5, 6].into_iter().zip(&found.steps) {
                prop_assert_eq!(*step, naive(&rows, |codes| codes[column] /= width));
            }
            prop_assert_eq!(found.without, naive(&rows, |codes| { codes.remove(column); }));
        }
    }
}
