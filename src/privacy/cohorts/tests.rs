//! What cohorts promise, on small tables: who is published, and among how many, over any nights.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::privacy::Hierarchy;
use crate::privacy::counter::{Dictionary, Text};
use crate::privacy::extent::Extent;
use crate::privacy::search::{self, Requirement};

/// A row: the person, a digit that others may know, and another cell.
type Row = (u32, u8, u8);

fn tags(row: Row) -> Tags {
    let (person, digit, other) = row;
    Tags {
        row: (u64::from(person) << 16) | (u64::from(digit) << 8) | u64::from(other),
        person: person.into(),
        others: other.into(),
    }
}

/// Halves of the ten digits, between a digit and `*`.
fn hierarchy(values: &[Text]) -> Hierarchy {
    let half = |value: &Text| -> (Text, usize) {
        let low = value.first().is_some_and(|digit| *digit < b'5');
        (
            if low {
                b"0-4".as_slice().into()
            } else {
                b"5-9".as_slice().into()
            },
            5,
        )
    };
    let halves = values.iter().map(half).collect();
    Hierarchy::new("digit".into(), 1.0, values, 10, [("half".into(), halves)])
}

fn extents(labels: &[Text]) -> Vec<Extent> {
    let extent = |label: &Text| match &**label {
        b"0-4" => Extent::Span(0, 5),
        b"5-9" => Extent::Span(5, 10),
        other => {
            let digit = other
                .first()
                .map_or(0, |digit| i64::from(*digit) - i64::from(b'0'));
            Extent::Span(digit, digit + 1)
        }
    };
    labels.iter().map(extent).collect()
}

fn night(cohorts: &Cohorts, rows: &[Row], k: u32) -> Settled {
    let known = cohorts.by_row();
    let mut tonight = Tonight::new(cohorts, &known);
    let values = vec![Dictionary::default()];
    for row in rows {
        let is_new = !known.contains_key(&tags(*row).row);
        let code = is_new.then(|| values[0].code(&[b'0' + row.1]));
        tonight.add(tags(*row), code.as_slice());
    }
    let newcomers = tonight.newcomers(values);
    if newcomers.persons < k as usize {
        return tonight.settle(k, &newcomers, None);
    }
    let hierarchies = [hierarchy(&newcomers.values[0])];
    let requirement = Requirement {
        k,
        max_suppressed: newcomers.combinations.rows(),
        l: None,
        t: None,
    };
    let Ok(found) = search::local(&newcomers.combinations, &hierarchies, &requirement, 1) else {
        return tonight.settle(k, &newcomers, None);
    };
    let sought = Sought {
        found: &found,
        hierarchies: &hierarchies,
        extents: &|_, labels| extents(labels),
        threads: 1,
    };
    tonight.settle(k, &newcomers, Some(sought))
}

/// The rows that are published, each with its label.
fn published(settled: &Settled, rows: &[Row]) -> Vec<(Row, Text)> {
    let group = |row: &Row| settled.group(tags(*row).row).unwrap();
    let rows = rows.iter().filter_map(|row| Some((*row, group(row)?)));
    rows.map(|(row, group)| (row, settled.cohorts.label(group, 0).into()))
        .collect()
}

fn read_back(cohorts: &Cohorts) -> Cohorts {
    let mut bytes = Vec::new();
    cohorts.write(&mut bytes);
    for length in 0..bytes.len() {
        assert_eq!(Cohorts::read(&bytes[..length]), None, "{length} bytes");
    }
    Cohorts::read(&bytes).unwrap()
}

/// Ten people of each half, whose other cells are all different.
fn people() -> Vec<Row> {
    (0..20)
        .map(|n| (n, if n < 10 { 1 } else { 7 }, n as u8))
        .collect()
}

#[test]
fn everybody_keeps_their_labels_and_a_group_ends_below_k() {
    let (k, all) = (3, people());
    let first = night(&Cohorts::new(1), &all, k);
    let begun = published(&first, &all);
    assert_eq!((first.figures.rows, first.figures.new), (20, 20));
    let kept = read_back(&first.cohorts);
    assert_eq!(kept, first.cohorts);
    // Of whoever has `7`, two are left.
    let rest: Vec<Row> = all.iter().copied().take(12).collect();
    let second = night(&kept, &rest, k);
    let still = published(&second, &rest);
    assert_eq!(still, begun[..10]);
    assert_eq!((second.figures.before, second.figures.still), (20, 12));
    assert_eq!((second.figures.retired, second.figures.waiting), (2, 0));
    // All are there again: who was away stays away.
    let third = night(&second.cohorts, &all, k);
    assert_eq!(published(&third, &all), begun[..10]);
    assert_eq!(third.figures.retired, 10);
}

#[test]
fn newcomers_wait_for_k_and_for_cells_that_nobody_had() {
    let (k, all) = (3, people());
    let first = night(&Cohorts::new(1), &all, k);
    let with = |more: &[Row]| [all.as_slice(), more].concat();
    for (what, more, expected) in cases![
        "too few", vec![(30, 1, 30), (31, 1, 31)], 0;
        "one person", vec![(30, 1, 30), (30, 1, 31), (30, 1, 32)], 0;
        "enough", vec![(30, 1, 30), (31, 1, 31), (32, 1, 32)], 3;
        // 5 is what somebody with 1 has beside it, 15 what somebody with 7 has.
        "one conflicts", vec![(30, 1, 5), (31, 1, 31), (32, 1, 32)], 0;
        "enough are left", vec![(30, 1, 5), (31, 1, 31), (32, 1, 32), (33, 1, 33)], 3;
        "another half", vec![(30, 1, 15), (31, 1, 31), (32, 1, 32)], 3;
        // Who is known with another value is as new as anybody.
        "altered", vec![(1, 1, 40), (30, 1, 30), (31, 1, 31)], 3;
    ] {
        let rows = with(&more);
        let next = night(&first.cohorts, &rows, k);
        assert_eq!(next.figures.new, expected, "{what}");
        assert_eq!(next.figures.waiting, more.len() as u64 - expected, "{what}");
    }
}

#[test]
fn where_no_cell_stands_beside_them_labels_alone_decide() {
    let alike = |rows: std::ops::Range<u32>| rows.map(|n| (n, 1, 9)).collect::<Vec<Row>>();
    let first = night(&Cohorts::new(1), &alike(0..5), 3);
    let next = night(&first.cohorts, &alike(0..8), 3);
    assert_eq!((next.figures.rows, next.figures.new), (8, 3));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Over any nights, whoever was published was so with k persons, who had the same labels on all of them.
    #[test]
    fn no_nights_together_leave_fewer_than_k(
        k in 2_u32..5,
        begin in proptest::collection::vec((0_u32..30, 0_u8..10, 0_u8..60), 10..60),
        nights in proptest::collection::vec(
            (
                proptest::collection::vec(any::<proptest::sample::Index>(), 0..4),
                proptest::collection::vec((0_u32..60, 0_u8..10, 0_u8..120), 0..8),
            ),
            1..8,
        ),
    ) {
        let mut rows: Vec<Row> = begin;
        let mut cohorts = Cohorts::new(1);
        let mut trajectories: BTreeMap<Row, Vec<Option<Text>>> = BTreeMap::new();
        for (night_at, (leave, come)) in nights.iter().enumerate() {
            for index in leave {
                if !rows.is_empty() {
                    rows.remove(index.index(rows.len()));
                }
            }
            rows.extend(come);
            let settled = night(&cohorts, &rows, k);
            for (row, label) in published(&settled, &rows) {
                let own = trajectories.entry(row).or_default();
                own.resize(night_at, None);
                own.push(Some(label));
            }
            for own in trajectories.values_mut() {
                own.resize(night_at + 1, None);
            }
            cohorts = read_back_quickly(&settled.cohorts);
        }
        for own in trajectories.values() {
            let labels: BTreeSet<&Text> = own.iter().flatten().collect();
            prop_assert_eq!(labels.len(), 1);
            let alike = trajectories.iter().filter(|(_, other)| {
                own.iter().zip(other.iter()).all(|(own, other)| own.is_none() || own == other)
            });
            let persons: BTreeSet<u32> = alike.map(|((person, ..), _)| *person).collect();
            prop_assert!(persons.len() >= k as usize, "{} persons", persons.len());
        }
    }
}

fn read_back_quickly(cohorts: &Cohorts) -> Cohorts {
    let mut bytes = Vec::new();
    cohorts.write(&mut bytes);
    Cohorts::read(&bytes).unwrap()
}
